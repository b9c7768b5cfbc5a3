"""Random legal and illegal calls on machine and contract, really signed: lanes, balances, refusals and facts agree."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chain import Signer, contracts
from chain.errors import EarnestError
from chain.keccak import keccak
from chain.signing import compact
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Seconds
from channels import (
    CancelClose,
    Channel,
    Claim,
    Close,
    Lane,
    Open,
    RequestClose,
    SignedVoucher,
    TopUp,
    Voucher,
    Withdraw,
    transition,
)
from channels.actions import Action
from channels.claim_batch import batches
from channels.effects import Pull
from channels.signature import signer_of
from tests.conformance.evm import Evm

START, RICH, LARGEST = 2_000_000_000, 2**100, 2**96 - 1
KEYS = {role: Signer(keccak(role.encode())) for role in ("ann", "ben", "key", "shop", "shed", "eve")}
PEOPLE = {role: key.address for role, key in KEYS.items()}
CONTRACT, USDC = contracts.address_of("VoucherChannels"), contracts.address_of("TestToken")
HOME = Domain(1, CONTRACT)


def described(payer: str, payee: str, signer: str, token: Address, window: int, salt: int) -> Channel:
    return Channel(
        payer=PEOPLE[payer],
        payee=PEOPLE[payee],
        token=token,
        signer=PEOPLE[signer],
        window=Seconds(window),
        promise_window=Seconds(900),
        salt=salt,
    )


CHANNELS = (
    described("ann", "shop", "ann", USDC, 900, 0),
    described("ben", "shop", "key", USDC, 900, 2**96 - 1),
    described("ann", "shop", "key", USDC, 3_600, 1),
    described("ann", "shop", "ann", NOBODY, 900, 1),
    described("ben", "shed", "ben", USDC, 900, 2),
)


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(usual), st.just(usual), st.just(usual), other)


which = st.integers(0, len(CHANNELS) - 1)
people = st.sampled_from(sorted(PEOPLE))
amounts = st.sampled_from([0, 1, 2, 99, 100, 101, LARGEST - 100, LARGEST - 99, LARGEST]) | st.integers(0, 300)
sound = {"epoch": 0, "key": None, "of": None, "more": 0, "form": "low"}
slips = {
    "epoch": st.integers(-1, 1),
    "key": people,
    "of": which,
    "more": st.just(1),
    "form": st.sampled_from(["parity", "zero"]),
}
slip = st.sampled_from(sorted(slips)).flatmap(lambda name: slips[name].map(lambda wrong: sound | {name: wrong}))
vouchers = st.tuples(amounts, mostly(sound, slip))


class World(Evm):
    """With lanes to look at."""

    def lane(self, channel: Channel) -> Lane:
        deposit, settled, closes_at, epoch = self.send(NOBODY, "VoucherChannels", "laneOf", channel.id)
        return Lane(deposit=deposit, settled=settled, closes_at=closes_at, epoch=epoch)


class Twins(RuleBasedStateMachine):
    """Each rule does the same to both, and each must answer the same."""

    @initialize(deposits=st.lists(mostly(100, amounts), min_size=len(CHANNELS), max_size=len(CHANNELS)))
    def start(self, deposits: list[int]) -> None:
        self.world, self.now = World(PEOPLE.values(), RICH, "VoucherChannels", START), START
        self.lanes = dict.fromkeys(CHANNELS, Lane())
        self.moved: Counter[tuple[Address, Address]] = Counter()
        for number, deposit in enumerate(deposits):
            self.put_in(number, deposit, None, contrary=False, slip=0)

    @rule(
        channel=which,
        amount=mostly(100, amounts),
        caller=mostly(None, people),
        contrary=mostly(False, st.just(True)),
        slip=mostly(0, st.just(1)),
    )
    def put_in(self, channel: int, amount: Any, caller: str | None, contrary: bool, slip: int) -> None:
        """Opens what is ended, else tops up; or the contrary, or with a wei too many."""
        descriptor = self._one(channel, lambda lane: not lane.is_open)
        value = (amount if descriptor.token == NOBODY else 0) + slip
        by: dict[str, Any] = {"caller": PEOPLE.get(caller or "", descriptor.payer), "channel": descriptor}
        adds = self.lanes[descriptor].is_open is not contrary
        action = TopUp(**by, amount=amount, value=value)
        self._both(action if adds else Open(**by, amount=amount, value=value, contract=CONTRACT), amount, value=value)

    @rule(channel=which, voucher=vouchers)
    def claim(self, channel: int, voucher: Any) -> None:
        signed, signer = self._signed(channel, *voucher)
        epoch, total = signed.voucher.epoch, signed.voucher.cumulative_amount
        action = Claim(channel=signed.channel, epoch=epoch, cumulative_amount=total, signer=signer)
        self._both(action, epoch, total, *compact(signed.signature))

    @rule(channel=which, voucher=vouchers, take=amounts, caller=mostly(None, people))
    def close(self, channel: int, voucher: Any, take: Any, caller: str | None) -> None:
        signed, signer = self._signed(channel, *voucher)
        epoch, total = signed.voucher.epoch, signed.voucher.cumulative_amount
        action = Close(
            caller=PEOPLE.get(caller or "", signed.channel.payee),
            channel=signed.channel,
            epoch=epoch,
            take=take,
            cumulative_amount=total,
            signer=signer,
        )
        self._both(action, epoch, take, total, *compact(signed.signature))

    @rule(channel=which, verb=st.sampled_from([RequestClose, RequestClose, CancelClose]), caller=mostly(None, people))
    def ask(self, channel: int, verb: Any, caller: str | None) -> None:
        descriptor = CHANNELS[channel]
        self._both(verb(caller=PEOPLE.get(caller or "", descriptor.payer), channel=descriptor))

    @rule(channel=which, off=st.integers(-1, 1))
    def withdraw(self, channel: int, off: int) -> None:
        """A second before the window is over, at that second, or one after."""
        descriptor = self._one(channel, lambda lane: lane.closes_at > 0)
        self.now = max(self.now, self.lanes[descriptor].closes_at + off)
        self._both(Withdraw(channel=descriptor))

    @rule(rows=st.lists(st.tuples(which, vouchers), max_size=8), doubled=st.booleans())
    def claim_many(self, rows: list[Any], doubled: bool) -> None:
        """A row that can't be paid is passed over, a duplicate moves nothing, and neither sinks the others."""
        shown = [self._signed(channel, *voucher) for channel, voucher in rows * (1 + doubled)]
        for signed, signer in shown:
            epoch, total = signed.voucher.epoch, signed.voucher.cumulative_amount
            self._machine(Claim(channel=signed.channel, epoch=epoch, cumulative_amount=total, signer=signer))
        self.world.travel(self.now)
        self.world.send(PEOPLE["eve"], "VoucherChannels", "claimMany", batches(signed for signed, _ in shown))

    @rule(seconds=st.sampled_from([1, 450, 899, 900, 3_600]))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def the_lanes_are_the_same(self) -> None:
        assert {channel: self.world.lane(channel) for channel in CHANNELS} == self.lanes

    @invariant()
    def the_balances_are_the_same(self) -> None:
        for token in (USDC, NOBODY):
            for person in PEOPLE.values():
                assert self.world.balance(token, person) == RICH + self.moved[token, person]
            held = sum(lane.deposit - lane.settled for channel, lane in self.lanes.items() if channel.token == token)
            assert self.world.balance(token, CONTRACT) == held

    def _one(self, number: int, wanted: Callable[[Lane], bool]) -> Channel:
        """A channel in the wanted state, or any."""
        found = [channel for channel, lane in self.lanes.items() if wanted(lane)] or CHANNELS
        return found[number % len(found)]

    def _signed(self, channel: int, amount: Any, slip: dict[str, Any]) -> tuple[SignedVoucher, Address]:
        """A voucher that may be signed by another key, for another epoch, channel or amount; and whose it is then."""
        descriptor = CHANNELS[channel]
        epoch = max(self.lanes[descriptor].epoch + slip["epoch"], 0)
        said = Voucher(channel_id=descriptor.id, epoch=epoch, cumulative_amount=amount)
        other = descriptor if slip["of"] is None else CHANNELS[slip["of"]]
        meant = Amount(min(amount + slip["more"], LARGEST))
        signed = Voucher(channel_id=other.id, epoch=epoch, cumulative_amount=meant)
        usual = next(role for role, person in PEOPLE.items() if person == descriptor.signer)
        signature = _formed(slip["form"], KEYS[slip["key"] or usual].sign(HOME, signed).signature)
        shown = SignedVoucher(channel=descriptor, voucher=said, signature=signature)
        return shown, signer_of(HOME, said, *compact(signature))

    def _both(self, action: Action, *args: Any, value: int = 0) -> None:
        said = self._machine(action)
        verb = type(action).__name__
        self.world.travel(self.now)
        try:
            caller = getattr(action, "caller", PEOPLE["eve"])
            calldata = (action.channel.calldata, *args)
            self.world.send(caller, "VoucherChannels", verb[0].lower() + verb[1:], *calldata, value=value)
            found = None
        except EarnestError as refusal:
            found = refusal
        assert repr(found) == repr(said)

    def _machine(self, action: Action) -> EarnestError | None:
        channel = action.channel
        try:
            self.lanes[channel], effects = transition(self.lanes[channel], action, Seconds(self.now))
        except EarnestError as refusal:
            return refusal
        for effect in effects:
            who, sign = (effect.payer, -1) if isinstance(effect, Pull) else (effect.to, 1)
            self.moved[channel.token, who] += sign * effect.amount
        return None


def _formed(form: str, signature: bytes) -> bytes:
    if form == "zero":
        return bytes(64) + b"\x1b"
    return signature[:64] + bytes([55 - signature[64]]) if form == "parity" else signature


TestTwins = Twins.TestCase
TestTwins.settings = settings(max_examples=100, stateful_step_count=30)
