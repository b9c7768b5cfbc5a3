"""The party's own payments: terms out of the agreements' files that `earnest escrow` writes."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from chain.errors import InvalidValue, Malformed
from escrow.agreement import Agreement
from escrow.journal.strict_json import parse
from escrow.terms import Terms


def terms_in(folder: Path) -> Iterator[Terms]:
    """Of every `*.json`, an agreement alone or with its payments; an amended part has its newest terms.

    Raises `InvalidValue` for a file that is none, when all others have been read: a hold that nobody ends would be the
    price of leaving it out.
    """
    bad = list[Exception]()
    for path in sorted(folder.glob("*.json")):
        try:
            yield from _terms(path)
        except (InvalidValue, OSError, UnicodeDecodeError) as why:
            bad.append(why)
    if bad:
        raise bad[0]


def _terms(path: Path) -> Iterable[Terms]:
    data = parse(str(path), path.read_text("utf-8"))
    if not isinstance(data, dict):
        raise Malformed(str(path), "it is no agreement")
    return Agreement.from_json(data.get("agreement", data)).values()
