from typing import Any

import pytest

from chain.keccak import keccak
from chain.money import Token
from chain.units import MAX_AMOUNT
from channels.duplex.chain_duplex import ChainDuplex, ChainDuplexReserve, ChainFight, Shares
from channels.duplex.duplex import Duplex
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.reserve import DuplexReserve
from tests.channels.duplex.duplex_forms import CHANNEL

LISTED = keccak(b"promises")


def kept(**members: Any) -> Any:
    return Duplex(**members)


def fought(**members: Any) -> Any:
    return Fight(**members)


def test_a_channel_in_money_is_the_machines(usdc: Token) -> None:
    duplex = kept(deposit_a=100, deposit_b=40, epoch=3)
    shown = ChainDuplex.of(CHANNEL, duplex, usdc)
    assert shown.duplex == duplex
    assert (shown.id, shown.deposit_a, shown.deposit_b) == (CHANNEL.id, usdc.units(100), usdc.units(40))
    assert (shown.paid, shown.receipt) == (None, None)


def test_shares_are_each_partys_own(usdc: Token) -> None:
    shares = Shares.of(usdc, 1, 2)
    assert (shares.to_a, shares.to_b) == (usdc.units(1), usdc.units(2))


@pytest.mark.parametrize(
    ("net", "a_owes", "b_owes"),
    [
        (0, 0, 0),
        (7, 7, 0),
        (-7, 0, 7),
        (MAX_AMOUNT, MAX_AMOUNT, 0),
        (MAX_AMOUNT + 1, MAX_AMOUNT, 0),
        (2**127 - 1, MAX_AMOUNT, 0),
        (-MAX_AMOUNT, 0, MAX_AMOUNT),
        (-MAX_AMOUNT - 1, 0, MAX_AMOUNT),
        (-(2**127), 0, MAX_AMOUNT),
    ],
)
def test_only_one_party_owes_and_no_more_than_there_can_be(usdc: Token, net: int, a_owes: int, b_owes: int) -> None:
    shown = ChainFight.of(CHANNEL, 3, fought(net=net, version=2, deadline=9_000, promises=LISTED), usdc)
    assert (shown.a_owes.units, shown.b_owes.units) == (a_owes, b_owes)
    assert (shown.epoch, shown.version, shown.deadline, shown.promises) == (3, 2, 9_000, LISTED)


def test_where_there_is_no_fight_the_deadline_is_zero(usdc: Token) -> None:
    assert ChainFight.of(CHANNEL, 3, NO_FIGHT, usdc).deadline == 0


def test_a_reserve_shows_what_promises_have_left_of_it(usdc: Token) -> None:
    members: dict[str, Any] = {"from_a": 100, "from_b": 40, "until": 9_000, "promises": LISTED}
    shown = ChainDuplexReserve.of(CHANNEL, 3, DuplexReserve(**members).collect(1, 2), usdc)
    assert (shown.from_a, shown.from_b, shown.until) == (usdc.units(99), usdc.units(38), 9_000)
    assert (shown.epoch, shown.promises, shown.paid) == (3, LISTED, None)
