"""Claims of many lanes, where some of them don't want the others to be paid."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import EarnestError, NodeRefused, UnknownToken
from channels import Channel, Lanes, SignedVoucher
from tests.channels.hostile import BURNS, BURNS_IN_BLOCKS, another_token

Act = dict[str, Lanes]
Sign = Callable[..., SignedVoucher]
CAP = 400_000
"""Gas with which a claim of well-behaved tokens succeeds, and one of a token that burns it doesn't."""


@pytest.fixture
def good(lanes: Act, channel: Channel, other_channel: Channel, sign: Sign, usdc: Token) -> list[SignedVoucher]:
    for each in (channel, other_channel):
        lanes["payer"].open(each, usdc("10"))
    return [sign(channel, usdc("4")), sign(other_channel, usdc("3"))]


@pytest.fixture
def minted(chain: LocalChain, signers: dict[str, Signer]) -> Callable[[int], Token]:
    """A token of its own, which the payer has."""

    def made(number: int) -> Token:
        token, payer = another_token(chain, signers["stranger"], number), signers["payer"]
        chain.send(payer, "TestToken", "mint", payer.address, 10**9, at=token.address)
        return token

    return made


@pytest.fixture
def of_another(
    chain: LocalChain, lanes: Act, channel: Channel, sign: Sign, minted: Callable[[int], Token]
) -> Callable[..., SignedVoucher]:
    """For 5 of a token of its own, which is another from then on."""

    def made(number: int, code: bytes) -> SignedVoucher:
        token = minted(number)
        strange = replace(channel, token=token.address)
        lanes["payer"].open(strange, token("10"))
        chain.set_code(token.address, code)
        return sign(strange, token("5"))

    return made


@pytest.fixture
def capped(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """From now on the node runs `CAP` of gas at most; the calls that it has simulated. Some nodes don't say why."""

    def cap(*, silent: bool = False) -> list[int]:
        seen, why = list[int](), NodeRefused("eth_estimateGas", -32000, "gas required exceeds allowance")

        async def in_loop(node: Any, transaction: Any, at: Any) -> int:
            seen.append(len(transaction["data"]))
            try:
                await node.call({**transaction, "gas": CAP}, at)
            except EarnestError as error:
                raise (why if silent else error) from None
            return CAP

        def at_once(node: Any, transaction: Any, at: Any) -> int:
            seen.append(len(transaction["data"]))
            try:
                node.call({**transaction, "gas": CAP}, at)
            except EarnestError as error:
                raise (why if silent else error) from None
            return CAP

        monkeypatch.setattr("chain.aio.node.AsyncNode.gas", in_loop)
        monkeypatch.setattr("chain.sync.node.Node.gas", at_once)
        return seen

    return cap


def skipped(claims: Any) -> set[bytes]:
    return {one.lane_id for one in claims.skipped}


@pytest.mark.parametrize("silent", [False, True])
def test_a_row_that_no_transaction_could_pay_is_skipped_and_the_others_are_paid(
    lanes: Act,
    good: list[SignedVoucher],
    of_another: Callable[..., SignedVoucher],
    capped: Callable[..., list[int]],
    usdc: Token,
    silent: bool,
) -> None:
    """Halved: all three, the pair of which one is bad, and what is sent is simulated once more."""
    bad = of_another(1, BURNS)
    asked = capped(silent=silent)
    claims = lanes["payee"].claim_many([*good, bad])
    assert claims.paid == (usdc("7"),)
    assert skipped(claims) == {bad.channel.id}
    assert len(asked) <= 6


def test_one_bad_row_of_many_costs_few_simulations(
    lanes: Act,
    channel: Channel,
    sign: Sign,
    of_another: Callable[..., SignedVoucher],
    capped: Callable[..., list[int]],
    usdc: Token,
) -> None:
    many = [replace(channel, salt=salt) for salt in range(16)]
    bad = of_another(2, BURNS)
    for each in many:
        lanes["payer"].open(each, usdc("1"))
    vouchers = [sign(each, usdc("1")) for each in many]
    asked = capped()
    claims = lanes["payee"].claim_many([*vouchers, bad])
    assert claims.paid == (usdc("16"),)
    assert skipped(claims) == {bad.channel.id}
    assert len(asked) <= 2 + 3 * 5, "two a level, and what is sent is simulated again"


def test_bad_rows_of_one_token_are_halved_off_together(
    chain: LocalChain,
    lanes: Act,
    channel: Channel,
    sign: Sign,
    minted: Callable[[int], Token],
    capped: Callable[..., list[int]],
    usdc: Token,
) -> None:
    """Two of them among six others, whatever they are worth: what is all good is sent with one simulation more."""
    token = minted(9)
    bad = [replace(channel, token=token.address, salt=salt) for salt in range(2)]
    good = [replace(channel, salt=salt) for salt in range(6)]
    for each in bad:
        lanes["payer"].open(each, token("10"))
    for each in good:
        lanes["payer"].open(each, usdc("10"))
    vouchers = [sign(each, token(text)) for each, text in zip(bad, ("3.5", "6.5"), strict=True)]
    vouchers += [sign(each, usdc.units(10**6 * number)) for number, each in enumerate(good, 1)]
    chain.set_code(token.address, BURNS)
    asked = capped()

    claims = lanes["payee"].claim_many(vouchers)
    assert claims.paid == (usdc("21"),)
    assert len(claims.receipts) == 2
    assert len(asked) == 5 + 4, "eight, four and four, two and two; two sent together and two alone"


def test_what_fails_in_its_block_alone_is_tried_for_each_token_and_payee_once(
    lanes: Act, good: list[SignedVoucher], of_another: Callable[..., SignedVoucher], usdc: Token
) -> None:
    """A simulation pays nothing for gas: a token can see that."""
    bad = [of_another(number, BURNS_IN_BLOCKS) for number in (3, 4, 5, 6)]
    claims = lanes["payee"].claim_many([*good, *bad])
    assert usdc("7") in claims.paid
    assert not skipped(claims) & {each.channel.id for each in good}
    assert len(claims.receipts) <= 1 + len(bad)


def test_a_token_that_says_its_name_no_more_costs_no_receipt(
    chain: LocalChain,
    lanes: Act,
    good: list[SignedVoucher],
    of_another: Callable[..., SignedVoucher],
    usdc: Token,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = of_another(7, BURNS)
    monkeypatch.setattr(chain._tokens, "_known", {chain.native.address: chain.native})  # As after a restart.
    claims = lanes["payee"].claim_many([*good, bad])
    assert claims.paid == (usdc("7"),)
    assert len(claims.receipts) == 1
    assert [one.why.partition(":")[0] for one in claims.skipped] == ["UnknownToken"]
    with pytest.raises(UnknownToken):
        lanes["payee"].claim(bad)
    assert lanes["payee"].lane(bad.channel.id).settled == 0, "nothing was sent"


def test_a_bad_voucher_with_promises_keeps_none_behind_it_from_being_paid(
    chain: LocalChain,
    lanes: Act,
    channel: Channel,
    other_channel: Channel,
    sign: Sign,
    promise: Callable[..., Any],
    capped: Callable[..., list[int]],
    minted: Callable[[int], Token],
    usdc: Token,
) -> None:
    token = minted(8)
    strange = replace(channel, token=token.address)
    lanes["payer"].open(strange, token("10"))
    lanes["payer"].open(other_channel, usdc("10"))
    bad = sign(strange, token("9"), promise(token("1")))
    chain.set_code(token.address, BURNS)
    capped(silent=True)

    claims = lanes["payee"].claim_many([bad, sign(other_channel, usdc("4"), promise(usdc("1")))])
    assert claims.paid == (usdc("4"),)
    assert skipped(claims) == {strange.id}


def test_where_nobody_knows_what_has_become_of_a_transaction_that_is_raised(
    lanes: Act, good: list[SignedVoucher], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = NodeRefused("eth_getTransactionReceipt", -32000, "busy")
    claiming = lanes["payee"]
    client: Any = getattr(claiming, "_client", claiming)

    async def later(*_: Any, **__: Any) -> Any:
        raise refusal

    def at_once(*_: Any, **__: Any) -> Any:
        raise refusal

    monkeypatch.setattr(client, "_send", later if client is not claiming else at_once)
    with pytest.raises(NodeRefused):
        claiming.claim_many(good)
