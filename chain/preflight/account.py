"""What the chain tells about the payee, and about contracts that the payment counts on."""

from collections.abc import Mapping
from dataclasses import dataclass

from chain.preflight.payment import PlannedPayment
from chain.preflight.rule import Facts, block, note, rules_in, warn
from chain.units import Address

_DELEGATION = bytes.fromhex("ef0100")
"""What the code of an account begins with that has delegated itself, an address following (EIP-7702)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """The payee in the newest block; `native` in wei, `units` of the payment's token.

    `takes_native` is a simulation's answer, None where there was nothing to ask. `code` and `final_code` are of every
    party, in the newest and in the final block.
    """

    payment: PlannedPayment
    transactions: int
    native: int
    units: int
    takes_native: bool | None
    code: Mapping[Address, bytes]
    final_code: Mapping[Address, bytes]

    @property
    def payee_code(self) -> bytes:
        """Empty where no contract lives."""
        return self.code[self.payment.payee]

    @property
    def is_delegated(self) -> bool:
        """Whether it is a key's account that runs other code."""
        return self.payee_code.startswith(_DELEGATION)


@block("{payee} is a contract that takes no native currency: it reverts when it is sent some")
def contract_without_receiver(account: Account) -> Facts | None:
    """Native currency for a contract that refuses it."""
    return {"payee": account.payment.payee} if account.takes_native is False else None


@note("{payee} is a contract: be sure that it can send tokens on, or they stay there")
def contract_as_payee(account: Account) -> Facts | None:
    """A token for a contract, which is never asked whether it wants it."""
    if not account.payee_code or account.is_delegated or account.payment.money.token.is_native:
        return None
    return {"payee": account.payment.payee}


@warn("{payee} is an account that runs the code of {delegate}, which may send on what comes in")
def delegated_account(account: Account) -> Facts | None:
    """A key's account with delegated code (EIP-7702); stolen keys' accounts are often delegated to a sweeper."""
    if not account.is_delegated:
        return None
    return {"payee": account.payment.payee, "delegate": "0x" + account.payee_code[3:].hex()}


@warn("{payee} has never sent anything and has nothing: a wrong address would look the same")
def fresh_payee(account: Account) -> Facts | None:
    """No transaction, no code, no balance."""
    unused = account.transactions == 0 and not account.payee_code and not account.native and not account.units
    return {"payee": account.payment.payee} if unused else None


@note("{payee} has sent {transactions} transactions and has nothing now")
def empty_payee(account: Account) -> Facts | None:
    """A used account that holds neither native currency nor the token."""
    if account.payee_code or not account.transactions or account.native or account.units:
        return None
    return {"payee": account.payment.payee, "transactions": account.transactions}


@warn("the code of {party} is not final yet: a reorganisation could put other code there, or none")
def not_final_yet(account: Account) -> Facts | None:
    """A payee's or an arbiter's contract is newer than the final block."""
    newer = (party for party, code in account.code.items() if code and account.final_code[party] != code)
    return next(({"party": party} for party in newer), None)


RULES = rules_in(globals())
