"""Random legal and illegal histories on machine and contract: states, balances, refusals and facts stay the same."""

from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from chain.permit2 import Method
from chain.signing import compact
from chain.units import NO_HASH, NOBODY, Address, Amount, Bps, Hash32, Seconds
from escrow import conditions
from escrow.actions import (
    Action,
    Amend,
    Authorize,
    AuthorizeBySig,
    AuthorizeERC3009,
    Cancel,
    Capture,
    Charge,
    Dispute,
    DisputeBySig,
    Expire,
    Refund,
    Release,
    ReleaseBySig,
    Resolve,
    Rule,
    RuleBySig,
    Settle,
    Void,
    VoidBySig,
)
from escrow.authorization import grant_for
from escrow.funding import Grant
from tests.conformance.escrow_calls import consent_of
from tests.conformance.escrow_twins import Twins, all_signed, amended, calling, entitled, signed
from tests.conformance.escrow_world import (
    ESCROW,
    EVE,
    FORMS,
    HOME,
    LATER,
    PEOPLE,
    PREIMAGE,
    USDC,
    erc3009,
    everybody,
    mostly,
    people,
    terms,
)

LOWERING = {Capture, Release, Void, ReleaseBySig, VoidBySig}
waits = mostly(None, st.none() | st.integers(-1, 1))
parts = st.sampled_from([0, 1, 33, 50, 99, 100])
slips = mostly(0, st.just(1))
forms = mostly("right", st.sampled_from(FORMS))
deadlines = mostly(100, st.integers(0, 1))
which = st.integers(-9, 2)
UNFUNDED = 2
"""The place of the payment with which no history begins."""
methods = mostly(Method.ALLOWANCE, st.just(Method.ERC3009))
few = st.sampled_from([0, 0, 1, 100])
changes = st.fixed_dictionaries(
    {"salt": mostly(1, st.integers(0, 3))},
    optional={
        "payer": everybody,
        "payee": everybody,
        "token": st.sampled_from([NOBODY, USDC]),
    },
)


def calls(*verbs: type[Action]) -> st.SearchStrategy[Any]:
    return st.tuples(which, waits, st.sampled_from(verbs), mostly(None, people), parts, slips)


class Histories(Twins):
    """Each rule does the same to both, and each must answer the same."""

    @initialize(members=terms, funded=st.integers(0, 2), disputed=st.integers(0, 2))
    def begin(self, members: dict[str, Any], funded: int, disputed: int) -> None:
        """Many histories begin with money held, and many of those in a dispute: else few would get there."""
        self.agree(members)
        for number in range(funded):
            self.fund(number, None, Method.ALLOWANCE, EVE, "right", slip=0, charge=False)
        for number in range(disputed):
            self.by_signature(number, None, DisputeBySig, None, EVE, "right", part=0, slip=0, deadline=100)

    @rule(call=calls(Capture, Release, Void, Resolve, Refund, Expire))
    def move(self, call: Any) -> None:
        self._by_call(*call)

    @rule(call=calls(Authorize, Cancel, Dispute, Dispute, Rule, Rule))
    def begin_or_judge(self, call: Any) -> None:
        self._by_call(*call)

    def _by_call(self, number: int, wait: int | None, verb: Any, caller: Address | None, part: int, slip: int) -> None:
        """At a boundary or a second later `part` of what there is moves, in percent; a `slip` is an error of one."""
        payment = self.at(UNFUNDED if verb in {Authorize, Cancel} else number, wait)
        native, holding = payment.terms.token == NOBODY, payment.holding
        who = caller or calling(entitled(payment.terms, verb))
        action: dict[str, Any] = {"caller": who}
        if verb is Authorize:
            action["value"] = (payment.terms.amount if native else 0) + slip
        elif verb in LOWERING:
            action["held_after"] = Amount(holding.held * (100 - part) // 100 + slip)
        elif verb is Refund:
            level = Amount(holding.refundable * (100 - part) // 100)
            action |= {"held": Amount(holding.held + slip), "refundable_after": level}
            action["value"] = holding.refundable - level if native else 0
        elif verb is Resolve:
            action["proof"] = conditions.Proof(LATER if slip else self.condition, PREIMAGE if part else b"")
        elif verb is Dispute:
            action["evidence"] = Hash32(bytes([part] * 32))
        elif verb is Rule:
            action["payee_bps"] = part * 100 + slip
        self.both(payment, verb(**action))

    @rule(
        number=st.sampled_from([UNFUNDED, UNFUNDED, -1]),
        wait=waits,
        method=methods,
        caller=mostly(None, people),
        form=forms,
        slip=slips,
        charge=st.booleans(),
    )
    def fund(
        self, number: int, wait: int | None, method: Any, caller: Address | None, form: str, slip: int, charge: bool
    ) -> None:
        payment = self.at(number, wait)
        native = payment.terms.token == NOBODY and method is Method.ALLOWANCE
        due = payment.terms.amount if native and not (charge and payment.holding.used) else 0
        who = caller or (calling(payment.terms.operator) if charge else EVE)
        kind: Any = Charge if charge else AuthorizeBySig
        action = kind(caller=who, method=method, authorization=b"", value=due + slip)
        if method is Method.ERC3009:
            authorization = erc3009(grant_for(payment.terms, HOME))
            action = replace(action, authorization=authorization)
            if slip and payment.terms.payer in PEOPLE:
                r, vs = compact(authorization)
                action = AuthorizeERC3009(caller=who, r=Hash32(r), vs=Hash32(vs))
        else:
            action = signed(payment, action, payment.terms.payer, form, "authorization")
        self.both(payment, action)

    @rule(
        number=which,
        wait=waits,
        verb=st.sampled_from([ReleaseBySig, VoidBySig, DisputeBySig, RuleBySig, RuleBySig]),
        party=mostly(None, everybody),
        caller=people,
        form=forms,
        part=parts,
        slip=slips,
        deadline=deadlines,
    )
    def by_signature(
        self,
        number: int,
        wait: int | None,
        verb: Any,
        party: Address | None,
        caller: Address,
        form: str,
        part: int,
        slip: int,
        deadline: int,
    ) -> None:
        payment = self.at(number, wait)
        who = party or entitled(payment.terms, verb)
        until = Seconds(self.now + deadline)
        action: Any
        if verb is RuleBySig:
            action = RuleBySig(caller=caller, payee_bps=Bps(part * 100 + slip), signature=b"")
        elif verb is DisputeBySig:
            action = DisputeBySig(caller=caller, party=who, evidence=NO_HASH, deadline=until, signature=b"")
        else:
            level = Amount(payment.holding.held * (100 - part) // 100 + slip)
            action = verb(caller=caller, held_after=level, deadline=until, signature=b"")
        self.both(payment, signed(payment, action, who, form, "signature"))

    @rule(
        number=which,
        wait=waits,
        caller=people,
        both=st.tuples(forms, forms),
        part=st.sampled_from([0, 33, 100, 100]),
        slip=slips,
        deadline=deadlines,
    )
    def settle(
        self, number: int, wait: int | None, caller: Address, both: tuple[str, str], part: int, slip: int, deadline: int
    ) -> None:
        payment = self.at(number, wait)
        to_payer, until = Amount(payment.holding.held * part // 100 + slip), Seconds(self.now + deadline)
        action = Settle(caller=caller, to_payer=to_payer, deadline=until)
        payer, payee = payment.terms.payer, payment.terms.payee
        action = signed(payment, action, payer, both[0], "payer_signature")
        self.both(payment, signed(payment, action, payee, both[payer != payee], "payee_signature"))

    @rule(
        number=which,
        wait=waits,
        caller=people,
        changes=changes,
        money=st.tuples(few, few),
        all_forms=st.just(["right"] * 4) | st.lists(forms, min_size=3, max_size=5),
        slip=st.sampled_from([None, None, None, "amount", "held", "value"]),
        method=methods,
        deadline=deadlines,
    )
    def amend(
        self,
        number: int,
        wait: int | None,
        caller: Address,
        changes: dict[str, Any],
        money: tuple[int, int],
        all_forms: list[str],
        slip: str | None,
        method: Method,
        deadline: int,
    ) -> None:
        """To terms that begin now; without a new salt, to the same that were there before."""
        payment = self.at(number, wait)
        held, (paid_in, paid_out) = payment.holding.held, map(Amount, money)
        amount = max(held + paid_in - paid_out + (slip == "amount"), 0)
        to = self.known(amended(payment, amount, changes, self.now))
        native = to.terms.token == NOBODY and method is Method.ALLOWANCE
        action = Amend(
            caller=caller,
            to=to,
            held=Amount(held + (slip == "held")),
            paid_in=paid_in,
            paid_out=paid_out,
            deadline=Seconds(self.now + deadline),
            signatures=(b"",) * len(all_forms),
            method=method,
            value=(paid_in if native else 0) + (slip == "value"),
        )
        parties = (payment.terms.payer, payment.terms.payee, to.terms.payer, to.terms.payee, EVE)
        action = all_signed(payment, action, parties, all_forms)
        if method is Method.ERC3009:
            grant = Grant(
                token=to.terms.token,
                payer=to.terms.payer,
                amount=paid_in,
                escrow=ESCROW,
                subject=HOME.digest(consent_of(payment, action)),
                deadline=action.deadline,
            )
            action = replace(action, authorization=erc3009(grant))
        self.both(payment, action)

    @rule(
        wait=waits,
        caller=mostly(None, people),
        rows=st.lists(st.tuples(st.integers(0, 4), mostly(None, st.just(USDC))), max_size=3),
        slip=st.integers(0, 1),
    )
    def authorize_many(self, wait: int | None, caller: Address | None, rows: list[tuple[int, Any]], slip: int) -> None:
        first = self.at(0, wait)
        batch = [self.known(replace(first.terms, salt=salt, token=token or first.terms.token)) for salt, token in rows]
        total = sum(payment.terms.amount for payment in batch) if first.terms.token == NOBODY else 0
        action = Authorize(caller=caller or calling(first.terms.payer), value=total + slip)
        self.both_begin(batch, action)


TestTwins = Histories.TestCase
TestTwins.settings = settings(max_examples=600, stateful_step_count=20)
