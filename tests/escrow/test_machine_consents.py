"""Consents that only the edge can judge, and an amendment between two escrows."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Bps, Seconds
from escrow import Begin, Holding, Payment, transition
from escrow.actions import Amend, RuleBySig, Settle
from escrow.errors import NotSignedBy, OtherEscrow


@pytest.fixture
def held(pay: Callable[..., Payment]) -> Callable[..., Payment]:
    return lambda **changes: replace(pay(**changes), holding=Holding(held=Amount(1_000), used=True))


@pytest.fixture
def amend(pay: Callable[..., Payment], people: dict[str, Address], start: int) -> Callable[..., Amend]:
    """To the same terms with another salt, vouched for by the wallets of both parties."""

    def made(to: Payment | None = None) -> Amend:
        return Amend(
            caller=people["stranger"],
            to=to or pay(salt=2),
            held=Amount(1_000),
            paid_in=Amount(0),
            paid_out=Amount(0),
            deadline=Seconds(start + 1),
            signatures=(b"",) * 4,
            wallets=frozenset({people["payer"], people["payee"]}),
        )

    return made


@pytest.mark.parametrize("missing", ["payer", "payee"])
def test_a_wallet_that_does_not_vouch_has_not_signed(
    held: Callable[..., Payment], people: dict[str, Address], start: int, missing: str
) -> None:
    wallets = frozenset({people["payer"], people["payee"]})
    action = Settle(caller=people["stranger"], to_payer=Amount(1), deadline=Seconds(start + 1), wallets=wallets)

    assert transition(held(), action, Seconds(start))[0].holding == Holding(refundable=Amount(999), used=True)
    with pytest.raises(NotSignedBy) as raised:
        transition(held(), replace(action, wallets=wallets - {people[missing]}), Seconds(start))
    assert raised.value.facts["party"] == people[missing]


def test_nobody_signs_nothing_whatever_is_vouched_for(
    held: Callable[..., Payment], people: dict[str, Address], start: int
) -> None:
    action = RuleBySig(caller=people["stranger"], payee_bps=Bps(0), signature=b"", wallets=frozenset({NOBODY}))

    with pytest.raises(NotSignedBy):
        transition(held(), action, Seconds(start))


def test_an_amendment_begins_the_other_payment(
    held: Callable[..., Payment], pay: Callable[..., Payment], amend: Callable[..., Amend], start: int
) -> None:
    left, effects = transition(held(), amend(), Seconds(start))

    assert left.holding == Holding(used=True)
    assert effects == (Begin(replace(pay(salt=2), holding=Holding(held=Amount(1_000), used=True))),)


def test_a_hold_can_not_move_to_another_escrow(
    held: Callable[..., Payment],
    pay: Callable[..., Payment],
    amend: Callable[..., Amend],
    domain: Domain,
    start: int,
) -> None:
    elsewhere = replace(pay(salt=2), domain=Domain(1, domain.contract))

    with pytest.raises(OtherEscrow):
        transition(held(), amend(elsewhere), Seconds(start))
