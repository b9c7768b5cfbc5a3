"""Texts of a journal, read strictly."""

import re

from chain.errors import Malformed
from channels.ledger.accounts import Account

_NUMBER = re.compile(r"0|[1-9][0-9]{0,30}")


def number(what: str, text: object) -> int:
    """A whole number in its one form. Raises `Malformed`."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise Malformed(what, f"{text!r} is no decimal number")
    return int(text)


def account(text: object) -> Account:
    """By its name. Raises `Malformed`."""
    try:
        return Account(str(text))
    except ValueError:
        raise Malformed("account", f"{text!r} is none") from None
