"""Before a payer opens a channel, or a party joins with a deposit: who is named is looked at, by the store, too."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.contracts import address_of, interface
from chain.preflight import Call
from chain.sync.preflight import Preflight
from channels import Channel, DuplexChannel, Duplexes, Lanes, MemoryStore, Payer
from tests.chain.preflight.refusing import BURNT, Silent, refused, twin
from tests.channels.shells.duplex_pair import NewParty, duplex, keys, new_party
from tests.channels.shells.two_way import FatedSigner

HOUR = timedelta(hours=1)
__all__ = ["duplex", "keys", "new_party"]


@pytest.fixture
def payer(chain: LocalChain, ann: Signer) -> Iterator[Payer]:
    with Payer(chain, ann, MemoryStore()) as payer:
        yield payer


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


def test_a_lane_that_was_not_opened_for_a_finding_is_asked_about_once(
    chain: LocalChain, ann: Signer, shop: Signer, usdc: Token
) -> None:
    source = Silent()

    with Payer(chain, ann, MemoryStore(), preflight=Preflight(chain, sources=[source])) as payer:
        payer.open(shop.address, usdc("1"), HOUR, accept="SourceSilent")

    assert [(asked.payer, asked.payee) for asked in source.asked] == [(ann.address, shop.address)]


def test_a_party_keeps_no_channel_beside_a_mistake(
    chain: LocalChain, new_party: NewParty, duplex: DuplexChannel, usdc: Token
) -> None:
    wrong, ann = replace(duplex, party_b=BURNT), new_party("ann")

    assert refused(lambda: ann.deposit(wrong, usdc("1"))) == ["BurnAddress"]
    assert ann.channels() == []
    assert chain._node.nonce(duplex.party_a) == 0

    assert ann.deposit(wrong, usdc("1"), accept=["BurnAddress"]).deposit == usdc("1")
    assert ann.deposit(wrong, usdc("1")).deposit == usdc("2")


def test_whom_a_partys_store_knows_can_be_imitated(new_party: NewParty, duplex: DuplexChannel, usdc: Token) -> None:
    ann, imitation = new_party("ann"), replace(duplex, party_b=twin(duplex.party_b), signer_b=Signer.generate().address)
    assert ann.deposit(imitation, usdc("1")).deposit == usdc("1")

    ann.join(duplex)

    assert refused(lambda: ann.deposit(replace(imitation, salt=1), usdc("1"))) == ["LookAlike"]


def test_a_partys_own_preflight_is_asked_in_full_and_once(
    chain: LocalChain, new_party: NewParty, duplex: DuplexChannel, usdc: Token
) -> None:
    source = Silent()
    ann = new_party("ann", preflight=Preflight(chain, sources=[source]))

    assert refused(lambda: ann.deposit(duplex, usdc("1"))) == ["SourceSilent"]
    assert ann.deposit(duplex, usdc("1"), accept="SourceSilent").deposit == usdc("1")
    assert [asked.payee for asked in source.asked] == [duplex.party_b] * 2


def test_the_clients_that_keep_nothing_ask_with_the_very_call(
    chain: LocalChain, keys: dict[str, FatedSigner], duplex: DuplexChannel, usdc: Token
) -> None:
    ann, source = keys["ann"], Silent()
    preflight = Preflight(chain, sources=[source])
    lanes, duplexes = Lanes(chain, ann, preflight=preflight), Duplexes(chain, ann, preflight=preflight)
    lane = Channel(
        payer=duplex.party_a,
        payee=duplex.party_b,
        token=usdc.address,
        signer=Signer.generate().address,
        window=duplex.window,
        promise_window=duplex.promise_window,
    )
    in_ether = replace(lane, token=chain.native.address)
    attempts: list[tuple[Callable[..., object], Call, tuple[str, ...]]] = [
        (lanes.authorize_open, opening(lane, 1_000_000), (lane.signer,)),
        (lanes.open, opening(lane, 1_000_000), (lane.signer,)),
        (lanes.open, opening(in_ether, 10**18, 10**18), (lane.signer,)),
        (duplexes.authorize_deposit, call("DuplexChannels", "deposit", duplex.calldata, 0, 1_000_000), ()),
        (duplexes.deposit, call("DuplexChannels", "deposit", duplex.calldata, 0, 1_000_000), ()),
    ]
    channels: list[Channel | DuplexChannel] = [lane, lane, in_ether, duplex, duplex]
    for (verb, asked, parties), channel in zip(attempts, channels, strict=True):
        money = chain.token(channel.token)("1")

        assert refused(lambda verb=verb, args=(channel, money): verb(*args)) == ["SourceSilent"]  # type: ignore[misc]
        assert verb(channel, money, accept="SourceSilent")

        planned = source.asked[-1]
        assert (planned.payer, planned.payee, planned.parties) == (ann.address, duplex.party_b, parties)
        assert (planned.money, planned.call) == (money, asked)


def call(contract: str, verb: str, *args: Any, value: int = 0) -> Call:
    data = interface(contract).function(verb, len(args)).call_data(args)
    return Call(to=address_of(contract), data=data, value=value)


def opening(channel: Channel, amount: int, value: int = 0) -> Call:
    return call("VoucherChannels", "open", channel.calldata, amount, value=value)
