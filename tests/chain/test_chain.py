from collections.abc import Callable
from dataclasses import replace

import pytest
from eth_abi.abi import encode

from chain import NOBODY, Address, LocalChain, Signer, Token, address
from chain.abi import NoSuchMember
from chain.artifact import ArtifactMissing
from chain.errors import Malformed, NotAnAddress, NotSent, OtherChain, OutOfRange, Reverted, UnknownToken
from chain.refusals import TokenHasNoCode
from chain.units import MAX_AMOUNT

# Answers 32 bytes of zero to everything: a token that refuses by "false".
FALSE = bytes.fromhex("5f5f5260205ff3")
# Answers nothing and takes everything, as tokens from before the standard do.
SILENT = bytes.fromhex("00")
ELSEWHERE = address("0x" + "77" * 19 + "78")
SHOP = address("0x" + "55" * 19 + "56")


def test_a_chain_knows_itself(chain: LocalChain) -> None:
    assert chain.chain_id == 31337 == int(chain._node.ask("eth_chainId"), 16)
    assert chain.network.name == "local"
    assert chain.native == Token(address=NOBODY, symbol="ETH", decimals=18, chain_id=31337)
    assert chain.native.is_native
    assert repr(chain) == "LocalChain(local, 31337)"


def test_the_domain_is_the_one_that_the_contract_hashes(chain: LocalChain) -> None:
    for contract in ("Escrow", "VoucherChannels"):
        _, name, version, chain_id, place, *_ = chain.call(contract, "eip712Domain")

        assert (name, version, chain_id, place) == ("Earnest", "1", chain.chain_id, chain.address_of(contract))
        assert chain.domain(contract).contract == place
        assert chain.domain(contract).chain_id == chain_id


def test_a_token_is_found_by_its_symbol_and_by_its_address(chain: LocalChain) -> None:
    usdc = chain.token("USDC")

    assert (usdc.symbol, usdc.decimals, usdc.chain_id) == ("USDC", 6, 31337)
    assert usdc.address == chain.address_of("TestToken")
    assert chain.token(usdc.address) == chain.token(usdc.address.lower()) == usdc
    assert chain.token(NOBODY) == chain.native
    assert not usdc.is_native


@pytest.mark.parametrize(
    ("name", "why"), [("DOGE", "USDC"), ("usdc", "USDC"), (ELSEWHERE, "no contract"), ("", "USDC")]
)
def test_an_unknown_token_is_told_why(chain: LocalChain, name: str, why: str) -> None:
    with pytest.raises(UnknownToken, match=why) as caught:
        chain.token(name)

    assert caught.value.token == name


@pytest.mark.parametrize("code", [FALSE, SILENT, bytes.fromhex("5f5ffd")], ids=["zeros", "nothing", "reverts"])
def test_a_contract_that_is_no_token_is_unknown(chain: LocalChain, code: bytes) -> None:
    chain.set_code(ELSEWHERE, code)

    with pytest.raises(UnknownToken):
        chain.token(ELSEWHERE)


@pytest.mark.parametrize("symbol", ["", "US\nDC", "USDC\u202e", "\x1b[2J", "U" * 33])
def test_a_token_whose_name_could_deceive_is_unknown(chain: LocalChain, symbol: str) -> None:
    answer = encode(["string"], [symbol])
    chain.set_code(ELSEWHERE, bytes.fromhex(f"61{len(answer):04x}600c5f3961{len(answer):04x}5ff3") + answer)

    with pytest.raises(UnknownToken, match="symbol"):
        chain.token(ELSEWHERE)


def test_money_moves(chain: LocalChain, funded: Callable[[], Signer], usdc: Token) -> None:
    ann, shop = funded(), funded()
    receipt = chain.transfer(ann, usdc("12.5"), shop.address)
    native = chain.transfer(shop, chain.native("1"), ann.address)

    assert chain.balance(usdc, ann.address) == usdc("987.5")
    assert chain.balance(usdc, shop.address) == usdc("1012.5")
    assert receipt.event("Transfer").args["value"] == 12_500_000
    assert chain.balance(chain.native, ann.address) == chain.native("11") - receipt.fee
    assert chain.balance(chain.native, shop.address) == chain.native("9") - native.fee


def test_an_allowance_is_an_amount_or_without_a_limit(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    spender = chain.address_of("Escrow")
    assert chain.allowance(usdc, ann.address, spender) == 0

    chain.approve(ann, usdc("3"), spender)
    assert chain.allowance(usdc, ann.address, spender) == 3_000_000

    chain.approve(ann, usdc, spender)
    assert chain.allowance(usdc, ann.address, spender) == 2**256 - 1 > MAX_AMOUNT


def test_more_than_one_has_is_not_sent(chain: LocalChain, ann: Signer) -> None:
    with pytest.raises(NotSent) as caught:
        chain.transfer(ann, chain.native("11"), ELSEWHERE)

    assert caught.value.account == ann.address
    assert chain._node.nonce(ann.address) == 0


def test_a_token_that_answers_false_is_refused_before_anything_is_sent(chain: LocalChain, ann: Signer) -> None:
    chain.set_code(ELSEWHERE, FALSE)
    liar = Token(address=ELSEWHERE, symbol="LIE", decimals=6, chain_id=chain.chain_id)

    with pytest.raises(Reverted, match="answers false"):
        chain.transfer(ann, liar("1"), SHOP)
    with pytest.raises(Reverted, match="answers false"):
        chain.approve(ann, liar, NOBODY)
    assert chain._node.nonce(ann.address) == 0


def test_a_token_without_code_is_refused_before_anything_is_sent(chain: LocalChain, ann: Signer) -> None:
    nothing = Token(address=ELSEWHERE, symbol="NIL", decimals=6, chain_id=chain.chain_id)

    with pytest.raises(TokenHasNoCode):
        chain.transfer(ann, nothing("1"), SHOP)
    with pytest.raises(TokenHasNoCode):
        chain.approve(ann, chain.native, ELSEWHERE)
    assert chain._node.nonce(ann.address) == 0


def test_money_of_another_chain_is_refused(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    other = replace(usdc, chain_id=1)
    attempts: list[Callable[[], object]] = [
        lambda: chain.balance(other, ann.address),
        lambda: chain.allowance(other, ann.address, ELSEWHERE),
        lambda: chain.approve(ann, other, ELSEWHERE),
        lambda: chain.transfer(ann, other("1"), ELSEWHERE),
        lambda: chain.transfer(ann, replace(chain.native, chain_id=1)("1"), ELSEWHERE),
    ]
    for attempt in attempts:
        with pytest.raises(OtherChain):
            attempt()


def test_a_token_that_answers_nothing_is_taken_at_its_silence(chain: LocalChain, ann: Signer) -> None:
    chain.set_code(ELSEWHERE, SILENT)
    old = Token(address=ELSEWHERE, symbol="OLD", decimals=6, chain_id=chain.chain_id)

    assert chain.transfer(ann, old("1"), SHOP).block_number == chain._node.block("latest").number


def test_calls_and_transactions_reach_contracts_elsewhere(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    assert chain.call("ERC20", "symbol", at=usdc.address, as_of="latest") == "USDC"
    receipt = chain.send(ann, "ERC20", "transfer", ELSEWHERE, 5, at=usdc.address)

    assert receipt.event("Transfer").contract == "ERC20"
    assert chain.call("TestToken", "balanceOf", ELSEWHERE) == 5


def test_a_value_in_wei_comes_along(chain: LocalChain, ann: Signer) -> None:
    chain.set_code(ELSEWHERE, SILENT)
    chain.send(ann, "ERC20", "transfer", ELSEWHERE, 5, at=ELSEWHERE, value=9)

    assert chain.balance(chain.native, ELSEWHERE).units == 9


def test_a_wrong_checksum_is_refused_everywhere(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    wrong = Address(usdc.address.swapcase().replace("0X", "0x"))
    attempts: list[Callable[[], object]] = [
        lambda: chain.token(wrong),
        lambda: chain.balance(usdc, wrong),
        lambda: chain.balance(chain.native, wrong),
        lambda: chain.allowance(usdc, wrong, ann.address),
        lambda: chain.allowance(usdc, ann.address, wrong),
        lambda: chain.approve(ann, usdc, wrong),
        lambda: chain.transfer(ann, usdc("1"), wrong),
        lambda: chain.transfer(ann, chain.native("1"), wrong),
        lambda: chain.call("ERC20", "symbol", at=wrong),
        lambda: chain.send(ann, "ERC20", "transfer", ann.address, 1, at=wrong),
        lambda: chain.events("ERC20", at=wrong),
        lambda: chain.call("TestToken", "balanceOf", wrong),
        lambda: chain.send(ann, "TestToken", "mint", wrong, 1),
        lambda: chain.fund(wrong),
    ]
    for attempt in attempts:
        with pytest.raises(NotAnAddress):
            attempt()


@pytest.mark.parametrize("value", [-1, 2**96, 1.0])
def test_a_value_is_a_number_of_wei(chain: LocalChain, ann: Signer, value: int) -> None:
    with pytest.raises(OutOfRange):
        chain.send(ann, "TestToken", "mint", ann.address, 1, value=value)


def test_names_that_nobody_has_are_errors(chain: LocalChain, ann: Signer) -> None:
    with pytest.raises(ArtifactMissing):
        chain.call("Escroww", "credits")
    with pytest.raises(NoSuchMember):
        chain.call("Escrow", "captur", 1)
    with pytest.raises(Malformed):
        chain.send(ann, "TestToken", "mint", ann.address, -1)


def test_events_are_read_in_order_from_a_block_on(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    receipts = [chain.send(ann, "TestToken", "mint", ann.address, amount) for amount in (1, 2, 3)]
    chain.approve(ann, usdc("1"), ELSEWHERE)
    start = receipts[1].block_number

    found = chain.events("TestToken", from_block=start)
    assert [(event.name, event.args["value"]) for event in found] == [
        ("Transfer", 2),
        ("Transfer", 3),
        ("Approval", 1_000_000),
    ]
    assert found[0] == receipts[1].event("Transfer")
    transfers = chain.events("ERC20", "Transfer", from_block=start, at=usdc.address)
    assert [event.args["value"] for event in transfers] == [2, 3]
    assert chain.events("TestToken", from_block=found[-1].block + 1) == ()
    with pytest.raises(NoSuchMember):
        chain.events("TestToken", "Burned")
