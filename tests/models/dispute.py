"""The two-way dispute: an honest party that keeps the library's law against one that may do all that the chain allows.

The chain is the twin itself. Off chain the honest party offers states that are no better for itself than its last full
one, co-signs only newer ones that are no worse, signs none once it has seen a fight, nor while a close of its own may
still be used. It sees the chain `LAG` seconds late, and in a fight it is awake once, in a second of the other's choice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from chain.errors import EarnestError
from chain.units import Address, Amount, Seconds
from channels.duplex import actions
from channels.duplex.duplex import Duplex
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine import Step, transition
from channels.duplex.promise import NONE_LISTED
from channels.effects import Pay
from tests.models.dispute_world import (
    CLOSE_LASTS,
    LAG,
    NETS,
    NONE,
    WINDOW,
    A,
    B,
    Law,
    Posting,
    Said,
    World,
    closing,
    ledger_of,
    posting,
)
from tests.models.search import Move

Rules = Callable[[DuplexLedger, actions.Action, Seconds], Step]
_LAWFUL = Law()


@dataclass(frozen=True, slots=True)
class Dispute:
    """The honest party is A or B, and the rules may be broken ones."""

    honest: Address = A
    law: Law = _LAWFUL
    rules: Rules = transition
    last_version: int = 3

    def lost(self, world: World) -> bool:
        """The honest party has less than its share by its newest full state, or by what it offered after it; or can't
        have it, although the window is over; or a state gave way to one that is not newer, or not in time.
        """
        if world.ended is None:
            over = world.fight.is_on and world.now >= world.since + WINDOW
            return world.stale or (over and not any(self._pay_out(world)))
        _, duplex, paid = world.ended
        return paid < min(self.share(duplex, net) for _, net in world.bids)

    def moves(self, world: World) -> Iterator[Move[World]]:
        if self._waits(world) and not self._must_wake(world):
            yield "a second passes", replace(world, now=world.now + 1)
        yield from self._off_chain(world)
        if world.ended is None:
            yield from self._others(world)
            yield from self._own(world)

    def share(self, duplex: Duplex, net: int) -> int:
        """The honest party's, in base units."""
        return duplex.shares(net)[0 if self.honest == A else 1]

    def _waits(self, world: World) -> bool:
        """Whether anything may change only by time: else all seconds are alike."""
        if world.ended is not None:
            return world.now < world.ended[0] + LAG
        over = world.fight.deadline if world.fight.is_on else 0
        return world.now < over or (world.close is not None and world.now < world.close[0] + LAG)

    def _must_wake(self, world: World) -> bool:
        fight = world.fight
        return self.law.wakes and fight.is_on and not world.awake and world.now == fight.deadline - 1

    def _off_chain(self, world: World) -> Iterator[Move[World]]:
        for said in world.signed:
            if said[0] > world.full[0]:
                yield f"the other signs {said}, too", replace(world, full=said)
        if not self._signs(world):
            return
        yield from self._states(world)
        if world.close is None:
            deadline = world.now + CLOSE_LASTS
            yield f"the honest one signs a close until {deadline}", replace(world, close=(deadline, world.full[1]))

    def _states(self, world: World) -> Iterator[Move[World]]:
        """It offers what is no better for itself, and takes what is no worse."""
        newest = max((version for version, _ in world.signed), default=0)
        least, most = self.share(world.seen, world.full[1]), self._most(world)
        for version in range(max(newest + self.law.one_state_a_version, 1), self.last_version + 1):
            for net in self._covered(world):
                said, share = (version, net), self.share(world.seen, net)
                signed = world.signed | {said}
                if share <= most:
                    yield f"the honest one offers {said}", replace(world, signed=signed)
                if share >= least and version > world.full[0]:
                    yield f"the honest one takes {said}", replace(world, signed=signed, full=said)

    def _signs(self, world: World) -> bool:
        """As far as it can see: a fight, and an end, only some time after they have begun."""
        if world.ended is not None and world.now >= world.ended[0] + LAG:
            return False
        aware = world.awake or (world.since > 0 and world.now >= world.since + LAG)
        usable = world.close is not None and world.now < world.close[0] + LAG
        return not ((aware and self.law.silent_in_a_fight) or (usable and self.law.silent_after_a_close))

    def _most(self, world: World) -> int:
        """It proposes nothing better for itself than its last full state, nor than what it has offered since."""
        bids = world.bids if self.law.offers_never_rise else [world.full]
        return min(self.share(world.seen, net) for _, net in bids)

    def _covered(self, world: World) -> Iterable[int]:
        """What nobody's deposit falls short of."""
        return (net for net in NETS if -world.seen.deposit_b <= net <= world.seen.deposit_a)

    def _others(self, world: World) -> Iterator[Move[World]]:
        """Whatever the other does: it has every state that the honest one signed, and invents more."""
        other = B if self.honest == A else A
        forged = [(0, net) for net in (-1, 1)] + [(self.last_version, net) for net in (-1, 1)]
        for said in {NONE, *world.signed, *forged}:
            yield from self._post(world, "challenge", other, said, said in world.signed)
            yield from self._post(world, "answer", other, said, said in world.signed)
        if world.duplex.total < 3:
            yield from self._do(world, "the other tops up", actions.Deposit(caller=other, epoch=0, amount=Amount(1)))
        yield from self._pay_out(world)
        if world.close is not None:
            yield from self._do(world, "the other closes", closing(other, *world.close))

    def _pay_out(self, world: World) -> Iterator[Move[World]]:
        return self._do(world, "anyone pays out", actions.PayOut(promises=NONE_LISTED))

    def _own(self, world: World) -> Iterator[Move[World]]:
        """It challenges with its newest, and wakes once in a fight to answer with it."""
        if world.fight.is_on and not world.awake and world.now < world.fight.deadline:
            yield from self._wakes(replace(world, awake=True))
        if not world.fight.is_on:
            for _, newer in self._post(world, "challenge", self.honest, world.full, True):
                yield f"the honest one challenges with {world.full}", replace(newer, awake=True)

    def _wakes(self, world: World) -> list[Move[World]]:
        answers: list[Move[World]] = []
        if self.law.posts_its_newest and world.full[0] > world.fight.version:
            answers = list(self._post(world, "answer", self.honest, world.full, True))
        return answers or [("the honest one wakes", world)]

    def _post(self, world: World, verb: Posting, caller: Address, said: Said, signed: bool) -> Iterator[Move[World]]:
        who = "the honest one" if caller == self.honest else "the other"
        what = f"{who} posts {said} as {verb}"
        yield from self._do(world, what, posting(verb, caller, said, signed))

    def _do(self, world: World, what: str, action: actions.Action) -> Iterator[Move[World]]:
        """Nothing, if the chain refuses."""
        try:
            newer, effects = self.rules(ledger_of(world.duplex, world.fight), action, Seconds(world.now))
        except EarnestError:
            return
        if newer.duplex.is_open:
            yield what, replace(world, duplex=newer.duplex, **self._fought(world, action, newer.fight))
            return
        paid = sum(effect.amount for effect in effects if isinstance(effect, Pay) and effect.to == self.honest)
        ended = (world.now, world.duplex, paid)
        yield what, replace(world, duplex=newer.duplex, fight=NO_FIGHT, ended=ended)

    def _fought(self, world: World, action: actions.Action, fight: Fight) -> dict[str, Any]:
        if not isinstance(action, actions.Answer):
            return {"fight": fight, "since": world.since or (world.now if fight.is_on else 0)}
        return {"fight": fight, "stale": fight.version <= world.fight.version or world.now >= world.since + WINDOW}
