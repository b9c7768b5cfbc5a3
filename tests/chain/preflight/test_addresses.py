from typing import Any

import pytest

from chain.errors import NotAnAddress
from chain.preflight.addresses import RULES, Names
from chain.preflight.finding import Finding
from chain.preflight.payment import PlannedPayment
from chain.preflight.rule import findings
from chain.units import Address, address
from tests.chain.preflight.planned import ARBITER, ETH, PAYEE, PAYER, USDC, names, planned, to

OURS = {address("0x" + "c0ffee" * 6 + "c0fe"): "Escrow"}
ESCROW = next(iter(OURS))
TOKENS = {address("0x" + "1234567890abcdef" * 2 + "12345678"): "DAI"}
DAI = next(iter(TOKENS))


def found(payment: PlannedPayment, **known: Any) -> tuple[Finding, ...]:
    return findings(RULES, Names(payment=payment, ours=OURS, tokens=TOKENS, **known))


def like(of: Address) -> Address:
    return address("0x" + of[2:6].lower() + "5" * 32 + of[-4:].lower())


def test_an_address_like_any_other_has_no_findings() -> None:
    assert found(planned(parties=(ARBITER,))) == ()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (PAYEE, None),
        (PAYEE.lower(), "NoChecksum"),
        ("0x" + PAYEE[2:].upper(), "NoChecksum"),
        (PAYEE[:-1] + "8", "BadChecksum"),
        (PAYEE.replace("fB", "FB"), "BadChecksum"),
    ],
)
def test_a_checksum_is_right_missing_or_wrong(written: str, name: str | None) -> None:
    assert names(found(to(written))) == ({name} if name else set())


def test_a_payee_without_letters_needs_no_checksum() -> None:
    assert found(to("0x1029384756102938475610293847561029384757")) == ()


@pytest.mark.parametrize("written", ["0x12", "ann.eth", PAYEE + "0", PAYEE[2:]])
def test_what_no_reading_makes_an_address_is_an_error(written: str) -> None:
    with pytest.raises(NotAnAddress):
        to(written)


@pytest.mark.parametrize(
    ("of", "known"),
    [
        (ARBITER, {"known": frozenset({ARBITER})}),
        (ARBITER, {"seen": frozenset({ARBITER})}),
        (PAYER, {}),
        (USDC.address, {"known": frozenset({USDC.address})}),
        (ESCROW, {}),
        (DAI, {}),
    ],
)
def test_whom_a_payee_could_be_taken_for(of: Address, known: dict[str, Any]) -> None:
    (finding,) = found(planned(payee=like(of)), **known)

    assert (finding.name, finding.facts) == ("LookAlike", {"party": like(of), "of": of})


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (4, 4, "LookAlike"),
        (4, 3, "SimilarAddress"),
        (3, 4, "SimilarAddress"),
        (3, 3, "SimilarAddress"),
        (2, 20, None),
        (20, 2, None),
    ],
)
def test_how_many_digits_are_alike(first: int, last: int, name: str | None) -> None:
    of = "1a2b3c4d" * 5
    digits = [digit if at < first or at >= 40 - last else "5" for at, digit in enumerate(of)]
    payee = address("0x" + "".join(digits))

    assert names(found(planned(payee=payee), seen=frozenset({address("0x" + of)}))) == ({name} if name else set())


def test_an_arbiter_could_be_taken_for_another_too() -> None:
    (finding,) = found(planned(parties=(like(ARBITER),)), seen=frozenset({ARBITER}))

    assert finding.facts == {"party": like(ARBITER), "of": ARBITER}


def test_whom_one_has_paid_is_not_trusted_for_it() -> None:
    payee, seen = like(ARBITER), frozenset({ARBITER, like(ARBITER)})

    assert names(found(planned(payee=payee), seen=seen)) == {"LookAlike"}
    assert names(found(planned(payee=payee), seen=seen, known=frozenset({payee}))) == set()


@pytest.mark.parametrize(
    ("party", "burns"),
    [
        ("0x" + "00" * 20, True),
        ("0x" + "00" * 19 + "01", True),
        ("0x" + "00" * 19 + "11", True),
        ("0x" + "00" * 18 + "0100", True),
        ("0x" + "00" * 18 + "dead", True),
        ("0x" + "00" * 18 + "ffff", True),
        ("0x" + "00" * 17 + "010000", False),
        ("0x" + "ff" * 20, True),
        ("0x" + "77" * 20, True),
        ("0x" + "77" * 19 + "78", False),
        ("0x" + "dead" * 10, True),
        ("0x" + "deadbeef" * 5, True),
        ("0x" + "1234567890" * 4, True),
        ("0x" + "dead" * 9 + "beef", False),
        ("0xdead000000000000000042069420694206942069", True),
        ("0xdead000000000000000042069420694206942068", False),
    ],
)
def test_nobodys_accounts(party: str, burns: bool) -> None:
    for payment in (planned(payee=address(party)), planned(parties=(address(party),))):
        assert names(found(payment)) == ({"BurnAddress"} if burns else set())


def test_a_tokens_contract_can_be_paid_by_nobody() -> None:
    assert names(found(planned(payee=USDC.address))) == {"TokenAsPayee"}
    assert names(found(planned(payee=DAI))) == {"TokenAsPayee"}
    assert names(found(planned(payee=DAI, money=ETH("1")))) == {"TokenAsPayee"}
    assert names(found(planned(payee=USDC.address, money=ETH("1")))) == set()
    assert names(found(planned(payee=ETH.address, money=ETH("1")))) == {"BurnAddress"}  # it is nobody, and no contract
    assert names(found(planned(parties=(USDC.address,)))) == {"TokenAsPayee"}


def test_a_contract_of_ours_is_nobodys_payee() -> None:
    (finding,) = found(planned(payee=ESCROW))

    assert (finding.name, finding.facts) == ("OwnContractAsPayee", {"party": ESCROW, "contract": "Escrow"})


def test_one_who_pays_itself() -> None:
    assert names(found(planned(payee=PAYER))) == {"SelfPayment"}
    assert names(found(planned(payer=None, payee=PAYER))) == set()
