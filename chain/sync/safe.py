# Generated from chain/aio/safe.py by make fix; edit that one.
"""The one question before a step that can't be taken back: the addresses alone, or all that a preflight asks."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from chain.sync.preflight import Preflight

if TYPE_CHECKING:
    from chain.money import Money
    from chain.preflight import Call
    from chain.sync.chain import Chain


def require_safe(
    chain: "Chain",
    preflight: Preflight | None,
    payer: str | None,
    payee: str,
    money: "Money",
    *,
    call: "Callable[[], Call] | None" = None,
    parties: Iterable[str] = (),
    seen: Iterable[str] = (),
    accept: Iterable[str] = (),
) -> None:
    """Without a `preflight` nobody is asked. Raises `PreflightRefused`, but for what `accept` names."""
    if preflight is None:
        report = Preflight(chain).addresses(payer, payee, money, parties=parties, seen=seen)
    else:
        report = preflight.check(payer, payee, money, call() if call else None, parties=parties, seen=seen)
    report.require(accept)
