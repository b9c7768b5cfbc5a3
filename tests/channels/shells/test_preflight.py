"""Before a payer opens a channel: its payee is looked at, and what is found must be accepted by name."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from chain import Address, LocalChain, Signer, Token, address
from chain.preflight import PreflightRefused
from chain.sync.preflight import Preflight
from channels import MemoryStore, Payer

HOUR = timedelta(hours=1)


@pytest.fixture
def payer(chain: LocalChain, ann: Signer) -> Iterator[Payer]:
    with Payer(chain, ann, MemoryStore()) as payer:
        yield payer


def twin(of: Address) -> Address:
    """Begins and ends as `of`."""
    return address("0x" + of[2:6].lower() + "5" * 32 + of[-4:].lower())


def refused(attempt: Callable[[], object]) -> list[str]:
    with pytest.raises(PreflightRefused) as raised:
        attempt()
    return [found.name for found in raised.value.findings]


@pytest.mark.parametrize(
    ("payee", "name"),
    [
        (lambda chain, ann: "0x" + "77" * 20, "BurnAddress"),
        (lambda chain, ann: chain.address_of("Escrow"), "OwnContractAsPayee"),
        (lambda chain, ann: twin(ann.address), "LookAlike"),
    ],
)
def test_a_payee_that_can_only_be_a_mistake_is_refused_before_anything_is_sent_or_kept(
    chain: LocalChain, payer: Payer, ann: Signer, usdc: Token, payee: Callable[..., str], name: str
) -> None:
    wrong = payee(chain, ann)

    assert refused(lambda: payer.open(wrong, usdc("1"), HOUR)) == [name]
    assert refused(lambda: payer.open(wrong, usdc("1"), HOUR, accept="SelfPayment")) == [name]
    assert payer.lanes() == []
    assert chain._node.nonce(ann.address) == 0

    assert payer.open(wrong, usdc("1"), HOUR, accept=[name]).deposit == usdc("1")


def test_a_tokens_contract_is_refused_where_it_is_not_the_channels_own(
    chain: LocalChain, payer: Payer, usdc: Token
) -> None:
    assert refused(lambda: payer.open(usdc.address, chain.native("1"), HOUR)) == ["TokenAsPayee"]


def test_whom_the_store_knows_as_payee_can_be_imitated(payer: Payer, shop: Signer, usdc: Token) -> None:
    imitation = twin(shop.address)
    payer.open(shop.address, usdc("1"), HOUR)

    assert refused(lambda: payer.open(imitation, usdc("1"), HOUR)) == ["LookAlike"]
    assert payer.open(shop.address, usdc("1"), HOUR, salt=1).deposit == usdc("1")


def test_a_preflight_of_ones_own_is_asked_in_full(chain: LocalChain, ann: Signer, shop: Signer, usdc: Token) -> None:
    preflight = Preflight(chain, weights={"FreshPayee": "block", "AllowanceMissing": "block"})
    stranger = Signer.generate().address

    with Payer(chain, ann, MemoryStore(), preflight=preflight) as payer:
        assert refused(lambda: payer.open(stranger, usdc("1"), HOUR)) == ["FreshPayee", "AllowanceMissing"]
        chain.approve(ann, usdc("1"), chain.address_of("VoucherChannels"))
        assert refused(lambda: payer.open(stranger, usdc("1"), HOUR)) == ["FreshPayee"]
        assert payer.open(shop.address, usdc("1"), HOUR).deposit == usdc("1")
        opened = payer.open(stranger, chain.native("1"), HOUR, accept={"FreshPayee"})
        assert opened.deposit == chain.native("1")
