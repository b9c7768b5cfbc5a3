"""A plain transfer asks first: what blocks is not sent, unless the payer takes it by its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from chain import Address, AsyncLocalChain, Chain, LocalChain, Money, Signer, Token
from chain.aio.preflight import AsyncPreflight
from chain.contracts import interface
from chain.errors import NotSent, Reverted
from chain.preflight import RULES, PreflightRefused, Weight
from chain.preflight.silence import SOURCE_SILENT
from chain.refusals import ERC20InsufficientBalance, TokenHasNoCode
from chain.sync.preflight import Preflight
from earnest.testing.contracts import RefusingReceiver, deploy_bad_token, mint
from tests.chain.preflight.refusing import BURNT, Silent, refused, twin
from tests.chain.preflight.worded import TOKEN, contract, says, whether_it_is

PLACE = Address("0x" + "12345678" * 4 + "12345679")


@dataclass
class Case:
    """What is sent to whom, what the preflight is made of, and how it ends once all that was found is accepted."""

    money: Money
    payee: Address
    given: dict[str, Any] = field(default_factory=dict)
    ends: type[Exception] | None = None


Make = Callable[[LocalChain, Signer, Address], Case]


def of_usdc(payee: Callable[[LocalChain, Signer], Address]) -> Make:
    return lambda chain, ann, shop: Case(chain.token("USDC")("5"), payee(chain, ann))


def odd(code: Callable[[Address], dict[str, bytes]], decimals: int = 6) -> Make:
    """A token that answers so."""

    def make(chain: LocalChain, ann: Signer, shop: Address) -> Case:
        chain.set_code(PLACE, contract(TOKEN | code(shop)))
        return Case(Token(address=PLACE, symbol="ODD", decimals=decimals, chain_id=chain.chain_id).units(5), shop)

    return make


def to_a_contract_that_refuses(chain: LocalChain, ann: Signer, shop: Address) -> Case:
    return Case(chain.native("1"), RefusingReceiver(chain, ann, "shop").address, ends=Reverted)


def of_a_token_that_answers_false(chain: LocalChain, ann: Signer, shop: Address) -> Case:
    token = deploy_bad_token(chain, ann, "returns-false")
    mint(chain, ann, token, ann.address, "5")
    return Case(token("5"), shop, ends=Reverted)


def more_than_ann_has(chain: LocalChain, ann: Signer, shop: Address) -> Case:
    return Case(chain.token("USDC")("1000.000001"), shop, ends=ERC20InsufficientBalance)


def all_but_the_fee(chain: LocalChain, ann: Signer, shop: Address) -> Case:
    return Case(chain.native("9.999999999999999999"), shop, ends=NotSent)


def of_a_token_that_is_none(chain: LocalChain, ann: Signer, shop: Address) -> Case:
    return Case(replace(chain.token("USDC"), address=PLACE)("0"), shop, ends=TokenHasNoCode)


def without_an_answer(chain: LocalChain, ann: Signer, shop: Address) -> Case:
    return Case(chain.token("USDC")("5"), shop, {"sources": [Silent()]})


BY_ADDRESS: dict[str, Make] = {
    "LookAlike": of_usdc(lambda chain, ann: twin(ann.address)),
    "BurnAddress": of_usdc(lambda chain, ann: BURNT),
    "TokenAsPayee": of_usdc(lambda chain, ann: chain.token("USDC").address),
    "OwnContractAsPayee": of_usdc(lambda chain, ann: chain.address_of("Escrow")),
    "SelfPayment": of_usdc(lambda chain, ann: ann.address),
}
IN_FULL: dict[str, Make] = {
    "ContractWithoutReceiver": to_a_contract_that_refuses,
    "TokenHasNoCode": of_a_token_that_is_none,
    "WrongDecimals": odd(lambda shop: {}, 18),
    "TokenPaused": odd(lambda shop: {"paused()": says(1)}),
    "DeniedByToken": odd(lambda shop: {"isBlacklisted(address)": whether_it_is(shop)}),
    "InsufficientBalance": more_than_ann_has,
    "FeeNotCovered": all_but_the_fee,
    "WouldRevert": of_a_token_that_answers_false,
    SOURCE_SILENT: without_an_answer,
}


@pytest.fixture
def shop(funded: Callable[[], Signer]) -> Address:
    return funded().address


def test_every_finding_that_blocks_has_a_case() -> None:
    blocking = {rule.name for rule in RULES if rule.weight is Weight.BLOCK}

    assert blocking - {"BadChecksum"} | {SOURCE_SILENT} == BY_ADDRESS.keys() | IN_FULL.keys()


@pytest.mark.parametrize("name", BY_ADDRESS)
def test_addresses_are_looked_at_by_default(chain: LocalChain, ann: Signer, shop: Address, name: str) -> None:
    case = BY_ADDRESS[name](chain, ann, shop)

    assert refused(lambda: chain.transfer(ann, case.money, case.payee)) == [name]
    assert refused(lambda: chain.transfer(ann, chain.native("1"), case.payee)) == [name]
    assert refused(lambda: chain.transfer(ann, case.money, case.payee, accept={"FreshPayee"})) == [name]
    assert chain._node.nonce(ann.address) == 0
    before = chain.balance(case.money.token, case.payee)
    chain.transfer(ann, case.money, case.payee, accept={name})
    assert chain.balance(case.money.token, case.payee) == (before if name == "SelfPayment" else before + case.money)


@pytest.mark.parametrize("name", [*BY_ADDRESS, *IN_FULL])
def test_a_preflight_is_asked_in_full(chain: LocalChain, ann: Signer, shop: Address, name: str) -> None:
    case = (BY_ADDRESS | IN_FULL)[name](chain, ann, shop)
    preflight = Preflight(chain, **case.given)
    used = chain._node.nonce(ann.address)

    assert refused(lambda: chain.transfer(ann, case.money, case.payee, preflight=preflight)) == [name]
    assert chain._node.nonce(ann.address) == used
    if case.ends is None:
        chain.transfer(ann, case.money, case.payee, preflight=preflight, accept=name)
        assert chain._node.nonce(ann.address) == used + 1
    else:
        with pytest.raises(case.ends):
            chain.transfer(ann, case.money, case.payee, preflight=preflight, accept=name)


def test_what_is_found_in_full_is_not_looked_for_by_default(chain: LocalChain, ann: Signer, shop: Address) -> None:
    case = IN_FULL["TokenPaused"](chain, ann, shop)

    assert chain.transfer(ann, case.money, case.payee).block_number == chain._node.block("latest").number


def test_whom_the_payer_trusts_is_no_imitation(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    shop = twin(ann.address)
    preflight = Preflight(chain, known=[shop])

    chain.transfer(ann, usdc("5"), shop, preflight=preflight)
    preflight.test_payment(ann, shop, usdc("5"), small=usdc("1"))

    assert chain.balance(usdc, shop) == usdc("6")


@pytest.fixture
def sending(chain: LocalChain, tmp_path: Path) -> Iterator[Chain]:
    """The same chain through an outbox."""
    with Chain.connect("local", [chain.serve()], outbox=tmp_path / "outbox.db") as connected:
        yield connected


@pytest.fixture(params=["eth-tester"])
def one_chain(request: pytest.FixtureRequest) -> Iterator[LocalChain]:
    """Of its own, since it is served."""
    with Chain.local(request.param) as chain:
        yield chain


def test_a_repeat_under_one_key_is_not_asked_again(
    chain: LocalChain, sending: Chain, ann: Signer, shop: Address, usdc: Token
) -> None:
    preflight, everything = Preflight(sending), usdc("1000")

    paid = [sending.transfer(ann, everything, shop, key="rent", preflight=preflight) for _ in range(2)]
    burnt = sending.transfer(ann, chain.native("1"), BURNT, key="burnt", accept="BurnAddress")

    assert paid[0] == paid[1]
    assert sending.transfer(ann, chain.native("1"), BURNT, key="burnt") == burnt
    assert refused(lambda: sending.transfer(ann, chain.native("1"), BURNT, key="another")) == ["BurnAddress"]
    assert sending.outbox is not None
    assert not sending.outbox.knows("another")


def test_a_key_whose_first_try_was_refused_is_asked_again(
    chain: LocalChain, sending: Chain, ann: Signer, usdc: Token
) -> None:
    assert sending.outbox is not None
    too_much = interface("ERC20").function("transfer", 2).call_data([BURNT, usdc("1001").units])
    sending.outbox.submit(ann, "rent", usdc.address, too_much)
    sending.outbox.step()
    assert sending.outbox.entry("rent").stage == "refused"
    chain.send(ann, "TestToken", "mint", ann.address, usdc("1").units)

    assert refused(lambda: sending.transfer(ann, usdc("1001"), BURNT, key="rent")) == ["BurnAddress"]
    assert sending.outbox.entry("rent").stage == "refused"


async def test_the_client_for_asyncio_asks_too() -> None:
    async with await AsyncLocalChain.start("eth-tester") as chain:
        ann, shop = Signer.generate(), Signer.generate().address
        await chain.fund(ann.address)
        usdc, preflight = await chain.token("USDC"), AsyncPreflight(chain, weights={"FreshPayee": "block"})

        for asked, payee in ((None, BURNT), (preflight, shop)):
            with pytest.raises(PreflightRefused):
                await chain.transfer(ann, usdc("5"), payee, preflight=asked)
        assert await chain._node.nonce(ann.address) == 0
        await chain.transfer(ann, usdc("5"), shop, preflight=preflight, accept="FreshPayee")
        assert await chain.balance(usdc, shop) == usdc("5")
