import re
from dataclasses import replace
from pathlib import Path

import pytest

from chain import Network, Seconds, address, network
from chain.contracts import address_of
from chain.errors import Malformed, NotAnAddress
from chain.finality import Finality
from chain.network import UnknownNetwork

PUBLIC = [name for name in network.names() if name != "local"]


@pytest.mark.parametrize(
    ("name", "chain_id", "symbol"),
    [
        ("ethereum", 1, "ETH"),
        ("optimism", 10, "ETH"),
        ("polygon", 137, "POL"),
        ("base", 8453, "ETH"),
        ("arbitrum-one", 42161, "ETH"),
        ("sepolia", 11155111, "ETH"),
        ("base-sepolia", 84532, "ETH"),
        ("ethereum-classic", 61, "ETC"),
        ("local", 31337, "ETH"),
    ],
)
def test_networks_are_known_by_name(name: str, chain_id: int, symbol: str) -> None:
    found = network.load(name)

    assert (found.name, found.chain_id, found.native_symbol, found.native_decimals) == (name, chain_id, symbol, 18)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_network_is_read_where_it_is_final(name: str) -> None:
    found = network.load(name)

    assert found.head == "latest"
    assert found.final == (Finality.risk(0.4, 0.001) if name == "ethereum-classic" else Finality.finalized())
    assert found.shortest_closing_period >= 900
    assert all(address(place) == place for place in found.tokens.values())


@pytest.mark.parametrize("name", network.names())
def test_a_network_says_what_is_final_there_and_why(name: str) -> None:
    found = network.load(name)

    assert len(found.final_reason.split()) > 5
    assert found.explain_final() == f"{found.final.explain()}; {found.final_reason}"
    assert replace(found, final_reason="").explain_final() == found.final.explain()


def test_no_two_networks_share_a_chain_id() -> None:
    assert len({network.load(name).chain_id for name in network.names()}) == len(network.names())


def test_the_local_usdc_is_where_its_code_says() -> None:
    assert network.load("local").tokens == {"USDC": address_of("TestToken")}


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownNetwork) as caught:
        network.load("../artifacts/Escrow")

    assert caught.value.known == network.names()


def test_a_network_of_ones_own_is_checked_at_birth() -> None:
    mine = Network(name="mine", chain_id=7, shortest_closing_period=Seconds(900))

    with pytest.raises(Malformed):
        replace(mine, final="finalized")  # type: ignore[arg-type]
    with pytest.raises(Malformed):
        replace(mine, head="0x10")  # type: ignore[arg-type]
    with pytest.raises(Malformed):
        replace(mine, tokens={"USDC": address_of("TestToken").lower()})  # type: ignore[dict-item]
    with pytest.raises(NotAnAddress):
        replace(mine, tokens={"USDC": "usdc.eth"})  # type: ignore[dict-item]


@pytest.mark.parametrize("name", network.names())
def test_what_is_bid_has_a_bound_everywhere(name: str) -> None:
    fees = network.load(name).fees

    assert 0 < fees.max_tip < fees.max_fee <= 10**15


def test_the_page_has_every_network_s_bounds() -> None:
    page = (Path(__file__).parents[2] / "docs/outbox.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z0-9, -]+) \| ([\d,]+) \| ([\d,]+) \|$", page, re.MULTILINE)
    said = {
        name: (fee.replace(",", ""), tip.replace(",", "")) for names, fee, tip in rows for name in names.split(", ")
    }

    for name in PUBLIC:
        fees = network.load(name).fees
        assert said[name] == (str(fees.max_fee // 10**9), str(fees.max_tip // 10**9))
