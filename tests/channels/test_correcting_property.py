"""A wallet from any backup, corrected by any of the vouchers that its key has signed, in any order."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chain.errors import EarnestError
from chain.signing import Signed
from chain.units import Amount
from channels import Channel, Lane, PayerSession, Voucher
from channels.errors import NothingToCorrect
from channels.payer_session import Effects
from channels.promise import Promise
from tests.channels.promise_states import promise

Shown = tuple[Signed[Voucher], tuple[Promise, ...]]
VERBS = "pay offer offer offer drop drop fold wait wait"
STEPS = st.lists(st.tuples(st.sampled_from(VERBS.split()), st.integers(0, 15)), max_size=25)


@dataclass
class Life:
    """An honest payer: every session that it was, with what it had spent and all that it had signed by then."""

    payer: PayerSession
    now: Any = 0
    spent: int = 0
    signed: list[Shown] = field(default_factory=list)
    past: list[tuple[PayerSession, int]] = field(default_factory=list)

    def step(self, verb: str, number: Any) -> None:
        offered = promise(len(self.past), number + 1, self.now + 1 + number)
        if verb == "wait":
            self.now += number
        elif verb == "pay":
            self._keep(self.payer.pay(Amount(number + 1)))
        elif verb == "offer":
            self._keep(self.payer.offer(offered))
        elif self.payer.promises:
            one = self.payer.promises[number % len(self.payer.promises)]
            leaf = one.struct_hash()
            folds = verb == "fold"
            self._keep(self.payer.fold(leaf, one.amount) if folds else self.payer.drop(leaf, self.now, 0))

    def _keep(self, made: tuple[PayerSession, Effects]) -> None:
        before, (self.payer, effects) = self.payer, made
        self.spent += max(self.payer.at_most - before.at_most, 0)
        self.signed += [
            (Signed(one.voucher, self.payer.channel.signer, b""), self.payer.promises) for one in effects[:1]
        ]
        self.past.append((self.payer, self.spent))


@dataclass
class Restored:
    """A wallet as an old backup has it: what it has spent, what it was, and what the payee can come to."""

    payer: PayerSession
    spent: int
    been: list[tuple[Any, ...]] = field(default_factory=list)
    claims: list[int] = field(default_factory=list)

    def hear(self, shown: Shown) -> None:
        before = self.payer
        try:
            self.payer = before.correct(*shown)
        except NothingToCorrect:
            return
        self.spent += self.payer.forgotten(before)
        self.been.append((self.payer.promised, frozenset(self.payer.promises)))
        either = set(self.payer.promises)
        if self.payer.promised == before.promised:
            either |= set(before.promises)
        self.claims.append(self.payer.promised + sum(one.amount for one in either))

    def drop_expired(self, now: Any) -> None:
        for one in self.payer.promises:
            if one.expiry <= now:
                self.payer, _ = self.payer.drop(one.struct_hash(), now, 0)


@given(steps=STEPS, backup=st.integers(0, 30), order=st.lists(st.integers(0, 30), max_size=30))
@example(steps=[("offer", 0), ("offer", 0), ("wait", 1), ("drop", 0), ("fold", 0)], backup=0, order=[1])
@settings(max_examples=300)
def test_no_circle_nothing_uncounted_and_the_payees_newest_voucher_is_gone_on_from(
    channel: Channel, steps: list[Any], backup: int, order: list[int]
) -> None:
    life = Life(PayerSession(channel=channel, lane=Lane(deposit=Amount(10_000))))
    life.past.append((life.payer, 0))
    for verb, number in steps:
        with suppress(EarnestError):
            life.step(verb, number)
    restored = Restored(*life.past[backup % len(life.past)])
    restored.been.append((restored.payer.promised, frozenset(restored.payer.promises)))
    restored.claims.append(restored.payer.at_most)
    newest = life.signed[-1:]
    for shown in [*(life.signed[place % len(life.signed)] for place in order if newest), *newest]:
        restored.hear(shown)
    assert len(restored.been) == len(set(restored.been)), "nobody is led back to where it was"
    assert restored.spent >= max(restored.claims), "what the payee can come to by either voucher is counted"

    restored.drop_expired(life.now)
    for shown in newest:
        restored.hear(shown)
    assert restored.payer.promised == life.payer.promised
    assert set(life.payer.promises) <= set(restored.payer.promises), "the payee lacks nothing in the next voucher"
