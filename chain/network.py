"""The networks that we know: which chain, how deep is final, which tokens."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal, get_args

from chain.errors import InvalidValue, Malformed, OtherChain
from chain.finality import Finality
from chain.outbox.fees import Fees
from chain.units import Address, Seconds, address

Tag = Literal["pending", "latest", "safe", "finalized"]
_FINALIZED, _FEES = Finality.finalized(), Fees()


class UnknownNetwork(InvalidValue):
    """No network of that name is known; make a `Network` of your own."""

    says = "no network {name!r}, known are {known}"
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """One chain. `head` is the block that `as_of="latest"` means and simulations run in.

    `final` says which block reads default to, `final_reason` why that is right there, in a sentence for people.
    `fees` bound what a transaction bids there, unless its sender says otherwise.
    `shortest_closing_period` in seconds bounds below what a payee should accept there: congestion must fit into it.
    """

    name: str
    chain_id: int
    native_symbol: str = "ETH"
    native_decimals: int = 18
    tokens: Mapping[str, Address] = field(default_factory=dict)
    head: Tag = "latest"
    final: Finality = _FINALIZED
    final_reason: str = ""
    fees: Fees = _FEES
    shortest_closing_period: Seconds

    def __post_init__(self) -> None:
        if self.head not in get_args(Tag):
            raise Malformed(f"network {self.name}", f"{self.head!r} is none of {', '.join(get_args(Tag))}")
        if not isinstance(self.final, Finality):
            raise Malformed(f"network {self.name}", f"{self.final!r} is no Finality")
        if (stake := self.final.stake) and stake.token.chain_id != self.chain_id:
            raise OtherChain(stake.token.symbol, stake.token.chain_id, self.chain_id)
        for symbol, place in self.tokens.items():
            if address(place) != place:
                raise Malformed(f"network {self.name}", f"the address of {symbol} is not in EIP-55 form")

    def explain_final(self) -> str:
        """Which block is final here, and why, for people."""
        return f"{self.final.explain()}; {self.final_reason}" if self.final_reason else self.final.explain()


def names() -> tuple[str, ...]:
    """The networks that can be named, sorted."""
    files = (resources.files("chain") / "networks").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def load(name: str) -> Network:
    """A known network. Raises `UnknownNetwork`."""
    if name not in names():
        raise UnknownNetwork(name, names())
    data = tomllib.loads((resources.files("chain") / "networks" / f"{name}.toml").read_text("utf-8"))
    native = {f"native_{key}": value for key, value in data.pop("native", {}).items()}
    tokens, final = data.pop("tokens", {}), Finality.from_json(data.pop("final"))
    fees = Fees(**data.pop("fees"))
    if name == "local":
        from chain.contracts import TEST_TOKEN, address_of  # its address follows its code

        tokens["USDC"] = address_of(TEST_TOKEN)
    return Network(name=name, tokens=tokens, final=final, fees=fees, **native, **data)
