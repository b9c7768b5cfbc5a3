from dataclasses import dataclass

import pytest

from chain import Domain, LocalChain, Signer, TypedData
from chain.keccak import keccak
from chain.units import Amount, Bps, Hash32, Seconds, address
from escrow import ArbiterPanel, AsyncPanels, Panels
from escrow.messages import Ruling
from escrow.panel.errors import InvalidPanelThreshold, MembersOutOfOrder, TooManyMembers

SIGNERS = [Signer(keccak(f"arbiter {number}".encode())) for number in range(17)]
MEMBERS = [signer.address for signer in SIGNERS]
RULING = Ruling(payment_id=Hash32(bytes(32)), disputed_at=Seconds(1), payee_bps=Bps(3_000))
OTHER = Ruling(payment_id=Hash32(bytes(32)), disputed_at=Seconds(1), payee_bps=Bps(3_001))


@dataclass(frozen=True, kw_only=True, slots=True)
class Bill(TypedData):
    type_string = "Bill(uint96 amount)"
    amount: Amount


@dataclass(frozen=True, kw_only=True, slots=True)
class Zero(TypedData):
    """Its own struct sorts behind the one that it holds: ERC-7739's explicit mode."""

    type_string = "Zero(Bill of)Bill(uint96 amount)"
    of: Bill


@dataclass(frozen=True, kw_only=True, slots=True)
class Account(TypedData):
    type_string = "Account(Bill last)Bill(uint96 amount)"
    last: Bill


@pytest.fixture
def panels(chain: LocalChain, signers: dict[str, Signer]) -> Panels:
    return Panels(chain, signers["stranger"])


@pytest.fixture
def domain(chain: LocalChain) -> Domain:
    return chain.domain("Escrow")


@pytest.mark.parametrize(("size", "threshold"), [(1, 1), (2, 1), (2, 2), (3, 2), (16, 9), (16, 16)])
def test_a_panel_is_where_the_factory_says(chain: LocalChain, size: int, threshold: int) -> None:
    panel = ArbiterPanel(members=MEMBERS[:size], threshold=threshold)

    assert chain.call("ArbiterPanels", "addressOf", panel.members, threshold) == panel.address


def test_a_panel_is_made_once(chain: LocalChain, panels: Panels) -> None:
    panel = ArbiterPanel(members=MEMBERS[:3], threshold=2)
    assert not panels.is_there(panel)

    assert panels.create(panel) == panel.address
    before = chain.now()

    assert panels.is_there(panel, as_of="latest")
    assert panels.create(panel) == panel.address
    assert chain.now() == before, "there was a second transaction"
    members, threshold = chain.call("ArbiterPanel", "members", at=panel.address, as_of="latest")
    assert (members, threshold) == (panel.members, 2)


@pytest.mark.parametrize(
    ("members", "threshold", "error"),
    [
        (sorted(MEMBERS[:3], key=str.lower, reverse=True), 2, MembersOutOfOrder),
        (sorted(MEMBERS, key=str.lower), 2, TooManyMembers),
        (MEMBERS[:1], 0, InvalidPanelThreshold),
        (MEMBERS[:1], 2, InvalidPanelThreshold),
    ],
    ids=str,
)
def test_what_the_factory_refuses_has_its_name(
    chain: LocalChain, signers: dict[str, Signer], members: list[str], threshold: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        chain.send(signers["stranger"], "ArbiterPanels", "create", members, threshold)


@pytest.mark.parametrize("threshold", [1, 2, 3])
def test_the_chain_accepts_what_the_panel_assembled(panels: Panels, domain: Domain, threshold: int) -> None:
    panel = ArbiterPanel(members=MEMBERS[:3], threshold=threshold)
    panels.create(panel)

    signature = panel.signature([panel.sign(RULING, domain, signer) for signer in SIGNERS[3 - threshold : 3]])

    assert panels.accepts(panel, RULING, domain, signature)
    assert not panels.accepts(panel, OTHER, domain, signature)


@pytest.mark.parametrize(
    "message",
    [Bill(amount=Amount(1)), Account(last=Bill(amount=Amount(2))), Zero(of=Bill(amount=Amount(3)))],
    ids=lambda message: type(message).__name__,
)
def test_a_panel_signs_any_message(panels: Panels, domain: Domain, message: TypedData) -> None:
    panel = ArbiterPanel(members=MEMBERS[:3], threshold=2)
    panels.create(panel)

    signature = panel.signature([panel.sign(message, domain, signer) for signer in SIGNERS[:2]])

    assert panels.accepts(panel, message, domain, signature)


def test_a_wallet_that_is_none_speaks_for_nobody(panels: Panels, domain: Domain) -> None:
    """The member says that it is a wallet, so its bytes are not checked here; the chain finds no wallet there."""
    panel = ArbiterPanel(members=MEMBERS[:2], threshold=2)
    panels.create(panel)
    words = [panel.sign(RULING, domain, signer) for signer in SIGNERS[:2]]
    claimed = panel.by_wallet(RULING, domain, MEMBERS[1], b"anything")

    assert panels.accepts(panel, RULING, domain, panel.signature(words))
    assert not panels.accepts(panel, RULING, domain, panel.signature([words[0], claimed]))


def test_both_clients_have_the_same_verbs() -> None:
    def verbs(client: type) -> set[str]:
        return {name for name in vars(client) if not name.startswith("_")}

    assert verbs(AsyncPanels) == verbs(Panels) == {"create", "is_there", "accepts"}


def test_a_panel_that_was_not_made_has_said_nothing(panels: Panels, domain: Domain) -> None:
    panel = ArbiterPanel(members=[*MEMBERS[:2], address("0x" + "77" * 20)], threshold=2)
    signature = panel.signature([panel.sign(RULING, domain, signer) for signer in SIGNERS[:2]])

    assert not panels.accepts(panel, RULING, domain, signature)
