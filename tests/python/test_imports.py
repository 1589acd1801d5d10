"""More than one import, and more than one interpreter, in a process."""

from __future__ import annotations

from conftest import Emulator
from support import program


def test_each_import_raises_its_own_errors(emulator: Emulator) -> None:
    """A reloader empties `sys.modules` and imports the program again."""
    source = """
        import asyncio, importlib, sys

        def load():
            for name in [name for name in sys.modules if name.partition(".")[0] == "tencent_im"]:
                del sys.modules[name]
            im = importlib.import_module("tencent_im")
            # The classes of replies are loaded when the first reply comes.
            im.Client().accounts.import_account(user_id="a")
            return im

        first, second = load(), load()
        assert first.TencentImError is not second.TencentImError

        def check(im, other):
            events = []
            client = im.Client(rate_limits=False, on_event=events.append)
            def async_call():
                async def main():
                    async with im.AsyncClient() as asynchronous:
                        await asynchronous.accounts.kick(user_id="nobody")
                asyncio.run(main())
            for fail in [
                lambda: im.Client(0),
                lambda: im.Signer(0),
                lambda: im.Signer().sign(""),
                lambda: im.sign_user_sig(""),
                lambda: im.verify_user_sig(""),
                lambda: im.parse_private_map_key(""),
                lambda: client.accounts.kick(user_id=""),
                lambda: client.accounts.kick(user_id="nobody"),
                lambda: client.with_options(timeout=-1),
                async_call,
            ]:
                try:
                    fail()
                except other.TencentImError:
                    raise AssertionError("an error of the other import")
                except im.TencentImError:
                    continue
                raise AssertionError("no error")
            results = [
                client.accounts.import_account(user_id="a"),
                im.inspect_user_sig(im.Signer().sign("a")),
                im.explain_user_sig("x"),
            ]
            assert all(isinstance(result, im.Result) and not isinstance(result, other.Result) for result in results)
            assert isinstance(im.Signer(), im.Signer) and not isinstance(im.Signer(), other.Signer)
            assert events

        for _ in range(2):
            check(first, second)
            check(second, first)
        print("done")
    """
    assert program(emulator, source) == "done\n"


def test_a_second_interpreter_is_told_what_to_do(emulator: Emulator) -> None:
    """As under mod_wsgi, which runs each application in an interpreter of its own."""
    source = """
        try:
            import _interpreters as interpreters
        except ImportError:
            import _xxsubinterpreters as interpreters
        import tencent_im

        try_it = '''if True:
            try:
                import tencent_im
            except ImportError as error:
                said = str(error)
            else:
                said = "imported"
            assert "interpreter" in said, said
            assert "%{GLOBAL}" in said or "subinterpreters" in said, said
        '''
        try:
            other = interpreters.create("legacy")
        except TypeError:
            other = interpreters.create(isolated=False)
        failed = interpreters.run_string(other, try_it)
        assert failed is None, failed
        interpreters.destroy(other)
        # The first one is as it was.
        try:
            tencent_im.Client(0)
        except tencent_im.ConfigError:
            print("done")
    """
    assert program(emulator, source) == "done\n"
