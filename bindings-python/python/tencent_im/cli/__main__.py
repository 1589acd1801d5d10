"""``python -m tencent_im.cli``."""

from . import main

if __name__ == "__main__":
    main()
