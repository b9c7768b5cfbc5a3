"""Two-way machine and contract side by side: whatever one does or refuses, the other must, too."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import cache, partial
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from chain.errors import EarnestError
from chain.units import NOBODY, Address, Seconds
from channels.duplex.actions import Action
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine import transition
from channels.effects import Pay, Pull
from tests.conformance.duplex_calls import Shown, call_of, kept
from tests.conformance.duplex_world import CHANNELS, CONTRACT, EVE, HOME, PEOPLE, RICH, START, USDC, World

_world = cache(World)
_NOTHING_SHOWN = Shown()


class Twins(RuleBasedStateMachine):
    """Several channels of one contract, and what everybody has more or less than at first."""

    def arrange(self) -> None:
        self.world, self.now, self.touched = _world(), Seconds(START), 0
        self.world.rewind()
        self.ledgers = [DuplexLedger(channel=channel, domain=HOME) for channel in CHANNELS]
        self.moved: Counter[tuple[Address, Address]] = Counter()

    def both(
        self, number: int, action: Action, shown: Shown = _NOTHING_SHOWN, beyond: AbstractSet[str] = frozenset()
    ) -> bool:
        """Whether both have done it; what the twin can't know, refusals `beyond` it, it must have let pass."""
        self.touched, ledger = number, self.ledgers[number]
        said: EarnestError | None = None
        newer, effects = ledger, list[Pull | Pay]()
        try:
            newer, effects = transition(ledger, action, Seconds(self.now))
        except EarnestError as refusal:
            said = refusal
        found = self._contract(ledger, action, shown)
        if said is None and type(found).__name__ in beyond:
            return False

        assert repr(found) == repr(said)
        self.ledgers[number] = newer
        for effect in effects:
            who, sign = (effect.payer, -1) if isinstance(effect, Pull) else (effect.to, 1)
            self.moved[ledger.channel.token, who] += sign * effect.amount
        return said is None

    def pick(self, number: int, liked: Callable[[DuplexLedger], bool]) -> int:
        """A channel, below zero one for which there is something to do."""
        found = [place for place, ledger in enumerate(self.ledgers) if liked(ledger)]
        return found[number % len(found)] if number < 0 and found else number % len(CHANNELS)

    @invariant()
    def the_ledger_is_the_same(self) -> None:
        self._compare(self.touched)

    @invariant()
    def the_balances_are_the_same(self) -> None:
        for token in (USDC, NOBODY):
            for person in PEOPLE.values():
                assert self.world.balance(token, person) == RICH + self.moved[token, person]
            owed = sum(_owed(ledger) for ledger in self.ledgers if ledger.channel.token == token)
            assert self.world.balance(token, CONTRACT) == owed

    def teardown(self) -> None:
        """No call has changed a channel that it was not about."""
        for number in range(len(CHANNELS)):
            self._compare(number)

    def _contract(self, ledger: DuplexLedger, action: Action, shown: Shown) -> EarnestError | None:
        call = call_of(ledger.channel, action, shown)
        self.world.travel(self.now)
        try:
            caller = getattr(action, "caller", EVE)
            self.world.send(caller, "DuplexChannels", call.function, *call.arguments, value=call.value)
        except EarnestError as refusal:
            return refusal
        return None

    def _compare(self, number: int) -> None:
        ask: Any = partial(self.world.send, NOBODY, "DuplexChannels")
        assert kept(ask, self.ledgers[number]) == self.ledgers[number]


def in_fight(ledger: DuplexLedger) -> bool:
    return ledger.fight.is_on


def quiet(ledger: DuplexLedger) -> bool:
    return ledger.duplex.is_open and not ledger.fight.is_on


def closed(ledger: DuplexLedger) -> bool:
    return not ledger.duplex.is_open


def _owed(ledger: DuplexLedger) -> int:
    """What the contract must have for a channel: its deposits, and what ended epochs keep."""
    return ledger.duplex.total + sum(sum(reserve.left) for reserve in ledger.reserves.values())
