"""``completion``: scripts that make shells complete the command line."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from .failures import Failure


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Write a shell's completion script.

    It completes commands, options, and the names of calls, regions and profiles.

    \b
    bash  echo 'eval "$(tencent-im completion bash)"' >> ~/.bashrc
    zsh   echo 'eval "$(tencent-im completion zsh)"' >> ~/.zshrc
    fish  tencent-im completion fish > ~/.config/fish/completions/tencent-im.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise Failure(f"no completion for {shell}")
    click.echo(kind(ctx.find_root().command, {}, "tencent-im", "_TENCENT_IM_COMPLETE").source())
