"""Random legal and illegal actions on machine and contract: states, balances, refusals and facts stay the same."""

import hashlib
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chain import contracts
from chain.errors import IllegalAction
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Seconds, address
from escrow import Effect, Holding, Payment, Pull, Terms, conditions, transition
from escrow.actions import Action, Authorize, Cancel, Capture, Expire, Refund, Release, Resolve, Void
from tests.conformance.evm import Evm

CHAIN_ID, START, RICH = 1, 2_000_000_000, 10**9
PEOPLE = {
    name: address(f"0x{number:040x}") for number, name in enumerate(("ann", "bob", "carol", "dave", "eve"), 0xA11CE)
}
PREIMAGE = bytes(range(32))
LOCK = conditions.hash_lock(sha256=hashlib.sha256(PREIMAGE).digest())
LATER = conditions.after_time(START + 5_000)
ESCROW, USDC = contracts.address_of("Escrow"), contracts.address_of("TestToken")

VERBS = [Authorize, Capture, Release, Void, Resolve, Refund, Expire, Cancel]
BOUNDARIES = ["fund_by", "capture_from", "authorization_expiry", "refund_expiry"]


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(usual), st.just(usual), st.just(usual), other)


people = st.sampled_from(sorted(PEOPLE.values()))
somebody = people | st.just(NOBODY)
shares = st.sampled_from([0, 1, 250, 3_333, 9_999, 10_000])
sound = {
    "payer": st.just(PEOPLE["ann"]),
    "payee": st.sampled_from([PEOPLE["bob"], PEOPLE["carol"]]),
    "token": st.sampled_from([NOBODY, USDC]),
    "amount": st.sampled_from([1, 999, 1_000]),
    "operator": st.sampled_from([PEOPLE["dave"], PEOPLE["dave"], PEOPLE["ann"], PEOPLE["bob"], NOBODY]),
    "condition": st.sampled_from([LOCK, LATER, None]),
    "fund_by": st.sampled_from([START + 1_800, START + 3_600]),
    "capture_from": st.sampled_from([0, 0, START + 600, START + 8_000]),
    "authorization_expiry": st.sampled_from([START + 7_200, START + 9_000]),
    "refund_expiry": st.sampled_from([START + 9_000, START + 12_000]),
    "payee_share_on_expiry_bps": shares,
    "payee_share_on_silence_bps": shares,
    "fee_bps": shares,
    "fee_recipient": people,
    "salt": st.integers(0, 2**96 - 1),
}
judged = {
    "arbiter": st.just(PEOPLE["eve"]),
    "ruling_period": st.just(3_600),
    "flags": st.sampled_from([0, 3, 4, 7]),
    "capture_from": st.just(START + 7_200),
}
wild = {
    "payer": people,
    "payee": somebody,
    "amount": st.integers(0, 2),
    "fee_recipient": somebody,
    "fee_bps": st.integers(9_999, 10_001),
    "payee_share_on_expiry_bps": st.integers(9_999, 10_001),
    "fund_by": st.integers(START - 1, START + 3_601),
    "arbiter": somebody,
    "ruling_period": st.sampled_from([0, 3_599, 3_600]),
    "flags": st.integers(0, 8),
}
terms = st.one_of(*(st.fixed_dictionaries(sound | changes) for changes in ({}, {}, judged, wild)))


class Twins(RuleBasedStateMachine):
    """Each rule does the same to both, and each must answer the same."""

    @initialize(members=terms, funded=mostly(True, st.just(False)))
    def agree(self, members: dict[str, Any], funded: bool) -> None:
        condition = members.pop("condition")
        if condition is not None:
            members |= {"condition": condition.address, "condition_hash": condition.data_hash}
        self.condition = condition or LOCK
        self.now, self.world = START, Evm(PEOPLE.values(), RICH, "Escrow", START - 1)
        self.payment = Payment(terms=Terms(**members), domain=Domain(CHAIN_ID, ESCROW))
        self.balances = dict.fromkeys([*PEOPLE.values(), NOBODY], 0)
        self.balances |= dict.fromkeys(PEOPLE.values(), RICH)
        self.inside = 0
        if funded:
            self.act(wait=None, verb=Authorize, caller=None, part=0, slip=0)

    @rule(
        wait=mostly(None, mostly(None, st.tuples(st.sampled_from(BOUNDARIES), st.integers(-1, 1)))),
        verb=st.sampled_from(VERBS),
        caller=mostly(None, people),
        part=st.sampled_from([0, 1, 33, 50, 99, 100]),
        slip=mostly(0, st.just(1)),
    )
    def act(self, wait: Any, verb: Any, caller: Address | None, part: int, slip: int) -> None:
        """At a boundary or a second later `part` of what there is moves, in percent; a `slip` is an error of one."""
        boundary, off = wait or ("fund_by", -3_600)
        self.now = max(self.now + 1, getattr(self.payment.terms, boundary) + off)
        who = caller or self._entitled(verb)
        native = self.payment.terms.token == NOBODY
        holding = self.payment.holding
        if verb is Authorize:
            value = (self.payment.terms.amount if native else 0) + slip
            self._both(Authorize(caller=who, value=value), value=value)
        elif verb in {Capture, Release, Void}:
            level = Amount(holding.held * (100 - part) // 100 + slip)
            self._both(verb(caller=who, held_after=level), level)
        elif verb is Refund:
            held, level = Amount(holding.held + slip), Amount(holding.refundable * (100 - part) // 100)
            value = holding.refundable - level if native else 0
            action = Refund(caller=who, held=held, refundable_after=level, value=value)
            self._both(action, held, level, value=value)
        elif verb is Resolve:
            proof = conditions.Proof(LATER if slip else self.condition, PREIMAGE if part else b"")
            self._both(Resolve(caller=who, proof=proof), proof.condition.data, proof.shown)
        else:
            self._both(verb(caller=who))

    @invariant()
    def the_states_are_the_same(self) -> None:
        held, refundable, disputed_at, used = self.world.send(NOBODY, "Escrow", "holdingOf", self.payment.payment_id)

        assert Holding(held=held, refundable=refundable, disputed_at=disputed_at, used=used) == self.payment.holding

    @invariant()
    def the_balances_are_the_same(self) -> None:
        token = self.payment.terms.token

        assert {who: self.world.balance(token, who) for who in PEOPLE.values()} == {
            who: self.balances[who] for who in PEOPLE.values()
        }
        assert self.world.balance(token, ESCROW) == self.inside == self.payment.holding.held

    def _entitled(self, verb: Any) -> Address:
        terms = self.payment.terms
        if verb in {Authorize, Release, Cancel}:
            return terms.payer
        return terms.operator if verb is Capture else terms.payee

    def _both(self, action: Action, *args: Any, value: int = 0) -> None:
        terms = self.payment.terms
        said = self._machine(action)
        found = self._contract(action.caller, type(action).__name__.lower(), terms, *args, value=value)

        assert repr(found) == repr(said)

    def _machine(self, action: Action) -> IllegalAction | None:
        try:
            self.payment, effects = transition(self.payment, action, Seconds(self.now))
        except IllegalAction as refusal:
            return refusal
        for effect in effects:
            self._flow(effect)
        return None

    def _contract(self, caller: Address, verb: str, *args: Any, value: int) -> IllegalAction | None:
        self.world.travel(self.now)
        try:
            self.world.send(caller, "Escrow", verb, *args, value=value)
        except IllegalAction as refusal:
            return refusal
        return None

    def _flow(self, effect: Effect) -> None:
        if isinstance(effect, Pull):
            self.balances[effect.owner] -= effect.amount
            self.inside += effect.amount
        else:
            self.balances[effect.to] += effect.amount
            self.inside -= effect.amount


TestTwins = Twins.TestCase
TestTwins.settings = settings(max_examples=150, stateful_step_count=25)
