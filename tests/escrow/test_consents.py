from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.signer import Signer
from chain.typed_data import Domain, TypedData
from chain.units import Amount, Bps, Hash32, Seconds
from escrow import Holding, Payment, actions, messages
from escrow.consents import (
    LONGEST_OPTION,
    OPTION_PERIOD,
    SENDING_PERIOD,
    ConsentLog,
    intent_of,
    require_may_do,
    require_may_sign,
)
from escrow.evidence_errors import ConsentOutstanding, DeadlineTooFar, HoldNotFinal
from escrow.journal import Consent, File

NOW = Seconds(2_000_000_000)
DEADLINE = Seconds(NOW + OPTION_PERIOD)


@pytest.fixture
def payment(pay: Callable[..., Payment]) -> Payment:
    """100 of 1,000 are held, 300 were paid."""
    return replace(pay(), holding=Holding(held=Amount(100), refundable=Amount(300), used=True))


@pytest.fixture
def says(payment: Payment) -> dict[str, TypedData]:
    """Every message that has a deadline or a level."""
    about: dict[str, Any] = {"payment_id": payment.payment_id, "deadline": DEADLINE}
    return {
        "Settle": messages.Settle(to_payer=Amount(30), **about),
        "Void": messages.Void(held_after=Amount(70), **about),
        "Release": messages.Release(held_after=Amount(70), **about),
        "Dispute": messages.Dispute(evidence=Hash32(bytes(32)), **about),
        "Amend": messages.Amend(
            from_id=payment.payment_id,
            held=Amount(100),
            paid_in=Amount(0),
            paid_out=Amount(0),
            to=payment.terms,
            deadline=DEADLINE,
        ),
        "Authorize": messages.Authorize(terms=payment.terms),
        "Ruling": messages.Ruling(payment_id=payment.payment_id, disputed_at=NOW, payee_bps=Bps(1)),
    }


@pytest.fixture
def does(people: dict[str, Any]) -> dict[str, Callable[[str], Any]]:
    """Every verb by a role."""
    level = Amount(70)
    return {
        "Void": lambda role: actions.Void(caller=people[role], held_after=level),
        "Refund": lambda role: actions.Refund(caller=people[role], held=Amount(100), refundable_after=Amount(0)),
        "Settle": lambda role: actions.Settle(caller=people[role], to_payer=Amount(30), deadline=DEADLINE),
        "Capture": lambda role: actions.Capture(caller=people[role], held_after=level),
        "Release": lambda role: actions.Release(caller=people[role], held_after=level),
        "Expire": lambda role: actions.Expire(caller=people[role]),
    }


def may_sign(
    log: ConsentLog, message: TypedData, payment: Payment, signer: Signer, now: Seconds = NOW, **more: Any
) -> None:
    require_may_sign(log, message, payment, signer.address, now, **({"latest": payment.holding} | more))


Maker = Callable[[str, str], ConsentLog]


@pytest.fixture
def signed(says: dict[str, TypedData], signers: dict[str, Signer], domain: Domain) -> Maker:
    return lambda name, role: ConsentLog((Consent.signed(says[name], domain, signers[role]),))


@pytest.mark.parametrize(
    ("before", "wanted", "allowed"),
    [
        ("Settle", "Void", False),
        ("Void", "Settle", False),
        ("Settle", "Settle", True),
        ("Void", "Void", True),
        ("Settle", "Amend", True),
        ("Settle", "Dispute", True),
        ("Amend", "Void", True),
        ("Dispute", "Settle", True),
    ],
)
def test_a_payee_signs_nothing_that_adds_up(
    signed: Maker,
    says: dict[str, TypedData],
    payment: Payment,
    signers: dict[str, Signer],
    before: str,
    wanted: str,
    allowed: bool,
) -> None:
    log = signed(before, "payee")
    if allowed:
        may_sign(log, says[wanted], payment, signers["payee"])
        return
    with pytest.raises(ConsentOutstanding) as caught:
        may_sign(log, says[wanted], payment, signers["payee"])
    assert caught.value.facts == {"wanted": wanted, "outstanding": before, "deadline": DEADLINE}


@pytest.mark.parametrize(("now", "allowed"), [(DEADLINE - 1, False), (DEADLINE, True), (DEADLINE + 1, True)])
@pytest.mark.parametrize("wanted", ["Void", "Refund"])
def test_a_payee_neither_voids_nor_refunds_before_its_settle_has_passed(
    signed: Maker, does: dict[str, Any], payment: Payment, wanted: str, now: Seconds, allowed: bool
) -> None:
    log, action = signed("Settle", "payee"), does[wanted]("payee")
    if allowed:
        require_may_do(log, action, payment, now, latest=payment.holding)
    else:
        with pytest.raises(ConsentOutstanding):
            require_may_do(log, action, payment, now, latest=payment.holding)


@pytest.mark.parametrize("verb", ["Void", "Refund"])
def test_a_payee_signs_no_settle_while_its_void_or_refund_may_land(
    says: dict[str, TypedData], does: dict[str, Any], payment: Payment, signers: dict[str, Signer], verb: str
) -> None:
    intent = intent_of(does[verb]("payee"), NOW)
    assert intent is not None
    log, settle = ConsentLog((intent,)), says["Settle"]
    with pytest.raises(ConsentOutstanding):
        may_sign(log, settle, payment, signers["payee"], Seconds(NOW + SENDING_PERIOD - 1))
    may_sign(log, settle, payment, signers["payee"], Seconds(NOW + SENDING_PERIOD))


@pytest.mark.parametrize("verb", ["Capture", "Release", "Expire"])
def test_other_verbs_add_up_with_nothing(signed: Maker, does: dict[str, Any], payment: Payment, verb: str) -> None:
    require_may_do(signed("Settle", "payee"), does[verb]("payee"), payment, NOW, latest=payment.holding)
    assert intent_of(does[verb]("payee"), NOW) is None


def test_only_the_payees_own_consents_bind_it_and_bind_only_the_payee(
    signed: Maker, says: dict[str, TypedData], does: dict[str, Any], payment: Payment, signers: dict[str, Signer]
) -> None:
    require_may_do(signed("Settle", "payer"), does["Void"]("payee"), payment, NOW, latest=payment.holding)
    require_may_do(signed("Settle", "operator"), does["Void"]("operator"), payment, NOW, latest=payment.holding)
    may_sign(signed("Void", "payee"), says["Settle"], payment, signers["payer"])


def test_a_payee_sends_no_settle_beside_its_void_nor_a_void_beside_its_settle(
    signed: Maker, does: dict[str, Any], payment: Payment
) -> None:
    with pytest.raises(ConsentOutstanding):
        require_may_do(signed("Void", "payee"), does["Settle"]("payee"), payment, NOW, latest=payment.holding)
    intent = intent_of(does["Settle"]("payee"), NOW)
    assert intent is not None
    with pytest.raises(ConsentOutstanding):
        require_may_do(
            ConsentLog((intent,)), does["Void"]("payee"), payment, Seconds(DEADLINE - 1), latest=payment.holding
        )
    require_may_do(ConsentLog((intent,)), does["Void"]("payee"), payment, DEADLINE, latest=payment.holding)
    settled = replace(payment, holding=Holding(held=Amount(29), used=True))
    require_may_do(ConsentLog((intent,)), does["Void"]("payee"), settled, NOW, latest=settled.holding)


@pytest.mark.parametrize(
    ("held", "used", "bound"),
    [(100, True, True), (30, True, True), (29, True, False), (0, True, False), (0, False, True)],
)
def test_a_settle_binds_while_the_hold_can_pay_it(
    signed: Maker, does: dict[str, Any], payment: Payment, held: int, used: bool, bound: bool
) -> None:
    later = replace(payment, holding=Holding(held=Amount(held), used=used))
    if bound:
        with pytest.raises(ConsentOutstanding):
            require_may_do(signed("Settle", "payee"), does["Void"]("payee"), later, NOW, latest=later.holding)
    else:
        require_may_do(signed("Settle", "payee"), does["Void"]("payee"), later, NOW, latest=later.holding)


def test_a_settle_that_leaves_the_payer_nothing_is_spent_with_the_hold(
    says: dict[str, TypedData], does: dict[str, Any], payment: Payment, signers: dict[str, Signer], domain: Domain
) -> None:
    settle = replace(says["Settle"], to_payer=Amount(0))  # type: ignore[type-var]
    log = ConsentLog((Consent.signed(settle, domain, signers["payee"]),))
    with pytest.raises(ConsentOutstanding):
        require_may_do(
            log,
            does["Refund"]("payee"),
            replace(payment, holding=Holding(held=Amount(1), used=True)),
            NOW,
            latest=replace(payment, holding=Holding(held=Amount(1), used=True)).holding,
        )
    require_may_do(
        log,
        does["Refund"]("payee"),
        replace(payment, holding=Holding(used=True)),
        NOW,
        latest=replace(payment, holding=Holding(used=True)).holding,
    )


@pytest.mark.parametrize(("held", "bound"), [(100, True), (71, True), (70, False), (0, False)])
@pytest.mark.parametrize("sent", [True, False])
def test_a_void_binds_until_the_hold_is_at_its_level(
    signed: Maker,
    says: dict[str, TypedData],
    does: dict[str, Any],
    payment: Payment,
    signers: dict[str, Signer],
    held: int,
    bound: bool,
    sent: bool,
) -> None:
    intent = intent_of(does["Void"]("payee"), NOW)
    assert intent is not None
    log = ConsentLog((intent,)) if sent else signed("Void", "payee")
    later = replace(payment, holding=Holding(held=Amount(held), used=True))
    if bound:
        with pytest.raises(ConsentOutstanding):
            may_sign(log, says["Settle"], later, signers["payee"])
    else:
        may_sign(log, says["Settle"], later, signers["payee"])


@pytest.mark.parametrize(("refundable", "bound"), [(300, True), (1, True), (0, False)])
def test_a_refund_binds_until_it_has_landed(
    says: dict[str, TypedData],
    does: dict[str, Any],
    payment: Payment,
    signers: dict[str, Signer],
    refundable: int,
    bound: bool,
) -> None:
    intent = intent_of(does["Refund"]("payee"), NOW)
    assert intent is not None
    later = replace(payment, holding=replace(payment.holding, refundable=Amount(refundable)))
    if bound:
        with pytest.raises(ConsentOutstanding):
            may_sign(ConsentLog((intent,)), says["Settle"], later, signers["payee"])
    else:
        may_sign(ConsentLog((intent,)), says["Settle"], later, signers["payee"])


@pytest.mark.parametrize(("ahead", "allowed"), [(LONGEST_OPTION, True), (LONGEST_OPTION + 1, False)])
@pytest.mark.parametrize("name", ["Settle", "Amend"])
def test_a_free_option_ends_soon(
    says: dict[str, TypedData], payment: Payment, signers: dict[str, Signer], name: str, ahead: int, allowed: bool
) -> None:
    message = replace(says[name], deadline=Seconds(NOW + ahead))  # type: ignore[type-var]
    if allowed:
        may_sign(ConsentLog(), message, payment, signers["payer"])
        return
    with pytest.raises(DeadlineTooFar) as caught:
        may_sign(ConsentLog(), message, payment, signers["payer"])
    assert caught.value.facts == {"deadline": NOW + ahead, "latest": NOW + LONGEST_OPTION}
    may_sign(ConsentLog(), message, payment, signers["payer"], longest=Seconds(ahead))


@pytest.mark.parametrize("name", ["Void", "Release", "Dispute"])
def test_a_consent_that_needs_no_other_may_stay_open(
    says: dict[str, TypedData], payment: Payment, signers: dict[str, Signer], name: str
) -> None:
    message = replace(says[name], deadline=Seconds(NOW + 10 * LONGEST_OPTION))  # type: ignore[type-var]
    may_sign(ConsentLog(), message, payment, signers["payer"])


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("Settle", False),
        ("Void", False),
        ("Release", False),
        ("Amend", False),
        ("Dispute", True),
        ("Authorize", True),
        ("Ruling", True),
    ],
)
@pytest.mark.parametrize("held", [99, 101])
def test_a_level_is_signed_only_against_a_final_hold(
    says: dict[str, TypedData], payment: Payment, signers: dict[str, Signer], name: str, held: int, allowed: bool
) -> None:
    latest = replace(payment.holding, held=Amount(held))
    if allowed:
        may_sign(ConsentLog(), says[name], payment, signers["payer"], latest=latest)
        return
    with pytest.raises(HoldNotFinal) as caught:
        may_sign(ConsentLog(), says[name], payment, signers["payer"], latest=latest)
    assert caught.value.facts == {"held": held, "final": 100}
    assert caught.value.retryable


def test_a_log_is_made_of_consents_among_other_records(signed: Maker) -> None:
    log = signed("Settle", "payee")
    file = File(name="a", size=1, sha256=Hash32(bytes(32)))
    assert ConsentLog.of([file, *log.bonds, "else"]) == log
