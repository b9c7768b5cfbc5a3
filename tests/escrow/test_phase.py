from collections.abc import Callable
from dataclasses import replace

import pytest

from chain.units import Address, Amount, Seconds
from escrow import Holding, Payment, Phase
from escrow.flags import ALL_FLAGS, DISPUTE_FREEZES_RESOLVE
from escrow.phase import capture_begun, expired, hold_over, passed, refund_over

EXPIRY, RULING = 12_000, 3_600


@pytest.fixture
def disputed(pay: Callable[..., Payment], people: dict[str, Address], start: int) -> Callable[[int, int], Payment]:
    """Under these flags, disputed that many seconds after the start; not at all for 0."""

    def made(flags: int, second: int) -> Payment:
        payment = pay(
            flags=flags,
            arbiter=people["arbiter"],
            ruling_period=RULING,
            capture_from=start + 7_200,
            authorization_expiry=start + EXPIRY,
            refund_expiry=start + EXPIRY,
        )
        since = Seconds(start + second if second else 0)
        return replace(payment, holding=Holding(held=Amount(1_000), disputed_at=since, used=True))

    return made


@pytest.mark.parametrize(
    ("flags", "disputed_at", "end"),
    [
        (ALL_FLAGS, 0, EXPIRY),
        (ALL_FLAGS, 1, EXPIRY),
        (ALL_FLAGS, EXPIRY - RULING, EXPIRY),
        (ALL_FLAGS, EXPIRY - RULING + 1, EXPIRY + 1),
        (ALL_FLAGS, EXPIRY - 1, EXPIRY + RULING - 1),
        (ALL_FLAGS & ~DISPUTE_FREEZES_RESOLVE, 0, EXPIRY),
        (ALL_FLAGS & ~DISPUTE_FREEZES_RESOLVE, 1, EXPIRY + RULING),
        (ALL_FLAGS & ~DISPUTE_FREEZES_RESOLVE, EXPIRY - 1, EXPIRY + RULING),
    ],
)
def test_a_hold_is_over_at_its_end_itself(
    disputed: Callable[[int, int], Payment], start: int, flags: int, disputed_at: int, end: int
) -> None:
    payment = disputed(flags, disputed_at)
    before = Phase.DISPUTED if disputed_at else Phase.OPEN

    assert payment.end == start + end
    assert payment.phase(Seconds(start + end - 1)) is before
    assert payment.phase(Seconds(start + end)) is Phase.OVER
    assert not hold_over(payment, Seconds(start + end - 1))
    assert hold_over(payment, Seconds(start + end))


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_each_boundary_has_passed_at_its_second_itself(
    disputed: Callable[[int, int], Payment], start: int, off: int
) -> None:
    terms = disputed(ALL_FLAGS, 0).terms
    reached = off >= 0

    assert expired(terms, Seconds(terms.authorization_expiry + off)) is reached
    assert capture_begun(terms, Seconds(terms.capture_from + off)) is reached
    assert refund_over(terms, Seconds(terms.refund_expiry + off)) is reached
    assert passed(Seconds(start), Seconds(start + off)) is reached
