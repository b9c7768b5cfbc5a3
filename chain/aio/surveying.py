"""What the checks before a payment read from the chain, all in the newest block."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chain.aio.asked_token import AsyncAskedToken
from chain.contracts import ERC20, interface
from chain.errors import IllegalAction, NodeRefused, OtherChain, Reverted
from chain.preflight.account import Account
from chain.preflight.fees import Fees
from chain.preflight.means import Means
from chain.preflight.payment import PlannedPayment
from chain.preflight.thresholds import Thresholds
from chain.preflight.token import TokenState
from chain.units import NOBODY, Address

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain
    from chain.money import Money

_FAILS = (IllegalAction, Reverted, NodeRefused)
_BLOCKS = 100


class AsyncSurvey:
    """One payment's; what was read for one group of findings is not read again for another. Raises `ChainError`."""

    def __init__(self, chain: "AsyncChain", payment: PlannedPayment) -> None:
        token = payment.money.token
        if token.chain_id != chain.chain_id:
            raise OtherChain(token.symbol, token.chain_id, chain.chain_id)
        self._chain, self._payment = chain, payment
        self._node = chain._node  # noqa: SLF001  # the chain's face has no way to ask what only a check wants
        self._token = AsyncAskedToken(chain, token)
        self._gas: int | None = None
        self._refused = False

    async def token(self) -> TokenState | None:
        """None for the native currency."""
        parties = (self._payment.payer, self._payment.payee, self._payment.spender)
        return await self._token.state([party for party in parties if party is not None])

    async def means(self) -> Means | None:
        """The very transaction is simulated where the payer has what it needs; None without a payer."""
        payment = self._payment
        if payment.payer is None:
            return None
        native, units = await self._balances(payment.payer)
        means = Means(
            payment=payment,
            units=units,
            native=native,
            allowance=None if payment.spender is None else await self._token.allowance(payment.payer, payment.spender),
        )
        if not (means.covers_amount and means.covers_allowance):
            return means
        return await self._simulated(means, payment.payer)

    async def account(self) -> Account:
        """After `means`, whose simulation tells whether a contract takes native currency."""
        payment, chain = self._payment, self._chain
        native, units = await self._balances(payment.payee)
        code = {party: await chain.code(party, as_of="latest") for party in payment.named}
        return Account(
            payment=payment,
            transactions=await self._node.nonce(payment.payee),
            native=native,
            units=units,
            takes_native=await self._takes_native(code[payment.payee]),
            code=code,
            final_code={party: await chain.code(party) for party, found in code.items() if found},
        )

    async def fees(self, native_price: "Money | None", thresholds: Thresholds) -> Fees:
        """After `means`, whose simulation tells the gas."""
        base_fees = await self._base_fees()
        price = await self._node.tip() + (base_fees[-1] if base_fees else 0)
        return Fees(
            payment=self._payment,
            fee=None if self._gas is None else self._gas * price,
            base_fees=base_fees,
            native_price=native_price,
            native_decimals=self._chain.native.decimals,
            thresholds=thresholds,
        )

    async def _simulated(self, means: Means, payer: Address) -> Means:
        body = self._transaction(payer)
        try:
            self._gas = await self._node.gas(body, self._chain.network.head)
            await self._token.require_true(body if self._payment.call is None else None)
        except _FAILS as error:
            self._refused = True
            if await self._is_plain_native_to_a_contract():
                return means  # It is the payee that refuses, which is a finding of its own.
            return means.failing(f"{type(error).__name__}: {error}")
        return means.costing(self._gas, await self._node.tip(), (await self._node.block("latest")).base_fee)

    async def _is_plain_native_to_a_contract(self) -> bool:
        payment = self._payment
        if payment.call or not payment.money.token.is_native:
            return False
        return bool(await self._chain.code(payment.payee, as_of="latest"))

    def _transaction(self, payer: Address) -> Mapping[str, Any]:
        payment = self._payment
        if call := payment.call:
            return {"from": payer, "to": call.to, "data": call.data, "value": call.value}
        if payment.money.token.is_native:
            return {"from": payer, "to": payment.payee, "data": b"", "value": payment.money.units}
        data = interface(ERC20).function("transfer", 2).call_data([payment.payee, payment.money.units])
        return {"from": payer, "to": payment.money.token.address, "data": data, "value": 0}

    async def _takes_native(self, code: bytes) -> bool | None:
        """By what the simulation said of a plain payment; else whether the payee takes a call that brings nothing."""
        payment = self._payment
        if not code or not payment.money.token.is_native:
            return None
        if payment.call is None and (self._refused or self._gas is not None):
            return not self._refused
        caller = payment.call.to if payment.call else NOBODY
        try:
            await self._node.call({"from": caller, "to": payment.payee, "data": b""}, self._chain.network.head)
        except _FAILS:
            return False
        return True

    async def _balances(self, owner: Address) -> tuple[int, int]:
        """In wei, and in the payment's token."""
        native = int((await self._chain.balance(self._chain.native, owner, as_of="latest")).units)
        return native, native if self._payment.money.token.is_native else await self._token.balance(owner)

    async def _base_fees(self) -> tuple[int, ...]:
        """Empty where the node doesn't tell (EIP-1559's `eth_feeHistory`)."""
        try:
            history = await self._node.ask("eth_feeHistory", hex(_BLOCKS), "latest", [])
            return tuple(int(fee, 16) for fee in history["baseFeePerGas"])
        except (NodeRefused, KeyError, TypeError, ValueError):
            return ()
