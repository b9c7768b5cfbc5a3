import pytest

from chain.errors import Malformed
from chain.permit2 import LONGEST, Method, TokenPermissions, authorization_bytes, permit2_authorization, permit_type
from chain.typed_data import TypedData


class Witness(TypedData):
    type_string = "Aim(uint8 kind)"
    kind: int


class LaterWitness(TypedData):
    type_string = "Zeal(uint8 kind)"
    kind: int


def test_a_permits_type_names_its_witness_and_sorts_what_is_nested() -> None:
    members = "TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline"
    permissions = TokenPermissions.type_string

    assert permit_type(Witness) == f"PermitWitnessTransferFrom({members},Aim witness)Aim(uint8 kind){permissions}"
    assert (
        permit_type(LaterWitness) == f"PermitWitnessTransferFrom({members},Zeal witness){permissions}Zeal(uint8 kind)"
    )


def test_a_permits_nonce_goes_before_its_signature() -> None:
    assert permit2_authorization(7, b"signature") == bytes(31) + b"\7signature"


@pytest.mark.parametrize("method", list(Method))
def test_a_method_is_written_by_its_name(method: Method) -> None:
    assert Method.from_json(method.to_json()) is method


@pytest.mark.parametrize("text", ["", "ALLOWANCE", 0, None, ["erc3009"]])
def test_another_method_is_malformed(text: object) -> None:
    with pytest.raises(Malformed):
        Method.from_json(text)


def test_an_authorization_has_a_length() -> None:
    assert len(authorization_bytes("0x" + "00" * LONGEST)) == LONGEST
    with pytest.raises(Malformed):
        authorization_bytes("0x" + "00" * (LONGEST + 1))
