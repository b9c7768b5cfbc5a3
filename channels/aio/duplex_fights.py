"""How one party alone ends an epoch, and how promises are paid after it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from chain.units import NO_HASH, Amount, Seconds
from channels.aio.duplex_base import AsyncDuplexBase
from channels.duplex.chain_duplex import ChainDuplex, ChainDuplexReserve, ChainFight, Shares
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.fight import Fight
from channels.duplex.promise import NONE_LISTED, DuplexPromise, DuplexPromises
from channels.duplex.reserve import DuplexReserve
from channels.duplex.signed_challenge import SignedChallenge
from channels.duplex.signed_state import SignedState
from channels.promise import sorted_leaves

if TYPE_CHECKING:
    from chain.receipt import Receipt

_NOTHING_KEPT = DuplexReserve(from_a=Amount(0), from_b=Amount(0), until=Seconds(0), promises=NO_HASH)


class AsyncDuplexFights(AsyncDuplexBase):
    """A party whose newest state is on chain before the deadline gets its share by it, whatever the other posts."""

    async def challenge(self, channel: DuplexChannel, state: SignedState | None = None) -> ChainFight:
        """The signer, a party, starts the window with its newest state, or without any.

        Raises `NotParty`, `AlreadyChallenged`, `WrongEpoch`, `InvalidSignature`.
        """
        shown = state or await self._no_state(channel)
        return await self._posted(shown.channel, await self._send("challenge", *shown.calldata), "Challenged")

    async def submit_challenge(self, signed: SignedChallenge) -> ChainFight:
        """Starts the window for the party that has signed it; anyone may. Raises `DeadlinePassed` too."""
        receipt = await self._send("challengeBySig", *signed.calldata)
        return await self._posted(signed.state.channel, receipt, "Challenged")

    async def answer(self, state: SignedState) -> ChainFight:
        """Posts a newer state before the window is over; anyone may. The deadline does not move.

        Raises `NotChallenged`, `FightOver`, `VersionNotNewer`, `WrongEpoch`, `InvalidSignature`.
        """
        return await self._posted(state.channel, await self._send("answer", *state.calldata), "Answered")

    async def pay_out(self, channel: DuplexChannel, promises: Iterable[DuplexPromise] = ()) -> ChainDuplex:
        """Ends the epoch by the newest state that was posted, once the window is over; anyone may.

        `promises` are all of that state's; each party's are reserved of its share. Raises `FightNotOver`,
        `NotChallenged`, `WrongPromises`.
        """
        receipt = await self._send("payOut", channel.calldata, _listed(promises))
        shares = Duplex.from_word(receipt.event("PaidOut").args["shares"])
        kept_a, kept_b = _reserved(receipt)
        paid = (shares.deposit_a - kept_a, shares.deposit_b - kept_b)
        return await self._left(channel, shares.ended(), receipt, paid)

    async def collect(
        self, channel: DuplexChannel, epoch: int, promises: Iterable[DuplexPromise]
    ) -> ChainDuplexReserve:
        """Pays what is recorded of an ended epoch's promises, of what it has reserved; anyone may.

        `promises` are all of the state's that ended it. Raises `NothingToCollect`, `NothingReserved`, `ReserveOver`,
        `WrongPromises`.
        """
        listed = list(promises)
        leaves = sorted_leaves(promise.struct_hash() for promise in listed)
        receipt = await self._send("collect", channel.calldata, epoch, _listed(listed), leaves)
        kept = await self.reserve(channel, epoch, as_of="latest")
        return await self._with_paid(kept, receipt, "Collected")

    async def sweep(self, channel: DuplexChannel, epoch: int) -> ChainDuplexReserve:
        """Gives both parties what promises have left of an ended epoch's reserve, once that is over; anyone may.

        Raises `NothingReserved`, `ReserveNotOver`.
        """
        receipt = await self._send("sweep", channel.calldata, epoch)
        kept = ChainDuplexReserve.of(channel, epoch, _NOTHING_KEPT, await self.chain.token(channel.token))
        return await self._with_paid(kept, receipt, "Swept")

    async def _no_state(self, channel: DuplexChannel) -> SignedState:
        return SignedState.none(channel, (await self.duplex(channel.id, as_of="latest")).epoch)

    async def _posted(self, channel: DuplexChannel, receipt: "Receipt", event: str) -> ChainFight:
        args = receipt.event(event).args
        fight = Fight.from_word(args["fight"], args["promises"])
        shown = ChainFight.of(channel, args["epoch"], fight, await self.chain.token(channel.token))
        return replace(shown, receipt=receipt)

    async def _with_paid(self, kept: ChainDuplexReserve, receipt: "Receipt", event: str) -> ChainDuplexReserve:
        args, token = receipt.event(event).args, kept.from_a.token
        return replace(kept, paid=Shares.of(token, args["toA"], args["toB"]), receipt=receipt)


def _listed(promises: Iterable[DuplexPromise]) -> DuplexPromises:
    found = list(promises)
    return DuplexPromises.of(found) if found else NONE_LISTED


def _reserved(receipt: "Receipt") -> tuple[int, int]:
    """What the end has kept of A's share and of B's, in base units."""
    for event in receipt.events:
        if event.name == "Reserved":
            return event.args["fromA"], event.args["fromB"]
    return 0, 0
