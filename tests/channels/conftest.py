from collections.abc import Callable
from typing import Any

import pytest

from chain.keccak import keccak
from chain.money import Token
from chain.signer import Signer
from chain.signing import Signed
from chain.typed_data import Domain
from chain.units import Address, address
from channels import Channel, SignedVoucher, Voucher

ROLES = ("payer", "payee", "signer", "stranger")
TOKEN = address("0x" + "c0" * 20)


@pytest.fixture(scope="session")
def signers() -> dict[str, Signer]:
    """Fixed keys, so that a failure can be repeated."""
    return {role: Signer(keccak(role.encode())) for role in ROLES}


@pytest.fixture(scope="session")
def people(signers: dict[str, Signer]) -> dict[str, Address]:
    return {role: signer.address for role, signer in signers.items()}


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain(31337, address("0x" + "e5" * 20))


@pytest.fixture(scope="session")
def usdc() -> Token:
    return Token(address=TOKEN, symbol="USDC", decimals=6, chain_id=31337)


@pytest.fixture(scope="session")
def describe(people: dict[str, Address]) -> Callable[..., Channel]:
    """A channel with windows of one hour, whose vouchers a key of their own signs; every member can be another."""

    def described(**changes: Any) -> Channel:
        members: dict[str, Any] = {
            "payer": people["payer"],
            "payee": people["payee"],
            "token": TOKEN,
            "signer": people["signer"],
            "window": 3_600,
            "promise_window": 3_600,
        }
        return Channel(**members | changes)

    return described


@pytest.fixture(scope="session")
def channel(describe: Callable[..., Channel]) -> Channel:
    return describe()


@pytest.fixture(scope="session")
def sign(signers: dict[str, Signer], domain: Domain, channel: Channel) -> Callable[..., Signed[Voucher]]:
    """A voucher of the channel's first epoch; every member can be another, and so can the key."""

    def signed(amount: int, *, key: str = "signer", **changes: Any) -> Signed[Voucher]:
        members: dict[str, Any] = {"channel_id": channel.id, "epoch": 0, "cumulative_amount": amount}
        return signers[key].sign(domain, Voucher(**members | changes))

    return signed


@pytest.fixture(scope="session")
def send(channel: Channel, sign: Callable[..., Signed[Voucher]]) -> Callable[..., SignedVoucher]:
    """The same as it travels."""

    def sent(amount: int, **changes: Any) -> SignedVoucher:
        signed = sign(amount, **changes)
        return SignedVoucher(channel=channel, voucher=signed.message, signature=signed.signature)

    return sent
