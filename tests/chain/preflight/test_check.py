"""Each finding by what a real chain answers, beside the near miss that has none."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chain import Address, LocalChain, Money, Signer, Token, address
from chain.contracts import interface
from chain.errors import Malformed, NodeUnreachable, NotAnAddress, OtherChain
from chain.preflight import Call, Report, Weight
from chain.sync.chain import Chain
from chain.sync.preflight import Preflight
from earnest.testing.contracts import RefusingReceiver, deploy_bad_token, mint
from tests.chain.preflight.worded import TOKEN, contract, says, takes_only_from, whether_it_is

PLACE = address("0x" + "7a7b" * 10)
Fund = Callable[[], Signer]


@pytest.fixture
def shop(funded: Fund) -> Address:
    return funded().address


def names(report: Report) -> set[str]:
    return {found.name for found in report.findings}


def check(chain: LocalChain, payer: Signer, payee: str, money: Money, call: Call | None = None) -> set[str]:
    return names(Preflight(chain).check(payer.address, payee, money, call))


def placed(chain: LocalChain, code: bytes, decimals: int = 6) -> Token:
    chain.set_code(PLACE, code)
    return Token(address=PLACE, symbol="ODD", decimals=decimals, chain_id=chain.chain_id)


def test_nothing_is_found_where_nothing_is_wrong(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    chain.transfer(ann, usdc("1"), shop)

    assert check(chain, ann, shop, usdc("5")) == set()
    assert check(chain, ann, shop, chain.native("1")) == set()


def test_addresses_are_compared_with_what_is_on_the_chain(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    escrow = chain.address_of("Escrow")
    assert "OwnContractAsPayee" in check(chain, ann, escrow, usdc("5"))
    assert "TokenAsPayee" in check(chain, ann, usdc.address, chain.native("1"))
    twin = "0x" + escrow[2:6].lower() + "5" * 32 + escrow[-4:].lower()
    assert "LookAlike" in check(chain, ann, twin, usdc("5"))
    known = Preflight(chain, known=[twin]).check(ann.address, twin, usdc("5"))
    assert "LookAlike" not in names(known)


def test_a_wrong_checksum_is_found_and_the_address_is_looked_at_all_the_same(
    chain: LocalChain, ann: Signer, shop: Address, usdc: Token
) -> None:
    wrong = shop[:2] + shop[2:].swapcase()

    assert check(chain, ann, wrong, usdc("2000")) == {"BadChecksum", "InsufficientBalance"}
    with pytest.raises(NotAnAddress):
        check(chain, ann, shop[:-1], usdc("5"))


def test_a_payee_that_was_never_seen_is_fresh_and_a_used_one_empty(
    chain: LocalChain, ann: Signer, funded: Fund, usdc: Token
) -> None:
    stranger, used = Signer.generate(), funded()
    chain.approve(used, usdc("1"), ann.address)
    chain.transfer(used, usdc("1000"), ann.address)
    assert check(chain, ann, stranger.address, usdc("5")) == {"FreshPayee"}
    assert check(chain, ann, used.address, usdc("5")) == set()

    chain._node.ask("anvil_setBalance", used.address, "0x0")
    assert check(chain, ann, used.address, usdc("5")) == {"EmptyPayee"}

    chain.transfer(ann, usdc("0.000001"), used.address)
    assert check(chain, ann, used.address, usdc("5")) == set()


def test_a_contract_that_refuses_native_currency(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    receiver = RefusingReceiver(chain, ann, "shop")
    poor = Signer.generate()
    assert check(chain, ann, receiver.address, chain.native("1")) == {"ContractWithoutReceiver"}
    assert check(chain, ann, receiver.address, usdc("1")) == {"ContractAsPayee"}
    assert "ContractWithoutReceiver" in check(chain, poor, receiver.address, chain.native("1"))

    receiver.refuse(refusing=False)

    assert check(chain, ann, receiver.address, chain.native("1")) == set()
    assert "ContractWithoutReceiver" not in check(chain, poor, receiver.address, chain.native("1"))


def test_a_payee_that_a_call_would_pay_later_is_asked_too(chain: LocalChain, ann: Signer) -> None:
    receiver = RefusingReceiver(chain, ann, "shop")
    call = Call(to=ann.address, data=b"", value=5)
    assert check(chain, ann, receiver.address, chain.native("1"), call) == {"ContractWithoutReceiver"}

    receiver.refuse(refusing=False)

    assert check(chain, ann, receiver.address, chain.native("1"), call) == set()


def test_it_is_asked_as_the_contract_that_would_pay_it(chain: LocalChain, ann: Signer) -> None:
    escrow, other = chain.address_of("Escrow"), chain.address_of("VoucherChannels")
    chain.set_code(PLACE, takes_only_from(escrow))

    for payer, refuses in ((escrow, False), (other, True)):
        found = check(chain, ann, PLACE, chain.native("1"), Call(to=payer, data=b""))
        assert ("ContractWithoutReceiver" in found) is refuses


def test_an_account_that_runs_other_code(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    chain.set_code(shop, bytes.fromhex("ef0100") + bytes.fromhex(PLACE[2:]))

    (finding,) = Preflight(chain).check(ann.address, shop, usdc("5")).findings

    assert (finding.name, finding.facts) == ("DelegatedAccount", {"payee": shop, "delegate": PLACE.lower()})


def test_the_payers_means(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    poor = Signer.generate()
    chain.fund(poor.address, native="0")

    assert check(chain, ann, shop, usdc("1000")) == set()
    assert check(chain, ann, shop, usdc("1000.000001")) == {"InsufficientBalance"}
    assert check(chain, ann, shop, chain.native("10.1")) == {"InsufficientBalance"}
    assert check(chain, ann, shop, chain.native("9.999999999999999999")) == {"FeeNotCovered"}
    assert check(chain, poor, shop, usdc("5")) == {"FeeNotCovered"}


def test_nothing_is_asked_about_a_payer_that_is_not_named(chain: LocalChain, shop: Address, usdc: Token) -> None:
    assert names(Preflight(chain).check(None, shop, usdc("1000000"))) == set()


def test_a_call_takes_the_token_by_allowance_and_is_simulated_once_it_may(
    chain: LocalChain, ann: Signer, shop: Address, usdc: Token
) -> None:
    spender = chain.address_of("Escrow")
    data = interface("ERC20").function("approve", 2).call_data([shop, 5])
    call = Call(to=spender, data=data)
    assert check(chain, ann, shop, usdc("5"), call) == {"AllowanceMissing"}

    chain.approve(ann, usdc("4.999999"), spender)
    assert check(chain, ann, shop, usdc("5"), call) == {"AllowanceMissing"}

    chain.approve(ann, usdc("5"), spender)
    (finding,) = Preflight(chain).check(ann.address, shop, usdc("5"), call).findings
    assert finding.name == "WouldRevert"
    assert finding.facts["error"].startswith("Reverted: ")


def test_the_very_call_is_simulated(chain: LocalChain, ann: Signer, shop: Address) -> None:
    escrow = chain.address_of("Escrow")
    pushed = interface("Escrow").function("pushCredit", 2).call_data([chain.native.address, shop])
    (finding,) = Preflight(chain).check(ann.address, shop, chain.native("1"), Call(to=escrow, data=pushed)).findings

    assert finding.name == "WouldRevert"
    assert finding.facts["error"].startswith("NoCredit: ")
    receiver = RefusingReceiver(chain, ann, "shop")
    receiver.refuse(refusing=False)
    assert check(chain, ann, receiver.address, chain.native("1"), Call(to=escrow, data=pushed)) == {"WouldRevert"}
    assert check(chain, ann, shop, chain.native("1"), Call(to=shop, data=b"", value=3)) == set()


@pytest.mark.parametrize(
    ("kind", "found"), [("returns-false", {"WouldRevert"}), ("no-return", set()), ("fee-on-transfer", set())]
)
def test_a_token_must_not_answer_a_transfer_with_false(
    chain: LocalChain, ann: Signer, shop: Address, kind: str, found: set[str]
) -> None:
    token = deploy_bad_token(chain, ann, kind)  # type: ignore[arg-type]
    mint(chain, ann, token, ann.address, "5")

    assert check(chain, ann, shop, token("5")) == found


def test_a_token_without_code_is_none(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    nothing = replace(usdc, address=PLACE)

    assert {"TokenHasNoCode", "InsufficientBalance"} <= check(chain, ann, shop, nothing("5"))


@pytest.mark.parametrize(
    ("decimals", "found"), [(6, set()), (18, {"WrongDecimals"}), (0, {"WrongDecimals", "OddDecimals"})]
)
def test_an_amount_is_counted_as_the_token_counts(
    chain: LocalChain, ann: Signer, shop: Address, decimals: int, found: set[str]
) -> None:
    token = placed(chain, contract(TOKEN), decimals)

    assert check(chain, ann, shop, token.units(5)) == found


@pytest.mark.parametrize(("word", "found"), [(0, set()), (1, {"TokenPaused"}), (2, set())])
def test_a_token_that_its_issuer_has_paused(
    chain: LocalChain, ann: Signer, shop: Address, word: int, found: set[str]
) -> None:
    token = placed(chain, contract(TOKEN | {"paused()": says(word)}))

    assert check(chain, ann, shop, token("5")) == found


def test_a_token_that_answers_nothing_to_a_question_does_not_know_it(
    chain: LocalChain, ann: Signer, shop: Address
) -> None:
    token = placed(chain, contract(TOKEN | {"decimals()": b"\0", "paused()": b"\0"}))

    assert check(chain, ann, shop, token("5")) == set()


@pytest.mark.parametrize("question", ["isBlacklisted(address)", "isBlackListed(address)"])
def test_a_party_on_a_tokens_deny_list(chain: LocalChain, ann: Signer, shop: Address, question: str) -> None:
    token = placed(chain, contract(TOKEN | {question: whether_it_is(shop)}))
    (finding,) = Preflight(chain).check(ann.address, shop, token("5")).findings
    assert (finding.name, finding.facts) == ("DeniedByToken", {"token": PLACE, "party": shop})

    denies_payer = placed(chain, contract(TOKEN | {question: whether_it_is(ann.address)}))
    assert check(chain, ann, shop, denies_payer("5")) == {"DeniedByToken"}

    denies_another = placed(chain, contract(TOKEN | {question: whether_it_is(PLACE)}))
    assert check(chain, ann, shop, denies_another("5")) == set()


def test_a_spender_on_a_tokens_deny_list(chain: LocalChain, ann: Signer, shop: Address) -> None:
    spender = chain.address_of("Escrow")
    token = placed(chain, contract(TOKEN | {"isBlacklisted(address)": whether_it_is(spender)}))

    assert check(chain, ann, shop, token("5"), Call(to=spender, data=b"")) == {"DeniedByToken", "AllowanceMissing"}


def test_a_fee_against_the_amount(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    chain.transfer(ann, usdc("1"), shop)
    preflight, dear = Preflight(chain), usdc("1000000000")

    assert check(chain, ann, shop, chain.native.units(1000)) == {"FeeTooHigh"}
    assert names(preflight.check(ann.address, shop, usdc("0.01"))) == set()
    assert names(preflight.check(ann.address, shop, usdc("0.01"), native_price=dear)) == {"FeeTooHigh"}
    assert names(preflight.check(ann.address, shop, usdc("0.01"), native_price=usdc("0.000001"))) == set()


def test_the_base_fee_of_the_last_blocks_is_read_oldest_first(
    chain: LocalChain, ann: Signer, shop: Address, usdc: Token
) -> None:
    chain.mine(120)  # Empty blocks: each lowers the base fee, until it is at its least.
    history = chain._node.ask("eth_feeHistory", "0x5", "latest", [])
    fees = [int(fee, 16) for fee in history["baseFeePerGas"]]
    newest = chain._node.block("latest")

    assert len(fees) == 6
    assert fees == sorted(fees, reverse=True)
    assert fees[-2] == newest.base_fee
    assert int(history["oldestBlock"], 16) == newest.number - 4
    assert check(chain, ann, shop, usdc("5")) == set()


def test_money_of_another_chain_is_refused(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    with pytest.raises(OtherChain):
        check(chain, ann, shop, replace(usdc, chain_id=1)("5"))


def test_weights_are_the_payers(chain: LocalChain, ann: Signer, usdc: Token) -> None:
    stranger = Signer.generate().address

    (finding,) = Preflight(chain, weights={"FreshPayee": Weight.BLOCK}).check(ann.address, stranger, usdc("5")).findings

    assert finding.weight is Weight.BLOCK


def test_a_weight_for_a_name_that_nothing_has_is_an_error(chain: LocalChain) -> None:
    for wrong in ({"FreshPaye": Weight.BLOCK}, {"FreshPayee": "heavy"}):
        with pytest.raises(Malformed):
            Preflight(chain, weights=wrong)


def test_a_chain_that_does_not_answer_is_no_report(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    with LocalChain.start("eth-tester") as other, Chain.connect("local", [other.serve()]) as far:
        preflight = Preflight(far)
        other.close()
        with pytest.raises(NodeUnreachable):
            preflight.check(ann.address, shop, usdc("5"))
