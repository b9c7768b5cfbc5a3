"""A payer's lanes after the loss of its wallet."""

from collections.abc import Iterable

from chain.aio.history import AsyncHistory, Progress
from chain.copies import Copy, Ignored
from chain.units import Address
from channels.aio.lanes import AsyncLanes
from channels.recovery.aio.survey import AsyncLaneSurvey
from channels.recovery.evidence import sort_out
from channels.recovery.payer import PayerReport, survey
from channels.recovery.recovered import recovered_sessions
from channels.stores.aio.wallet import AsyncWallet


class AsyncPayerRecovery:
    """It signs nothing and sends nothing."""

    def __init__(
        self, lanes: AsyncLanes, payer: Address, *, from_block: int = 0, progress: Progress | None = None
    ) -> None:
        self._lanes, self._payer = lanes, payer
        self._survey = AsyncLaneSurvey(lanes, AsyncHistory(lanes.chain, progress), from_block)

    async def report(
        self, *, backup: AsyncWallet | None = None, copies: Iterable[Copy] = (), ignored: Iterable[Ignored] = ()
    ) -> PayerReport:
        """What chain, an old wallet and payees' copies of the payer's own vouchers together prove.

        A copy counts by the payer's own signature. Raises `ChainError`, `StoreError`.
        """
        sessions = [old for old in await backup.sessions() if old.channel.payer == self._payer] if backup else []
        given = list(copies)
        opened, refused = await self._survey.opened(payer=self._payer)
        named = [copy.what.channel for copy in given if copy.what.channel.payer == self._payer]
        known = [session.channel for session in sessions]
        channels = {channel.id: channel for channel in [*opened, *known, *named]}
        lanes, now = await self._survey.read(list(channels.values())), await self._survey.now()
        shown, bad = sort_out(given, {lane.channel.id: lane for lane in lanes}, self._lanes.domain, now)
        lanes = await self._survey.recorded(lanes, shown)
        kept = {(session.channel.id, session.lane.epoch): session for session in sessions}
        rows = survey(lanes, shown, kept, now)
        return PayerReport(payer=self._payer, lanes=rows, ignored=(*refused, *ignored, *bad), found=tuple(lanes))

    async def rebuild(self, report: PayerReport, wallet: AsyncWallet) -> None:
        """Writes the open lanes into a wallet, new or restored, all or none: never below what it knows already."""
        await wallet.recover(recovered_sessions(report))
