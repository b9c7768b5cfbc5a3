import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from chain.errors import InvalidValue, Malformed
from chain.receipt import Event
from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import Amount, Bps, Hash32, Seconds
from escrow import Payment, Terms, conditions, messages
from escrow.journal import Agreement, ChainEvent, Consent, File, Intent, Message, Record, Signature, Undone
from escrow.journal.entry import record_from_json, record_to_json
from escrow.journal.record import LONGEST_TEXT

HASH = Hash32(b"\x07" * 32)
Records = dict[str, Record]


@pytest.fixture
def records(payment: Payment, domain: Domain, payer: Signer, happened: Callable[..., ChainEvent]) -> Records:
    """One of each kind."""
    void = messages.Void(payment_id=payment.payment_id, held_after=Amount(5), deadline=Seconds(9))
    return {
        "agreement": Agreement.of(payment.terms, domain, conditions.hash_lock(sha256=HASH)),
        "message": Message(author=payer.address, text="Where is my parcel? \U0001f4e6"),
        "file": File(name="box.jpg", size=2**40, sha256=HASH),
        "signature": Signature.under(HASH, payment.payment_id, domain, payer),
        "consent": Consent.signed(void, domain, payer),
        "intent": Intent(verb="Void", signer=payer.address, level=Amount(5), deadline=Seconds(9)),
        "event": happened("Authorized", 3),
        "undone": Undone(block_hash=HASH, log_index=2),
    }


KINDS = ["agreement", "message", "file", "signature", "consent", "intent", "event", "undone"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_what_its_json_says(records: Records, kind: str) -> None:
    text = json.dumps(record_to_json(records[kind]))
    assert record_from_json(json.loads(text)) == records[kind]
    assert json.loads(text)["kind"] == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_with_a_member_too_many_or_too_few_is_refused(records: Records, kind: str) -> None:
    data = record_to_json(records[kind])
    for member in data:
        with pytest.raises(InvalidValue):
            record_from_json({name: value for name, value in data.items() if name != member})
    with pytest.raises(InvalidValue):
        record_from_json(data | {"more": "1"})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", [None, 1, [], {"a": "b"}, "\ud800", ""])
def test_a_member_of_another_shape_is_refused(records: Records, kind: str, wrong: object) -> None:
    data = record_to_json(records[kind])
    for member in data:
        if (member, wrong) in [("condition", None), ("args", {"a": "b"})]:
            continue
        with pytest.raises(InvalidValue):
            record_from_json(data | {member: wrong})


@pytest.mark.parametrize("data", [None, [], {}, {"kind": "letter"}, {"kind": ["file"]}])
def test_a_record_of_no_known_kind_is_refused(data: object) -> None:
    with pytest.raises(Malformed):
        record_from_json(data)


def test_records_do_not_change(records: Records) -> None:
    with pytest.raises(FrozenInstanceError):
        records["message"].text = "else"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("length", "allowed"), [(0, False), (1, True), (LONGEST_TEXT, True), (LONGEST_TEXT + 1, False)]
)
def test_a_message_has_some_text_and_an_end(payer: Signer, length: int, allowed: bool) -> None:
    if allowed:
        assert Message(author=payer.address, text="\U0001f4e6" * length).text
    else:
        with pytest.raises(Malformed):
            Message(author=payer.address, text="a" * length)


@pytest.mark.parametrize("name", ["a/b", "..\\b", "/etc/passwd", "a\0", "", "a" * 256])
def test_a_file_has_a_name_and_no_path(name: str) -> None:
    with pytest.raises(Malformed):
        File(name=name, size=1, sha256=HASH)


@pytest.mark.parametrize(
    ("member", "value"),
    [("verb", "Capture"), ("signer", "0x00"), ("level", -1), ("level", 2**96), ("deadline", 2**48)],
)
def test_an_intent_is_checked_at_birth(records: Records, member: str, value: Any) -> None:
    with pytest.raises(InvalidValue):
        replace(records["intent"], **{member: value})  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("member", "value"),
    [("block", -1), ("log_index", 2**32), ("block_hash", b""), ("contract", "0x00"), ("name", ""), ("args", [])],
)
def test_an_event_is_checked_at_birth(records: Records, member: str, value: Any) -> None:
    with pytest.raises(InvalidValue):
        replace(records["event"], **{member: value})  # type: ignore[type-var]


def test_only_messages_to_the_escrow_are_consents(payment: Payment, domain: Domain, payer: Signer) -> None:
    with pytest.raises(Malformed):
        Consent.signed(payment.terms, domain, payer)


SAYS = {
    "Authorize": {"payer"},
    "Release": {"payer"},
    "Void": {"payee"},
    "Dispute": {"payer", "payee"},
    "Settle": {"payer", "payee"},
    "Ruling": {"arbiter"},
    "Amend": {"payer", "payee", "stranger"},
}


@pytest.mark.parametrize("name", SAYS)
def test_each_message_is_for_its_parties_and_names_its_payments(
    agree: Callable[..., Terms], domain: Domain, signers: dict[str, Signer], people: dict[str, Any], name: str
) -> None:
    terms, to = agree(arbiter=people["arbiter"]), agree(payee=people["stranger"])
    payment_id, late = terms.payment_id(domain), Seconds(9)
    message = {
        "Authorize": messages.Authorize(terms=terms),
        "Release": messages.Release(payment_id=payment_id, held_after=Amount(0), deadline=late),
        "Void": messages.Void(payment_id=payment_id, held_after=Amount(0), deadline=late),
        "Dispute": messages.Dispute(payment_id=payment_id, evidence=HASH, deadline=late),
        "Settle": messages.Settle(payment_id=payment_id, to_payer=Amount(0), deadline=late),
        "Ruling": messages.Ruling(payment_id=payment_id, disputed_at=late, payee_bps=Bps(1)),
        "Amend": messages.Amend(
            from_id=payment_id, held=Amount(1), paid_in=Amount(0), paid_out=Amount(0), to=to, deadline=late
        ),
    }[name]
    consents = {role: Consent.signed(message, domain, signer) for role, signer in signers.items()}

    assert {role for role, consent in consents.items() if consent.has_a_say(terms)} == SAYS[name]
    expected = {payment_id} | ({to.payment_id(domain)} if name == "Amend" else set())
    assert consents["payer"].payment_ids(domain) == expected
    assert consents["payer"].deadline == (late if hasattr(message, "deadline") else None)


def test_an_event_is_taken_as_the_chain_has_it(payment: Payment, domain: Domain) -> None:
    event = Event(
        contract="Escrow",
        name="Voided",
        args={"paymentId": payment.payment_id, "holding": 2**255},
        address=domain.contract,
        transaction="0x" + "11" * 32,
        block=12,
        block_hash="0x" + "22" * 32,
        log_index=4,
    )
    taken = ChainEvent.of(event)
    assert (taken.block, taken.log_index, taken.name) == (12, 4, "Voided")
    assert taken.place == (b"\x22" * 32, 4)
    assert taken.args["holding"] == str(2**255)
    assert taken.speaks_of(payment.payment_id)
    assert not taken.speaks_of(HASH)


def test_the_agreed_condition_can_be_read_back_as_a_tree(agree: Callable[..., Terms], domain: Domain) -> None:
    tree = conditions.hash_lock(sha256=HASH) & (conditions.after_time(9) | conditions.hash_lock(keccak=HASH))
    terms = agree(condition=tree.address, condition_hash=tree.data_hash)

    shown = Agreement.of(terms, domain, tree).to_json()["condition"]

    assert shown == tree.to_json()
    assert conditions.Condition.from_json(shown) == tree
