import hashlib
import json
from pathlib import Path

import pytest

from chain import Signer
from chain.units import Hash32, Seconds
from channels import Channel, Promise, SignedVoucher, Voucher
from channels.errors import NothingRecorded, ReserveNotOver
from channels.promise import promises_hash
from escrow import conditions
from tests.earnest.cli.bench import ADDRESS, KEY, Bench

PREIMAGE = b"p" * 32
LOCK = conditions.hash_lock(sha256=hashlib.sha256(PREIMAGE).digest())
OPEN = ("--payee", ADDRESS["payee"], "--deposit", "10", "--token", "USDC", "--closing-period", "1h")
PROOF = ("--promise", "promise.json", "--condition", "lock.json")
SHOWN = ("--preimage", "0x" + PREIMAGE.hex())


@pytest.fixture
def promised(bench: Bench) -> Bench:
    """A voucher for 4 USDC with a promise of 3 more, in a channel that is closing."""
    bench.does("payer", "channel", "open", *OPEN, "--out", "channel.json", "--yes")
    bench.does("payer", "channel", "request-close", "channel.json", "--yes")
    channel = Channel.from_json(json.loads(Path("channel.json").read_text()))
    promise = Promise(
        condition=LOCK.address,
        data_hash=LOCK.data_hash,
        amount=bench.usdc("3").units,
        expiry=Seconds(bench.chain.now() + 5_000),
        salt=Hash32(bytes(32)),
    )
    voucher = Voucher(
        channel_id=channel.id,
        epoch=0,
        cumulative_amount=bench.usdc("4").units,
        promises=promises_hash([promise]),
    )
    signature = Signer.from_key(KEY["payer"]).sign(bench.chain.domain("VoucherChannels"), voucher).signature
    signed = SignedVoucher(channel=channel, voucher=voucher, signature=signature, promises=(promise,))
    for name, value in (("promise", promise), ("voucher", signed), ("lock", LOCK)):
        Path(f"{name}.json").write_text(json.dumps(value.to_json()))
    return bench


def travel(bench: Bench, seconds: int) -> None:
    bench.chain.travel(to=Seconds(bench.chain.now() + seconds))


def test_a_promise_is_reserved_proven_and_claimed_after_the_window(promised: Bench) -> None:
    claim = ("channel", "claim", "--voucher", "voucher.json", "--yes")
    assert "worth 4 USDC in all" in promised.does("payee", *claim)
    travel(promised, 3_600)
    withdrawn = promised.does("stranger", "channel", "withdraw", "channel.json", "--yes")
    assert "In all 4 USDC was the payee's; 3 USDC back to the payer" in withdrawn
    assert "3 USDC is kept for promises until" in withdrawn
    record = ("channel", "record", "channel.json", "--epoch", "0", *PROOF, "--yes")
    promised.refused("stranger", NothingRecorded, *record, "--preimage", "0x" + "00" * 32)

    said = promised.does("stranger", *record, *SHOWN)
    claimed = promised.does("stranger", *claim)

    assert "The proof releases 3 USDC of 3 USDC" in said
    assert "Recorded: 3 USDC of 3 USDC" in said
    assert "Moved: 3 USDC to the payee" in claimed
    assert (promised.gained("payer"), promised.gained("payee")) == (-7_000_000, 7_000_000)


def test_what_promises_leave_is_swept_once_they_are_over(promised: Bench) -> None:
    promised.does("payee", "channel", "claim", "--voucher", "voucher.json", "--yes")
    travel(promised, 3_600)
    promised.does("stranger", "channel", "withdraw", "channel.json", "--yes")
    shown = promised.does("stranger", "channel", "show", "channel.json", "--epoch", "0")
    assert "Kept for promises of epoch 0: 3 USDC, until" in shown
    sweep = ("channel", "sweep", "channel.json", "--epoch", "0", "--yes")
    promised.refused("stranger", ReserveNotOver, *sweep)

    travel(promised, 5_000)
    answer = json.loads(promised.does("stranger", *sweep, "--json"))

    assert answer["reserve"]["left"] == promised.usdc("3").to_json()
    assert promised.gained("payer") == -4_000_000


def test_the_payee_closes_with_what_is_recorded(promised: Bench) -> None:
    promised.does("stranger", "channel", "record", "channel.json", "--epoch", "0", *PROOF, *SHOWN, "--yes")

    said = promised.does("payee", "channel", "close", "channel.json", "--voucher", "voucher.json", "--yes")

    assert "In all 7 USDC was the payee's" in said
    assert promised.gained("payee") == 7_000_000
