"""What the escrow's functions refuse, read from their source."""

import re
from functools import cache

from tests.docs.pages import ROOT

_FOLDERS = ("escrow", "money", "conditions")
_FUNCTION = re.compile(r"^    function (\w+)\(.*?^    \}$", re.DOTALL | re.MULTILINE)
_REQUIRE = re.compile(r"require\([^;]*?,\s*(?:I\w+\.)?([A-Z]\w+)\(")
_CALL = re.compile(r"\b(_\w+|requireFundable|ConditionCall\.released)\(")


@cache
def raises(function: str) -> frozenset[str]:
    """The custom errors that it requires against, itself or by the internal functions that it calls."""
    body = _functions()[function]
    called = {call.rpartition(".")[2] for call in _CALL.findall(body)} - {function}
    inner = [raises(name) for name in called if name in _functions()]
    return frozenset(_REQUIRE.findall(body)).union(*inner)


@cache
def _functions() -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in _FOLDERS:
        for path in sorted((ROOT / "contracts" / folder).glob("*.sol")):
            if folder == "conditions" and path.stem != "ConditionCall":
                continue
            for match in _FUNCTION.finditer(path.read_text("utf-8")):
                found[match[1]] = found.get(match[1], "") + match[0]
    return found
