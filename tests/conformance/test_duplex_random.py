"""Random histories on the two-way machine and contract, really signed: states, balances, refusals and facts agree."""

from dataclasses import replace
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from chain.keccak import keccak
from chain.permit2 import Method
from chain.units import NOBODY, Amount, Hash32, Seconds
from channels.duplex import actions, messages
from channels.duplex.promise import NONE_LISTED
from channels.funding import FundingKind
from escrow import conditions as c
from tests.conformance.condition_facts import facts_at
from tests.conformance.condition_trees import PREIMAGE, broken, shown_to
from tests.conformance.duplex_calls import Shown
from tests.conformance.duplex_deposits import authorization
from tests.conformance.duplex_histories import Signed
from tests.conformance.duplex_twins import closed, in_fight, quiet
from tests.conformance.duplex_world import (
    CHANNELS,
    EVE,
    HOME,
    PEOPLE,
    SIGNERS,
    Stake,
    Words,
    all_stakes,
    amounts,
    beginnings,
    callers,
    mostly,
    nets,
    off,
    own,
    sign,
    signers,
    slips,
    which,
    words,
)

TOKEN_REFUSALS = {"ERC3009InvalidSignature", "ERC3009UsedAuthorization", "ERC3009InvalidAuthorizationTime"}
hidden = mostly("", st.sampled_from(["none", "less"]))


class Histories(Signed):
    """Each rule does the same to both, and each must answer the same."""

    @initialize(stakes=all_stakes, beginnings=beginnings)
    def start(self, stakes: list[tuple[Stake, ...]], beginnings: list[tuple[int, Words]]) -> None:
        """Many channels begin in a fight, and many of those with an epoch that such a one has ended."""
        self.begin(stakes)
        for number in range(len(CHANNELS)):
            self._refill(number)
        for number, (stage, said) in enumerate(beginnings):
            if stage:
                self.challenge(number, said, "", True, None)
            if stage == 2:
                self.pay_out(number, 0, False, "")
                self._refill(number)

    @rule(
        number=which,
        by_a=st.booleans(),
        amount=mostly(100, amounts),
        caller=callers,
        epoch=mostly(0, off),
        slip=mostly(0, st.just(1)),
    )
    def deposit(self, number: int, by_a: bool, amount: int, caller: str | None, epoch: int, slip: int) -> None:
        """With a wei too many where it slips."""
        number = self.pick(number, closed)
        channel = CHANNELS[number]
        action = actions.Deposit(
            caller=self.caller(number, caller, by_a),
            epoch=self.epoch(number, epoch),
            amount=Amount(amount),
            value=(amount if channel.token == NOBODY else 0) + slip,
        )
        self.both(number, action)

    @rule(
        number=which,
        by_a=st.booleans(),
        amount=mostly(100, amounts),
        epoch=mostly(0, off),
        salt=st.integers(0, 3),
        wrong=mostly("", st.sampled_from(["kind", "epoch", "amount", "salt", "key", "late", "allowance"])),
    )
    def deposit_by_sig(self, number: int, by_a: bool, amount: int, epoch: int, salt: int, wrong: str) -> None:
        """What is signed for something else, too late, or twice, the token refuses."""
        number = self.pick(number, closed)
        channel, named = CHANNELS[number], self.epoch(number, epoch)
        payer = SIGNERS[EVE if wrong == "key" else self.caller(number, None, by_a)]
        meant = (named ^ (wrong == "epoch"), amount ^ (wrong == "amount"), salt ^ 4 * (wrong == "salt"))
        kind = FundingKind.OPEN if wrong == "kind" else FundingKind.DEPOSIT
        before = self.now + (0 if wrong == "late" else 600)
        signature = authorization(HOME, channel, payer, *meant, before, kind)[2]
        method = Method.ALLOWANCE if wrong == "allowance" else Method.ERC3009
        said: dict[str, Any] = {"amount": Amount(amount), "method": method, "before": Seconds(before)}
        action = actions.DepositBySig(epoch=named, by_a=by_a, **said)
        done = self.both(number, action, Shown(authorization=(salt, before, signature)), TOKEN_REFUSALS)
        assert not (wrong and done)

    @rule(number=which, said=words, slip=slips, by_a=st.booleans(), caller=callers)
    def challenge(self, number: int, said: Words, slip: str, by_a: bool, caller: str | None) -> None:
        number = self.pick(number, quiet)
        posted = self.posted(number, said, slip)
        who = self.caller(number, caller, by_a)
        action = actions.Challenge(caller=who, state=posted.state, **signers(posted.state, posted.signatures))
        self.keep(number, posted, self.both(number, action, Shown(signatures=posted.signatures)))

    @rule(
        number=which,
        said=words,
        slip=slips,
        by_a=st.booleans(),
        caller=callers,
        wait=mostly(100, st.sampled_from([0, 1])),
        wrong=mostly("", st.sampled_from(["key", "version", "deadline"])),
    )
    def challenge_by_sig(
        self, number: int, said: Words, slip: str, by_a: bool, caller: str | None, wait: int, wrong: str
    ) -> None:
        number = self.pick(number, quiet)
        posted, channel = self.posted(number, said, slip), CHANNELS[number]
        state, deadline = posted.state, Seconds(self.now + wait)
        shown = messages.Challenge(channel_id=channel.id, epoch=state.epoch, version=state.version, deadline=deadline)
        changes: dict[str, Any] = {name: getattr(shown, name) ^ 1 for name in ("version", "deadline") if name == wrong}
        key = channel.signer_a if by_a is not (wrong == "key") else channel.signer_b
        signature = own(key, replace(shown, **changes))
        action = actions.ChallengeBySig(
            caller=PEOPLE[caller or "eve"],
            state=state,
            by_a=by_a,
            deadline=deadline,
            signer=signers(shown, signature * 2)["signer_a"],
            **signers(state, posted.signatures),
        )
        done = self.both(number, action, Shown(signatures=posted.signatures, own=signature))
        self.keep(number, posted, done)

    @rule(number=which, said=words, slip=slips, caller=callers, wait=mostly(None, st.sampled_from([-1, 0])))
    def answer(self, number: int, said: Words, slip: str, caller: str | None, wait: int | None) -> None:
        """Now, or in the last seconds; mostly where there is something to answer."""
        number = self._fighting(number)
        self.travel(wait, self.ledgers[number].fight.deadline)
        posted = self.posted(number, said, slip)
        who = PEOPLE[caller or "eve"]
        action = actions.Answer(caller=who, state=posted.state, **signers(posted.state, posted.signatures))
        self.keep(number, posted, self.both(number, action, Shown(signatures=posted.signatures)))

    @rule(number=which, wait=mostly(0, off), late=mostly(False, st.just(True)), kept_back=hidden)
    def pay_out(self, number: int, wait: int, late: bool, kept_back: str) -> None:
        """At the deadline, or when promises have no more time; whoever hides the list or a part of it is refused."""
        number = self._fighting(number)
        ledger, newest = self.ledgers[number], self.newest[number]
        channel, fight = ledger.channel, ledger.fight
        rest = channel.promise_window + channel.window if late else 0
        self.travel(wait if fight.is_on else None, Seconds(fight.deadline + rest))
        listed = {"": newest.listed, "less": replace(newest.listed, total_from_b=Amount(1))}.get(kept_back, NONE_LISTED)
        if self.both(number, actions.PayOut(promises=listed)):
            self.ended[number][ledger.duplex.epoch] = newest

    @rule(
        number=which,
        net=nets,
        epoch=mostly(0, off),
        wait=mostly(100, st.sampled_from([0, 1])),
        slip=slips,
        caller=callers,
        takes=st.none() | st.none() | st.tuples(off, off),
    )
    def end_together(
        self, number: int, net: int, epoch: int, wait: int, slip: str, caller: str | None, takes: tuple[int, int] | None
    ) -> None:
        """The close, or a withdrawal of all that there is, or of one more or less."""
        number = self.pick(number, lambda ledger: ledger.duplex.is_open)
        ends: dict[str, Any] = {"channel_id": CHANNELS[number].id, "epoch": self.epoch(number, epoch), "net": net}
        ends["deadline"] = Seconds(self.now + wait)
        said: Any = messages.CloseTogether(**ends)
        if takes is not None:
            share_a, share_b = self.ledgers[number].duplex.shares(net)
            to_a, to_b = (
                min(max(share + take, 0), 2**96 - 1) for share, take in zip((share_a, share_b), takes, strict=True)
            )
            said = messages.WithdrawTogether(**ends, to_a=Amount(to_a), to_b=Amount(to_b // 2))
        signatures = sign(CHANNELS[number], said, slip)
        kind: Any = actions.CloseTogether if takes is None else actions.WithdrawTogether
        action = kind(caller=PEOPLE[caller or "eve"], message=said, **signers(said, signatures))
        self.both(number, action, Shown(signatures=signatures))

    @rule(number=which, epoch=off, place=st.integers(0, 3), other=mostly(0, st.just(1)), data=st.data())
    def record(self, number: int, epoch: int, place: int, other: int, data: st.DataObject) -> None:
        """Mostly of a promise that was reserved for, and with its own data."""
        aimed, number = number < 0, self._keeping(number)
        named, posted, _ = self.reserve(number, epoch > 0)
        if not (aimed and posted.stakes):
            named, posted = self.epoch(number, epoch), replace(posted, stakes=self.stakes[number])
        stake = posted.stakes[place % len(posted.stakes)]
        condition = posted.stakes[(place + other) % len(posted.stakes)].condition
        promise, subject = stake.promise, self.ledgers[number].subject(named, stake.promise)
        asked = c.Subject(chain_id=HOME.chain_id, id=subject, amount=promise.amount, expiry=promise.expiry)
        self._prove(number, named, replace(stake, condition=condition), data.draw(broken(shown_to(condition, asked))))

    def _prove(self, number: int, epoch: int, stake: Stake, proof: bytes) -> None:
        promise, condition = stake.promise, stake.condition
        subject = self.ledgers[number].subject(epoch, promise)
        released = c.Proof(condition, proof).released(subject, promise.amount, facts_at(self.now))
        action = actions.Record(epoch=epoch, promise=promise, data_hash=keccak(condition.data), released=released)
        self.both(number, action, Shown(data=condition.data, proof=proof))

    @rule(
        number=which,
        wait=mostly(None, st.sampled_from([-1, 0])),
        lies=mostly("", st.sampled_from(["list", "order", "fewer", "more"])),
        oldest=st.booleans(),
        proven=st.integers(0, 3),
    )
    def collect(self, number: int, wait: int | None, lies: str, oldest: bool, proven: int) -> None:
        """Once the preimages of some promises are shown."""
        number = self._keeping(number)
        epoch, posted, until = self.reserve(number, oldest)
        for stake in posted.stakes[:proven]:
            self._prove(number, epoch, stake, PREIMAGE)
        self.travel(wait, until)
        leaves = posted.leaves
        listed = replace(posted.listed, last_expiry=Seconds(1)) if lies == "list" else posted.listed
        shown = {"order": leaves[::-1], "fewer": leaves[1:], "more": tuple(Hash32(bytes([i] * 32)) for i in range(17))}
        self.both(number, actions.Collect(epoch=epoch, promises=listed, leaves=shown.get(lies, leaves)))

    @rule(number=which, wait=st.sampled_from([None, -1, 0, 0, 1]), oldest=st.booleans())
    def sweep(self, number: int, wait: int | None, oldest: bool) -> None:
        number = self._keeping(number)
        epoch, _, until = self.reserve(number, oldest)
        self.travel(wait, until)
        self.both(number, actions.Sweep(epoch=epoch))

    @rule(seconds=st.sampled_from([1, 450, 899, 900, 3_600]))
    def wait(self, seconds: int) -> None:
        self.now = Seconds(self.now + seconds)

    def _refill(self, number: int) -> None:
        for by_a in (True, False):
            self.deposit(number, by_a, 100, None, 0, 0)

    def _fighting(self, number: int) -> int:
        """Below zero a channel in a fight; where there is none, one begins."""
        if number < 0 and not any(map(in_fight, self.ledgers)):
            self.challenge(number, Words(net=5, step=1, epoch=0, stakes=[0], lie="", again=None), "", True, None)
        return self.pick(number, in_fight)

    def _keeping(self, number: int) -> int:
        """Below zero a channel that keeps something for promises; where there is none, a fight has one keep it."""
        if number < 0 and not any(map(self.keeps, self.ledgers)):
            self._refill(number % len(CHANNELS))
            said = Words(net=5, step=1, epoch=0, stakes=[0, 1], lie="", again=None)
            self.challenge(number % len(CHANNELS), said, "", True, None)
            self.pay_out(number % len(CHANNELS), 0, False, "")
        return self.pick(number, self.keeps)


TestTwins = Histories.TestCase
TestTwins.settings = settings(max_examples=300, stateful_step_count=30)


@settings(max_examples=20)
@given(history=st.lists(nets, min_size=2, max_size=5), number=st.integers(0, len(CHANNELS) - 1), by_a=st.booleans())
def test_the_newest_state_wins(history: list[int], number: int, by_a: bool) -> None:
    """For all i < j: who challenges with state i is answered with state j, and what is paid out is j's."""
    for old, new in combinations(range(len(history)), 2):
        twins = Histories()
        twins.start([()] * len(CHANNELS), [])
        channel = CHANNELS[number]

        assert twins.both(number, *_signed(number, actions.Challenge, old, history[old], by_a))
        assert twins.both(number, *_signed(number, actions.Answer, new, history[new], not by_a))
        assert not twins.both(number, *_signed(number, actions.Answer, old, history[old], by_a))
        twins.now = Seconds(twins.now + channel.window)
        before = [twins.world.balance(channel.token, party) for party in (channel.party_a, channel.party_b)]
        assert twins.both(number, actions.PayOut(promises=NONE_LISTED))

        after = [twins.world.balance(channel.token, party) for party in (channel.party_a, channel.party_b)]
        share = min(max(100 - history[new], 0), 200)
        assert [later - earlier for earlier, later in zip(before, after, strict=True)] == [share, 200 - share]


def _signed(number: int, verb: Any, version: int, net: int, by_a: bool) -> tuple[Any, Shown]:
    """A party shows what both have signed."""
    channel = CHANNELS[number]
    state = messages.State(channel_id=channel.id, epoch=0, version=version + 1, net=net)
    signatures = sign(channel, state, "")
    caller = channel.party_a if by_a else channel.party_b
    return verb(caller=caller, state=state, **signers(state, signatures)), Shown(signatures=signatures)
