"""Holds that the clock has ended, and that nobody has moved yet."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from chain.errors import EarnestError, IllegalAction
from chain.units import ALL_BPS, Address, Hash32
from earnest.worker.lease import Held
from earnest.worker.report import Count, Report, Said
from escrow.payment import Payment
from escrow.phase import hold_over
from escrow.terms import Terms

if TYPE_CHECKING:
    from escrow.aio.client import AsyncEscrow

_TOGETHER = 16
"""One that waits for its block, or for ever, lets so many others wait with it."""


class Expiring:
    """Anybody may expire a hold; this ends those that bring the party money. `terms` are read anew in every round.

    The chain itself is asked what is held, not our own notes: a repeat moves nothing, and is refused.
    """

    name = "expiries"

    def __init__(
        self, escrow: "AsyncEscrow", party: Address, terms: Callable[[], Iterable[Terms]], every: float = 30.0
    ) -> None:
        self.every = every
        self._escrow, self._party, self._terms = escrow, party, terms
        self._ended: set[Hash32] = set()
        """Used, nothing held, and final: it stays so. Forgotten with the process, and found again."""

    async def round(self, held: Held, now: float) -> Report:
        """Ends what is over; what another was faster with is no failure. One that fails stops no other."""
        due, failures = await self._due()
        expired = list[Payment]()
        for at in range(0, len(due), _TOGETHER):
            together = due[at : at + _TOGETHER]
            answers = await asyncio.gather(*map(self._expire, together), return_exceptions=True)
            failures += [answer for answer in answers if isinstance(answer, BaseException)]
            expired += [payment for payment, answer in zip(together, answers, strict=True) if answer is True]
        return Report(
            counts=(Count("payments_expired", len(expired)),),
            said=tuple(Said("payment expired", {"payment": "0x" + payment.payment_id.hex()}) for payment in expired),
            failure=next(iter(failures), None),
        )

    async def _due(self) -> tuple[list[Payment], list[BaseException]]:
        """By now, of all terms that can be read."""
        second, due = await self._escrow.chain.now(), list[Payment]()
        try:
            for terms in self._terms():
                payment = Payment(terms=terms, domain=self._escrow.domain)
                if payment.payment_id not in self._ended and second >= terms.authorization_expiry:
                    due.append(payment)
        except (EarnestError, OSError, ValueError) as why:
            return due, [why]
        return due, []

    async def _expire(self, payment: Payment) -> bool:
        known = await self._escrow.show(payment, as_of="latest")
        if not known.holding.held:
            final = await self._escrow.holding(payment.payment_id)
            if final.used and not final.held:
                self._ended.add(payment.payment_id)
            return False
        if not hold_over(known, await self._escrow.chain.now()) or not gains(known, self._party):
            return False
        try:
            await self._escrow.expire(known)
        except IllegalAction:
            return False
        return True


def gains(payment: Payment, party: Address) -> bool:
    """Whether the split for silence gives the party anything of what is held."""
    terms = payment.terms
    share = terms.payee_share_on_silence_bps if payment.holding.is_disputed else terms.payee_share_on_expiry_bps
    return (party == terms.payee and share > 0) or (party == terms.payer and share < ALL_BPS)
