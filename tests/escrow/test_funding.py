from typing import Any

from eth_account.messages import _hash_eip191_message, encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from chain import Domain, TypedData
from chain.permit2 import (
    PERMIT2,
    TokenPermissions,
    permit2_domain,
)
from chain.units import Amount, Hash32, Seconds, address
from escrow.funding import EscrowFunding, Grant

TOKEN, ESCROW, PAYER = (address("0x" + digits * 20) for digits in ("c0", "e5", "aa"))
grants = st.builds(
    Grant,
    token=st.just(TOKEN),
    payer=st.binary(min_size=20, max_size=20).map(address),
    amount=st.integers(1, 2**96 - 1).map(Amount),
    escrow=st.just(ESCROW),
    subject=st.binary(min_size=32, max_size=32).map(Hash32),
    deadline=st.integers(0, 2**48 - 1).map(Seconds),
)


def members(kind: type[TypedData]) -> list[dict[str, str]]:
    return [{"name": member.camel, "type": member.kind} for member in kind.members]


def values(message: TypedData) -> dict[str, Any]:
    found = {member.camel: getattr(message, member.snake) for member in message.members}
    return {name: values(item) if isinstance(item, TypedData) else item for name, item in found.items()}


def theirs(place: dict[str, Any], message: TypedData, *nested: type[TypedData]) -> bytes:
    types = {kind.__name__: members(kind) for kind in (type(message), *nested)}
    return bytes(_hash_eip191_message(encode_typed_data(place, types, values(message))))


@given(grants)
def test_an_erc3009_authorization_is_what_a_wallet_signs(grant: Grant) -> None:
    place = {"name": "USD Coin", "version": "2", "chainId": 8453, "verifyingContract": TOKEN}
    message = grant.erc3009()

    assert Domain(8453, TOKEN, "USD Coin", "2").digest(message) == theirs(place, message)
    assert (message.from_, message.to, message.nonce) == (grant.payer, ESCROW, grant.subject)


@given(grants, st.integers(0, 2**256 - 1))
def test_a_permit_is_what_a_wallet_signs_for_a_contract_without_a_version(grant: Grant, nonce: int) -> None:
    place = {"name": "Permit2", "chainId": 1, "verifyingContract": PERMIT2}
    message = grant.permit2(nonce)

    assert permit2_domain(1).digest(message) == theirs(place, message, TokenPermissions, EscrowFunding)
    assert (message.spender, message.witness.id, message.nonce) == (ESCROW, grant.subject, nonce)
