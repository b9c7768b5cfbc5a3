"""A payment of 5 USDC, and what a test changes of it."""

from dataclasses import replace
from typing import Any

from chain.money import Token
from chain.preflight import PlannedPayment
from chain.preflight.finding import Finding
from chain.units import NOBODY, Address, address

PAYER = address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
PAYEE = address("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")
ARBITER = address("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")
USDC = Token(address=address("0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"), symbol="USDC", decimals=6, chain_id=1)
ETH = Token(address=NOBODY, symbol="ETH", decimals=18, chain_id=1)
PLANNED = PlannedPayment(payer=PAYER, payee=PAYEE, written=PAYEE, money=USDC("5"))


def planned(**changes: Any) -> PlannedPayment:
    payee = changes.get("payee", PAYEE)
    return replace(PLANNED, **{"payee": payee, "written": payee} | changes)


def to(payee: Address | str) -> PlannedPayment:
    """As somebody wrote the payee."""
    return PlannedPayment.of(PAYER, payee, USDC("5"))


def names(findings: tuple[Finding, ...]) -> set[str]:
    return {found.name for found in findings}
