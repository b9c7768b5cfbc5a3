from collections.abc import Callable
from pathlib import Path

import pytest

from chain import LocalChain, Signer
from chain.errors import OutOfRange, TokenMismatch
from chain.money import Token
from chain.units import NO_HASH, Hash32
from escrow import ArbiterPanel, Escrow, Evidence, Holding, Panels, PayeeShare, Terms
from escrow.errors import (
    MayNotDispute,
    NotArbiter,
    NotAShare,
    NotDisputed,
    NothingHeld,
    NotSignedBy,
    UnderDispute,
)

Act = dict[str, Escrow]
Offer = Callable[..., Terms]


def _has(chain: LocalChain, token: Token, who: Signer) -> str:
    return chain.balance(token, who.address).text


@pytest.mark.parametrize("party", ["payer", "payee"])
def test_either_party_asks_the_arbiter_who_splits_what_is_held(
    chain: LocalChain, act: Act, sale: Offer, token: Token, signers: dict[str, Signer], party: str
) -> None:
    payment = act[party].dispute(act["payer"].authorize(sale()))
    assert payment.holding.disputed_at == chain.now() - 1
    assert payment.receipt is not None
    assert payment.receipt.event("Disputed").args["party"] == signers[party].address

    payment = act["arbiter"].rule(payment, token("30"))

    assert payment.holding == Holding(refundable=token("30").units, disputed_at=payment.holding.disputed_at, used=True)
    assert _has(chain, token, signers["payer"]) == "970"
    assert _has(chain, token, signers["payee"]) == "1030"
    with pytest.raises(NothingHeld):
        act["arbiter"].rule(payment, PayeeShare(bps=10_000))


def test_a_dispute_names_its_evidence(act: Act, sale: Offer, tmp_path: Path) -> None:
    photo = tmp_path / "box.jpg"
    photo.write_bytes(b"a box with a hole")
    evidence = Evidence.files(photo)
    payment = act["payer"].authorize(sale())

    shown = act["payer"].dispute(payment, evidence)

    assert shown.receipt is not None
    assert shown.receipt.event("Disputed").args["evidence"] == evidence.hash
    other = act["payer"].dispute(act["payer"].authorize(sale()))
    assert other.receipt is not None
    assert other.receipt.event("Disputed").args["evidence"] == NO_HASH


def test_only_whom_the_terms_name_disputes_and_rules(act: Act, sale: Offer, token: Token) -> None:
    payment = act["payer"].authorize(sale())

    with pytest.raises(MayNotDispute):
        act["stranger"].dispute(payment)
    with pytest.raises(NotDisputed):
        act["arbiter"].rule(payment, token("30"))
    payment = act["payer"].dispute(payment)
    with pytest.raises(UnderDispute):
        act["payee"].dispute(payment)
    with pytest.raises(NotArbiter):
        act["payee"].rule(payment, token("120"))


@pytest.mark.parametrize(("wanted", "nearest"), [("0.01", (0, 12_000)), ("119.999", (119_988_000, 120_000_000))])
def test_an_amount_that_no_share_gives_is_refused_with_its_neighbours(
    act: Act, sale: Offer, token: Token, wanted: str, nearest: tuple[int, int]
) -> None:
    payment = act["payer"].dispute(act["payer"].authorize(sale()))

    with pytest.raises(NotAShare) as raised:
        act["arbiter"].rule(payment, token(wanted))

    assert (raised.value.below, raised.value.above) == nearest


def test_a_ruling_is_within_what_is_held_in_its_token(chain: LocalChain, act: Act, sale: Offer, token: Token) -> None:
    payment = act["payer"].dispute(act["payer"].authorize(sale()))

    with pytest.raises(OutOfRange):
        act["arbiter"].rule(payment, token("120.000001"))
    with pytest.raises(TokenMismatch):
        act["arbiter"].rule(payment, chain.native("1"))
    with pytest.raises(OutOfRange):
        act["arbiter"].rule(payment, PayeeShare(bps=10_001))


def test_a_ruling_signed_off_chain_is_brought_by_anybody_and_counts_for_its_dispute_alone(
    act: Act, sale: Offer, token: Token
) -> None:
    payment = act["payer"].dispute(act["payer"].authorize(sale()))
    other = act["payer"].dispute(act["payer"].authorize(sale()))

    ruling = act["arbiter"].sign_ruling(payment, token("60"))
    forged = (
        act["arbiter"]
        .ruling(other, token("60"))
        .vouched(payment.terms.arbiter, ruling.signatures[payment.terms.arbiter])
    )

    with pytest.raises(NotSignedBy):
        act["stranger"].submit(forged)
    assert act["stranger"].submit(ruling).holding.refundable == token("60").units


def test_two_of_three_members_of_a_panel_rule(
    chain: LocalChain, act: Act, sale: Offer, token: Token, signers: dict[str, Signer]
) -> None:
    members = [signers[name] for name in ("arbiter", "stranger", "collector")]
    panel = ArbiterPanel(members=[member.address for member in members], threshold=2)
    Panels(chain, signers["stranger"]).create(panel)
    payment = act["payee"].dispute(act["payer"].authorize(sale(arbiter=panel.address)))

    ruling = act["payee"].ruling(payment, token("90"))
    words = [panel.sign(ruling.message, payment.domain, member) for member in members[:2]]
    agreed = ruling.vouched(panel.address, panel.signature(words))

    assert act["payee"].submit(agreed).holding.refundable == token("90").units


def test_a_party_without_gas_disputes_by_its_signature(act: Act, sale: Offer, signers: dict[str, Signer]) -> None:
    payment = act["payer"].authorize(sale())
    evidence = Hash32(b"e" * 32)

    disputed = act["stranger"].submit(act["payer"].sign_dispute(payment, evidence))

    assert disputed.receipt is not None
    event = disputed.receipt.event("Disputed").args
    assert (event["party"], event["evidence"]) == (signers["payer"].address, evidence)


def test_money_that_has_left_is_not_ruled_on(act: Act, sale: Offer, token: Token) -> None:
    payment = act["payer"].release(act["payer"].authorize(sale()), up_to=token("20"))
    payment = act["payer"].dispute(payment)

    payment = act["arbiter"].rule(payment, token("25"))

    assert payment.holding.refundable == token("45").units
