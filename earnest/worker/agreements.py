"""The party's own payments: terms out of the agreements' files that `earnest escrow` writes."""

from collections.abc import Iterator
from pathlib import Path

from chain.errors import Malformed
from escrow.agreement import Agreement
from escrow.journal.strict_json import parse
from escrow.terms import Terms


def terms_in(folder: Path) -> Iterator[Terms]:
    """Of every `*.json`, an agreement alone or with its payments; an amended part has its newest terms.

    Raises `InvalidValue` for a file that is none: a hold that nobody ends would be the price of leaving it out.
    """
    for path in sorted(folder.glob("*.json")):
        data = parse(str(path), path.read_text("utf-8"))
        if not isinstance(data, dict):
            raise Malformed(str(path), "it is no agreement")
        agreement = Agreement.from_json(data.get("agreement", data))
        yield from agreement.values()
