from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import IllegalAction, Malformed, Refused, TokenMismatch
from chain.money import Token
from chain.units import NOBODY, Seconds, address
from escrow import Finding, Gains, Severity, Terms, conditions
from escrow.linter import CANNOT_BE_FUNDED, RISKS, RULES
from escrow.rules import require_fundable
from escrow.terms_errors import Unsound
from tests.escrow.linter.cases import EXPIRY, FUND_BY, JUDGED, OPERATED, PAYEE, START, agreed

LOCK = conditions.hash_lock(sha256=bytes(32))


def test_no_two_rules_have_one_name_and_each_says_what_it_means() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.about.endswith(".") for rule in RULES)


@pytest.mark.parametrize(
    ("changes", "now", "error"),
    [
        ({"amount": 0}, None, "InvalidAmount"),
        ({"payee": NOBODY}, None, "InvalidPayee"),
        ({"refund_expiry": EXPIRY - 1}, None, "TimesOutOfOrder"),
        ({}, FUND_BY, "FundingTooLate"),
        (JUDGED | {"flags": 8}, None, "InvalidFlags"),
    ],
)
def test_terms_that_can_not_be_funded_have_that_finding_and_no_other(
    changes: dict[str, Any], now: Seconds | None, error: str
) -> None:
    (only,) = agreed(**changes).check(now=now)

    assert (only.name, only.severity) == (CANNOT_BE_FUNDED, Severity.REFUSE)
    assert only.says.startswith(f"{error}: ")


def test_without_the_present_time_the_last_funding_is_not_judged() -> None:
    assert CANNOT_BE_FUNDED not in {finding.name for finding in agreed().check()}


def test_the_worst_comes_first() -> None:
    findings = agreed(LOCK, **JUDGED | OPERATED | {"arbiter": PAYEE}).check(condition=LOCK)
    severities = [finding.severity for finding in findings]

    assert set(severities) == set(Severity)
    assert severities == sorted(severities, key=[Severity.REFUSE, Severity.RISK, Severity.NOTE].index)


def test_amounts_are_money_if_the_token_is_given(usdc: Token) -> None:
    assert any("120 USDC" in finding.says for finding in agreed().check(token=usdc))
    assert any("120000000 base units" in finding.says for finding in agreed().check())
    with pytest.raises(TokenMismatch):
        agreed(token=NOBODY).check(token=usdc)


def test_a_risk_must_be_accepted_by_its_name() -> None:
    risky = agreed(operator=PAYEE)

    with pytest.raises(Unsound) as refused:
        risky.require_sound(now=Seconds(START))
    assert [finding.name for finding in refused.value.findings] == ["operator-is-payee"]
    assert isinstance(refused.value, Refused)
    assert "operator-is-payee" in str(refused.value)
    risky.require_sound(accept=["operator-is-payee"], now=Seconds(START))
    risky.require_sound(accept="operator-is-payee", now=Seconds(START))


def test_a_risk_that_was_not_named_is_still_refused() -> None:
    risky = agreed(operator=PAYEE, condition=address("0x" + "77" * 20))

    with pytest.raises(Unsound) as refused:
        risky.require_sound(accept=["operator-is-payee"])
    names = {finding.name for finding in refused.value.findings}
    assert names == {"condition-not-shown", "operator-beside-condition"}


def test_nothing_makes_a_refusal_acceptable() -> None:
    with pytest.raises(Unsound):
        agreed(LOCK, **JUDGED).require_sound(accept=RISKS, condition=LOCK)
    with pytest.raises(Unsound):
        agreed(amount=0).require_sound(accept=RISKS)


@pytest.mark.parametrize("name", ["operator-is-pay", "dispute-before-secret", "ends-by", CANNOT_BE_FUNDED])
def test_a_name_of_no_risk_can_not_be_accepted(name: str) -> None:
    with pytest.raises(Malformed):
        agreed().require_sound(accept=[name])


def test_notes_stop_nobody() -> None:
    assert {finding.severity for finding in agreed().check(now=Seconds(START))} == {Severity.NOTE}
    agreed().require_sound(now=Seconds(START))


def test_the_face_has_the_present_time_judged() -> None:
    with pytest.raises(Unsound):
        agreed().require_sound(now=Seconds(FUND_BY))


def test_a_finding_can_be_read_and_written() -> None:
    finding = Finding(name="high-fee", severity=Severity.RISK, gains=Gains.FEE_RECIPIENT, says="12 %", part="design")

    assert str(finding) == "design: risk high-fee (gains: fee recipient): 12 %"
    assert finding.to_json() == {
        "name": "high-fee",
        "severity": "risk",
        "gains": "fee recipient",
        "says": "12 %",
        "part": "design",
    }


_PEOPLE = ["payer", "payee", "operator", "arbiter", "collector"]
_TIMES = st.sampled_from([0, 3_600, 7_199, 7_200, 10_800, 2**40])


@given(
    roles=st.fixed_dictionaries({role: st.sampled_from([None, *_PEOPLE]) for role in ("operator", "arbiter")}),
    condition=st.sampled_from([None, LOCK, conditions.after_time(2_000_003_000), conditions.all_of(LOCK)]),
    times=st.fixed_dictionaries({"capture_from": _TIMES, "refund_expiry": _TIMES}),
    members=st.fixed_dictionaries(
        {
            "amount": st.sampled_from([0, 1, 2**96 - 1]),
            "flags": st.integers(0, 8),
            "fee_bps": st.sampled_from([0, 1, 10_000, 10_001]),
            "payee_share_on_expiry_bps": st.sampled_from([0, 1, 10_000, 2**16 - 1]),
            "payee_share_on_silence_bps": st.sampled_from([0, 9_999]),
            "ruling_period": st.sampled_from([0, 3_600, 86_400]),
        }
    ),
)
def test_any_terms_can_be_checked_and_refused_are_exactly_those_that_can_not_be_funded_or_signed(
    agree: Callable[..., Terms],
    people: dict[str, str],
    roles: dict[str, str | None],
    condition: Any,
    times: dict[str, int],
    members: dict[str, Any],
) -> None:
    named = {role: NOBODY if who is None else people[who] for role, who in roles.items()}
    later = {name: time and START + time for name, time in times.items()}
    fixed = {} if condition is None else {"condition": condition.address, "condition_hash": condition.data_hash}
    terms = agree(fee_recipient=people["collector"], **named, **later, **fixed, **members)
    findings = terms.check(condition=condition)
    try:
        require_fundable(terms, Seconds(terms.fund_by - 1), contract=NOBODY)
    except IllegalAction:
        assert [finding.name for finding in findings] == [CANNOT_BE_FUNDED]
    else:
        assert CANNOT_BE_FUNDED not in {finding.name for finding in findings}
        assert {"everybody-silent", "ends-by"} <= {finding.name for finding in findings}
