import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from chain import Address, AsyncChain, LocalChain, Signer, Token
from chain.aio.preflight import AsyncPreflight
from chain.preflight import Finding, Past, PlannedPayment, PreflightRefused, Weight
from chain.sync.preflight import Preflight

LISTED = Finding(name="Sanctioned", weight=Weight.BLOCK, says="it is on the list")
GOOD = Finding(name="WellKnown", weight=Weight.NOTE, says="a shop since 2019")


@dataclass
class ListSource:
    """Answers what it is told to, and remembers what it was asked."""

    answer: Any
    name: str = "the list"
    required: bool = False
    asked: list[PlannedPayment] = field(default_factory=list)

    def findings(self, payment: PlannedPayment) -> Sequence[Finding]:
        self.asked.append(payment)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer() if callable(self.answer) else self.answer  # type: ignore[no-any-return]


@dataclass
class Book:
    """A history by heart."""

    answer: Past | Exception

    def past(self, payer: Address, payee: Address) -> Past:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def shop(funded: Callable[[], Signer]) -> Address:
    return funded().address


def found(chain: LocalChain, ann: Signer, shop: Address, usdc: Token, **given: Any) -> dict[str, Finding]:
    report = Preflight(chain, **given).check(ann.address, shop, usdc("5"))
    return {each.name: each for each in report.findings}


def test_a_source_sees_the_payment_and_adds_its_findings(
    chain: LocalChain, ann: Signer, shop: Address, usdc: Token
) -> None:
    source = ListSource([LISTED, GOOD])
    report = Preflight(chain, sources=[source]).check(ann.address, shop, usdc("5"))

    assert set(report.findings) == {LISTED, GOOD}
    assert source.asked == [report.payment]
    assert (report.payment.payer, report.payment.payee) == (ann.address, shop)
    with pytest.raises(PreflightRefused):
        report.require()
    report.require({"Sanctioned"})


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (ConnectionError("no route"), "ConnectionError: no route"),
        (KeyError(), "KeyError"),
        (None, "TypeError"),
        (["Sanctioned"], "str is no finding"),
    ],
)
@pytest.mark.parametrize("required", [False, True])
def test_a_source_that_fails_is_a_finding_and_the_others_are_asked(
    chain: LocalChain, ann: Signer, shop: Address, usdc: Token, answer: Any, why: str, required: bool
) -> None:
    sources = [ListSource(answer, required=required), ListSource([GOOD])]
    findings = found(chain, ann, shop, usdc, sources=sources)

    assert findings.keys() == {"SourceSilent", "WellKnown"}
    assert why in findings["SourceSilent"].facts["why"]
    assert findings["SourceSilent"].facts["source"] == "the list"
    assert findings["SourceSilent"].weight is (Weight.BLOCK if required else Weight.WARN)


def test_a_source_that_hangs_is_not_waited_for(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    never = threading.Event()
    sources = [ListSource(never.wait), ListSource([GOOD])]
    findings = found(chain, ann, shop, usdc, sources=sources, answer_within=0.05)
    never.set()

    assert findings.keys() == {"SourceSilent", "WellKnown"}
    assert findings["SourceSilent"].facts["why"] == "TimeoutError"


def test_what_was_before_is_told_by_a_history(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    past = Past(payee=shop, paid=2, disputed=1, since=9)

    assert found(chain, ann, shop, usdc, history=Book(past)).keys() == {"PaidBefore", "DisputedBefore"}


def test_whom_one_has_paid_can_be_imitated(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    twin = Address("0x" + shop[2:6].lower() + "5" * 32 + shop[-4:].lower())
    past = Past(payee=shop, counterparties=frozenset({shop}))
    report = Preflight(chain, history=Book(past)).check(ann.address, twin, usdc("5"))

    assert [each.facts["of"] for each in report.findings if each.name == "LookAlike"] == [shop]
    by_hand = Preflight(chain).check(ann.address, twin, usdc("5"), seen=[shop])
    assert "LookAlike" in {each.name for each in by_hand.findings}


def test_a_history_that_fails_is_a_finding(chain: LocalChain, ann: Signer, shop: Address, usdc: Token) -> None:
    findings = found(chain, ann, shop, usdc, history=Book(OSError("gone")))

    assert findings.keys() == {"SourceSilent"}
    assert findings["SourceSilent"].facts == {"source": "history", "why": "OSError: gone"}


class AsyncList:
    name, required = "the list", True

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def findings(self, payment: PlannedPayment) -> Sequence[Finding]:
        return await self.answer()  # type: ignore[no-any-return]


async def test_sources_in_coroutines_are_asked_the_same_way() -> None:
    async def good() -> list[Finding]:
        return [GOOD]

    async with await AsyncChain.local() as chain:
        usdc, ann = await chain.token("USDC"), Signer.generate()
        await chain.fund(ann.address)
        sources = [AsyncList(good), AsyncList(asyncio.Event().wait)]
        preflight = AsyncPreflight(chain, sources=sources, answer_within=0.05)
        report = await preflight.check(ann.address, Signer.generate().address, usdc("5"))

    assert {each.name for each in report.findings} == {"WellKnown", "SourceSilent", "FreshPayee"}
    assert [each.name for each in report.blocking()] == ["SourceSilent"]


def test_sync_and_async_have_the_same_names() -> None:
    assert {name for name in dir(AsyncPreflight) if name[0] != "_"} == {
        name for name in dir(Preflight) if name[0] != "_"
    }
