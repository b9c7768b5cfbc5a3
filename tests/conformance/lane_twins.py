"""Machine and contract side by side: whatever one does or refuses, the other must, too."""

from collections import Counter
from functools import cache
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from chain.errors import EarnestError
from chain.units import NOBODY, Address, Amount, Hash32, Seconds
from channels import Channel, Voucher, transition
from channels.actions import Action
from channels.effects import Pull
from channels.lane import LaneBooks
from channels.promise import Promise
from channels.promising import PromisingVoucher
from channels.signature import signer_of
from escrow import conditions as c
from tests.conformance.lane_people import (
    CHANNELS,
    KEYS,
    LARGEST,
    PEOPLE,
    RICH,
    SIGNERS,
    START,
    USDC,
    WALL,
    WALLS_CODE,
)
from tests.conformance.lane_words import formed
from tests.conformance.lane_world import HOME, LaneWorld

EVE = PEOPLE["eve"]


@cache
def _world() -> LaneWorld:
    world = LaneWorld(PEOPLE.values(), RICH, START)
    world.settle(WALL, WALLS_CODE)
    return world


class Shown:
    """A voucher of a channel as it is shown, its signature's compact form, and whose that is."""

    def __init__(self, channel: Channel, voucher: PromisingVoucher, r: bytes, vs: bytes) -> None:
        self.channel, self.voucher, self.r, self.vs = channel, voucher, r, vs

    @property
    def signer(self) -> Address:
        """Nobody where its list of promises can't be."""
        said = voucher_of(self.channel, self.voucher)
        return signer_of(HOME, said, self.r, self.vs) if said else NOBODY

    @property
    def calldata(self) -> Any:
        return self.voucher.calldata(self.r, self.vs)


def voucher_of(channel: Channel, shown: PromisingVoucher) -> Voucher | None:
    try:
        promises = shown.promises
    except EarnestError:
        return None
    amount = shown.cumulative_amount
    return Voucher(channel_id=channel.id, epoch=shown.epoch, cumulative_amount=amount, promises=promises)


class Twins(RuleBasedStateMachine):
    """Some channels of one contract, their promises, and what everybody has more or less than at first."""

    def begin_anew(self) -> None:
        self.world, self.now = _world(), START
        self.world.rewind()
        self.books = dict.fromkeys(CHANNELS, LaneBooks())
        self.promises: dict[Channel, list[tuple[Promise, c.Condition]]] = {channel: [] for channel in CHANNELS}
        self.moved: Counter[tuple[Address, Address]] = Counter()

    def both(self, action: Action, *args: Any, caller: Address = EVE, value: int = 0) -> EarnestError | None:
        """At once, on machine and contract; what they refuse it by."""
        said = self.machine(action)
        verb = type(action).__name__
        self.world.travel(self.now)
        try:
            self.world.send(caller, "VoucherChannels", verb[0].lower() + verb[1:], *args, value=value)
            found = None
        except EarnestError as refusal:
            found = refusal
        assert repr(found) == repr(said)
        return said

    def machine(self, action: Action) -> EarnestError | None:
        channel = self.channel_of(action)
        try:
            self.books[channel], effects = transition(self.books[channel], action, Seconds(self.now))
        except EarnestError as refusal:
            return refusal
        for effect in effects:
            who, sign = (effect.payer, -1) if isinstance(effect, Pull) else (effect.to, 1)
            self.moved[channel.token, who] += sign * effect.amount
        return None

    def channel_of(self, action: Any) -> Channel:
        if hasattr(action, "channel"):
            channel: Channel = action.channel
            return channel
        return next(channel for channel in CHANNELS if channel.id == action.channel_id)

    def sign(self, number: int, amount: int, listed: list[int], slip: dict[str, Any]) -> Shown:
        """A voucher of the present epoch with some of the channel's promises, wrong in one way at most."""
        channel = CHANNELS[number]
        epoch = max(self.books[channel].lane.epoch + slip["epoch"], 0)
        meant = self._listing(channel, epoch, Amount(amount), listed)
        shown = self._told(meant, slip)
        other = channel if slip["of"] is None else CHANNELS[slip["of"]]
        said = voucher_of(other, meant)
        assert said
        if slip["more"]:
            amount = min(said.cumulative_amount + slip["more"], LARGEST)
            said = Voucher(channel_id=other.id, epoch=epoch, cumulative_amount=Amount(amount), promises=said.promises)
        signer = KEYS[slip["key"]] if slip["key"] else SIGNERS[channel.signer]
        return Shown(channel, shown, *formed(slip["form"], signer.sign(HOME, said).signature))

    def _listing(self, channel: Channel, epoch: int, amount: Amount, listed: list[int]) -> PromisingVoucher:
        known = self.promises[channel]
        chosen = [known[place % len(known)][0] for place in listed] if known else []
        by_leaf = {promise.struct_hash(): promise for promise in chosen}
        return PromisingVoucher(
            epoch=epoch,
            cumulative_amount=amount,
            total=Amount(min(sum(promise.amount for promise in by_leaf.values()), LARGEST)),
            last_expiry=Seconds(max((promise.expiry for promise in by_leaf.values()), default=0)),
            leaves=tuple(sorted(by_leaf)),
        )

    def _told(self, meant: PromisingVoucher, slip: dict[str, Any]) -> PromisingVoucher:
        leaves = meant.leaves
        many = tuple(Hash32(bytes([place] * 32)) for place in range(17))
        wrong = {"reversed": leaves[::-1], "doubled": leaves[:1] + leaves, "none": (), "many": many}
        return PromisingVoucher(
            epoch=meant.epoch,
            cumulative_amount=meant.cumulative_amount,
            total=Amount(min(max(meant.total + slip["total"], 0), LARGEST)),
            last_expiry=Seconds(max(meant.last_expiry + slip["last"], 0)),
            leaves=wrong.get(slip["leaves"], leaves),
        )

    def ends(self) -> list[int]:
        """The seconds at which something begins or ends, from now on."""
        found = [promise.expiry for known in self.promises.values() for promise, _ in known]
        for channel, books in self.books.items():
            lane = books.lane
            found += [reserve.time for reserve in books.reserves.values()]
            if lane.closes_at:
                found += [lane.closes_at, books.reserve(lane.epoch).end(lane.closes_at, channel)]
        return sorted(second for second in set(found) if self.now <= second + 1 < START + 10**6)

    @invariant()
    def the_books_are_the_same(self) -> None:
        for channel, books in self.books.items():
            leaves = [promise.struct_hash() for promise, _ in self.promises[channel]]
            kept = {epoch: reserve for epoch, reserve in books.reserves.items() if reserve.word}
            found = self.world.books(channel, leaves)
            assert found == LaneBooks(lane=books.lane, reserves=kept, records=books.records)

    @invariant()
    def the_balances_are_the_same(self) -> None:
        walled = self.world.credit(NOBODY, WALL)
        assert walled == self.moved[NOBODY, WALL]
        for token in (USDC, NOBODY):
            for person in PEOPLE.values():
                assert self.world.balance(token, person) == RICH + self.moved[token, person]
            mine = [books for channel, books in self.books.items() if channel.token == token]
            lanes = sum(books.lane.deposit - books.lane.settled for books in mine)
            reserves = sum(kept.left for books in mine for kept in books.reserves.values() if kept.withdrawn)
            owed = walled if token == NOBODY else 0
            assert self.world.balance(token, HOME.contract) == lanes + reserves + owed
