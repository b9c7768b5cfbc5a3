from dataclasses import dataclass

import pytest
from eth_account.messages import _hash_eip191_message, encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from chain import Domain, TypedData
from chain.keccak import keccak
from chain.units import Address, Amount, Bps, Hash32, Seconds, address
from escrow.messages import Ruling
from escrow.panel import nested


@dataclass(frozen=True, kw_only=True, slots=True)
class Bill(TypedData):
    type_string = "Bill(uint96 amount)"
    amount: Amount


@dataclass(frozen=True, kw_only=True, slots=True)
class Zero(TypedData):
    """Its own struct sorts behind the one that it holds: ERC-7739's explicit mode."""

    type_string = "Zero(Bill of,bool paid)Bill(uint96 amount)"
    of: Bill
    paid: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Account(TypedData):
    """Its own struct sorts first."""

    type_string = "Account(Bill last)Bill(uint96 amount)"
    last: Bill


addresses = st.binary(min_size=20, max_size=20).map(address)
domains = st.builds(Domain, st.integers(1, 2**64), addresses)
bills = st.builds(Bill, amount=st.integers(0, 2**96 - 1).map(Amount))
messages: st.SearchStrategy[TypedData] = st.one_of(
    st.builds(
        Ruling,
        payment_id=st.binary(min_size=32, max_size=32).map(Hash32),
        disputed_at=st.integers(0, 2**48 - 1).map(Seconds),
        payee_bps=st.integers(0, 10_000).map(Bps),
    ),
    st.builds(Zero, of=bills, paid=st.booleans()),
    st.builds(Account, last=bills),
)


@given(domains, addresses, messages)
def test_what_is_signed_is_what_a_wallet_hashes(app: Domain, wallet: Address, message: TypedData) -> None:
    shown = encode_typed_data(full_message=nested.to_sign(app, wallet, message))

    assert nested.digest(app, wallet, message) == bytes(_hash_eip191_message(shown))


@given(domains, addresses, messages)
def test_a_wallet_shows_every_member_of_the_message(app: Domain, wallet: Address, message: TypedData) -> None:
    shown = nested.to_sign(app, wallet, message)["message"]

    assert shown["contents"] == message.to_json()
    assert shown["verifyingContract"] == wallet


@given(domains, addresses, messages)
def test_the_digest_is_another_for_every_wallet_contract_and_chain(
    app: Domain, wallet: Address, message: TypedData
) -> None:
    other = address(keccak(wallet.encode())[12:])
    elsewhere = Domain(app.chain_id, other), Domain(app.chain_id + 1, app.contract)

    digests = {nested.digest(domain, wallet, message) for domain in (app, *elsewhere)}
    digests |= {nested.digest(app, other, message), app.digest(message)}

    assert len(digests) == 5


@pytest.mark.parametrize(
    ("message", "description"),
    [
        (Bill(amount=Amount(1)), b"Bill(uint96 amount)"),
        (Account(last=Bill(amount=Amount(1))), b"Account(Bill last)Bill(uint96 amount)"),
        (Zero(of=Bill(amount=Amount(1)), paid=True), b"Bill(uint96 amount)Zero(Bill of,bool paid)Zero"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_contract_is_told_how_to_rebuild_the_message(message: TypedData, description: bytes) -> None:
    app = Domain(1, address("0x" + "e5" * 20))

    told = nested.wrapped(app, message, b"signature")

    tail = app.separator + message.struct_hash() + description + len(description).to_bytes(2, "big")
    assert told == b"signature" + tail
