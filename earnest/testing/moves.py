"""Who gained and lost what: balances before and after, compared with what a test says."""

from collections.abc import Mapping
from dataclasses import dataclass

from chain import LocalChain
from chain.errors import InvalidValue, Malformed
from chain.money import Token
from chain.units import Address

Balances = dict[str, int]


class UnknownParty(InvalidValue):
    """Nobody of this name takes part in the test."""

    says = "nobody is called {name!r}, there are {known}"
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """What everybody has of one token; gas that was paid for is left out, so the native currency adds up, too."""

    chain: LocalChain
    token: Token
    owners: Mapping[str, Address]

    def read(self) -> Balances:
        """Base units by name, as of the latest block."""
        return {name: self._has(owner) for name, owner in self.owners.items()}

    def units(self, name: str, text: str) -> int:
        """What a move is in base units: "+1.5", "-1.5" or "0". Raises `UnknownParty`, `Malformed`, `TooPrecise`."""
        if name not in self.owners:
            raise UnknownParty(name, tuple(self.owners))
        sign, digits = (text[0], text[1:]) if text[:1] in {"+", "-"} else ("", text)
        amount = self.token(digits)
        if amount and not sign:
            raise Malformed("move", f"{text!r} has no sign: is it gained (+) or lost (-)?")
        return -amount.units if sign == "-" else amount.units

    def text(self, units: int) -> str:
        """Whole tokens."""
        return self.token.units(units).text

    def signed(self, units: int) -> str:
        """Whole tokens with a sign, as `units` reads them."""
        return f"{'+' if units > 0 else '-' if units < 0 else ''}{self.text(abs(units))}"

    def _has(self, owner: Address) -> int:
        has = self.chain.balance(self.token, owner, as_of="latest").units
        return has + self.chain.fees(owner).units if self.token.is_native else has


class Moves:
    """A context manager that fails, with a table of all moves, unless each named one gains or loses so much within."""

    def __init__(self, ledger: Ledger, expected: Mapping[str, str]) -> None:
        self._ledger = ledger
        self._expected = {name: ledger.units(name, text) for name, text in expected.items()}
        self._before: Balances = {}

    def __enter__(self) -> None:
        self._before = self._ledger.read()

    def __exit__(self, kind: type[BaseException] | None, *failure: object) -> None:
        __tracebackhide__ = True  # pytest shows the test's line, not this one.
        if kind is not None:
            return
        after = self._ledger.read()
        moved = {name: after[name] - before for name, before in self._before.items()}
        if any(moved[name] != wanted for name, wanted in self._expected.items()):
            raise AssertionError(self._table(after, moved))

    def _table(self, after: Balances, moved: Balances) -> str:
        rows = [self._row(name, after[name], moved[name]) for name in moved]
        head = f"{self._ledger.token.symbol} moved otherwise than expected:"
        return "\n".join([head, _line("", "before", "after", "moved", "expected"), *rows])

    def _row(self, name: str, after: int, moved: int) -> str:
        ledger, expected = self._ledger, self._expected.get(name)
        wanted = "" if expected is None else ledger.signed(expected)
        mark = "  <- wrong" if expected not in {None, moved} else ""
        return _line(name, ledger.text(self._before[name]), ledger.text(after), ledger.signed(moved), wanted) + mark


def _line(name: str, *cells: str) -> str:
    return f"  {name:<10}" + "".join(f"{cell:>24}" for cell in cells)
