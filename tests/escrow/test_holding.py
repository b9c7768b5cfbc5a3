import pytest

from chain.errors import OutOfRange
from chain.units import Amount, Seconds
from escrow import Holding


@pytest.mark.parametrize(
    ("word", "holding"),
    [
        (0, Holding()),
        (1 << 255, Holding(used=True)),
        (7, Holding(held=Amount(7))),
        (2**96 - 1, Holding(held=Amount(2**96 - 1))),
        (1 << 96, Holding(refundable=Amount(1))),
        (1 << 192, Holding(disputed_at=Seconds(1))),
        (0x7FFF << 240, Holding()),
        (
            2**256 - 1,
            Holding(held=Amount(2**96 - 1), refundable=Amount(2**96 - 1), disputed_at=Seconds(2**48 - 1), used=True),
        ),
    ],
)
def test_the_slot_is_read_as_the_contract_packs_it(word: int, holding: Holding) -> None:
    assert Holding.from_word(word) == holding


@pytest.mark.parametrize("held", [-1, 2**96, 1.0, True])
def test_an_amount_is_checked_at_birth(held: Amount) -> None:
    with pytest.raises(OutOfRange):
        Holding(held=held)
