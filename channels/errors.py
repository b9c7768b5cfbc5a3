"""What can go wrong in a channel; leaves of the contract's errors have its names, and its facts in its order.

    IllegalAction
        NotPayee  InvalidSigner  InvalidPeriod  DepositTooLarge  AlreadyOpen  NotOpen  NoEpochLeft
        TakeTooLarge  NotClosing  WindowOver  WindowNotOver
        TooManyPromises  PromisesOutOfOrder  PromiseExpired  NothingRecorded
        NothingReserved  ReserveOver  ReserveNotOver  AllowanceIsNoAuthorization
    InvalidMessage
        AmountNotIncreasing  AmountExceedsDeposit  WrongEpoch  WrongChannel  WrongPromises  PromiseDropped
        NothingToCorrect
    Refused
        ChannelClosing  DepositNotFinal  NotEnough  KeyReused  DeliveryRefunded  RefundTooLarge  TokenRefused
        WindowTooShort  UnknownLane  UnknownDelivery  OnlyGuessed
    ChainError
        ChainWentBack

The contracts' other errors are shared with the escrow: `chain.refusals`, and `chain.errors.InvalidSignature`; those of
promises off chain are in `channels.promise_errors`, of two-way channels alone in `channels.duplex.errors`, the stores'
in `channels.stores.errors`.
"""

from chain.errors import ChainError, IllegalAction, InvalidMessage, Refused
from chain.units import Address


class NotPayee(IllegalAction):
    """Only the channel's payee may do this."""

    says = "{caller} is not the payee {payee}"
    caller: Address
    payee: Address


class InvalidSigner(IllegalAction):
    """Nobody can sign for the zero address."""

    says = "{signer} can't sign vouchers"
    signer: Address


class InvalidPeriod(IllegalAction):
    """The window or the promise window, in seconds, is out of bounds."""

    says = "a period of {period} s is not between {shortest} and {longest} s"
    period: int
    shortest: int
    longest: int


class DepositTooLarge(IllegalAction):
    """The deposits of one epoch fit 96 bits."""

    says = "a deposit of {deposit} is above {largest}"
    deposit: int
    largest: int


class AlreadyOpen(IllegalAction):
    """A deposit is added to an open channel by a top-up."""

    says = "the channel is open already"
    channel_id: bytes


class NotOpen(IllegalAction):
    """The channel has no deposit: never opened, or ended."""

    says = "the channel is not open"
    channel_id: bytes


class NoEpochLeft(IllegalAction):
    """This descriptor has been opened 2**31 - 1 times; another salt makes a new one."""

    says = "the channel has no epoch left"
    channel_id: bytes


class TakeTooLarge(IllegalAction):
    """The payee may take at most what its voucher says and the deposit covers."""

    says = "{take} is more than the {covered} that the voucher and the deposit cover"
    take: int
    covered: int


class NotClosing(IllegalAction):
    """Nobody has asked for the close."""

    says = "the channel is not closing"
    channel_id: bytes


class WindowOver(IllegalAction):
    """From `closes_at` on, the payee can't claim or close."""

    says = "it is {now}, the window was over at {closes_at}"
    now: int
    closes_at: int


class WindowNotOver(IllegalAction):
    """Before `closes_at`, the rest of the deposit can't be withdrawn."""

    says = "it is {now}, the window is over at {closes_at}"
    now: int
    closes_at: int


class TooManyPromises(IllegalAction):
    """A list is looked through in one transaction, so it is short."""

    says = "{number} promises are more than {most}"
    number: int
    most: int


class PromisesOutOfOrder(IllegalAction):
    """The promises' hashes rise strictly, so that none counts twice; `position` is the first that does not."""

    says = "the hash at position {position} is not above the one before"
    position: int


class PromiseExpired(IllegalAction):
    """Proof counts before a promise's expiry only; at that second it has passed."""

    says = "it is {now}, the promise expired at {expiry}"
    now: int
    expiry: int


class NothingRecorded(IllegalAction):
    """The condition says no more than is recorded already."""

    says = "the condition releases {released}, {recorded} are recorded"
    subject: bytes
    released: int
    recorded: int


class NothingReserved(IllegalAction):
    """Nothing waits for promises of this epoch."""

    says = "nothing is reserved for epoch {epoch}"
    channel_id: bytes
    epoch: int


class ReserveOver(IllegalAction):
    """What was reserved for promises is the funder's again."""

    says = "it is {now}, the reserve was over at {until}"
    now: int
    until: int


class ReserveNotOver(IllegalAction):
    """What is reserved for promises can still be claimed."""

    says = "it is {now}, the reserve is over at {until}"
    now: int
    until: int


class AllowanceIsNoAuthorization(IllegalAction):
    """An allowance names no channel, so only its owner's own call may use it."""

    says = "an allowance can't open a channel for somebody else"


class AmountNotIncreasing(InvalidMessage):
    """A voucher must be worth more than what is settled already."""

    says = "a voucher worth {covered} adds nothing to the {settled} settled"
    covered: int
    settled: int


class AmountExceedsDeposit(InvalidMessage):
    """The chain would pay the deposit and no more."""

    says = "a voucher for {cumulative_amount} is above the deposit of {deposit}"
    cumulative_amount: int
    deposit: int


class WrongEpoch(InvalidMessage):
    """A voucher counts in the epoch that it names and in no other."""

    says = "epoch {epoch} is not the current one, {current}"
    epoch: int
    current: int


class WrongChannel(InvalidMessage):
    """A voucher counts for the channel that it names and for no other."""

    says = "the voucher is of another channel"
    channel_id: bytes
    expected: bytes


class WrongPromises(InvalidMessage):
    """This is not what the signed hash of its promises stands for."""

    says = "these are not the promises that were signed"
    promises: bytes
    expected: bytes


class PromiseDropped(InvalidMessage):
    """The voucher leaves out a promise that can still come to something; so many base units are missing."""

    says = "the voucher drops a promise, and is {missing} short of what it can come to"
    promise_hash: bytes
    missing: int


class NothingToCorrect(InvalidMessage):
    """The payee showed no newer voucher than this store has, so its refusal has another reason."""

    says = "the payee shows a voucher for {shown}, and {promised} is promised here"
    shown: int
    promised: int


class OnlyGuessed(Refused):
    """The next voucher would promise for good what nobody has shown to be promised; in base units."""

    says = "{promised} may have been promised, and only {settled} are settled: correct it by the payee's newest voucher"
    promised: int
    settled: int


class ChannelClosing(Refused):
    """The close has been requested; `closes_at` is zero where the payee itself is ending the channel."""

    says = "the channel is closing, at {closes_at}"
    channel_id: bytes
    closes_at: int


class DepositNotFinal(Refused):
    """The deposit that would cover it is in a block that may still be undone; all in base units."""

    says = "a voucher for {cumulative_amount} is above the final deposit of {deposit}; {pending} more are not final yet"
    retryable = True
    cumulative_amount: int
    deposit: int
    pending: int


class UnknownDelivery(Refused):
    """Nothing was delivered for this key."""

    says = "nothing was delivered for key {key!r}"
    key: str


class NotEnough(Refused):
    """What was accepted and not yet delivered doesn't cover the price, in base units."""

    says = "{price} is more than the {left} left"
    price: int
    left: int


class KeyReused(Refused):
    """The key stands for another delivery: one key, one delivery, one price in base units."""

    says = "key {key!r} was used for {delivered}, not {price}"
    key: str
    price: int
    delivered: int


class DeliveryRefunded(Refused):
    """The whole price of this delivery, in base units, was given back: a new delivery needs a new key."""

    says = "key {key!r} was delivered for {price}, and all of it was refunded"
    key: str
    price: int


class RefundTooLarge(Refused):
    """No more of a delivery is given back than it cost, in base units."""

    says = "key {key!r} was delivered for {price}: {refund} can't be refunded of it"
    key: str
    price: int
    refund: int


class TokenRefused(Refused):
    """The payee doesn't take this token."""

    says = "token {token} is not taken here"
    token: Address


class WindowTooShort(Refused):
    """The payee could miss a close; both in seconds."""

    says = "a window of {window} s is shorter than the {shortest} s asked for"
    window: int
    shortest: int


class UnknownLane(Refused):
    """The store has nothing of this channel."""

    says = "no such channel in this store"
    channel_id: bytes


class ChainWentBack(ChainError):
    """The node shows an earlier epoch than was seen before: it lags, or the chain was undone."""

    says = "the node shows epoch {epoch}, {known} was seen before"
    retryable = True
    epoch: int
    known: int
