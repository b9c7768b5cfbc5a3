"""The agreement: its typed-data digest is the payment id, and all that the chain keeps of it."""

from dataclasses import dataclass

from chain.money import Token
from chain.typed_data import Domain, TypedData
from chain.units import NO_HASH, NOBODY, Address, Amount, Bps, Hash32, Seconds
from escrow import explanation, presets

_NEVER, _NONE = Seconds(0), Bps(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms(TypedData):
    """Who owes whom what under which rules. Times are Unix seconds, passed at the second itself.

    Any combination that Solidity's types can hold; `rules` says which may be funded. Nobody is the zero address.
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

    purchase = classmethod(presets.purchase)
    card = classmethod(presets.card)
    conditional = classmethod(presets.conditional)

    def payment_id(self, domain: Domain) -> Hash32:
        """The id under the escrow of `domain`: `paymentIdOf` of the contract."""
        return domain.digest(self)

    def allows(self, flags: int) -> bool:
        """Whether any of `flags` (`escrow.flags`) is set."""
        return self.flags & flags != 0

    def explain(self, token: Token | None = None) -> str:
        """In plain English who may do what until when and what each silence means; in money if `token` is given.

        Raises `TokenMismatch` for another token than the terms'.
        """
        return explanation.explain(self, token)
