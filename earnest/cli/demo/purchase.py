"""Part 2: a purchase, paid for directly and through an escrow."""

from datetime import timedelta
from typing import Any

from chain.units import Seconds
from earnest.cli.demo.stage import Stage, gas_of
from escrow import PayeeShare, Terms
from escrow.errors import AlreadyUsed, NotExpired, NothingToMove


def purchase(stage: Stage) -> int:
    """Ann buys; answers what a plain transfer's gas is."""
    ann, shop, usdc, chain = stage.ann, stage.shop, stage.usdc, stage.chain
    stage.teller.part("Ann sends 120 USDC to a shop directly. It can't be undone. Now with an escrow:")
    moves = {"Ann": "-120", "shop": "+120"}
    plain = stage.step("direct transfer", chain.transfer, ann.signer, usdc("120"), shop.address, moves=moves)
    stage.step(
        "Ann lets the escrow take USDC, once", chain.approve, ann.signer, usdc, ann.escrow.domain.contract, moves={}
    )
    _by_the_judge(stage)
    _by_consent(stage)
    _by_the_clock(stage)
    _to_a_contract_that_refuses(stage)
    return gas_of(plain)


def _by_the_judge(stage: Stage) -> None:
    ann, shop, judge, usdc = stage.ann, stage.shop, stage.judge, stage.usdc
    terms = Terms.purchase(
        payer=ann.address,
        payee=shop.address,
        amount=usdc("120"),
        arbiter=judge.address,
        expiry=stage.chain.after(days=14),
        ruling_period=timedelta(days=7),
        if_expired="payee",
        if_arbiter_silent="payer",
    )
    payment = stage.step("authorize 120", ann.escrow.authorize, terms, moves={"Ann": "-120", "escrow": "+120"})
    payment = stage.step("Ann disputes", ann.escrow.dispute, payment, moves={})
    stage.teller.refused("the shop wants its money while it waits", NotExpired, shop.escrow.expire, payment)
    moves = {"Ann": "+90", "shop": "+30", "escrow": "-120"}
    stage.step("the judge gives the shop 30 of it", judge.escrow.rule, payment, usdc("30"), moves=moves)


def _by_consent(stage: Stage) -> None:
    ann, shop, service, usdc = stage.ann, stage.shop, stage.service, stage.usdc
    terms = _terms(stage, operator=service.address)
    payment = stage.step("authorize 120", ann.escrow.authorize, terms, moves={"Ann": "-120", "escrow": "+120"})
    stage.teller.refused("the same terms again", AlreadyUsed, ann.escrow.authorize, terms)
    moves = {"shop": "+30", "escrow": "-30"}
    payment = stage.step("the service captures 30", service.escrow.capture, payment, usdc("30"), moves=moves)
    moves = {"shop": "+40", "escrow": "-40"}
    payment = stage.step("Ann releases 40 more", ann.escrow.release, payment, usdc("70"), moves=moves)
    stage.teller.refused("Ann's click again", NothingToMove, ann.escrow.release, payment, usdc("70"))
    stage.step("the shop gives the rest back", shop.escrow.void, payment, moves={"Ann": "+50", "escrow": "-50"})


def _by_the_clock(stage: Stage) -> None:
    ann, service, chain = stage.ann, stage.service, stage.chain
    terms = _terms(stage, if_expired=PayeeShare(bps=2_500))
    payment = stage.step("authorize 120", ann.escrow.authorize, terms, moves={"Ann": "-120", "escrow": "+120"})
    expiry = terms.authorization_expiry
    chain.travel(to=Seconds(expiry - 1))
    stage.teller.refused("nobody answers; expire 1 s before the expiry", NotExpired, service.escrow.expire, payment)
    chain.travel(to=expiry)
    moves = {"Ann": "+90", "shop": "+30", "escrow": "-120"}
    stage.step("at the expiry, as both signed", service.escrow.expire, payment, moves=moves)


def _to_a_contract_that_refuses(stage: Stage) -> None:
    """Also leaves a payment under way, so that the books have something to hold."""
    ann, eth, escrow = stage.ann, stage.eth, stage.ann.escrow
    terms = _terms(stage, amount=eth("1"), payee=stage.safe.address)
    payment = stage.step("authorize 1 ETH", escrow.authorize, terms, moves={"Ann": "-1", "escrow": "+1"}, token=eth)
    stage.step("released to a contract that refuses ETH", ann.escrow.release, payment, moves={}, token=eth)
    waiting = escrow.credits(stage.safe.address)
    stage.teller.say(f"it waits as a credit: {', '.join(map(str, waiting))}", so=waiting == (eth("1"),))
    under_way = _terms(stage, amount=stage.usdc("25"))
    stage.step("authorize 25, still under way", escrow.authorize, under_way, moves={"Ann": "-25", "escrow": "+25"})


def _terms(stage: Stage, **terms: Any) -> Terms:
    common: dict[str, Any] = {
        "payer": stage.ann.address,
        "payee": stage.shop.address,
        "amount": stage.usdc("120"),
        "operator": stage.service.address,
        "expiry": stage.chain.after(days=14),
        "if_expired": "payer",
    }
    return Terms.card(**common | terms)
