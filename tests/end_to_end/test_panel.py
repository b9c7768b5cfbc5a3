"""Disputes before a panel: its members sign off chain, each alone, and anybody brings their ruling."""

import json

import pytest

from chain.keccak import keccak
from chain.units import Bps, Seconds
from earnest import ArbiterPanel, MemberSignature, Panels, Payment, Signer
from earnest.errors import NotSignedBy
from earnest.testing import World
from escrow.messages import Ruling

SIGNERS = [Signer(keccak(f"arbiter {number}".encode())) for number in range(3)]
PANEL = ArbiterPanel(members=[signer.address for signer in SIGNERS], threshold=2)


@pytest.fixture
def disputed(earnest: World) -> Payment:
    """120 USDC that the payer asked the panel about; the panel was not made yet when the terms were agreed."""
    payment = earnest.authorized("120", if_expired="payee", if_arbiter_silent="payer", arbiter=PANEL.address)
    earnest.chain.send(earnest.payer.signer, "Escrow", "dispute", payment.terms, bytes(32))
    Panels(earnest.chain, earnest.stranger.signer).create(PANEL)
    return earnest.payer.escrow.show(payment)


def word(payment: Payment, number: int, payee_bps: int = 2_500) -> MemberSignature[Ruling]:
    """As it comes out of a member's mail."""
    ruling = Ruling(payment_id=payment.payment_id, disputed_at=payment.holding.disputed_at, payee_bps=Bps(payee_bps))
    sent = json.dumps(PANEL.sign(ruling, payment.domain, SIGNERS[number]).to_json())
    return MemberSignature.from_json(Ruling, json.loads(sent))


def rule(earnest: World, payment: Payment, payee_bps: int, signature: bytes) -> None:
    earnest.chain.send(earnest.stranger.signer, "Escrow", "ruleBySig", payment.terms, payee_bps, signature)


@pytest.mark.parametrize("numbers", [(0, 1), (0, 2), (1, 2), (0, 1, 2)])
def test_two_of_three_split_what_is_held(earnest: World, disputed: Payment, numbers: tuple[int, ...]) -> None:
    signature = PANEL.signature([word(disputed, number) for number in numbers])

    with earnest.moves(payee="+30", payer="+90", escrow="-120"):
        rule(earnest, disputed, 2_500, signature)


def test_a_ruling_is_for_the_share_that_was_signed(earnest: World, disputed: Payment) -> None:
    signature = PANEL.signature([word(disputed, 0), word(disputed, 1)])

    with earnest.moves(escrow="0"), pytest.raises(NotSignedBy):
        rule(earnest, disputed, 2_501, signature)


def test_one_member_alone_rules_nothing(earnest: World, disputed: Payment) -> None:
    """Not even where its software would assemble a signature: a panel of one is another panel."""
    alone = ArbiterPanel(members=[SIGNERS[0].address], threshold=1)
    signed = alone.sign(word(disputed, 0).message, disputed.domain, SIGNERS[0])

    with earnest.moves(escrow="0"), pytest.raises(NotSignedBy):
        rule(earnest, disputed, 2_500, alone.signature([signed]))


def test_a_ruling_of_another_dispute_counts_nothing_here(earnest: World, disputed: Payment) -> None:
    later = Ruling(
        payment_id=disputed.payment_id,
        disputed_at=Seconds(disputed.holding.disputed_at + 1),
        payee_bps=Bps(2_500),
    )
    signature = PANEL.signature([PANEL.sign(later, disputed.domain, signer) for signer in SIGNERS])

    with earnest.moves(escrow="0"), pytest.raises(NotSignedBy):
        rule(earnest, disputed, 2_500, signature)
