"""What parties sign instead of calling, and who brings it to the chain: anybody, at own cost."""

from collections.abc import Iterable
from dataclasses import replace

from chain.aio import granting
from chain.errors import Malformed
from chain.money import Money
from chain.permit2 import Method
from chain.units import MAX_AMOUNT, Address, Amount, Hash32, Seconds
from escrow import actions, linter, messages
from escrow.aio.authorizing import named_in
from escrow.aio.base import CONTRACT, left_by
from escrow.aio.verbs import AsyncVerbs, hash_of
from escrow.consents import OPTION_PERIOD
from escrow.errors import HeldChanged
from escrow.evidence.evidence import Evidence
from escrow.funding import Grant
from escrow.levels import held_after_paying, held_after_returning, payee_bps, units_within
from escrow.payment import Payment
from escrow.rules import DAY
from escrow.signed_consent import Message, SignedConsent
from escrow.split import PayeeShare
from escrow.submission import Submission, submission
from escrow.terms import Terms


class AsyncSigning(AsyncVerbs):
    """What is signed counts from a final block on, and is in the book before it leaves.

    Without `deadline` a consent of one party counts for a day, a settlement or an amendment for an hour: until both
    have signed, the second has a choice and the first has none. Raises `HoldNotFinal`, `ConsentOutstanding`,
    `DeadlineTooFar`.
    """

    async def sign_release(
        self, payment: Payment, up_to: Money | None = None, *, deadline: int | None = None
    ) -> SignedConsent:
        """The payer's word for a `release`."""
        known = await self.show(payment)
        level = held_after_paying(known, up_to)
        ends = await self._until(deadline, DAY)
        return await self._signed(known, messages.Release(payment_id=known.payment_id, held_after=level, deadline=ends))

    async def sign_void(
        self, payment: Payment, up_to: Money | None = None, *, deadline: int | None = None
    ) -> SignedConsent:
        """The payee's word for a `void`."""
        known = await self.show(payment)
        level = held_after_returning(known, up_to)
        ends = await self._until(deadline, DAY)
        return await self._signed(known, messages.Void(payment_id=known.payment_id, held_after=level, deadline=ends))

    async def sign_dispute(
        self, payment: Payment, evidence: Evidence | Hash32 | None = None, *, deadline: int | None = None
    ) -> SignedConsent:
        """A party's word for a `dispute`."""
        known = await self.show(payment)
        ends = await self._until(deadline, DAY)
        return await self._signed(
            known, messages.Dispute(payment_id=known.payment_id, evidence=hash_of(evidence), deadline=ends)
        )

    async def ruling(self, payment: Payment, to_payee: Money | PayeeShare) -> SignedConsent:
        """A `rule` that nobody has signed yet: an arbiter signs it with `cosign`, a panel or a Safe adds its word.

        It counts for this dispute alone. Raises `NotAShare`.
        """
        known = await self.show(payment)
        message = messages.Ruling(
            payment_id=known.payment_id,
            disputed_at=known.holding.disputed_at,
            payee_bps=payee_bps(known, to_payee),
        )
        return SignedConsent(payment=known, message=message)

    async def sign_ruling(self, payment: Payment, to_payee: Money | PayeeShare) -> SignedConsent:
        """The arbiter's word for a `rule`."""
        return await self.cosign(await self.ruling(payment, to_payee))

    async def sign_settlement(self, payment: Payment, to_payer: Money, *, deadline: int | None = None) -> SignedConsent:
        """Payer and payee split what is held: the payer gets exactly `to_payer`, the payee the rest."""
        known = await self.show(payment)
        share = units_within("to_payer", known, to_payer, known.holding.held)
        ends = await self._until(deadline, OPTION_PERIOD)
        return await self._signed(known, messages.Settle(payment_id=known.payment_id, to_payer=share, deadline=ends))

    async def sign_amendment(
        self,
        payment: Payment,
        to: Terms,
        *,
        paid_in: Money | None = None,
        paid_out: Money | None = None,
        deadline: int | None = None,
        accept: Iterable[str] = (),
    ) -> SignedConsent:
        """What is held moves to new terms: the new payer adds `paid_in`, the old one gets `paid_out` back.

        The new terms are checked as before a funding, and the addresses where they name somebody new: `accept` names
        risks and findings that the signer takes. Raises `Unsound`, `PreflightRefused`.
        """
        known = await self.show(payment)
        added, returned = (
            Amount(0) if money is None else units_within(name, known, money, MAX_AMOUNT)
            for name, money in (("paid_in", paid_in), ("paid_out", paid_out))
        )
        ends = await self._until(deadline, OPTION_PERIOD)
        message = messages.Amend(
            from_id=known.payment_id,
            held=known.holding.held,
            paid_in=added,
            paid_out=returned,
            to=to,
            deadline=ends,
        )
        return await self.cosign(SignedConsent(payment=known, message=message), accept=accept)

    async def cosign(self, consent: SignedConsent, *, accept: Iterable[str] = ()) -> SignedConsent:
        """Adds the signer's own signature to what another has proposed. Raises `Malformed` where it has no say.

        An amendment's new terms and parties must be sound and safe, but for what `accept` names (`Unsound`,
        `PreflightRefused`), and for a settlement the hold must be what it was when it was proposed (`HeldChanged`).
        """
        await self._sound(consent, accept)
        known = await self.show(consent.payment)
        latest = await self.holding(known.payment_id, as_of="latest")
        now = await self.chain.now(as_of="final")
        signature = self.book.sign(consent.message, known, self.signer, now, latest=latest)
        return consent.signed(self.signer.address, signature)

    async def sign_paid_in(self, consent: SignedConsent, method: Method, *, nonce: int | None = None) -> SignedConsent:
        """The new payer's signature that an amendment's `paid_in` may be taken, instead of an allowance."""
        message = consent.message
        if not isinstance(message, messages.Amend):
            raise Malformed("consent", "only an amendment takes money in")
        grant = Grant(
            token=message.to.token,
            payer=message.to.payer,
            amount=message.paid_in,
            escrow=self.domain.contract,
            subject=consent.digest,
            deadline=message.deadline,
        )
        authorization = await granting.authorization(self.chain, self.signer, grant, method, nonce)
        return replace(consent, method=method, authorization=authorization)

    async def submit(self, consent: SignedConsent, *, accept: Iterable[str] = ()) -> Payment:
        """Brings a consent that all have signed who must; the signer's own call needs no signature, and is one.

        An amendment answers the new payment. Raises `NotSignedBy`, and what `cosign` raises, nothing sent.
        """
        payment, caller = self._payment(consent.payment), self.signer.address
        call = submission(consent, caller)
        if caller in consent.parties and caller not in consent.signatures:
            await self._sound(consent, accept)
            if call.action is not None:
                await self._lawful(payment, call.action)
        async with self._funding:
            if isinstance(consent.message, messages.Amend) and _by_allowance_of(caller, consent, call):
                await self._allowed(payment, await self._amending(consent, consent.message, call))
                await self._provide(call.result.terms.token, call.paid_in)
            receipt = await self.chain.send(self.signer, CONTRACT, call.function, *call.arguments, value=call.value)
        return left_by(receipt, call.result)

    async def _sound(self, consent: SignedConsent, accept: Iterable[str]) -> None:
        """An amendment is a funding, too; and a split was proposed for what was held then."""
        message, old = consent.message, consent.payment
        if isinstance(message, messages.Settle):
            held = (await self.holding(old.payment_id, as_of="latest")).held
            if held != old.holding.held:
                raise HeldChanged(old.payment_id, held, old.holding.held)
        if isinstance(message, messages.Amend):
            accepted = frozenset((accept,) if isinstance(accept, str) else accept)
            found = message.to.check(now=await self.chain.now())
            linter.require_sound(
                (*found, *linter.check_amendment(old.terms, message.held, message.to)), accept=accepted
            )
            await self._require_safe_change(old.terms, message.to, accepted)

    async def _require_safe_change(self, old: Terms, to: Terms, accept: Iterable[str]) -> None:
        """Nobody new, nothing to ask: the signer has taken who is named already. A new one may be a twin of an old one.

        The money is in the escrow, and nothing can be simulated before all have signed.
        """
        new = named_in(to) - named_in(old)
        if new:
            money = (await self.chain.token(to.token)).units(to.amount)
            parties = sorted(new - {to.payee})
            await self._require_safe_payout(to.payee, money, parties=parties, seen=named_in(old), accept=accept)

    async def _amending(self, consent: SignedConsent, message: messages.Amend, call: Submission) -> actions.Amend:
        """The amendment as the rules see it, before an allowance is given that would stay open after a refusal."""
        contracts = [party for party in consent.parties if await self.chain.code(party, as_of="latest")]
        return actions.Amend(
            caller=self.signer.address,
            wallets=frozenset(contracts),
            to=await self.show(call.result, as_of="latest"),
            held=message.held,
            paid_in=message.paid_in,
            paid_out=message.paid_out,
            deadline=message.deadline,
            signatures=tuple(call.arguments[3]),
            value=call.value,
        )

    async def _signed(self, payment: Payment, message: Message) -> SignedConsent:
        return await self.cosign(SignedConsent(payment=payment, message=message))

    async def _until(self, deadline: int | None, period: int) -> Seconds:
        return Seconds(await self.chain.now() + period if deadline is None else deadline)


def _by_allowance_of(caller: Address, consent: SignedConsent, call: Submission) -> bool:
    return bool(call.paid_in) and consent.method is Method.ALLOWANCE and call.result.terms.payer == caller
