"""The bounds of what the chain keeps, each with all facts of its refusal."""

from collections.abc import Callable
from typing import Any

import pytest

from chain.errors import OutOfRange, WrongLength
from chain.keccak import keccak
from channels.duplex.duplex import LAST_EPOCH, Duplex
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.reserve import DuplexReserve

LISTED = keccak(b"promises")
MOST = 2**96 - 1
NET = (-(2**127), 2**127 - 1)


def duplex(**members: Any) -> Duplex:
    return Duplex(**members)


def fight(**members: Any) -> Fight:
    return Fight(**members)


def reserve(**members: Any) -> DuplexReserve:
    usual: dict[str, Any] = {"from_a": 1, "from_b": 1, "until": 1, "promises": LISTED}
    return DuplexReserve(**usual | members)


@pytest.mark.parametrize(
    ("value", "member", "smallest", "largest"),
    [
        (duplex, "deposit_a", 0, MOST),
        (duplex, "deposit_b", 0, MOST),
        (duplex, "epoch", 0, LAST_EPOCH),
        (fight, "net", *NET),
        (fight, "version", 0, 2**64 - 1),
        (fight, "deadline", 0, 2**48 - 1),
        (reserve, "from_a", 0, MOST),
        (reserve, "from_b", 0, MOST),
        (reserve, "paid_from_a", 0, MOST),
        (reserve, "paid_from_b", 0, MOST),
        (reserve, "until", 0, 2**48 - 1),
    ],
)
def test_a_number_is_kept_up_to_its_bounds(value: Callable[..., Any], member: str, smallest: int, largest: int) -> None:
    for kept in (smallest, largest):
        assert getattr(value(**{member: kept}), member) == kept
    for wrong in (smallest - 1, largest + 1, 1.0, True, None):
        with pytest.raises(OutOfRange) as caught:
            value(**{member: wrong})
        assert caught.value.facts == {"name": member, "value": wrong, "minimum": smallest, "maximum": largest}


@pytest.mark.parametrize("value", [fight, reserve])
@pytest.mark.parametrize(("wrong", "length"), [(b"", 0), (bytes(31), 31), (bytes(33), 33), (None, 0)])
def test_what_stands_for_promises_is_a_hash(value: Callable[..., Any], wrong: Any, length: int) -> None:
    with pytest.raises(WrongLength) as caught:
        value(promises=wrong)
    assert caught.value.facts == {"name": "promises", "length": length, "expected": 32}


@pytest.mark.parametrize(("deposit_a", "deposit_b"), [(MOST, 0), (0, MOST), (MOST - 1, 1), (2**95, 2**95 - 1)])
def test_both_deposits_fit_96_bits_together(deposit_a: int, deposit_b: int) -> None:
    full = duplex(deposit_a=deposit_a, deposit_b=deposit_b, epoch=LAST_EPOCH)
    assert Duplex.from_word(full.word) == full
    one: Any = 1
    for by_a in (True, False):
        with pytest.raises(OutOfRange):
            full.add(by_a, one)
    with pytest.raises(OutOfRange) as caught:
        duplex(deposit_a=2**95, deposit_b=2**95)
    assert caught.value.facts == {"name": "total", "value": 2**96, "minimum": 0, "maximum": MOST}


def test_nothing_comes_after_the_last_epoch() -> None:
    assert duplex(deposit_a=1, epoch=LAST_EPOCH - 1).ended() == duplex(epoch=LAST_EPOCH)
    with pytest.raises(OutOfRange):
        duplex(epoch=LAST_EPOCH).ended()
    with pytest.raises(OutOfRange):
        Duplex.from_word(1 << 224)


@pytest.mark.parametrize("net", [NET[0], NET[0] + 1, -1, 0, 1, NET[1]])
def test_a_net_keeps_its_sign_in_the_fullest_word(net: int) -> None:
    full = fight(net=net, version=2**64 - 1, deadline=2**48 - 1, promises=LISTED)
    assert Fight.from_word(full.word, LISTED) == full
    assert full.word < 2**241


def test_nothing_is_one_empty_word() -> None:
    assert duplex().word == fight().word == 0
    assert Duplex.from_word(0) == duplex()
    assert Fight.from_word(0, LISTED) == NO_FIGHT
