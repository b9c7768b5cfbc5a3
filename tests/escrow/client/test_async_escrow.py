import asyncio
import inspect
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from chain import AsyncLocalChain, Signer
from escrow import AsyncEscrow, Escrow, Holding, Terms
from escrow.errors import NothingToMove

Story = Callable[[AsyncLocalChain], Awaitable[None]]
BACKENDS = pytest.mark.parametrize("backend", ["eth-tester", pytest.param("anvil", marks=pytest.mark.anvil)])


def _run(backend: Any, story: Story) -> None:
    async def told() -> None:
        async with await AsyncLocalChain.start(backend) as chain:
            await story(chain)

    asyncio.run(told())


@BACKENDS
def test_a_whole_life_in_asyncio(backend: Any, signers: dict[str, Signer]) -> None:
    async def story(chain: AsyncLocalChain) -> None:
        usdc, payer, payee = await chain.token("USDC"), signers["payer"], signers["payee"]
        for signer in (payer, payee):
            await chain.fund(signer.address)
        terms = Terms.purchase(
            payer=payer.address,
            payee=payee.address,
            amount=usdc("120"),
            arbiter=signers["arbiter"].address,
            expiry=await chain.after(days=14),
            ruling_period=timedelta(days=7),
            if_expired="payee",
            if_arbiter_silent="payer",
        )
        ann, shop = AsyncEscrow(chain, payer), AsyncEscrow(chain, payee)

        payment = await ann.authorize(terms)
        payment = await ann.release(payment, up_to=usdc("40"))
        with pytest.raises(NothingToMove):
            await ann.release(payment, up_to=usdc("40"))
        payment = await shop.refund(payment, up_to=usdc("5"))
        await chain.travel(to=terms.authorization_expiry)
        payment = await shop.expire(payment)

        assert payment.holding == Holding(refundable=usdc("115").units, used=True)
        assert payment == await ann.show(terms)
        assert (await chain.balance(usdc, payee.address)) == usdc("1115")

    _run(backend, story)


def test_authorizations_at_the_same_time_do_not_take_each_others_allowance(signers: dict[str, Signer]) -> None:
    async def story(chain: AsyncLocalChain) -> None:
        usdc, payer = await chain.token("USDC"), signers["payer"]
        await chain.fund(payer.address)
        expiry = await chain.after(days=1)
        client = AsyncEscrow(chain, payer)
        parties: dict[str, Any] = {"payer": payer.address, "payee": signers["payee"].address}
        offers = [
            Terms.card(
                **parties,
                operator=signers["operator"].address,
                amount=usdc(str(amount)),
                expiry=expiry,
                if_expired="payer",
            )
            for amount in (1, 20, 300)
        ]

        payments = await asyncio.gather(*(client.authorize(terms) for terms in offers))

        assert [payment.holding.held for payment in payments] == [terms.amount for terms in offers]

    _run("eth-tester", story)


def test_both_clients_have_the_same_verbs_and_arguments() -> None:
    def verbs(client: type) -> dict[str, list[str]]:
        functions = inspect.getmembers(client, inspect.isfunction)
        return {name: list(inspect.signature(function).parameters) for name, function in functions}

    assert verbs(AsyncEscrow) == verbs(Escrow)
