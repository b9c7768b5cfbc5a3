"""Whatever is revealed, lost, folded, recorded and claimed: the payee gets each tick it accepted, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chain.errors import EarnestError, IllegalAction, InvalidMessage
from chain.units import Amount, Hash32, Seconds
from channels import Lane, Promise, SignedVoucher, transition
from channels.actions import ClaimPromised, Record
from channels.lane import LaneBooks
from channels.proven import Proven
from channels.ticks import Meter, TickPayer, TicksOpening
from tests.channels.ticks.conftest import EACH, EXPIRY, MARGIN, NOW, Desk, chain_of, released, stretch_of

Begin = Callable[..., tuple[TickPayer, Meter]]
COUNT, FIRST = 40, 100
CHAIN = chain_of(COUNT)
POSITIONS = st.integers(0, COUNT)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["tick", "tick", "lose", "fold", "pay", "record", "claim", "crash"]), POSITIONS, POSITIONS
    ),
    max_size=40,
)


@dataclass
class World:
    """A lane with both ends, and all that the payee ever held; `paid` is what was promised beside the ticks."""

    desk: Desk
    payer: TickPayer
    meter: Meter
    books: LaneBooks = field(default_factory=lambda: LaneBooks(lane=Lane(deposit=Amount(10**6))))
    paid: int = FIRST
    newest: SignedVoucher = field(init=False)
    openings: list[TicksOpening] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.take(self.payer.opening)

    def take(self, opening: TicksOpening) -> None:
        """The payee keeps a newer voucher, and goes on."""
        if self.openings:
            held = self.newest.voucher.cumulative_amount
            self.meter.folded(self.meter.judge(opening, self.desk.checked(opening), held, NOW))
        self.openings.append(opening)
        self.newest = opening.voucher
        self.payer.folded(opening)

    def fold(self) -> None:
        if self.payer.opening.promise:
            amount = self.newest.voucher.cumulative_amount
            self.take(self.desk.fold(self.payer.fold(amount, self.newest.promises)))

    def pay(self, amount: int) -> None:
        self.paid += amount
        newer = self.desk.voucher(self.newest.voucher.cumulative_amount + amount, self.newest.promises)
        self.take(replace(self.payer.opening, voucher=newer))

    def receive(self, tip: Hash32, *, lost: bool) -> None:
        if not lost:
            self.meter.tick(tip, NOW)

    def crash(self) -> None:
        """Both ends; the payer has forgotten its place, and is told."""
        self.meter = Meter.at(self.meter.opening, self.meter.reading, margin=MARGIN)
        self.payer = TickPayer(CHAIN, self.payer.opening)
        self.payer.catch_up(self.meter.reading)

    def show(self, opening: TicksOpening, position: int, lie: int) -> None:
        """Any tip that the payee can know, for any promise that it ever held, with a right or a wrong number."""
        steps = max(position - opening.ticks.position, 0) + lie
        if opening.promise:
            proof = self.payer.again(position) + steps.to_bytes(2, "big")
            self.record(opening.promise, opening.ticks.data, proof)

    def record(self, promise: Promise, data: bytes, proof: bytes) -> None:
        shown = Proven(promise=promise, data=data, proof=proof, released=Amount(0))
        record = Record(
            domain=self.desk.domain,
            channel_id=self.desk.channel.id,
            epoch=0,
            promise=promise,
            data_hash=promise.data_hash,
            released=released(shown),
        )
        self.books = acted(self.books, record)

    def claim(self, voucher: SignedVoucher) -> None:
        claim = ClaimPromised(channel=self.desk.channel, voucher=voucher.shown, signer=self.desk.channel.signer)
        self.books = acted(self.books, claim)


def acted(books: LaneBooks, action: Any) -> LaneBooks:
    """What the chain makes of it; what it refuses changes nothing."""
    try:
        return transition(books, action, NOW)[0]
    except (IllegalAction, InvalidMessage):
        return books


def act(world: World, verb: str, one: int, two: int) -> None:
    """The payee records and claims what it likes of all that it ever held."""
    match verb:
        case "tick" | "lose":
            for tip in islice(world.payer, 1):
                world.receive(tip, lost=verb == "lose")
        case "fold":
            world.fold()
        case "pay":
            world.pay(one)
        case "record":
            world.show(world.openings[one % len(world.openings)], min(two, world.payer.position), one % 2)
        case "claim":
            world.claim(world.openings[one % len(world.openings)].voucher)
        case _:
            world.crash()


@settings(max_examples=150)
@given(acts=ACTS)
def test_the_payee_gets_every_tick_it_accepted_and_the_payer_pays_for_none_that_it_kept(
    desk: Desk, begin: Begin, acts: list[Any]
) -> None:
    world = World(desk, *begin(COUNT, FIRST))
    revealed = 0
    for verb, one, two in acts:
        act(world, verb, one, two)
        revealed = max(revealed, world.payer.position)
        assert world.books.lane.settled <= world.paid + EACH * revealed, "no tick that is not revealed is ever paid"

    proof = world.meter.proof()
    if proof:
        world.record(proof.promise, proof.data, proof.proof)
    world.claim(world.newest)
    assert world.books.lane.settled >= world.paid + world.meter.accepted, "the newest voucher brings all of it"
    assert world.books.lane.settled <= world.paid + EACH * revealed


CHANGES = st.integers(-2, 2)


@settings(max_examples=300)
@given(position=POSITIONS, folded=POSITIONS, anchor=CHANGES, more=CHANGES, each=CHANGES, expiry=CHANGES, paid=CHANGES)
def test_a_fold_that_is_accepted_is_worth_all_that_was_accepted(
    desk: Desk, position: int, folded: int, anchor: int, more: int, each: int, expiry: int, paid: int
) -> None:
    """Whatever the payer signs instead of an honest fold."""
    opening = desk.opening(stretch_of(CHAIN), FIRST)
    meter = Meter.open(opening, desk.checked(opening), (), NOW, margin=Seconds(0))
    if position:
        meter.tick(CHAIN.tip(position), NOW)
    tip = CHAIN.tip(min(max(folded + anchor, 0), COUNT))
    wrong = replace(stretch_of(CHAIN, folded, EACH + each), anchor=tip)
    newer = desk.opening(wrong, FIRST + EACH * folded + more, expiry=EXPIRY + expiry)
    held = Amount(FIRST + max(paid, 0))
    try:
        meter.folded(meter.judge(newer, desk.checked(newer), held, NOW))
    except EarnestError:
        honest = anchor == each == 0 and more >= max(paid, 0) and (expiry >= 0 or folded == COUNT)
        assert not honest, "an honest fold is never refused"
        return

    proof = meter.proof()
    worth = newer.voucher.shown.worth(released(proof) if proof else 0)
    assert worth >= held + EACH * position
    assert proof is None or proof.promise.expiry >= EXPIRY
