"""Fixtures of two-way channels: `keys`, `new_party`, `duplex`, `pair`, `promised`."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Token
from chain.units import Seconds
from channels import DuplexChannel, DuplexParty
from tests.channels.shells.conftest import Clock
from tests.channels.shells.two_way import LOCK, FatedSigner, FatedStore, Pair

NewParty = Callable[..., DuplexParty]
__all__ = ["NewParty", "duplex", "keys", "new_party", "pair", "promised"]


@pytest.fixture
def keys(chain: LocalChain) -> dict[str, FatedSigner]:
    """With 10 ETH and 1,000 USDC each."""
    made = {"ann": FatedSigner(b"\1" * 32), "ben": FatedSigner(b"\2" * 32)}
    for signer in made.values():
        chain.fund(signer.address)
    return made


@pytest.fixture
def duplex(keys: dict[str, FatedSigner], usdc: Token) -> DuplexChannel:
    """With windows of one hour."""
    ann, ben = (keys[name].address for name in ("ann", "ben"))
    return DuplexChannel(
        party_a=ann,
        party_b=ben,
        token=usdc.address,
        signer_a=ann,
        signer_b=ben,
        window=Seconds(3_600),
        promise_window=Seconds(3_600),
    )


@pytest.fixture
def new_party(
    chain: LocalChain, keys: dict[str, FatedSigner], tmp_path: Path, ends: ExitStack, clock: Clock
) -> NewParty:
    """Ann's or Ben's shell, over the file of that name; every argument can be another."""

    def new(name: str, chain: Any = chain, **changes: Any) -> DuplexParty:
        store = FatedStore(tmp_path / f"{name}.db", keys[name].fate)
        arguments: dict[str, Any] = {"store": store, "clock": clock} | changes
        return ends.enter_context(DuplexParty(chain, keys[name], **arguments))

    return new


@pytest.fixture
def pair(duplex: DuplexChannel, new_party: NewParty, usdc: Token) -> Pair:
    """10 USDC of Ann, 5 of Ben; both have shown where they stand."""
    made = Pair(duplex, new_party("ann"), new_party("ben"))
    made.ann.deposit(duplex, usdc("10"))
    made.ben.deposit(duplex, usdc("5"))
    made.meet()
    return made


@pytest.fixture
def promised(pair: Pair, chain: LocalChain, usdc: Token) -> Pair:
    """Ann owes Ben 3 and promises 2 for a preimage, within half an hour."""
    pair.pay("ann", usdc("3"))
    pair.say("ben", pair.ann.offer(pair.channel, usdc("2"), LOCK, chain.after(minutes=30)))
    pair.ben.learn(LOCK)
    return pair
