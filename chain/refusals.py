"""What every contract of ours, and the tokens they move, may refuse; the rest is with `escrow` and `channels`."""

from chain.errors import IllegalAction
from chain.units import Address, Hash32


class WrongValue(IllegalAction):
    """Native money must come as exactly the amount, and none with a token."""

    says = "{sent} wei were sent, {expected} are due"
    sent: int
    expected: int


class TokenHasNoCode(IllegalAction):
    """Nothing lives at the token's address."""

    says = "{token} is no contract"
    token: Address


class InexactTransfer(IllegalAction):
    """The token moved another amount than was asked for: it takes a fee, or rebases."""

    says = "{token} moved {received} instead of {expected}"
    token: Address
    received: int
    expected: int


class NotEnoughGas(IllegalAction):
    """With less gas a push of money would fail for want of it, so the whole transaction is refused."""

    says = "{left} gas is left, {needed} are needed"
    left: int
    needed: int


class NoCredit(IllegalAction):
    """Nothing waits for this owner."""

    says = "{owner} has no credit in {token}"
    token: Address
    owner: Address


class PushFailed(IllegalAction):
    """The receiver, or the token, refuses the credit too; it stays."""

    says = "{to} can't receive {amount} of {token}"
    token: Address
    to: Address
    amount: int


class InvalidRecipient(IllegalAction):
    """Nobody, or the contract itself, can't receive money."""

    says = "{to} can't be a recipient"
    to: Address


class NotPayer(IllegalAction):
    """Only the payer may do this."""

    says = "{caller} is not the payer {payer}"
    caller: Address
    payer: Address


class InvalidAmount(IllegalAction):
    """Nothing, or more than may be held at once."""

    says = "not an amount that can be held"


class InvalidPayee(IllegalAction):
    """Nobody, the payer or the contract itself can't be paid."""

    says = "{payee} can't be the payee"
    payee: Address


class Reentrancy(IllegalAction):
    """A token or a receiver called back into the contract."""

    says = "a contract called back while money moved"


class SafeERC20FailedOperation(IllegalAction):
    """The token answered false, or nothing that can be read."""

    says = "token {token} refused"
    token: Address


class ERC20InsufficientBalance(IllegalAction):
    """The owner has less than the transfer needs (ERC-6093)."""

    says = "{sender} has {balance}, {needed} are needed"
    sender: Address
    balance: int
    needed: int


class ERC20InsufficientAllowance(IllegalAction):
    """The spender may not take that much (ERC-6093)."""

    says = "{spender} may spend {allowance}, {needed} are needed"
    spender: Address
    allowance: int
    needed: int


class ERC3009InvalidSignature(IllegalAction):
    """The token does not take the authorization as its payer's."""

    says = "the payer did not sign this authorization"


class ERC3009InvalidAuthorizationTime(IllegalAction):
    """The authorization counts only between its two times."""

    says = "the authorization counts after {valid_after} and before {valid_before}"
    valid_after: int
    valid_before: int


class ERC3009UsedAuthorization(IllegalAction):
    """The authorization was used, or cancelled, before."""

    says = "{authorizer} used or cancelled authorization {nonce} before"
    authorizer: Address
    nonce: Hash32


class SafeCastOverflowedUintDowncast(IllegalAction):
    """An amount that the contract's slot can't hold."""

    says = "{value} does not fit uint{bits}"
    bits: int
    value: int


class DeadlinePassed(IllegalAction):
    """A consent counts before its deadline only; at that second it has passed."""

    says = "it is {now}, and the consent counted until {deadline}"
    now: int
    deadline: int


class WrongConditionData(IllegalAction):
    """These are not the data of the condition that was agreed."""

    says = "the data's hash is not the one that was agreed"
    data_hash: Hash32
    condition_hash: Hash32


class NotEnoughGasForCondition(IllegalAction):
    """The transaction's gas can't carry the condition's call: with less it might fail for want of gas."""

    says = "{left} gas left, {needed} needed for the condition"
    left: int
    needed: int
