"""Both ends against the chain, and each against the worst that the other can do."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.errors import EarnestError
from chain.signer import Signer
from chain.signing import Signed
from chain.typed_data import Domain
from chain.units import Amount, Seconds
from channels import Channel, Claim, Lane, PayeeSession, PayerSession, SignedVoucher, Voucher, transition
from channels.effects import GiveCredit, Keep, Pay, Send
from channels.errors import AmountExceedsDeposit, AmountNotIncreasing, NotEnough
from channels.payer_session import Effects
from channels.promise import Promise, promises_hash
from channels.promise_errors import PromisesOpen
from tests.channels.promise_states import proven
from tests.channels.session_world import DEPOSIT, POOL, Chain

PLACES = st.integers(0, len(POOL) - 1)
TRUTH = st.tuples(*(st.integers(0, one.amount) | st.just(one.amount) for one in POOL))
SOME = st.integers(0, 7)
TIME = st.tuples(st.just("wait"), st.integers(1, 6), st.none(), st.none())
RECORD = st.tuples(st.just("record"), PLACES, SOME, st.none())
SHOW = st.tuples(st.just("show"), st.integers(0, 99), st.none(), st.none())


@given(amounts=st.lists(st.integers(1, 6), min_size=1, max_size=20), order=st.randoms(use_true_random=False))
def test_whatever_arrives_in_whatever_order_both_ends_and_the_chain_agree(
    channel: Channel, domain: Domain, signers: dict[str, Signer], amounts: list[Any], order: Any
) -> None:
    lane = Lane(deposit=DEPOSIT)
    payer, sent = PayerSession(channel=channel, lane=lane), list[Voucher]()
    for amount in amounts:
        if payer.promised + amount > DEPOSIT:
            with pytest.raises(AmountExceedsDeposit):
                payer.pay(amount)
            continue
        payer, effects = payer.pay(amount)
        sent += [effect.voucher for effect in effects if isinstance(effect, Send)]
    arrived = [signers["signer"].sign(domain, voucher) for voucher in order.choices(sent, k=2 * len(sent))]
    payee, kept, credited = received(PayeeSession(channel=channel, lane=lane), arrived)

    newest = max(voucher.message.cumulative_amount for voucher in arrived)
    assert payee.accepted == credited == newest <= payer.promised <= DEPOSIT
    assert kept == sorted(set(kept))

    claim = Claim(channel=channel, epoch=0, cumulative_amount=kept[-1], signer=channel.signer)
    settled, paid = transition(lane, claim, Seconds(0))
    assert paid == [Pay(channel.payee, payee.accepted)], "what was kept is what the chain pays"
    assert payee.see(settled).owed == 0
    with pytest.raises(AmountNotIncreasing):
        transition(settled, claim, Seconds(0))


def received(payee: PayeeSession, vouchers: list[Signed[Voucher]]) -> tuple[PayeeSession, list[Amount], int]:
    """The session after all of them, the amounts it kept, and the sum of its credits."""
    kept, credited = list[Amount](), 0
    for voucher in vouchers:
        payee, effects = payee.receive(voucher)
        kept += [effect.voucher.message.cumulative_amount for effect in effects if isinstance(effect, Keep)]
        credited += sum(effect.added for effect in effects if isinstance(effect, GiveCredit))
    return payee, kept, credited


@given(accepted=st.integers(0, 1_000), prices=st.lists(st.integers(1, 300), max_size=20))
def test_deliveries_never_exceed_what_is_accepted(channel: Channel, accepted: Any, prices: list[Any]) -> None:
    payee, served = PayeeSession(channel=channel, lane=Lane(), accepted=accepted), 0
    for price in prices:
        if served + price > accepted:
            with pytest.raises(NotEnough):
                payee.deliver(price)
            continue
        payee = payee.deliver(price)
        served += price
    assert payee.delivered == served <= accepted
    assert payee.left == accepted - served


class Ends:
    """A voucher that was ever `sent` may be shown by anybody; what the payee keeps is its session's newest."""

    def __init__(self, channel: Channel, domain: Domain, signer: Signer, truth: Any) -> None:
        self.chain = Chain(channel, domain, truth)
        self.payer = PayerSession(channel=channel, lane=self.chain.lane)
        self.payee = PayeeSession(channel=channel, lane=self.chain.lane)
        self.sent = list[SignedVoucher]()
        self.signed, self.owed, self.folded = dict[Any, Voucher](), 0, dict[Promise, int]()
        self._domain, self._signer = domain, signer

    def sign(self, amount: Any, promises: tuple[Promise, ...]) -> SignedVoucher:
        channel = self.payer.channel
        voucher = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=amount, promises=promises_hash(promises))
        signature = self._signer.sign(self._domain, voucher).signature
        self.sent.append(SignedVoucher(channel=channel, voucher=voucher, signature=signature, promises=promises))
        return self.sent[-1]

    def look(self) -> None:
        """Both ends hear the chain's word."""
        self.payee, self.payer = self.payee.see(self.chain.lane), self.payer.see(self.chain.lane)

    def receive(self, sent: SignedVoucher) -> int:
        """What it adds."""
        signed = Signed(sent.voucher, sent.channel.signer, sent.signature)
        self.payee, effects = self.payee.receive(signed, sent.promises, self.chain.lapsed())
        return sum(effect.added for effect in effects if isinstance(effect, GiveCredit))

    def shows(self, kind: str, one: Any, two: Any) -> None:
        """What anybody can do: time passes, a proof is recorded (and the payee notes it), a voucher is shown."""
        if kind == "wait":
            self.chain.now += one
        elif kind == "record":
            self.chain.record(POOL[one], two)
            if POOL[one] in self.payee.promises and self.chain.recorded(POOL[one]):
                known = proven(POOL[one], self.chain.truth[POOL[one]], self.chain.recorded(POOL[one]))
                self.payee = self.payee.prove(known, self.chain.now)
        elif self.sent:
            self.chain.show(self.sent[one % len(self.sent)])

    def payees_worth(self) -> int:
        """What the payee alone can have settled now: it gave up only what it asked to have folded for less."""
        newest = self.payee.newest
        given = {known.promise: known.released for known in self.payee.proven if known.is_last}
        provable = {one: given.get(one, self.chain.truth[one]) for one in self.payee.promises}
        if newest is None:
            return self.chain.worth(None, {})
        said: Any = {"channel": self.payee.channel, "promises": self.payee.promises}
        kept = SignedVoucher(voucher=newest.message, signature=newest.signature, **said)
        return self.chain.worth(kept, provable)

    def promised_in_full(self) -> int:
        """What the payee's newest voucher comes to if every promise is kept."""
        newest = self.payee.newest
        amount = newest.message.cumulative_amount if newest else 0
        return amount + sum(promise.amount for promise in self.payee.promises)

    def keep(self, step: tuple[PayerSession, Effects]) -> SignedVoucher:
        """As a payer does: no voucher is sent of a version that was signed in another form."""
        before, (self.payer, effects) = self.payer.version, step
        keep, send = effects
        assert isinstance(keep, Keep)
        assert isinstance(send, Send)
        assert (keep.voucher, keep.promises) == (send.voucher, send.promises)
        assert self.payer.version == before + 1 not in self.signed
        self.signed[self.payer.version] = send.voucher
        return self.sign(send.voucher.cumulative_amount, send.promises)


LIES = st.tuples(st.just("voucher"), st.integers(-1, 8), st.sets(PLACES).map(sorted), st.none())
PROOF = st.tuples(st.just("prove"), PLACES, SOME, st.booleans())


@settings(max_examples=150)
@given(truth=TRUTH, steps=st.lists(LIES | LIES | LIES | PROOF | RECORD | SHOW | TIME, min_size=12, max_size=25))
def test_no_payer_can_make_a_payee_lose_what_it_has_accepted_or_can_prove(
    channel: Channel, domain: Domain, signers: dict[str, Signer], truth: Any, steps: list[Any]
) -> None:
    """The payer signs whatever it likes, and shows whatever it has signed."""
    ends = Ends(channel, domain, signers["signer"], truth)
    for kind, one, two, three in steps:
        before, accepted, added = ends.payees_worth(), ends.payee.accepted, 0
        try:
            if kind == "voucher":
                held = ends.payee.newest.message.cumulative_amount if ends.payee.newest else 0
                added = ends.receive(ends.sign(max(held + one, 0), tuple(POOL[place] for place in two)))
            elif kind == "prove":
                shown, recorded = min(two, ends.chain.truth[POOL[one]]), ends.chain.recorded(POOL[one])
                ends.payee = ends.payee.prove(proven(POOL[one], shown, recorded, is_last=three), ends.chain.now)
            else:
                ends.shows(kind, one, two)
        except EarnestError:
            pass
        assert ends.payee.accepted == accepted + added
        assert ends.payees_worth() >= ends.payee.accepted, "what is accepted can be claimed"
        assert kind in ("wait", "prove") or ends.payees_worth() >= before, "nothing that was owed is lost"
        ends.look()
        assert ends.chain.paid == ends.chain.lane.settled <= ends.payee.accepted
        assert ends.promised_in_full() <= DEPOSIT, "every promise is covered"


PAY = st.tuples(st.just("pay"), st.integers(1, 7), st.none(), st.none())
OFFER = st.tuples(st.just("offer"), PLACES, st.none(), st.none())
FOLD = st.tuples(st.just("fold"), PLACES, SOME, st.none())
DROP = st.tuples(st.just("drop"), PLACES, st.none(), st.none())
PAYERS = PAY | OFFER | FOLD | DROP


def payers_step(ends: Ends, kind: str, one: Any, two: Any) -> SignedVoucher:
    """As the payer's client: a fold is for what the condition says of the shown proof, or what is on record."""
    payer, chain = ends.payer, ends.chain
    if kind == "pay":
        made = ends.keep(payer.pay(one))
        ends.owed += one
        return made
    promise = POOL[one]
    if kind == "offer":
        made = ends.keep(payer.offer(promise))
        ends.folded[promise] = 0
        return made
    if kind == "drop":
        return ends.keep(payer.drop(promise.struct_hash(), chain.now, chain.recorded(promise)))
    shown = min(two, chain.truth[promise]) if chain.now < promise.expiry else 0
    released = max(shown, chain.recorded(promise))
    made = ends.keep(payer.fold(promise.struct_hash(), released))
    ends.folded[promise] = released
    return made


@given(truth=TRUTH, steps=st.lists(PAYERS | RECORD | SHOW | TIME, min_size=12, max_size=25), forgets=st.booleans())
def test_no_payee_can_have_more_than_payments_and_what_was_released(
    channel: Channel, domain: Domain, signers: dict[str, Signer], truth: Any, steps: list[Any], forgets: bool
) -> None:
    """The payee shows every voucher that it was ever sent, and records what it likes; no promise is paid twice."""
    ends = Ends(channel, domain, signers["signer"], truth)
    for kind, one, two, _ in steps:
        known = kind == "offer" and POOL[one] in ends.folded
        try:
            if kind in ("wait", "record", "show"):
                ends.shows(kind, one, two)
            elif not known:
                payers_step(ends, kind, one, two)
        except PromisesOpen:
            assert any(ends.chain.recorded(promise) for promise in ends.folded)
        except EarnestError:
            pass
        for sent in ends.sent:
            ends.chain.show(sent)
        released = sum(max(folded, ends.chain.recorded(promise)) for promise, folded in ends.folded.items())
        assert ends.chain.paid == ends.chain.lane.settled <= min(ends.owed + released, DEPOSIT)
        if not forgets:
            ends.look()


@given(truth=TRUTH, steps=st.lists(st.tuples(PAYERS | RECORD | TIME, st.booleans()), min_size=12, max_size=25))
def test_two_honest_ends_agree_whatever_is_lost_on_the_way(
    channel: Channel, domain: Domain, signers: dict[str, Signer], truth: Any, steps: list[Any]
) -> None:
    """The payee refuses no voucher, and after the last has arrived both know the same."""
    ends = Ends(channel, domain, signers["signer"], truth)
    for (kind, one, said, _), arrives in steps:
        two = said
        try:
            if kind in ("wait", "record"):
                ends.shows(kind, one, two)
                continue
            if kind == "offer" and POOL[one] in ends.folded:
                continue
            if kind == "fold" and POOL[one] in ends.payee.promises:
                two = ends.chain.truth[POOL[one]]
                ends.payee = ends.payee.prove(proven(POOL[one], two, is_last=True), ends.chain.now)
            sent = payers_step(ends, kind, one, two)
        except EarnestError:
            continue
        if arrives:
            ends.receive(sent)
    if ends.sent:
        ends.receive(ends.sent[-1])
    assert ends.payee.accepted == ends.payer.promised == ends.owed + sum(ends.folded.values())
    assert ends.payee.promises == ends.payer.promises
    assert ends.payees_worth() >= ends.payee.accepted
