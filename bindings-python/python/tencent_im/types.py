"""The types of what calls take and give, for annotations: ``from tencent_im.types import ImportAccountsItem``."""

from ._generated import *  # noqa: F403
