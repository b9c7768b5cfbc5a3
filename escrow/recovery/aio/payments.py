"""An account's payments after the loss of its agreements."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chain.aio.history import AsyncHistory, Progress
from chain.copies import Copy, Ignored
from chain.errors import Malformed
from chain.receipt import Event
from chain.units import Address, Hash32
from escrow.aio.base import AsyncEscrowBase
from escrow.payment import Payment
from escrow.recovery.report import EscrowReport, FoundPayment, summarise
from escrow.recovery.terms_in import terms_in
from escrow.terms import Terms

_BEGINNINGS = ("Authorized", "Charged")
"""What every payment begins with, amended ones too."""


@dataclass(frozen=True, slots=True)
class _Known:
    terms: Terms
    copy: Copy


class AsyncEscrowRecovery:
    """It signs nothing and sends nothing."""

    def __init__(
        self, escrow: AsyncEscrowBase, account: Address, *, from_block: int = 0, progress: Progress | None = None
    ) -> None:
        self._escrow, self._account, self._from = escrow, account, from_block
        self._history = AsyncHistory(escrow.chain, progress)

    async def report(
        self, *, copies: Iterable[Copy] = (), ignored: Iterable[Ignored] = (), parties_only: bool = False
    ) -> EscrowReport:
        """Terms from the transactions that began the payments, else from copies, which the payment id checks.

        Events name payer and payee; for operators and arbiters every payment's terms are read, unless `parties_only`.
        Raises `ChainError`.
        """
        known = {self._id(copy): _Known(_terms(copy), copy) for copy in copies}
        begun = await self._begun(parties_only=parties_only)
        found = list[FoundPayment]()
        for number, event in enumerate(begun.values(), 1):
            found.append(await self._found(event, known))
            self._history.step("reading payments", number, len(begun))
        bad = list[Ignored]()
        for payment_id in known.keys() - begun.keys():
            told = await self._told(payment_id, known[payment_id].terms)
            if told.holding.used:
                found.append(told)
            else:
                bad.append(Ignored.of(known[payment_id].copy, Malformed("terms", "they were never funded")))
        now = await self._escrow.chain.now()
        return summarise(found, self._account, self._escrow.domain, now, [*ignored, *bad])

    async def _begun(self, *, parties_only: bool) -> dict[Hash32, Event]:
        """One event a payment: a charge of an authorized one says nothing new."""
        me = self._account
        searches = [(None, me), (None, None, me)] if parties_only else [()]
        found = dict[Hash32, Event]()
        for topics in searches:
            for event in await self._history.events("Escrow", _BEGINNINGS, topics, from_block=self._from):
                found.setdefault(event.args["paymentId"], event)
        return found

    async def _found(self, event: Event, known: dict[Hash32, _Known]) -> FoundPayment:
        said, payment_id = event.args, event.args["paymentId"]
        parties = said["payer"], said["payee"], said["token"]
        if payment_id in known:
            terms: Terms | None = known[payment_id].terms
        else:
            data = await self._history.input_of(event.transaction)
            terms = terms_in(data, payment_id, parties, self._escrow.domain)
        bare = await self._held(payment_id, *parties)
        return replace(bare, terms=terms)

    async def _told(self, payment_id: Hash32, terms: Terms) -> FoundPayment:
        return replace(await self._held(payment_id, terms.payer, terms.payee, terms.token), terms=terms)

    async def _held(self, payment_id: Hash32, payer: Address, payee: Address, token: Address) -> FoundPayment:
        holding = await self._escrow.holding(payment_id, as_of="latest")
        is_final = holding == await self._escrow.holding(payment_id)
        return FoundPayment(
            payment_id=payment_id, payer=payer, payee=payee, token=token, holding=holding, is_final=is_final
        )

    def _id(self, copy: Copy) -> Hash32:
        return _terms(copy).payment_id(self._escrow.domain)


def _terms(copy: Copy) -> Terms:
    terms: Terms = copy.what.terms if isinstance(copy.what, Payment) else copy.what
    return terms
