"""The agreement: its typed-data digest is the payment id, and all that the chain keeps of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chain.money import Token
from chain.typed_data import Domain, TypedData
from chain.units import NO_HASH, NOBODY, Address, Amount, Bps, Hash32, Seconds
from escrow import explanation, linter, presets
from escrow.conditions.condition import Condition
from escrow.finding import Finding

_NEVER, _NONE = Seconds(0), Bps(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms(TypedData):
    """Who owes whom what under which rules. Times are Unix seconds, passed at the second itself.

    Any combination that Solidity's types can hold; `rules` says which may be funded. Nobody is the zero address.
    `known_condition` is the condition with its data, where that is known; it is no part of the agreement or its JSON.
    """

    type_string = (
        "Terms(address payer,address payee,address token,uint96 amount,address operator,address arbiter,"
        "address condition,bytes32 conditionHash,uint48 fundBy,uint48 captureFrom,uint48 authorizationExpiry,"
        "uint48 refundExpiry,uint32 rulingPeriod,uint16 payeeShareOnExpiryBps,uint16 payeeShareOnSilenceBps,"
        "uint16 feeBps,uint8 flags,address feeRecipient,uint96 salt)"
    )

    payer: Address
    payee: Address
    token: Address
    amount: Amount
    operator: Address = NOBODY
    arbiter: Address = NOBODY
    condition: Address = NOBODY
    condition_hash: Hash32 = NO_HASH
    fund_by: Seconds
    capture_from: Seconds = _NEVER
    authorization_expiry: Seconds
    refund_expiry: Seconds
    ruling_period: Seconds = _NEVER
    payee_share_on_expiry_bps: Bps
    payee_share_on_silence_bps: Bps
    fee_bps: Bps = _NONE
    flags: int = 0
    fee_recipient: Address = NOBODY
    salt: int
    known_condition: Condition | None = field(default=None, compare=False, repr=False)

    purchase = classmethod(presets.purchase)
    card = classmethod(presets.card)
    conditional = classmethod(presets.conditional)
    bond = classmethod(presets.bond)

    def payment_id(self, domain: Domain) -> Hash32:
        """The id under the escrow of `domain`: `paymentIdOf` of the contract."""
        return domain.digest(self)

    def allows(self, flags: int) -> bool:
        """Whether any of `flags` (`escrow.flags`) is set."""
        return self.flags & flags != 0

    def fixes(self, condition: Condition) -> bool:
        """Whether the condition, with its data, is the one that is agreed."""
        return (condition.address, condition.data_hash) == (self.condition, self.condition_hash)

    def known(self) -> Condition | None:
        """The condition, if it is known and still the one that is agreed: `replace` may have changed that."""
        known = self.known_condition
        return known if known is not None and self.fixes(known) else None

    def explain(self, token: Token | None = None, *, condition: Condition | None = None) -> str:
        """In plain English who may do what until when and what each silence means; in money if `token` is given.

        The condition is told in words if it is known or given. Raises `TokenMismatch`, `OtherCondition`.
        """
        return explanation.explain(self, token, condition or self.known())

    def check(
        self, *, condition: Condition | None = None, now: int | None = None, token: Token | None = None
    ) -> tuple[Finding, ...]:
        """What there is to know before signing, the worst first; `linter.RULES` are all that can be found.

        Without `now`, what depends on today is not judged. Raises `TokenMismatch`.
        """
        return linter.check(self, condition=condition or self.known(), now=now, token=token)

    def require_sound(
        self,
        *,
        accept: Iterable[str] = (),
        condition: Condition | None = None,
        now: int | None = None,
        token: Token | None = None,
    ) -> None:
        """`accept` names risks that the signer takes. Raises `Unsound` for all others and for every refusal."""
        linter.require_sound(self.check(condition=condition, now=now, token=token), accept=accept)
