"""A small payment must be final before the rest may go."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chain import Address, Chain, LocalChain, Signer, Token, address, network
from chain.errors import OutOfRange, TokenMismatch
from chain.finality import Finality
from chain.follower.errors import NotFinal
from chain.preflight import PreflightRefused
from chain.sync.preflight import Preflight

DEEP = replace(network.load("local"), head="latest", final=Finality.confirmations(3))


@pytest.fixture
def shop(funded: Callable[[], Signer]) -> Address:
    return funded().address


@pytest.fixture
def slow() -> Iterator[tuple[LocalChain, Chain]]:
    """An anvil, and the same chain as one reads it who believes a block when two more have followed."""
    with LocalChain.start("anvil") as local, Chain.connect(DEEP, [local.serve()]) as chain:
        yield local, chain


def test_the_small_payment_is_sent_and_the_rest_is_not(
    chain: LocalChain, ann: Signer, shop: Address, usdc: Token
) -> None:
    trial = Preflight(chain).test_payment(ann, shop, usdc("100"), small=usdc("1"))

    assert trial.rest == usdc("99")
    assert trial.receipt.block_number == chain._node.block("latest").number
    assert chain.balance(usdc, shop) == usdc("1001")
    assert chain.balance(usdc, ann.address) == usdc("999")


def test_it_may_be_native_currency(chain: LocalChain, ann: Signer, shop: Address) -> None:
    trial = Preflight(chain).test_payment(ann, shop, chain.native("2"), small=chain.native("0.1"))

    assert trial.rest == chain.native("1.9")
    assert chain.balance(chain.native, shop) == chain.native("10.1")


@pytest.mark.parametrize("small", ["0", "100", "101"])
def test_it_is_a_part_of_the_whole(chain: LocalChain, ann: Signer, shop: Address, usdc: Token, small: str) -> None:
    with pytest.raises(OutOfRange):
        Preflight(chain).test_payment(ann, shop, usdc("100"), small=usdc(small))
    with pytest.raises(TokenMismatch):
        Preflight(chain).test_payment(ann, shop, usdc("100"), small=chain.native("1"))


def test_the_whole_is_checked_before_the_part_is_sent(
    chain: LocalChain, ann: Signer, shop: Address, usdc: Token
) -> None:
    with pytest.raises(PreflightRefused) as raised:
        Preflight(chain).test_payment(ann, shop, usdc("1000.1"), small=usdc("1"))

    assert [each.name for each in raised.value.findings] == ["InsufficientBalance"]
    assert chain.balance(usdc, shop) == usdc("1000")
    Preflight(chain).test_payment(ann, shop, usdc("1000.1"), small=usdc("1"), accept={"InsufficientBalance"})
    assert chain.balance(usdc, shop) == usdc("1001")


@pytest.mark.anvil
def test_the_rest_waits_until_the_small_payment_is_final(slow: tuple[LocalChain, Chain], tmp_path: Path) -> None:
    local, chain = slow
    ann, shop = Signer.generate(), Signer.generate().address
    local.fund(ann.address)
    usdc = chain.token("USDC")

    with Chain.connect(DEEP, [local.serve()], outbox=tmp_path / "outbox.db") as sending:
        preflight = Preflight(sending)
        for _ in range(2):
            with pytest.raises(NotFinal):
                preflight.test_payment(ann, shop, usdc("1000"), small=usdc("1"), key="test", timeout=0.2)
        local.mine(2)
        trial = preflight.test_payment(ann, shop, usdc("1000"), small=usdc("1"), key="test", timeout=5)

    assert trial.rest == usdc("999")
    assert local.balance(usdc, shop) == usdc("1")


@pytest.mark.anvil
def test_a_payee_whose_code_is_newer_than_the_final_block(slow: tuple[LocalChain, Chain]) -> None:
    local, chain = slow
    ann, shop, arbiter = Signer.generate(), address("0x" + "7a7b" * 10), address("0x" + "7b7c" * 10)
    local.fund(ann.address)
    local.fund(shop)
    local.set_code(arbiter, bytes.fromhex("00"))
    local.set_code(shop, bytes.fromhex("00"))
    local.mine(1)
    money = chain.token("USDC")("5")

    def unfinal() -> list[dict[str, str]]:
        report = Preflight(chain).check(ann.address, shop, money, parties=[arbiter])
        return [dict(each.facts) for each in report.findings if each.name == "NotFinalYet"]

    assert unfinal() == [{"party": shop}]
    local.mine(2)
    assert unfinal() == []
