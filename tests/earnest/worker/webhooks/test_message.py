import json
from dataclasses import replace

from chain.keccak import keccak
from earnest.worker.webhooks.message import message_of, message_undoing, subject_of
from tests.earnest.worker.values import CHAIN_ID, ESCROW, PAYEE, event, seen


def test_a_message_says_what_happened_and_how_sure_it_is() -> None:
    message = message_of(seen(1, "p", "undone", payee=PAYEE), CHAIN_ID, 1_700_000_000.25)

    body = json.loads(message.body)
    assert (body["type"], body["finality"], body["chainId"]) == ("Escrow.Captured", "undone", "31337")
    assert body["timestamp"] == "2023-11-14T22:13:20.250+00:00"
    assert body["subject"] == body["data"]["args"]["paymentId"] == message.subject == "0x" + keccak(b"p").hex()
    assert body["data"]["args"]["payee"] == PAYEE


def test_an_id_is_the_same_whoever_makes_it_and_whenever() -> None:
    assert message_of(seen(1, "p"), CHAIN_ID, 1).id == message_of(seen(1, "p"), CHAIN_ID, 2).id


def test_every_telling_has_an_id_of_its_own() -> None:
    first = seen(1, "p")
    tellings = [
        first,
        replace(first, finality="final"),
        replace(first, finality="undone"),
        replace(first, position=2),  # It came back, in the same block.
        replace(first, event=replace(first.event, log_index=1)),
        replace(first, event=replace(first.event, block_hash="0x00")),
    ]
    ids = [message_of(telling, CHAIN_ID, 1).id for telling in tellings] + [
        message_of(first, CHAIN_ID + 1, 1).id,
        message_of(first, CHAIN_ID, 1, reading=1).id,
        message_undoing(message_of(first, CHAIN_ID, 1).body, 1, 1).id,
        message_undoing(message_of(first, CHAIN_ID, 1).body, 2, 1).id,
    ]

    assert len(set(ids)) == len(ids)


def test_what_takes_a_telling_back_differs_in_its_time_and_finality_alone() -> None:
    told = message_of(seen(1, "p"), CHAIN_ID, 0)

    undoing = message_undoing(told.body, 1, 1_700_000_000.25)

    changed = {"timestamp": "2023-11-14T22:13:20.250+00:00", "finality": "undone"}
    assert json.loads(undoing.body) == json.loads(told.body) | changed
    assert (undoing.subject, undoing.finality) == (told.subject, "undone")


def test_the_subject_is_the_payment_the_channel_or_else_the_contract() -> None:
    word = keccak(b"id")
    for name in ("paymentId", "channelId", "fromId"):
        assert subject_of(replace(event("p"), args={"owner": PAYEE, name: word})) == "0x" + word.hex()
    assert subject_of(replace(event("p"), args={"owner": PAYEE})) == ESCROW
