from collections.abc import Callable

import pytest

from chain.signing import Signed, compact
from chain.typed_data import Domain
from chain.units import NOBODY, Address
from channels import Voucher
from channels.signature import signer_of

Sign = Callable[..., Signed[Voucher]]
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def test_the_contracts_form_of_a_signature_names_its_signer(
    sign: Sign, domain: Domain, people: dict[str, Address]
) -> None:
    for amount in range(1, 20):  # Both parities occur.
        signed = sign(amount)
        assert signer_of(domain, signed.message, *compact(signed.signature)) == people["signer"]


def test_another_message_names_somebody_else(sign: Sign, domain: Domain, people: dict[str, Address]) -> None:
    signed = sign(5)
    assert signer_of(domain, sign(6).message, *compact(signed.signature)) not in (people["signer"], NOBODY)


@pytest.mark.parametrize(
    ("r", "s"), [(0, 1), (1, 0), (0, 0), (ORDER, 1), (2**256 - 1, 1), (1, ORDER // 2 + 1), (1, 2**255 - 1), (5, 1)]
)
def test_where_the_contract_sees_no_signature_it_is_nobodys(sign: Sign, domain: Domain, r: int, s: int) -> None:
    assert signer_of(domain, sign(5).message, r.to_bytes(32, "big"), s.to_bytes(32, "big")) == NOBODY


def test_a_mirrored_signature_is_not_its_signers(sign: Sign, domain: Domain, people: dict[str, Address]) -> None:
    signed = sign(5)
    r, s, v = signed.signature[:32], int.from_bytes(signed.signature[32:64], "big"), signed.signature[64]
    mirrored = (ORDER - s) | ((28 - v) << 255)
    assert signer_of(domain, signed.message, r, mirrored.to_bytes(32, "big")) != people["signer"]
