"""A chain of lanes, a payer who does what it likes, and payees who follow the plan."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from chain.errors import EarnestError
from chain.keccak import keccak
from chain.typed_data import Domain
from chain.units import Amount, Hash32, Seconds, address
from channels import CancelClose, Channel, Claim, Lane, RequestClose, Withdraw, actions, transition
from channels.channel import ChannelId
from channels.effects import Pay
from channels.lane import LaneBooks
from channels.promise import Promise
from channels.settlement import (
    Action,
    ClaimPromised,
    ClaimTogether,
    CollectReserve,
    Policy,
    Position,
    PromiseStanding,
    Record,
    Submit,
    Wait,
    World,
    next_steps,
)

CONTRACT = address("0x" + "e5" * 20)
DOMAIN = Domain(31337, CONTRACT)
START = 1_000_000


def promise_of(amount: Any, expiry: Any, salt: int = 0) -> Promise:
    data_hash, bytes32 = keccak(b"data"), Hash32(salt.to_bytes(32, "big"))
    return Promise(condition=CONTRACT, data_hash=data_hash, amount=amount, expiry=expiry, salt=bytes32)


@dataclass
class Told:
    """A lane with one voucher, what the chain has, and from when on what of its promises can be proven."""

    channel: Channel
    accepted: Any
    promises: dict[Promise, tuple[int, Any]] = field(default_factory=dict)
    books: LaneBooks = field(default_factory=LaneBooks)
    paid: int = 0

    def __post_init__(self) -> None:
        deposit = self.accepted + sum(promise.amount for promise in self.promises) or 1
        self.books = LaneBooks(lane=Lane(deposit=Amount(deposit)))

    def position(self, now: Any) -> Position:
        standings = tuple(
            PromiseStanding(
                promise=promise,
                provable=provable if now >= since else Amount(0),
                recorded=self.books.records.get((0, promise.struct_hash()), Amount(0)),
            )
            for promise, (since, provable) in self.promises.items()
        )
        return Position(
            channel=self.channel,
            lane=self.books.lane,
            epoch=0,
            accepted=self.accepted,
            seen_at=now,
            promises=standings,
            reserve=self.books.reserve(0),
            since=Seconds(START),
        )

    def best(self, margin: int) -> int:
        """What a payee that misses nothing gets: what could be proven one margin before the expiry counts."""
        proven = [most for promise, (since, most) in self.promises.items() if since < promise.expiry - margin]
        return int(self.accepted + sum(proven))

    def do(self, action: Any, now: int) -> None:
        """What the chain refuses changes nothing."""
        try:
            self.books, effects = transition(self.books, action, Seconds(now))
        except EarnestError:
            return
        self.paid += sum(
            effect.amount for effect in effects if isinstance(effect, Pay) and effect.to != self.channel.payer
        )


def as_actions(step: Submit, lanes: Mapping[ChannelId, Told], now: int) -> Iterator[tuple[Told, Any]]:
    """What a submitted step asks of the machine."""
    match step.action:
        case ClaimTogether(lane_ids):
            for told in map(lanes.__getitem__, lane_ids):
                shown: Any = {"epoch": 0, "cumulative_amount": told.accepted, "signer": told.channel.signer}
                yield told, Claim(channel=told.channel, **shown)
        case ClaimPromised(lane_id) | CollectReserve(lane_id):
            told = lanes[lane_id]
            voucher, signer = told.position(now).shown, told.channel.signer
            yield told, actions.ClaimPromised(channel=told.channel, voucher=voucher, signer=signer)
        case Record(lane_id, epoch, promise_hash):
            told = lanes[lane_id]
            promise = next(each for each in told.promises if each.struct_hash() == promise_hash)
            released = told.promises[promise][1]
            said: Any = {"promise": promise, "data_hash": promise.data_hash, "released": released}
            yield told, actions.Record(domain=DOMAIN, channel_id=lane_id, epoch=epoch, **said)


@dataclass
class Run:
    """Seconds pass from one event to the next. A payee that is `blind` sees the payer's steps only when it looks.

    Each of the `towers` sends every step, with luck of its own.
    """

    tolds: list[Told]
    policy: Policy
    chance: Random
    prices: dict[Any, Any] = field(default_factory=dict)
    blind: bool = False
    towers: int = 1
    _coming: list[tuple[int, int, Callable[[int], bool]]] = field(default_factory=list)
    _sent: set[Action] = field(default_factory=set)
    _number: Iterator[int] = field(default_factory=count)
    _wake: int | None = None

    def at(self, second: int, happens: Callable[[int], bool]) -> None:
        """It answers whether the payee notices."""
        heappush(self._coming, (second, next(self._number), happens))

    def run(self) -> None:
        """Until nothing more happens."""
        self._plan(START)
        for _ in range(2_000):
            seconds = [self._wake] if self._wake is not None else []
            now = min([*seconds, *(second for second, _, _ in self._coming[:1])], default=None)
            if now is None:
                return
            noticed = now == self._wake
            while self._coming and self._coming[0][0] == now:
                noticed |= heappop(self._coming)[2](now)
            if noticed:
                self._plan(now)
        raise AssertionError("it goes on for ever")

    def payer(self, told: Told, action: Any) -> Callable[[int], bool]:
        """What the payer asks; when the window is over, it takes the rest in that very second."""

        def asked(now: int) -> bool:
            told.do(action, now)
            if told.books.lane.closes_at and isinstance(action, RequestClose):
                self.at(told.books.lane.closes_at, self.payer(told, Withdraw(channel=told.channel)))
            return not self.blind

        return asked

    def _plan(self, now: int) -> None:
        positions = [told.position(now) for told in self.tolds]
        steps = next_steps(positions, World(now=Seconds(now), gas_prices=self.prices), self.policy)
        for step in steps:
            if isinstance(step, Submit) and step.action not in self._sent:
                self._sent.add(step.action)
                for _ in range(self.towers):
                    self.at(now + self.chance.randint(1, self.policy.margin), self._included(step))
        untils = [step.until for step in steps if isinstance(step, Wait) and step.until is not None]
        assert all(until > now for until in untils)
        self._wake = min(untils) + self.chance.randrange(self.policy.margin) if untils else None

    def _included(self, step: Submit) -> Callable[[int], bool]:
        def included(now: int) -> bool:
            for told, action in as_actions(step, {told.channel.id: told for told in self.tolds}, now):
                told.do(action, now)
            self._sent.discard(step.action)
            return True

        return included


def request_close(told: Told) -> Any:
    return RequestClose(caller=told.channel.payer, channel=told.channel)


def cancel_close(told: Told) -> Any:
    return CancelClose(caller=told.channel.payer, channel=told.channel)
