# Generated from channels/aio/duplex_party_saying.py by make fix; edit that one.
"""What a party says of itself: payments, promises, an end."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from chain.money import Money
from chain.units import Hash32, Seconds
from channels.condition import Condition
from channels.duplex.party.matter import Matter
from channels.duplex.promise import DuplexPromise
from channels.duplex.session import Change, Drop, DuplexSession, Known, Offer, Pay, Send, Step, propose, settled
from channels.duplex.session import close_together as closed_together
from channels.duplex.session.errors import NotReleased
from channels.edge import LaneRef, id_of, seconds_of
from channels.sync.duplex_party_base import DuplexPartyBase, Least


class DuplexPartySaying(DuplexPartyBase):
    """Each verb answers with the messages for the other party. What they say counts once the other's answer was heard.

    Raises `NotInStep` before the other has shown its newest state (`resume`), `EpochForgotten` where the store was
    restored, `ProposalOutstanding`, `NotOpen`, `FightIsOn`, `CloseSigned`, `OwesTooMuch`, `NotCovered`,
    `TokenMismatch`.
    """

    def resume(self, channel: LaneRef) -> list[str]:
        """Our newest state and what is open; to be sent after every start, and again where an answer is missing."""
        return (self._resumed(id_of(channel))).said

    def pay(self, channel: LaneRef, money: Money) -> list[str]:
        """So much more is the other's. Raises `InvalidAmount`, too."""
        return self.propose(channel, [Pay(amount=self._units(self._channel(channel), money))])

    def offer(self, channel: LaneRef, money: Money, condition: Condition, expiry: Seconds) -> list[str]:
        """Promises what the condition releases of so much, before the second `expiry`.

        The other must `learn` the condition, whose data no message holds. Raises `ExpiryOutOfBounds`,
        `TooManyPromises`.
        """
        found = self._channel(channel)
        promise = DuplexPromise(
            from_a=self._is_a(found),
            condition=condition.address,
            data_hash=condition.data_hash,
            amount=self._units(found, money),
            expiry=expiry,
            salt=Hash32(secrets.token_bytes(32)),
        )
        self.learn(condition)
        return self.propose(channel, [Offer(promise=promise)])

    def learn(self, condition: Condition) -> None:
        """Keeps what a condition was told, so that it can be asked for a proof when one is shown."""
        self._standings.learn(condition.data_hash, condition.data)

    def fold(self, channel: LaneRef, promise_hash: Hash32, proof: bytes = b"") -> list[str]:
        """What the condition releases for the proof, or what is recorded, moves into the net, and the promise goes.

        What more it could have come to is given up. Raises `NotReleased` where that is nothing, `NoSuchPromise`,
        and `StillOwed` for a promise of one's own that may come to more.
        """

        def rule(session: DuplexSession, known: Known) -> Step:
            change = settled(session, promise_hash, proof, known)
            if isinstance(change, Drop):
                raise NotReleased(promise_hash, 1, 0)
            return propose(session, (change,), known)

        return (self._take(id_of(channel), Matter(shown={promise_hash: proof}), rule)).said

    def drop(self, channel: LaneRef, promise_hash: Hash32) -> list[str]:
        """The promise goes for nothing: one to us at any time, one of ours once it has surely expired unrecorded.

        Raises `NoSuchPromise`, `StillOwed`.
        """
        return self.propose(channel, [Drop(promise_hash=promise_hash)])

    def propose(self, channel: LaneRef, changes: Sequence[Change]) -> list[str]:
        """All changes or none, in one state; also what makes those again that were undone.

        Raises what the changes' own verbs raise.
        """
        listed = tuple(changes)

        def rule(session: DuplexSession, known: Known) -> Step:
            return propose(session, listed, known)

        return (self._take(id_of(channel), Matter.of(listed), rule)).said

    def close_together(
        self, channel: LaneRef, *, lasting: timedelta | None = None, least: Least | None = None
    ) -> list[str]:
        """Our word that the epoch may end at the present net; until it is over, nothing else is signed.

        It lasts for half of the limit unless said otherwise, as the other sees another block; as long as it does, it is
        said again. Promises die with the epoch: fold them first; one to us is given up by naming zero for it in
        `least`. Raises `StillOwed`, `CloseDeadlineOutOfBounds`.
        """
        found = self._channel(channel)
        length = None if lasting is None else seconds_of("lasting", lasting)

        def rule(session: DuplexSession, known: Known) -> Step:
            ours = session.memory.closing
            if length is None and ours is not None and known.now < ours.message.deadline:
                return session, [Send(ours)]
            wait = session.limits.longest_close // 2 if length is None else length
            return closed_together(session, Seconds(known.now + wait), known)

        return (self._take(found.id, Matter(every=True), rule, self._least(found, least))).said
