"""Random legal and illegal calls on machine and contract, really signed: books, balances, refusals and facts agree."""

from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from chain.units import Amount, Hash32, Seconds
from channels import CancelClose, Channel, Claim, Close, RequestClose, SignedVoucher, Withdraw
from channels.actions import ClaimPromised, CloseBySig, Record, Sweep
from channels.claim_batch import batches
from channels.lane import LaneBooks
from channels.lane_close import LaneClose
from channels.promise import Promise, subject_of
from channels.promising import PromisingVoucher
from channels.signature import signer_of
from escrow import conditions as c
from tests.conformance.condition_facts import facts_at
from tests.conformance.condition_trees import broken, shown_to
from tests.conformance.lane_deposits import Depositing
from tests.conformance.lane_people import (
    CHANNELS,
    KEYS,
    PEOPLE,
    SIGNERS,
    SOUND,
    amounts,
    conditions,
    lasting,
    mostly,
    people,
    shares,
    slips,
    which,
)
from tests.conformance.lane_twins import EVE, Shown, voucher_of
from tests.conformance.lane_words import formed
from tests.conformance.lane_world import HOME

listings = st.lists(st.integers(0, 7), max_size=4)


STAGES = [
    [],
    ["ask"],
    ["ask", "reserve"],
    ["ask", "reserve", "take back", "ask"],
    ["ask", "reserve", "withdraw"],
    ["ask", "reserve", "withdraw", "open"],
]


class Histories(Depositing):
    """Each rule does the same to both, and each must answer the same."""

    @initialize(
        stages=st.lists(st.sampled_from(STAGES), min_size=5, max_size=5),
        promised=st.lists(st.tuples(shares, lasting, conditions), min_size=10, max_size=10),
    )
    def start(self, stages: list[list[str]], promised: list[Any]) -> None:
        """Most histories begin far on, each channel at a stage of its own: else few would get there."""
        self.begin_anew()
        self.shown: list[Shown] = []
        for place, (amount, later, condition) in enumerate(promised):
            self.promise(place % len(CHANNELS), amount, later, condition)
        for number in range(len(CHANNELS)):
            self.put_in(number, 3_000, None, contrary=False, slip=0, by_sig=number % 2 == 0)
        for turn in range(max(map(len, STAGES))):
            for number, stage in enumerate(stages):
                for verb in stage[turn : turn + 1]:
                    self._go_on(number, verb)

    def _go_on(self, number: int, verb: str) -> None:
        match verb:
            case "ask":
                self.ask(number, RequestClose, None)
            case "take back":
                self.ask(number, CancelClose, None)
            case "reserve":
                self._show(self.sign(number, 100, [0, 1], SOUND), plain=False)
            case "withdraw":
                self._withdraw(CHANNELS[number], 0)
            case _:
                self.put_in(number, 2_000, None, contrary=False, slip=0, by_sig=False)

    @rule(channel=which, amount=shares, later=lasting | st.integers(0, 2), condition=conditions)
    def promise(self, channel: int, amount: int, later: int, condition: c.Condition) -> None:
        """One more that vouchers of this channel may list."""
        known = self.promises[CHANNELS[channel]]
        promise = Promise(
            condition=condition.address,
            data_hash=condition.data_hash,
            amount=Amount(amount),
            expiry=Seconds(self.now + later),
            salt=Hash32(bytes([len(known)] * 32)),
        )
        if len(known) < 8:
            known.append((promise, condition))

    @rule(
        channel=which,
        place=st.integers(0, 7),
        off=mostly(0, st.integers(-1, 1)),
        swap=mostly(0, st.just(1)),
        data=st.data(),
    )
    def record(self, channel: int, place: int, off: int, swap: int, data: st.DataObject) -> None:
        """Of the present epoch or of one beside it; with the condition's data, or another's."""
        descriptor = CHANNELS[channel]
        known = self.promises[descriptor]
        promise, condition = known[place % len(known)]
        other = known[(place + swap) % len(known)][1]
        epoch = max(self.books[descriptor].lane.epoch + off, 0)
        about = subject_of(HOME, descriptor.id, epoch, promise.struct_hash())
        subject = c.Subject(chain_id=HOME.chain_id, id=about, amount=promise.amount, expiry=promise.expiry)
        proof = data.draw(broken(shown_to(condition, subject)))
        action = Record(
            domain=HOME,
            channel_id=descriptor.id,
            epoch=epoch,
            promise=promise,
            data_hash=other.data_hash,
            released=other.released(about, promise.amount, proof, facts_at(self.now)),
        )
        self.both(action, descriptor.id, epoch, promise, other.data, proof)

    @rule(channel=which, amount=amounts, slip=slips)
    def claim(self, channel: int, amount: int, slip: dict[str, Any]) -> None:
        self._show(self.sign(channel, amount, [], slip), plain=True)

    @rule(channel=which, amount=amounts, listed=listings, slip=slips)
    def claim_promised(self, channel: int, amount: int, listed: list[int], slip: dict[str, Any]) -> None:
        self._show(self.sign(channel, amount, listed, slip), plain=False)

    @rule(channel=which, place=st.integers(0, 7), amount=amounts, off=st.integers(-1, 1))
    def claim_as_a_promise_expires(self, channel: int, place: int, amount: int, off: int) -> None:
        """In a closing lane, if there is one: whether it still reserves is a matter of one second."""
        descriptor = self._one(channel, lambda books: books.lane.closes_at > self.now)
        known = self.promises[descriptor]
        expiry = known[place % len(known)][0].expiry
        if expiry < self.now + 10_000:
            self.now = Seconds(max(self.now, expiry + off))
        self._show(self.sign(CHANNELS.index(descriptor), amount, [place], SOUND), plain=False)

    @rule(channel=which, amount=amounts, listed=listings)
    def claim_what_is_reserved(self, channel: int, amount: int, listed: list[int]) -> None:
        """Of an ended epoch, if there is one."""
        descriptor = self._one(channel, _withdrawn)
        back = max(_withdrawn(self.books[descriptor]), default=0) - self.books[descriptor].lane.epoch
        shown = self.sign(CHANNELS.index(descriptor), amount, listed, SOUND | {"epoch": back})
        self._show(shown, plain=not listed)

    @rule(number=st.integers(0, 99), plain=st.booleans())
    def claim_again(self, number: int, plain: bool) -> None:
        """What was shown before, however old."""
        if self.shown:
            self._show(self.shown[number % len(self.shown)], plain=plain)

    def _show(self, shown: Shown, *, plain: bool) -> None:
        self.shown.append(shown)
        channel, voucher = shown.channel, shown.voucher
        if not plain:
            promised = ClaimPromised(channel=channel, voucher=voucher, signer=shown.signer)
            self.both(promised, channel.calldata, shown.calldata)
            return
        epoch, amount = voucher.epoch, voucher.cumulative_amount
        action = Claim(channel=channel, epoch=epoch, cumulative_amount=amount, signer=_bare(shown).signer)
        self.both(action, channel.calldata, epoch, amount, shown.r, shown.vs)

    @rule(channel=which, amount=amounts, slip=slips, take=amounts, caller=mostly(None, people))
    def close(self, channel: int, amount: int, slip: dict[str, Any], take: int, caller: str | None) -> None:
        shown = self.sign(channel, amount, [], slip)
        descriptor, epoch = shown.channel, shown.voucher.epoch
        usual = descriptor.payee if descriptor.payee in SIGNERS else EVE
        who = PEOPLE.get(caller or "", usual)
        action = Close(
            caller=who,
            channel=descriptor,
            epoch=epoch,
            take=Amount(take),
            cumulative_amount=shown.voucher.cumulative_amount,
            signer=_bare(shown).signer,
        )
        self.both(action, descriptor.calldata, epoch, take, amount, shown.r, shown.vs, caller=who)

    @rule(
        channel=which,
        amount=amounts,
        listed=listings,
        slip=slips,
        old=mostly(None, st.integers(0, 99)),
        take=amounts,
        caller=people,
        key=mostly(None, people),
        form=mostly(None, st.sampled_from(["zero", "parity", "mirrored"])),
        until=mostly(100, st.integers(-1, 1)),
    )
    def close_by_sig(
        self,
        channel: int,
        amount: int,
        listed: list[int],
        slip: dict[str, Any],
        old: int | None,
        take: int,
        caller: str,
        key: str | None,
        form: str | None,
        until: int,
    ) -> None:
        known = self.shown if old is not None else []
        shown = known[(old or 0) % len(known)] if known else self.sign(channel, amount, listed, slip)
        descriptor, deadline = shown.channel, Seconds(self.now + until)
        epoch = shown.voucher.epoch
        said = LaneClose(channel_id=descriptor.id, epoch=epoch, take=Amount(take), deadline=deadline)
        signer = KEYS[key] if key else SIGNERS.get(descriptor.payee, KEYS["eve"])
        r, vs = formed(form, signer.sign(HOME, said).signature)
        action = CloseBySig(
            caller=PEOPLE[caller],
            channel=descriptor,
            voucher=shown.voucher,
            take=Amount(take),
            deadline=deadline,
            signer=signer_of(HOME, said, r, vs),
            voucher_signer=shown.signer,
        )
        self.both(action, descriptor.calldata, shown.calldata, take, deadline, r, vs, caller=PEOPLE[caller])

    @rule(channel=which, verb=st.sampled_from([RequestClose, RequestClose, CancelClose]), caller=mostly(None, people))
    def ask(self, channel: int, verb: Any, caller: str | None) -> None:
        descriptor = CHANNELS[channel]
        who = PEOPLE.get(caller or "", descriptor.payer)
        self.both(verb(caller=who, channel=descriptor), descriptor.calldata, caller=who)

    @rule(channel=which, off=st.integers(-1, 1))
    def withdraw(self, channel: int, off: int) -> None:
        """Of a closing lane, if there is one: a second before the window is over, at that second, or one after."""
        self._withdraw(self._one(channel, lambda books: books.lane.closes_at > 0), off)

    def _withdraw(self, channel: Channel, off: int) -> None:
        self.now = Seconds(max(self.now, self.books[channel].lane.closes_at + off))
        self.both(Withdraw(channel=channel), channel.calldata)

    @rule(channel=which, other=mostly(0, st.integers(-1, 1)))
    def sweep(self, channel: int, other: int) -> None:
        """Of an epoch that has something reserved, if there is one, or of one beside it."""
        descriptor = self._one(channel, _withdrawn)
        epoch = max(max(_withdrawn(self.books[descriptor]), default=0) + other, 0)
        self.both(Sweep(channel=descriptor, epoch=epoch), descriptor.calldata, epoch)

    @rule(rows=st.lists(st.tuples(which, amounts, slips), max_size=6), doubled=st.booleans())
    def claim_many(self, rows: list[Any], doubled: bool) -> None:
        """From the lanes, by plain vouchers: a row that can't be paid is passed over, a duplicate moves nothing."""
        plain = [self.sign(number, amount, [], _legible(slip)) for number, amount, slip in rows * (1 + doubled)]
        for one in plain:
            channel, epoch, amount = one.channel, one.voucher.epoch, one.voucher.cumulative_amount
            lane = self.books[channel].lane
            if epoch == lane.epoch and not lane.window_is_over(Seconds(self.now)):
                self.machine(Claim(channel=channel, epoch=epoch, cumulative_amount=amount, signer=one.signer))
        self.world.travel(self.now)
        self.world.send(EVE, "VoucherChannels", "claimMany", batches(map(_handed_over, plain)))

    @rule(seconds=st.sampled_from([1, 450, 899, 900]))
    def wait(self, seconds: int) -> None:
        self.now = Seconds(self.now + seconds)

    @rule(place=st.integers(0, 9), off=st.integers(-1, 1))
    def wait_for_an_end(self, place: int, off: int) -> None:
        """Of a window, a promise or a reserve: a second before, at it, or after."""
        if ends := self.ends():
            self.now = Seconds(max(self.now, ends[place % len(ends)] + off))

    def _one(self, number: int, wanted: Callable[[LaneBooks], object]) -> Channel:
        """A channel in the wanted state, or any."""
        found = [channel for channel, books in self.books.items() if wanted(books)] or CHANNELS
        return found[number % len(found)]


def _withdrawn(books: LaneBooks) -> list[int]:
    """Epochs of which something is reserved since their end."""
    return [epoch for epoch, kept in books.reserves.items() if kept.withdrawn]


def _bare(shown: Shown) -> Shown:
    """As a plain claim takes it: nothing is said of promises."""
    epoch, amount = shown.voucher.epoch, shown.voucher.cumulative_amount
    return Shown(shown.channel, PromisingVoucher(epoch=epoch, cumulative_amount=amount), shown.r, shown.vs)


def _legible(slip: dict[str, Any]) -> dict[str, Any]:
    """Such as a plain voucher can have before it is checked."""
    plain = {name: SOUND[name] for name in ("leaves", "total", "last")}
    return slip | plain | {"form": None if slip["form"] == "mirrored" else slip["form"]}


def _handed_over(shown: Shown) -> SignedVoucher:
    voucher = voucher_of(shown.channel, shown.voucher)
    assert voucher
    word = int.from_bytes(shown.vs, "big")
    signature = shown.r + (word % 2**255).to_bytes(32, "big") + bytes([27 + (word >> 255)])
    return SignedVoucher(channel=shown.channel, voucher=voucher, signature=signature)


TestTwins = Histories.TestCase
TestTwins.settings = settings(max_examples=200, stateful_step_count=30)
