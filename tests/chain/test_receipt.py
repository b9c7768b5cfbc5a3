import json

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import Malformed
from chain.receipt import Receipt, receipt_of

HASH = "0x" + "01" * 32
RAW = {
    "transactionHash": bytes.fromhex(HASH[2:]),
    "blockHash": bytes(32),
    "blockNumber": 5,
    "gasUsed": 21000,
    "effectiveGasPrice": 10,
    "logs": [],
}


@pytest.fixture
def minted(chain: LocalChain, ann: Signer) -> Receipt:
    return chain.send(ann, "TestToken", "mint", ann.address, 7)


def test_a_receipt_tells_what_happened(chain: LocalChain, ann: Signer, usdc: Token, minted: Receipt) -> None:
    transfer = minted.event("Transfer")

    assert minted.block_number == chain._node.block("latest").number
    assert minted.fee.token == chain.native
    assert minted.gas_used > 21000
    assert transfer.args == {"from": "0x" + "00" * 20, "to": ann.address, "value": 7}
    assert (transfer.contract, transfer.address, transfer.log_index) == ("TestToken", usdc.address, 0)
    assert (transfer.transaction, transfer.block) == (minted.transaction, minted.block_number)
    assert transfer.block_hash == minted.block_hash


def test_the_fee_is_what_the_sender_lost(chain: LocalChain, ann: Signer) -> None:
    before = chain.balance(chain.native, ann.address)
    receipt = chain.send(ann, "TestToken", "mint", ann.address, 7)

    assert before - chain.balance(chain.native, ann.address) == receipt.fee


def test_a_receipt_is_kept_as_json(minted: Receipt, ann: Signer) -> None:
    kept = json.loads(json.dumps(minted.to_json()))

    assert kept["transaction"] == minted.transaction
    assert kept["fee"]["units"] == str(minted.fee.units)
    assert kept["events"][0]["args"] == {"from": "0x" + "00" * 20, "to": ann.address, "value": "7"}


def test_asking_for_an_event_that_is_not_there_once_is_an_error(minted: Receipt) -> None:
    with pytest.raises(Malformed, match="0 Approval"):
        minted.event("Approval")


@pytest.mark.parametrize(("data_fee", "fee"), [(None, 210_000), (5, 210_005), ("0x5", 210_005)])
def test_a_rollups_data_fee_is_part_of_the_fee(chain: LocalChain, data_fee: object, fee: int) -> None:
    assert receipt_of({**RAW, "l1Fee": data_fee}, chain.native, {}).fee.units == fee


def test_logs_that_we_can_not_read_are_left_out(chain: LocalChain, usdc: Token) -> None:
    log = {
        "address": usdc.address,
        "data": b"",
        "transactionHash": bytes(32),
        "blockHash": bytes(32),
        "blockNumber": 5,
        "logIndex": 0,
    }
    logs = [{**log, "topics": topics} for topics in ([], [b"\x01" * 32])]

    assert receipt_of({**RAW, "logs": logs}, chain.native, {usdc.address: "TestToken"}).events == ()
    assert receipt_of({**RAW, "logs": logs}, chain.native, {}).events == ()
