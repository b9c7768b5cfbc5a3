"""What a deployment would do to a chain, as a value that can be printed."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chain.contracts import CORE, address_of, init_code
from chain.create2 import PROXY, call_data
from chain.keccak import keccak
from chain.units import NOBODY, Address, Hash32

if TYPE_CHECKING:
    from chain.sync.chain import Chain


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One contract; `gas` is what is still to be spent on it, None where only the proxy could tell."""

    contract: str
    address: Address
    there: bool
    gas: int | None
    init_code_hash: Hash32


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The rows in the order of deployment, as the latest block of `chain` had it. `str` is a table for people."""

    chain: "Chain" = field(repr=False, compare=False)
    proxy_there: bool
    rows: tuple[Row, ...]

    @property
    def missing(self) -> tuple[Row, ...]:
        """What `run` would deploy."""
        return tuple(row for row in self.rows if not row.there)

    @property
    def gas(self) -> int | None:
        """In all; None where only the proxy could tell."""
        spent = [row.gas for row in self.rows]
        return None if None in spent else sum(gas for gas in spent if gas)

    def __str__(self) -> str:
        width = max(len(row.contract) for row in self.rows)
        proxy = f"{'proxy':{width}}  {PROXY}  {'there' if self.proxy_there else 'missing'}"
        return "\n".join([proxy, *(_line(width, row) for row in self.rows), f"gas in all: {_gas(self.gas)}"])


def plan(chain: "Chain") -> Plan:
    """What is there and what is missing of Earnest's contracts. Raises `ChainError`."""
    proxy_there = bool(chain.code(PROXY, as_of="latest"))
    rows = tuple(_row(chain, name, proxy_there) for name in CORE)
    return Plan(chain=chain, proxy_there=proxy_there, rows=rows)


def _row(chain: "Chain", name: str, proxy_there: bool) -> Row:
    there = bool(chain.code(address_of(name), as_of="latest"))
    return Row(
        contract=name,
        address=address_of(name),
        there=there,
        gas=0 if there else _estimate(chain, name) if proxy_there else None,
        init_code_hash=keccak(init_code(name)),
    )


def _estimate(chain: "Chain", name: str) -> int:
    return chain.gas(NOBODY, PROXY, call_data(init_code(name)))


def _line(width: int, row: Row) -> str:
    return f"{row.contract:{width}}  {row.address}  {'there' if row.there else f'missing, {_gas(row.gas)} gas'}"


def _gas(gas: int | None) -> str:
    return "unknown" if gas is None else f"{gas:,}"
