# Generated from escrow/aio/authorizing.py by make fix; edit that one.
"""How a payment begins: by the payer's call, or by its signature that anyone may bring."""

from collections.abc import Iterable

from chain.permit2 import Method
from chain.signing import compact, require_form
from chain.sync import granting
from chain.units import NOBODY, Address
from escrow import messages
from escrow.actions import Authorize
from escrow.agreement import Agreement
from escrow.authorization import SignedAuthorization, grant_for
from escrow.errors import AlreadyUsed, NothingToPay, OtherTerms, OtherToken
from escrow.payment import Payment
from escrow.sync.base import CONTRACT, EscrowBase, left_by
from escrow.terms import Terms

_KEY_SIGNATURE = 65
"""Bytes: a plain key's, for which the contract has a cheaper way."""


class Authorizing(EscrowBase):
    """Raises `AlreadyUsed`, `InsufficientBalance`, `UnknownToken` or what `require_fundable` raises, nothing sent.

    Terms are checked before the payer signs: what `Terms.check` finds raises `Unsound`, what a preflight finds
    `PreflightRefused`, but for what `accept` names.
    """

    def authorize(
        self, what: Terms | SignedAuthorization, *, accept: Iterable[str] = (), offer: Terms | None = None
    ) -> Payment:
        """The signer, who is the payer, puts the money in, a missing allowance approved first, exactly.

        Or the signer brings what the payer has signed, and pays the gas: for goods of its own it must say what it has
        offered, since the payer may have signed other terms (`OtherTerms`). `accept` names the risks and findings that
        the payer takes.
        """
        if isinstance(what, SignedAuthorization):
            _require_offered(what, offer)
            if what.method is Method.ERC3009 and len(what.authorization) == _KEY_SIGNATURE:
                payment = self._brought(what)
                require_form(what.authorization, what.terms.payer)
                return self._do("authorizeERC3009", payment, *compact(what.authorization))
            return self._bring("authorizeBySig", what)
        payment = self._fundable(what, accept)
        with self._funding:
            self._provide(what.token, what.amount)
            return self._do("authorize", payment, value=_value(what))

    def authorize_all(self, agreement: Agreement, *, accept: Iterable[str] = ()) -> dict[str, Payment]:
        """The signer funds all that it pays in an agreement, or nothing, in one transaction; payments by their name.

        Raises `NothingToPay` where it pays nothing.
        """
        agreement.require_sound(accept=accept, now=self.chain.now())
        names = [name for name, terms in agreement.items() if terms.payer == self.signer.address]
        payments = self.authorize_many([agreement[name] for name in names], accept=accept)
        return dict(zip(names, payments, strict=True))

    def authorize_many(self, many: Iterable[Terms], *, accept: Iterable[str] = ()) -> tuple[Payment, ...]:
        """The payer of them all funds all or none, in one transaction and one token.

        Raises `OtherToken`, and `NothingToPay` for none.
        """
        payments = [self._fundable(terms, accept) for terms in many]
        if not payments:
            raise NothingToPay(self.signer.address)
        for payment in payments:
            if payments.count(payment) > 1:
                raise AlreadyUsed(payment.payment_id)
        token = payments[0].terms.token
        for payment in payments:
            if payment.terms.token != token:
                raise OtherToken(payment.terms.token, token)
        terms = [payment.terms for payment in payments]
        with self._funding:
            self._provide(token, sum(each.amount for each in terms))
            value = sum(map(_value, terms))
            receipt = self.chain.send(self.signer, CONTRACT, "authorizeMany", terms, value=value)
        return tuple(left_by(receipt, payment) for payment in payments)

    def charge(self, signed: SignedAuthorization, *, offer: Terms | None = None) -> Payment:
        """The operator funds with what the payer has signed and captures all, at once; see `authorize` for `offer`.

        On a payment that was authorized, and of which nothing has moved, it is a capture.
        """
        _require_offered(signed, offer)
        return self._bring("charge", signed)

    def sign_authorization(
        self,
        terms: Terms,
        method: Method = Method.ERC3009,
        *,
        accept: Iterable[str] = (),
        nonce: int | None = None,
    ) -> SignedAuthorization:
        """The payer's signature that funds these terms, before `fund_by`; nothing is sent.

        ERC3009 needs nothing else; ALLOWANCE needs the token's allowance for the escrow, PERMIT2 the one for Permit2.
        `nonce` is Permit2's; without it the payment id is taken, which no other payment can use up.
        """
        payment = self._fundable(terms, accept)
        if method is Method.ALLOWANCE:
            authorization = self.signer.sign(self.domain, messages.Authorize(terms=terms)).signature
        else:
            grant = grant_for(terms, self.domain)
            authorization = granting.authorization(self.chain, self.signer, grant, method, nonce)
        return SignedAuthorization(terms=payment.terms, domain=self.domain, method=method, authorization=authorization)

    def _bring(self, verb: str, signed: SignedAuthorization) -> Payment:
        return self._do(verb, self._brought(signed), signed.method, signed.authorization)

    def _brought(self, signed: SignedAuthorization) -> Payment:
        return self._payment(Payment(terms=signed.terms, domain=signed.domain))

    def _fundable(self, terms: Terms, accept: Iterable[str]) -> Payment:
        """The rules' answer for the signer as payer, then the linter's, then the preflight's."""
        payment, accepted = self._payment(terms), frozenset((accept,) if isinstance(accept, str) else accept)
        self._allowed(payment, Authorize(caller=self.signer.address, value=_value(terms)))
        terms.require_sound(accept=accepted, now=self.chain.now())
        money = (self.chain.token(terms.token)).units(terms.amount)
        parties = sorted(named_in(terms) - {terms.payer, terms.payee})
        self._require_safe(terms.payee, money, "authorize", terms, parties=parties, accept=accepted)
        return payment


def named_in(terms: Terms) -> frozenset[Address]:
    """Whose addresses must be right."""
    named = (terms.payer, terms.payee, terms.operator, terms.arbiter, terms.fee_recipient)
    return frozenset(named) - {NOBODY}


def _require_offered(signed: SignedAuthorization, offer: Terms | None) -> None:
    if offer is not None and signed.terms != offer:
        raise OtherTerms(signed.payment_id, offer.payment_id(signed.domain))


def _value(terms: Terms) -> int:
    """The wei that go along."""
    return terms.amount if terms.token == NOBODY else 0
