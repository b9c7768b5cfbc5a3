"""Machine and contract side by side: whatever one does or refuses, the other must, too."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from chain.errors import IllegalAction
from chain.units import NOBODY, Address, Amount, Seconds
from escrow import Begin, Effect, Holding, Payment, Pull, Terms, transition
from escrow.actions import (
    Action,
    Amend,
    Authorize,
    Cancel,
    Capture,
    Dispute,
    DisputeBySig,
    Release,
    ReleaseBySig,
    Rule,
    RuleBySig,
)
from escrow.flags import PAYER_MAY_DISPUTE
from escrow.machine import authorize_many
from tests.conformance.escrow_calls import Call, call_of
from tests.conformance.escrow_world import ESCROW, EVE, EVERYBODY, HOME, LOCK, RICH, START, VAULT, World, sign

_world = cache(World)


class Twins(RuleBasedStateMachine):
    """Some payments of one escrow, the newest last, and what everybody has more or less than at first."""

    def agree(self, members: dict[str, Any]) -> None:
        condition = members.pop("condition")
        if condition is not None:
            members |= {"condition": condition.address, "condition_hash": condition.data_hash}
        self.condition = condition or LOCK
        self.now, self.world = START, _world()
        self.world.rewind()
        first = Terms(**members)
        alike = (replace(first, salt=first.salt ^ number) for number in range(3))
        self.payments = [Payment(terms=terms, domain=HOME) for terms in alike]
        self.moved: Counter[tuple[Address, Address]] = Counter()

    def at(self, number: int, wait: int | None) -> Payment:
        """A payment, below zero one that holds money, a second later or as near to its next boundary as `wait` says."""
        alive = [payment for payment in self.payments if payment.holding.held]
        among = alive if alive and number < 0 else self.payments
        payment = among[number % len(among)]
        terms = payment.terms
        boundaries = (terms.fund_by, terms.capture_from, terms.authorization_expiry, terms.refund_expiry, payment.end)
        ahead = [] if wait is None else [second + wait for second in boundaries if second + wait > self.now]
        self.now = min(ahead, default=self.now + 1)
        return payment

    def known(self, terms: Terms) -> Payment:
        """The payment under these terms as it stands."""
        fresh = Payment(terms=terms, domain=HOME)
        return next((payment for payment in self.payments if payment.payment_id == fresh.payment_id), fresh)

    def both(self, payment: Payment, action: Action) -> None:
        said: IllegalAction | None = None
        try:
            newer, effects = transition(payment, action, Seconds(self.now))
        except IllegalAction as refusal:
            said = refusal
        else:
            self._keep(newer)
            self._flow(payment.terms.token, effects)
        found = self._contract(action.caller, call_of(payment, action))

        assert repr(found) == repr(said)

    def both_begin(self, batch: list[Payment], action: Authorize) -> None:
        said: IllegalAction | None = None
        try:
            newer, effects = authorize_many(batch, action, Seconds(self.now))
        except IllegalAction as refusal:
            said = refusal
        else:
            self._flow(batch[0].terms.token, (*map(Begin, newer), *effects))
        call = Call("authorizeMany", ([payment.terms for payment in batch],), action.value)

        assert repr(self._contract(action.caller, call)) == repr(said)

    @invariant()
    def the_states_are_the_same(self) -> None:
        for payment in self.payments:
            held, refundable, disputed_at, used = self.world.send(EVE, "Escrow", "holdingOf", payment.payment_id)

            found = Holding(held=held, refundable=refundable, disputed_at=disputed_at, used=used)
            assert found == payment.holding

    @invariant()
    def the_balances_are_the_same(self) -> None:
        for token in {payment.terms.token for payment in self.payments}:
            found = {who: self.world.balance(token, who) for who in EVERYBODY}

            assert found == {who: RICH + self.moved[token, who] for who in EVERYBODY}
            held = sum(payment.holding.held for payment in self.payments if payment.terms.token == token)
            assert self.world.balance(token, ESCROW) == self.moved[token, ESCROW] == held

    def _contract(self, caller: Address, call: Call) -> IllegalAction | None:
        self.world.travel(self.now)
        try:
            self.world.send(caller, "Escrow", call.function, *call.arguments, value=call.value)
        except IllegalAction as refusal:
            return refusal
        return None

    def _keep(self, newer: Payment) -> None:
        by_id = {payment.payment_id: payment for payment in self.payments}
        self.payments = list((by_id | {newer.payment_id: newer}).values())

    def _flow(self, token: Address, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, Begin):
                self._keep(effect.payment)
                continue
            come, gone = (ESCROW, effect.owner) if isinstance(effect, Pull) else (effect.to, ESCROW)
            self.moved[token, come] += effect.amount
            self.moved[token, gone] -= effect.amount


def signed(payment: Payment, action: Any, party: Address, form: str, name: str) -> Any:
    """The action with the party's signature in place `name`; a wallet vouches for a right one."""
    vouched = {VAULT} if party == VAULT and form == "right" else set()
    signature = b"" if party == NOBODY else sign(payment, action, party, form)
    return replace(action, wallets=action.wallets | vouched, **{name: signature})


def all_signed(payment: Payment, action: Amend, parties: Iterable[Address], forms: Iterable[str]) -> Amend:
    """With as many signatures as forms; who has two places signs alike."""
    signatures, form_of = [], dict[Address, str]()
    for party, form in zip(parties, forms, strict=False):
        action = signed(payment, action, party, form_of.setdefault(party, form), "authorization")
        signatures.append(action.authorization)
    return replace(action, signatures=tuple(signatures), authorization=b"")


def entitled(terms: Terms, verb: Any) -> Address:
    """Who may do it by call, or whose signature it takes."""
    if verb in {Dispute, DisputeBySig}:
        return terms.payer if terms.allows(PAYER_MAY_DISPUTE) else terms.payee
    if verb in {Authorize, Release, ReleaseBySig, Cancel}:
        return terms.payer
    if verb in {Rule, RuleBySig}:
        return terms.arbiter
    return terms.operator if verb is Capture else terms.payee


def calling(party: Address) -> Address:
    """A wallet has no key to send a transaction with, and nobody has none either."""
    return EVE if party in {VAULT, NOBODY} else party


def amended(payment: Payment, amount: int, changes: dict[str, Any], now: int) -> Terms:
    """The terms moved to begin now; without a new salt, the same as they were."""
    if not changes["salt"]:
        return replace(payment.terms, amount=Amount(amount))
    later = {
        "fund_by": Seconds(now + 1_800),
        "capture_from": Seconds(now + 5_400),
        "authorization_expiry": Seconds(now + 7_200),
        "refund_expiry": Seconds(now + 9_000),
    }
    own = {"salt": payment.terms.salt ^ changes["salt"], "amount": Amount(amount)}
    return replace(payment.terms, **(later | changes | own))
