"""The one question before a step that can't be taken back: the addresses alone, or all that a preflight asks."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from chain.aio.preflight import AsyncPreflight

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain
    from chain.money import Money
    from chain.preflight import Call


async def require_safe(
    chain: "AsyncChain",
    preflight: AsyncPreflight | None,
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
        report = AsyncPreflight(chain).addresses(payer, payee, money, parties=parties, seen=seen)
    else:
        report = await preflight.check(payer, payee, money, call() if call else None, parties=parties, seen=seen)
    report.require(accept)
