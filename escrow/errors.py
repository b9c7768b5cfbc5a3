"""What the escrow refuses: one leaf for each custom error of IEscrow, of the same name, its facts in the same order.

    IllegalAction
        who      NotPayer, NotOperator, NotPayeeOrOperator, NotArbiter, MayNotDispute, NotSignedBy,
                 WrongNumberOfSignatures
        when     TooEarly, AuthorizationExpired, NotExpired, RefundExpired, RulingExpired, DeadlinePassed
        what     AlreadyUsed, NothingToMove, NothingHeld, NothingToRefund, HeldChanged, UnderDispute, NotDisputed,
                 ExceedsHeld, OtherToken, WrongAmount
        proof    NoCondition, WrongConditionData, NotEnoughGasForCondition, NothingReleased
        terms    MalformedTerms, InvalidAmount, InvalidPayee, InvalidFee, InvalidShare, InvalidFlags,
                 InvalidRulingPeriod, FundingTooLate, TimesOutOfOrder, TooFarAhead
        money    WrongValue, TokenHasNoCode, InexactTransfer, SafeERC20FailedOperation, NotEnoughGas, NoCredit,
                 PushFailed, InvalidRecipient, Reentrancy
    InvalidValue
        NotAShare
    Refused
        NothingToPay, OtherEscrow, OtherTerms, and InsufficientBalance of chain.errors; nothing was sent

NotPayer, InvalidAmount, InvalidPayee, DeadlinePassed, those about a condition's call and those about money are
`chain.refusals`: channels refuse by them, too.
"""

from chain.errors import IllegalAction, InvalidValue, Refused
from chain.units import Hash32


class NotOperator(IllegalAction):
    """Only the operator that the terms name may do this."""

    says = "{caller} is not the operator {operator}"
    caller: str
    operator: str


class NotPayeeOrOperator(IllegalAction):
    """Only the payee, or the operator that the terms name, may do this."""

    says = "{caller} is neither the payee nor the operator"
    caller: str


class NotArbiter(IllegalAction):
    """Only the arbiter that the terms name may do this."""

    says = "{caller} is not the arbiter {arbiter}"
    caller: str
    arbiter: str


class MayNotDispute(IllegalAction):
    """Only a party that the terms' flags name may ask the arbiter."""

    says = "{party} may not dispute"
    party: str


class NotSignedBy(IllegalAction):
    """A party whose consent is needed neither calls nor signed this."""

    says = "{party} neither calls nor signed {digest}"
    party: str
    digest: Hash32


class WrongNumberOfSignatures(IllegalAction):
    """An amendment takes one place for each party, empty where none is needed."""

    says = "{given} signatures are given, {expected} places are expected"
    given: int
    expected: int


class UnderDispute(IllegalAction):
    """The arbiter has been asked: this has to wait for the ruling."""

    says = "there is a dispute since {disputed_at}"
    payment_id: Hash32
    disputed_at: int


class NotDisputed(IllegalAction):
    """There is nothing to rule on."""

    says = "nobody has disputed the payment"
    payment_id: Hash32


class RulingExpired(IllegalAction):
    """The arbiter had its time."""

    says = "it is {now}, and the arbiter's time ended at {end}"
    now: int
    end: int


class ExceedsHeld(IllegalAction):
    """A settlement can't give the payer more than is held."""

    says = "{to_payer} are to go to the payer, but {held} are held"
    payment_id: Hash32
    to_payer: int
    held: int


class OtherToken(IllegalAction):
    """Payments that move together are in one token."""

    says = "{token} is not the token {expected}"
    token: str
    expected: str


class WrongAmount(IllegalAction):
    """An amendment's new amount must be what is held, plus what is paid in, less what is paid out."""

    says = "{amount} is not {held} held + {paid_in} paid in - {paid_out} paid out"
    amount: int
    held: int
    paid_in: int
    paid_out: int


class AlreadyUsed(IllegalAction):
    """The id was authorized or cancelled before; it can never be used again."""

    says = "the payment was authorized or cancelled before"
    payment_id: Hash32


class NothingToMove(IllegalAction):
    """The hold is at that level already, or below: a repeat moves nothing."""

    says = "{held} are held, so nothing is above {held_after}"
    payment_id: Hash32
    held: int
    held_after: int


class NothingHeld(IllegalAction):
    """Never authorized, or all of it has gone."""

    says = "nothing is held"
    payment_id: Hash32


class NothingReleased(IllegalAction):
    """The condition releases no more than what has left the hold before."""

    says = "the condition releases {released} in all, {gone} are gone already"
    payment_id: Hash32
    released: int
    gone: int


class HeldChanged(IllegalAction):
    """The hold is not the one that the caller decided by."""

    says = "{held} are held, not {expected}"
    payment_id: Hash32
    held: int
    expected: int


class NothingToRefund(IllegalAction):
    """What the payee keeps is at that level already, or below: a repeat moves nothing."""

    says = "{refundable} can be refunded, so nothing is above {refundable_after}"
    payment_id: Hash32
    refundable: int
    refundable_after: int


class TooEarly(IllegalAction):
    """Not before the second `from_`."""

    says = "it is {now}, and this begins at {from_}"
    now: int
    from_: int


class AuthorizationExpired(IllegalAction):
    """At the second `expiry` the hold is over."""

    says = "it is {now}, and the authorization ended at {expiry}"
    now: int
    expiry: int


class NotExpired(IllegalAction):
    """Before the second `expiry` the clock decides nothing."""

    says = "it is {now}, and the authorization ends at {expiry}"
    now: int
    expiry: int


class RefundExpired(IllegalAction):
    """At the second `expiry` refunds are over."""

    says = "it is {now}, and refunds ended at {expiry}"
    now: int
    expiry: int


class NoCondition(IllegalAction):
    """The terms name no condition to ask."""

    says = "no condition was agreed"
    payment_id: Hash32


class MalformedTerms(IllegalAction):
    """A member is larger than its type: `Terms` can't hold such a one, only call data made by hand can."""

    says = "a member of the terms is larger than its type"


class InvalidFee(IllegalAction):
    """More than all, or for nobody, the token or the escrow itself."""

    says = "a fee of {fee_bps} bps for {fee_recipient}"
    fee_bps: int
    fee_recipient: str


class InvalidShare(IllegalAction):
    """A share above 10,000 hundredths of a percent."""

    says = "a share of {bps} bps"
    bps: int


class InvalidFlags(IllegalAction):
    """Flags that mean nothing, or any without an arbiter."""

    says = "flags {flags:#b}"
    flags: int


class InvalidRulingPeriod(IllegalAction):
    """With an arbiter 1 hour to 180 days, without one 0; in seconds."""

    says = "a ruling period of {ruling_period} seconds"
    ruling_period: int


class FundingTooLate(IllegalAction):
    """At the second `fund_by` funding is over."""

    says = "it is {now}, and funding ended at {fund_by}"
    now: int
    fund_by: int


class TimesOutOfOrder(IllegalAction):
    """`earlier`, with the margin that belongs to it, lies after `later`."""

    says = "{earlier} must not lie after {later}"
    earlier: int
    later: int


class TooFarAhead(IllegalAction):
    """More than ten years from now."""

    says = "{time} lies after {latest}"
    time: int
    latest: int


class NotAShare(InvalidValue):
    """A ruling is a share in hundredths of a percent, and none gives exactly this amount."""

    says = "no share of {held} is {units}: the nearest are {below} and {above}"
    units: int
    held: int
    below: int
    above: int


class OtherTerms(Refused):
    """The payer signed other terms than were offered to it."""

    says = "signed was payment {signed}, offered was {offered}"
    signed: Hash32
    offered: Hash32


class NothingToPay(Refused):
    """Nothing in the agreement is paid by this signer."""

    says = "{payer} pays nothing of this"
    payer: str


class OtherEscrow(Refused):
    """The payment is held by another contract, or on another chain, than this client serves."""

    says = "the payment is held by {found} on chain {found_chain}, not by {expected} on chain {expected_chain}"
    expected: str
    expected_chain: int
    found: str
    found_chain: int
