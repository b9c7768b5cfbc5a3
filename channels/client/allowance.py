"""What must be true before a contract can take a payer's money."""

from typing import TYPE_CHECKING

from chain.money import Money
from chain.refusals import ERC20InsufficientBalance
from chain.signer import Signer
from chain.units import Address

if TYPE_CHECKING:
    from chain.sync.chain import Chain


def provide(chain: "Chain", signer: Signer, money: Money, spender: Address) -> None:
    """Approves exactly what `spender` may not take yet; the native currency needs no approval.

    Raises `ERC20InsufficientBalance`, nothing sent.
    """
    token, owner = money.token, signer.address
    balance = chain.balance(token, owner, as_of="latest")
    if balance < money:
        raise ERC20InsufficientBalance(owner, balance.units, money.units)
    if token.is_native:
        return
    allowance = chain.allowance(token, owner, spender, as_of="latest")
    if allowance >= money.units:
        return
    if allowance:  # Some tokens, as USDT, change an allowance only from or to zero.
        chain.approve(signer, token.units(0), spender)
    chain.approve(signer, money, spender)
