"""Before money goes into a channel by the clients that keep nothing, and before it is signed for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain import LocalChain, Token
from channels import Channel, DuplexChannel, Duplexes, Lanes
from tests.chain.preflight.refusing import BURNT, refused, twin

Change = Callable[[LocalChain, Any], dict[str, Any]]
LANE_CASES: list[tuple[Change, str]] = [
    (lambda chain, channel: {"payee": BURNT}, "BurnAddress"),
    (lambda chain, channel: {"payee": chain.address_of("Escrow")}, "OwnContractAsPayee"),
    (lambda chain, channel: {"payee": twin(channel.payer)}, "LookAlike"),
    (lambda chain, channel: {"token": chain.native.address, "payee": chain.token("USDC").address}, "TokenAsPayee"),
    (lambda chain, channel: {"signer": BURNT}, "BurnAddress"),
    (lambda chain, channel: {"signer": twin(channel.payer)}, "LookAlike"),
]
DUPLEX_CASES: list[tuple[Change, str]] = [
    (lambda chain, channel: {"party_b": BURNT}, "BurnAddress"),
    (lambda chain, channel: {"party_b": chain.address_of("Escrow")}, "OwnContractAsPayee"),
    (lambda chain, channel: {"party_b": twin(channel.party_a)}, "LookAlike"),
    (lambda chain, channel: {"token": chain.native.address, "party_b": chain.token("USDC").address}, "TokenAsPayee"),
    (lambda chain, channel: {"signer_b": BURNT}, "BurnAddress"),
    (lambda chain, channel: {"signer_b": twin(channel.party_b)}, "LookAlike"),
    (lambda chain, channel: {"signer_a": BURNT}, "BurnAddress"),
]


@pytest.mark.parametrize(("change", "name"), LANE_CASES)
def test_a_lane_to_a_mistake_is_neither_opened_nor_signed_for(
    chain: LocalChain, lanes: dict[str, Lanes], channel: Channel, change: Change, name: str
) -> None:
    wrong, payer = replace(channel, **change(chain, channel)), lanes["payer"]
    token = chain.token(wrong.token)

    assert refused(lambda: payer.open(wrong, token("1"))) == [name]
    assert refused(lambda: payer.openable(wrong, token("1"))) == [name]
    assert refused(lambda: payer.open(wrong, token("1"), accept={"SelfPayment"})) == [name]
    assert chain.balance(chain.native, wrong.payer) == chain.native("10")
    if not token.is_native:
        assert refused(lambda: payer.authorize_open(wrong, token("1"))) == [name]
        signed = payer.authorize_open(wrong, token("1"), accept={name})
        assert payer.submit(signed).deposit == token("1")
        assert payer.top_up(wrong, token("1")).deposit == token("2")
        assert payer.submit(payer.authorize_top_up(wrong, token("1"))).deposit == token("3")
        wrong = replace(wrong, salt=1)
    assert payer.open(wrong, token("1"), accept=name).deposit == token("1")


@pytest.mark.parametrize(("change", "name"), DUPLEX_CASES)
def test_a_first_deposit_beside_a_mistake_is_neither_made_nor_signed_for(
    chain: LocalChain, duplexes: dict[str, Duplexes], duplex: DuplexChannel, change: Change, name: str
) -> None:
    wrong, party = replace(duplex, **change(chain, duplex)), duplexes["payer"]
    token = chain.token(wrong.token)

    assert refused(lambda: party.deposit(wrong, token("1"))) == [name]
    assert refused(lambda: party.depositable(wrong, token("1"))) == [name]
    assert refused(lambda: party.deposit(wrong, token("1"), accept={"SelfPayment"})) == [name]
    assert chain.balance(chain.native, wrong.party_a) == chain.native("10")
    if not token.is_native:
        assert refused(lambda: party.authorize_deposit(wrong, token("1"))) == [name]
        signed = party.authorize_deposit(wrong, token("1"), accept={name})
        assert party.submit(signed).deposit_a == token("1")
        assert party.deposit(wrong, token("1")).deposit_a == token("2")
        assert party.submit(party.authorize_deposit(wrong, token("1"), salt=1)).deposit_a == token("3")
        wrong = replace(wrong, salt=1)
    assert party.deposit(wrong, token("1"), accept=name).deposit_a == token("1")


def test_each_party_looks_at_the_other(duplexes: dict[str, Duplexes], duplex: DuplexChannel, usdc: Token) -> None:
    wrong = replace(duplex, signer_a=BURNT)
    duplexes["payer"].deposit(wrong, usdc("1"), accept="BurnAddress")

    assert refused(lambda: duplexes["payee"].deposit(wrong, usdc("1"))) == ["BurnAddress"]
    assert duplexes["payee"].deposit(wrong, usdc("1"), accept="BurnAddress").deposit_b == usdc("1")


def test_the_next_epoch_is_looked_at_anew(duplexes: dict[str, Duplexes], duplex: DuplexChannel, usdc: Token) -> None:
    wrong = replace(duplex, party_b=twin(duplex.party_a))
    duplexes["payer"].deposit(wrong, usdc("1"), accept="LookAlike")
    half = duplexes["payer"].propose_close(wrong)
    duplexes["payer"].close_together(duplexes["payee"].sign_together(half))

    assert refused(lambda: duplexes["payer"].deposit(wrong, usdc("1"))) == ["LookAlike"]
