from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chain.preflight import Past
from chain.units import Address, address
from escrow.dealings import past_of
from escrow.holding import Holding

ANN, BOB, SHOP, OTHER = (address("0x" + f"{number}a" * 20) for number in range(1, 5))


@dataclass(frozen=True)
class Told:
    name: str
    args: Mapping[str, Any]
    block: int = 1


def funded(payment_id: bytes, payer: Address, payee: Address, block: int = 1) -> Told:
    return Told("Authorized", {"paymentId": payment_id, "payer": payer, "payee": payee}, block)


def step(name: str, payment_id: bytes, **holding: Any) -> Told:
    return Told(name, {"paymentId": payment_id, "holding": Holding(used=True, **holding).word})


def test_a_book_of_everybodys_events_tells_about_two() -> None:
    book = [
        funded(b"1", ANN, SHOP, 7),
        funded(b"2", BOB, SHOP, 3),
        funded(b"3", ANN, OTHER, 2),
        step("Disputed", b"2", held=10),
        step("Ruled", b"2", refundable=10),
        step("Disputed", b"3", held=10),
        Told("Credited", {}),
    ]

    assert past_of(book, ANN, SHOP) == Past(payee=SHOP, paid=1, since=7, counterparties=frozenset({SHOP, OTHER}))
    assert past_of(book, BOB, SHOP) == Past(
        payee=SHOP, paid=1, disputed=1, lost=1, since=3, counterparties=frozenset({SHOP})
    )


def test_what_was_refundable_before_the_dispute_is_not_lost_by_it() -> None:
    captured = [funded(b"1", ANN, SHOP), step("Disputed", b"1", held=10, refundable=90)]

    assert past_of([*captured, step("Ruled", b"1", refundable=95)], ANN, SHOP).lost == 0
    assert past_of([*captured, step("Ruled", b"1", refundable=96)], ANN, SHOP).lost == 1
