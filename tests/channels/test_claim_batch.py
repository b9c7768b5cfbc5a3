from collections.abc import Callable
from itertools import pairwise
from typing import Any

from chain.signer import Signer
from chain.signing import compact
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount
from channels import Channel, SignedVoucher, Voucher
from channels.claim_batch import batches

Describe = Callable[..., Channel]


def voucher_of(channel: Channel, signer: Signer, domain: Domain, amount: int) -> SignedVoucher:
    voucher = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(amount))
    return SignedVoucher(channel=channel, voucher=voucher, signature=signer.sign(domain, voucher).signature)


def test_a_row_is_packed_as_the_contract_unpacks_it(
    describe: Describe, signers: dict[str, Signer], domain: Domain
) -> None:
    channel = describe(window=3_601, promise_window=3_602, salt=2**96 - 1)
    voucher = voucher_of(channel, signers["signer"], domain, 2**96 - 2)
    ((payee, token, windows, ((payer_and_amount, signer_and_salt, r, vs),)),) = batches([voucher])

    assert (payee, token, windows) == (channel.payee, channel.token, 3_601 << 32 | 3_602)
    assert payer_and_amount.to_bytes(32, "big") == bytes.fromhex(channel.payer[2:]) + (2**96 - 2).to_bytes(12, "big")
    assert signer_and_salt.to_bytes(32, "big") == bytes.fromhex(channel.signer[2:]) + b"\xff" * 12
    assert (r, vs) == compact(voucher.signature)


def test_a_payer_that_signs_itself_is_written_as_zero(
    describe: Describe, people: dict[str, Address], signers: dict[str, Signer], domain: Domain
) -> None:
    channel = describe(signer=people["payer"], salt=7)
    ((_, _, _, (row,)),) = batches([voucher_of(channel, signers["payer"], domain, 1)])
    assert row[1] == 7


def test_neighbours_share_a_payout_and_each_kind_of_channel_its_batch(
    describe: Describe, people: dict[str, Address], signers: dict[str, Signer], domain: Domain
) -> None:
    kinds: list[dict[str, Any]] = [
        {"token": NOBODY},
        {},
        {"window": 900},
        {"token": NOBODY, "salt": 1},
        {"payee": people["stranger"]},
        {"salt": 2},
    ]
    grouped = batches([voucher_of(describe(**kind), signers["signer"], domain, 5) for kind in kinds])

    assert sorted(len(rows) for _, _, _, rows in grouped) == [1, 1, 2, 2]
    receivers = [(payee, token) for payee, token, _, _ in grouped]
    changes = sum(one != other for one, other in pairwise(receivers))
    assert changes == len(set(receivers)) - 1, "those of one payee and token stand together"


def test_nothing_makes_no_batch() -> None:
    assert batches([]) == []
