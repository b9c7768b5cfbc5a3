"""The bytes that another language must agree on; they were made with eth-account, not with this library."""

import json
from pathlib import Path
from typing import Any

import pytest

from chain.errors import EarnestError
from chain.signer import Signer
from chain.signing import compact
from chain.typed_data import Domain, unhex
from chain.units import address
from channels import SignedVoucher, Voucher
from channels.strict import LONGEST_JSON

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "channels" / "vouchers.json").read_text())
HOME = Domain(int(VECTORS["domain"]["chainId"]), address(VECTORS["domain"]["verifyingContract"]))


def test_the_domain_and_the_type_are_the_vectors() -> None:
    assert HOME.separator == unhex("separator", VECTORS["domain"]["separator"])
    assert Voucher.type_hash == unhex("type hash", VECTORS["typeHash"])


@pytest.mark.parametrize("vector", VECTORS["vouchers"])
def test_every_byte_is_the_vectors(vector: dict[str, Any]) -> None:
    sent = SignedVoucher.from_json(vector["signedVoucher"])
    voucher = sent.voucher

    assert sent.channel.id == unhex("id", vector["channelId"])
    assert voucher.struct_hash() == unhex("hash", vector["structHash"])
    assert HOME.digest(voucher) == unhex("digest", vector["digest"])
    assert Signer.from_key(vector["key"]).sign(HOME, voucher).signature == sent.signature
    assert compact(sent.signature) == (unhex("r", vector["r"]), unhex("vs", vector["vs"]))
    assert sent.verified(HOME).message == voucher
    assert sent.to_json() == vector["signedVoucher"]
    assert len(json.dumps(vector["signedVoucher"], indent=4)) * 3 < LONGEST_JSON


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["why"])
def test_what_must_be_refused_is_refused_by_name(vector: dict[str, Any]) -> None:
    with pytest.raises(EarnestError) as caught:
        SignedVoucher.from_json(vector["signedVoucher"]).verified(HOME)
    assert type(caught.value).__name__ == vector["error"]
