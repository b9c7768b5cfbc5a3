import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_account.messages import _hash_eip191_message, encode_typed_data

from chain import Domain, TypedData
from chain.errors import InvalidValue, Malformed, OutOfRange
from chain.permit2 import PERMIT2, Method, TokenPermissions, permit2_domain
from chain.refusals import InvalidAmount, NotPayer, TokenHasNoCode
from chain.units import NOBODY, Address, Amount, Seconds
from channels import Channel, Deposit, DuplexChannel, SignedDeposit
from channels.duplex.errors import NotParty
from channels.errors import AllowanceIsNoAuthorization, WrongChannel
from channels.funding import Funding, FundingKind

KINDS = {kind.name: kind.value for kind in FundingKind}


@pytest.fixture
def deposit(channel: Channel, domain: Domain) -> Deposit:
    return Deposit(
        channel=channel,
        domain=domain,
        funding=Funding(kind=KINDS["TOP_UP"], channel_id=channel.id, epoch=3, salt=7),
        payer=channel.payer,
        amount=Amount(10),
        deadline=Seconds(1_000),
    )


@pytest.fixture
def two_way(channel: Channel, domain: Domain, people: dict[str, Address]) -> Deposit:
    duplex = DuplexChannel(
        party_a=people["payer"],
        party_b=people["payee"],
        token=channel.token,
        signer_a=people["payer"],
        signer_b=people["payee"],
        window=channel.window,
        promise_window=channel.window,
    )
    return Deposit(
        channel=duplex,
        domain=domain,
        funding=Funding(kind=KINDS["DEPOSIT"], channel_id=duplex.id, epoch=0),
        payer=people["payee"],
        amount=Amount(10),
        deadline=Seconds(1_000),
    )


def members(kind: type[TypedData]) -> list[dict[str, str]]:
    return [{"name": member.camel, "type": member.kind} for member in kind.members]


def values(message: TypedData) -> dict[str, Any]:
    found = {member.camel: getattr(message, member.snake) for member in message.members}
    return {name: values(item) if isinstance(item, TypedData) else item for name, item in found.items()}


def theirs(place: dict[str, Any], name: str, message: TypedData, *nested: type[TypedData]) -> bytes:
    types = {name: members(type(message)), **{kind.__name__: members(kind) for kind in nested}}
    return bytes(_hash_eip191_message(encode_typed_data(place, types, values(message))))


def test_an_erc3009_authorization_is_what_a_wallet_signs(deposit: Deposit) -> None:
    place = {"name": "USD Coin", "version": "2", "chainId": 8453, "verifyingContract": deposit.token}
    message = deposit.erc3009()

    found = Domain(8453, deposit.token, "USD Coin", "2").digest(message)

    assert found == theirs(place, "ReceiveWithAuthorization", message)
    assert (message.from_, message.to, message.value) == (deposit.payer, deposit.domain.contract, 10)
    assert message.nonce == deposit.subject == deposit.domain.digest(deposit.funding)


def test_a_permit_is_what_a_wallet_signs(deposit: Deposit) -> None:
    place = {"name": "Permit2", "chainId": 1, "verifyingContract": PERMIT2}
    message = deposit.permit2(5)

    found = permit2_domain(1).digest(message)

    assert found == theirs(place, "PermitWitnessTransferFrom", message, TokenPermissions, Funding)
    assert (message.spender, message.witness, message.nonce) == (deposit.domain.contract, deposit.funding, 5)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount": Amount(0)}, InvalidAmount),
        ({"amount": Amount(2**96)}, OutOfRange),
        ({"deadline": Seconds(2**48)}, OutOfRange),
        ({"payer": NOBODY}, NotPayer),
    ],
)
def test_a_deposit_that_could_never_count_is_none(
    deposit: Deposit, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        replace(deposit, **changes)


def test_a_deposit_is_of_a_party_and_into_its_own_kind_of_channel(
    deposit: Deposit, two_way: Deposit, describe: Callable[..., Channel], people: dict[str, Address]
) -> None:
    with pytest.raises(NotParty):
        replace(two_way, payer=people["stranger"])
    with pytest.raises(WrongChannel):
        replace(deposit, channel=describe(salt=1))
    native = describe(token=NOBODY)
    with pytest.raises(TokenHasNoCode):
        replace(deposit, channel=native, funding=replace(deposit.funding, channel_id=native.id))
    for kind in (0, KINDS["DEPOSIT"], 4):
        with pytest.raises(Malformed):
            replace(deposit, funding=replace(deposit.funding, kind=kind))
    for kind in (0, KINDS["OPEN"], KINDS["TOP_UP"]):
        with pytest.raises(Malformed):
            replace(two_way, funding=replace(two_way.funding, kind=kind))


@pytest.mark.parametrize("method", [Method.ERC3009, Method.PERMIT2])
@pytest.mark.parametrize("which", ["deposit", "two_way"])
def test_it_travels_as_json(request: pytest.FixtureRequest, which: str, method: Method) -> None:
    signed = SignedDeposit(deposit=request.getfixturevalue(which), method=method, authorization=b"\1\2")

    assert SignedDeposit.from_json(json.loads(json.dumps(signed.to_json()))) == signed
    assert SignedDeposit.from_json(json.dumps(signed.to_json())) == signed
    assert signed.calldata == (method, signed.deposit.funding.salt, 1_000, b"\1\2")


def test_an_allowance_is_no_authorization(deposit: Deposit) -> None:
    signed = SignedDeposit(deposit=deposit, method=Method.ERC3009, authorization=b"")

    with pytest.raises(AllowanceIsNoAuthorization):
        SignedDeposit(deposit=deposit, method=Method.ALLOWANCE, authorization=b"")
    with pytest.raises(AllowanceIsNoAuthorization):
        SignedDeposit.from_json(signed.to_json() | {"method": "allowance"})


@pytest.mark.parametrize(
    "change",
    [
        {"more": 1},
        {"channel": 1},
        {"chainId": "-1"},
        {"chainId": 1},
        {"contract": "0x1"},
        {"payer": None},
        {"amount": "1.5"},
        {"amount": str(2**96)},
        {"deadline": str(2**48)},
        {"method": "wish"},
        {"authorization": "0x" + "00" * 8_193},
        {"authorization": "0x0"},
    ],
)
def test_json_of_another_shape_is_refused(deposit: Deposit, change: dict[str, Any]) -> None:
    told = SignedDeposit(deposit=deposit, method=Method.ERC3009, authorization=b"").to_json()

    with pytest.raises(InvalidValue):
        SignedDeposit.from_json(told | change)
    missing = {name: value for name, value in told.items() if name not in change}
    with pytest.raises(InvalidValue):
        SignedDeposit.from_json(missing if "more" not in change else [])
