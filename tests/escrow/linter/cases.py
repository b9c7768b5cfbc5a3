"""Terms that are sound but for what a test changes."""

from collections.abc import Iterable
from typing import Any

from chain.keccak import keccak
from chain.signer import Signer
from chain.units import Address, address
from escrow import Finding, Terms
from escrow.conditions.condition import Condition

HOUR, DAY = 3_600, 86_400
START = 2_000_000_000
FUND_BY, EXPIRY = START + DAY, START + 10 * DAY
USDC = address("0x" + "c0" * 20)


def _person(role: str) -> Address:
    return Signer(keccak(role.encode())).address


PAYER, PAYEE, OPERATOR, ARBITER, CARRIER, COLLECTOR = map(
    _person, ("payer", "payee", "operator", "arbiter", "carrier", "collector")
)
JUDGED: dict[str, Any] = {"arbiter": ARBITER, "ruling_period": 7 * DAY, "capture_from": FUND_BY + HOUR, "flags": 7}
OPERATED: dict[str, Any] = {"operator": OPERATOR, "capture_from": FUND_BY + HOUR}
_PLAIN: dict[str, Any] = {
    "payer": PAYER,
    "payee": PAYEE,
    "token": USDC,
    "amount": 120_000_000,
    "fund_by": FUND_BY,
    "authorization_expiry": EXPIRY,
    "refund_expiry": EXPIRY + 40 * DAY,
    "payee_share_on_expiry_bps": 0,
    "payee_share_on_silence_bps": 0,
    "salt": 1,
}

Case = tuple[str, bool, dict[str, Any]]
"""A rule's name, whether it finds something, and what makes the difference."""


def agreed(given: Condition | None = None, **changes: Any) -> Terms:
    """With `given` as their condition, unless `changes` name another."""
    fixed = {} if given is None else {"condition": given.address, "condition_hash": given.data_hash}
    return Terms(**_PLAIN | fixed | changes)


def found(changes: dict[str, Any]) -> dict[str, Finding]:
    """By name; `given` among the changes is the condition and shown, `shown` one that is shown alone."""
    members = dict(changes)
    given, now = members.pop("given", None), members.pop("now", START)
    shown = members.pop("shown", given)
    findings = agreed(given, **members).check(condition=shown, now=now)
    by_name = {finding.name: finding for finding in findings}
    assert len(by_name) == len(findings)
    return by_name


def seen(cases: Iterable[Case]) -> set[tuple[str, bool]]:
    """Which rule was seen to find something, and which not to."""
    return {(name, expected) for name, expected, _ in cases}
