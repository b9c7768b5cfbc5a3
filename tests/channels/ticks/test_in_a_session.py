"""A payee's session and a meter, side by side: what one gives up, the other has."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from chain.units import Amount
from channels import Lane, PayeeSession
from channels.effects import GiveCredit, Keep
from channels.errors import PromiseDropped
from channels.ticks import Meter, TickPayer
from tests.channels.ticks.conftest import EACH, NOW, Desk

Begin = Callable[..., tuple[TickPayer, Meter]]


@pytest.mark.parametrize("late", [0, 3])
def test_a_session_takes_a_fold_that_the_meter_has_judged(desk: Desk, begin: Begin, late: int) -> None:
    """Also where `late` ticks more have arrived before the fold."""
    payer, meter = begin(amount=100)
    first, before = payer.opening, PayeeSession(channel=desk.channel, lane=Lane(deposit=Amount(10**6)))
    session, _ = before.receive(desk.checked(first), first.voucher.promises)
    for _ in range(5):
        meter.tick(next(payer), NOW)
    fold = desk.fold(payer.fold(first.cumulative_amount, first.voucher.promises))
    for _ in range(late):
        meter.tick(next(payer), NOW)
    signed = desk.checked(fold)
    with pytest.raises(PromiseDropped):
        session.receive(signed, fold.voucher.promises)

    judged = meter.judge(fold, signed, session.accepted, NOW)
    assert judged.replaced is not None
    session = session.prove(replace(judged.replaced, is_last=True), NOW)
    session, effects = session.receive(signed, fold.voucher.promises)
    meter.folded(judged)

    assert effects == [Keep(signed, fold.voucher.promises), GiveCredit(Amount(5 * EACH))]
    assert session.promises == fold.voucher.promises
    assert session.accepted + meter.unfolded == 100 + meter.accepted == 100 + (5 + late) * EACH
