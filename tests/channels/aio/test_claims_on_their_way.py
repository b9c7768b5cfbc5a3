"""Through an outbox: a claim that is on its way is not sent once more, whoever asks for it again."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from chain import Chain, LocalChain, Signer, Token
from chain.outbox.errors import IntentOpen
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from chain.testing.trouble import LIMITED, Trouble
from channels import Channel, Claims, Lanes, MemoryStore, Payee, Payer, SignedVoucher

Sign = Callable[..., SignedVoucher]


@pytest.fixture
def node() -> Iterator[LocalChain]:
    with Chain.local() as chain:
        yield chain


@pytest.fixture
def chain(node: LocalChain, signers: dict[str, Signer]) -> LocalChain:
    for signer in signers.values():
        node.fund(signer.address)
    return node


@pytest.fixture
def trouble(chain: LocalChain) -> Trouble:
    assert isinstance(chain._host, EmbeddedNode)
    return Trouble(chain._host)


@pytest.fixture
def sending(trouble: Trouble, tmp_path: Path) -> Iterator[Chain]:
    server = Server(trouble.handle)
    with Chain.connect("local", [server.url], outbox=tmp_path / "outbox.db", patience=0.2) as sending:
        yield sending
    server.close()


def included(claim: Callable[[], Claims]) -> Claims:
    """However slow the machine is: asked again, it is joined."""
    for _ in range(100):
        with suppress(IntentOpen):
            return claim()
    raise AssertionError("it never came into a block")


def test_a_claim_that_waits_is_joined_and_another_goes_beside_it(
    chain: LocalChain,
    sending: Chain,
    trouble: Trouble,
    signers: dict[str, Signer],
    channel: Channel,
    sign: Sign,
    usdc: Token,
) -> None:
    Lanes(chain, signers["payer"]).open(channel, usdc("10"))
    till, older, newer = Lanes(sending, signers["payee"]), sign(channel, usdc("4")), sign(channel, usdc("5"))
    assert sending.outbox
    trouble.before = lambda method, params: LIMITED if method == "eth_sendRawTransaction" else None
    for voucher in (older, older, newer):
        with pytest.raises(IntentOpen):
            till.claim(voucher)
    assert len(sending.outbox.entries()) == 2

    trouble.before = lambda method, params: None
    assert included(lambda: till.claim(older)).paid == (usdc("4"),)
    assert [entry.stage for entry in sending.outbox.entries()] == ["done", "done"]
    assert chain.balance(usdc, channel.payee) == usdc("1005")


def test_a_payee_that_earns_meanwhile_waits_for_the_claim_that_is_on_its_way(
    chain: LocalChain, sending: Chain, trouble: Trouble, signers: dict[str, Signer], usdc: Token
) -> None:
    """One for more could only stand behind it, and each round would send one; the books have both in the end."""
    shop = signers["payee"]
    with Payer(chain, signers["payer"], MemoryStore()) as wallet, Payee(sending, shop, MemoryStore()) as till:
        lane = wallet.open(shop.address, usdc("10"), timedelta(days=1))
        trouble.before = lambda method, params: LIMITED if method == "eth_sendRawTransaction" else None
        for _ in range(3):
            till.accept(wallet.pay(lane, usdc("1")))
            with pytest.raises(IntentOpen):
                till.claim()
        assert sending.outbox
        assert len(sending.outbox.entries()) == 1

        trouble.before = lambda method, params: None
        assert included(till.claim).paid == (usdc("2"),)
        assert len(sending.outbox.entries()) == 2
        assert not till.claim().receipts
        assert sorted(made.amount for made in till.settlements()) == [1_000_000, 2_000_000]
        assert len(till.fees()) == 2


def test_two_deposits_of_the_same_are_two(
    chain: LocalChain, sending: Chain, trouble: Trouble, signers: dict[str, Signer], channel: Channel, usdc: Token
) -> None:
    payer = Lanes(sending, signers["payer"])
    chain.approve(signers["payer"], usdc("10"), payer.domain.contract)
    trouble.before = lambda method, params: LIMITED if method == "eth_sendRawTransaction" else None
    for _ in range(2):
        with pytest.raises(IntentOpen):
            payer.open(channel, usdc("4"))
    assert sending.outbox
    assert len([entry for entry in sending.outbox.entries() if entry.open]) == 2
