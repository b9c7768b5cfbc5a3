# Generated from chain/aio/preflight.py by make fix; edit that one.
"""Checks before money leaves for good: what the chain, the past and outside sources say of a payment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from chain.contracts import by_address
from chain.errors import OutOfRange
from chain.money import Money
from chain.preflight import (
    Call,
    Finding,
    Past,
    PlannedPayment,
    Report,
    Thresholds,
    Weight,
    account,
    addresses,
    fees,
    means,
    past,
    token,
)
from chain.preflight.asking.sync import answer_within
from chain.preflight.finding import weighed
from chain.preflight.rule import findings
from chain.preflight.silence import checked, source_silent
from chain.preflight.trial import Trial
from chain.preflight.weights import weights_of
from chain.signer import Signer
from chain.sync.surveying import Survey
from chain.units import Address, address

if TYPE_CHECKING:
    from chain.sync.chain import Chain


class Source(Protocol):
    """Somebody else's judgement, as a sanctions list or a scoring service."""

    name: str
    required: bool
    """Whether a payment is refused when it doesn't answer."""

    def findings(self, payment: PlannedPayment) -> Sequence[Finding]:
        """Whatever it raises is a finding, `SourceSilent`."""


class History(Protocol):
    """Who remembers what there was between two parties: a list, a book of events, or the chain."""

    def past(self, payer: Address, payee: Address) -> Past:
        """Whatever it raises is a finding, `SourceSilent`."""


class Preflight:
    """`known` are addresses that the payer trusts; `weights` weighs findings anew by their name (`Malformed` for none).

    A source that doesn't answer within `answer_within` seconds, or raises, is a finding of its own.
    """

    def __init__(
        self,
        chain: "Chain",
        *,
        known: Iterable[str] = (),
        sources: Iterable[Source] = (),
        history: History | None = None,
        weights: Mapping[str, Weight | str] | None = None,
        thresholds: Thresholds | None = None,
        answer_within: float = 5.0,
    ) -> None:
        self.chain = chain
        self._known = frozenset(map(address, known))
        self._sources, self._history = tuple(sources), history
        self._weights = weights_of(weights or {}, foreign=bool(self._sources))
        self._thresholds = thresholds or Thresholds()
        self._answer_within = answer_within

    def check(
        self,
        payer: str | None,
        payee: str,
        money: Money,
        call: Call | None = None,
        *,
        parties: Iterable[str] = (),
        seen: Iterable[str] = (),
        native_price: Money | None = None,
    ) -> Report:
        """All findings about a plain transfer, or about `call`, which would pay `money` to the payee in the end.

        `native_price` is what a whole native coin costs in the token: without it a token's fee is not judged. `parties`
        are others whose address must be right, `seen` those whom the payer has paid before. Raises `NotAnAddress`,
        `OtherChain`, and `ChainError` where the chain itself doesn't answer.
        """
        payment = PlannedPayment.of(payer, payee, money, call, tuple(parties))
        told, remembered = self._remembered(payment)
        found = [
            *self._named(payment, frozenset(map(address, seen)) | (told.counterparties if told else frozenset())),
            *self._surveyed(payment, native_price),
            *(findings(past.RULES, told) if told else ()),
            *remembered,
        ]
        for source in self._sources:
            found += self._asked(source, payment)
        return Report(payment=payment, findings=weighed(found, self._weights))

    def addresses(
        self, payer: str | None, payee: str, money: Money, *, parties: Iterable[str] = (), seen: Iterable[str] = ()
    ) -> Report:
        """Only what the addresses tell, for which nobody is asked; `seen` are those whom the payer has paid before."""
        payment = PlannedPayment.of(payer, payee, money, None, tuple(parties))
        found = self._named(payment, frozenset(map(address, seen)))
        return Report(payment=payment, findings=weighed(found, self._weights))

    def test_payment(
        self,
        signer: Signer,
        payee: str,
        money: Money,
        *,
        small: Money,
        accept: Iterable[str] = (),
        key: str | None = None,
        timeout: float = 1800.0,
    ) -> Trial:
        """Sends `small` of `money` alone, after a check of all of it, and waits until that is final; never the rest.

        On a chain with an outbox a repeat under the same `key` waits on, and sends nothing more. Raises `OutOfRange`
        and `PreflightRefused`, nothing sent; `NotFinal` after `timeout` seconds, and `TransactionUndone`.
        """
        if not (small and small < money):
            raise OutOfRange("small", small.units, 1, money.units - 1)
        if not self.chain._sender.knows(key):  # noqa: SLF001  # what is sent already can't fail a check any more
            (self.check(signer.address, payee, money)).require(accept)
        place = PlannedPayment.of(signer.address, payee, money).payee
        sent = self.chain._tokens.transfer(signer, small, place, key)  # noqa: SLF001  # all of it was looked at
        return Trial(receipt=self.chain.wait_final(sent, timeout), rest=money - small)

    def _named(self, payment: PlannedPayment, seen: frozenset[Address]) -> tuple[Finding, ...]:
        names = addresses.Names(
            payment=payment,
            known=self._known,
            seen=seen,
            ours=by_address(),
            tokens={place: symbol for symbol, place in self.chain.network.tokens.items()},
            shown_digits=self._thresholds.shown_digits,
        )
        return findings(addresses.RULES, names)

    def _surveyed(self, payment: PlannedPayment, native_price: Money | None) -> list[Finding]:
        survey = Survey(self.chain, payment)
        state, can = survey.token(), survey.means()
        return [
            *findings(account.RULES, survey.account()),
            *(findings(token.RULES, state) if state else ()),
            *(findings(means.RULES, can) if can else ()),
            *findings(fees.RULES, survey.fees(native_price, self._thresholds)),
        ]

    def _remembered(self, payment: PlannedPayment) -> tuple[Past | None, tuple[Finding, ...]]:
        history, payer = self._history, payment.payer
        if history is None or payer is None:
            return None, ()
        try:
            return answer_within(self._answer_within, lambda: history.past(payer, payment.payee)), ()
        except Exception as error:  # noqa: BLE001  # whatever it is, the other checks go on
            return None, (source_silent("history", _why(error), required=False),)

    def _asked(self, source: Source, payment: PlannedPayment) -> tuple[Finding, ...]:
        try:
            return checked(answer_within(self._answer_within, lambda: source.findings(payment)))
        except Exception as error:  # noqa: BLE001  # whatever it is, the other checks go on
            return (source_silent(source.name, _why(error), required=source.required),)


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
