from collections.abc import Callable
from typing import Any

import pytest

from chain.keccak import keccak
from chain.money import Token
from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import NOBODY, Address, address
from escrow import Payment, Terms

START = 2_000_000_000
ROLES = ("payer", "payee", "operator", "arbiter", "stranger", "collector")


@pytest.fixture(scope="session")
def signers() -> dict[str, Signer]:
    """Fixed keys, so that a failure can be repeated."""
    return {role: Signer(keccak(role.encode())) for role in ROLES}


@pytest.fixture(scope="session")
def people(signers: dict[str, Signer]) -> dict[str, Address]:
    return {role: signer.address for role, signer in signers.items()}


@pytest.fixture(scope="session")
def start() -> int:
    """A second at which the terms of `agree` are fundable."""
    return START


@pytest.fixture(scope="session")
def usdc() -> Token:
    return Token(address=address("0x" + "c0" * 20), symbol="USDC", decimals=6, chain_id=31337)


@pytest.fixture(scope="session")
def domain() -> Domain:
    return Domain(31337, address("0x" + "e5" * 20))


@pytest.fixture(scope="session")
def agree(people: dict[str, Address]) -> Callable[..., Terms]:
    """Terms over 1,000 wei, fundable at START; every member can be another."""

    def agreed(**changes: Any) -> Terms:
        members: dict[str, Any] = {
            "payer": people["payer"],
            "payee": people["payee"],
            "token": NOBODY,
            "amount": 1_000,
            "operator": people["operator"],
            "fund_by": START + 3_600,
            "authorization_expiry": START + 7_200,
            "refund_expiry": START + 10_800,
            "payee_share_on_expiry_bps": 0,
            "payee_share_on_silence_bps": 0,
            "salt": 1,
        }
        return Terms(**members | changes)

    return agreed


@pytest.fixture(scope="session")
def pay(agree: Callable[..., Terms], domain: Domain) -> Callable[..., Payment]:
    """A payment under the terms of `agree`, not authorized."""
    return lambda **changes: Payment(terms=agree(**changes), domain=domain)
