import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chain.errors import Malformed, OutOfRange
from chain.money import Token
from chain.refusals import InvalidAmount
from chain.units import MAX_AMOUNT, NOBODY, Address, Amount, Seconds
from escrow import Agreement, Finding, Severity, Step, Terms, conditions
from escrow.agreement import Part
from escrow.errors import OtherToken
from escrow.terms_errors import OtherCondition, Unsound

EXPIRY, DAY = 2_000_000_000, 86_400
LOCK = conditions.hash_lock(sha256=bytes(32))
Agree = Callable[..., Terms]


@pytest.fixture
def shared(people: dict[str, Address]) -> dict[str, Any]:
    return {
        "payer": people["payer"],
        "payee": people["payee"],
        "expiry": EXPIRY,
        "if_expired": "payer",
        "arbiter": people["arbiter"],
        "ruling_period": timedelta(days=7),
        "if_arbiter_silent": "payee",
    }


@pytest.fixture
def approved(people: dict[str, Address]) -> conditions.Approvals:
    return conditions.approvals(1, of=[people["payer"]])


@pytest.fixture
def job(shared: dict[str, Any], usdc: Token, approved: conditions.Approvals) -> Agreement:
    build = Step(amount=usdc("2500"), condition=approved, expiry=EXPIRY + 9 * DAY, if_expired="payee")
    return Agreement.milestones(**shared, steps={"design": (usdc("500"), None), "build": build})


def test_each_step_has_its_own_amount_condition_expiry_and_outcome(
    job: Agreement, approved: conditions.Approvals, people: dict[str, Address], usdc: Token
) -> None:
    design, build = job["design"], job.terms("build")

    assert list(job) == ["design", "build"]
    assert (design.amount, build.amount) == (usdc("500").units, usdc("2500").units)
    assert (design.condition, build.condition) == (NOBODY, approved.address)
    assert (job.condition("design"), job.condition("build")) == (None, approved)
    assert (design.authorization_expiry, build.authorization_expiry) == (EXPIRY, EXPIRY + 9 * DAY)
    assert (design.payee_share_on_expiry_bps, build.payee_share_on_expiry_bps) == (0, 10_000)
    assert {terms.arbiter for terms in job.values()} == {people["arbiter"]}
    assert {terms.payee_share_on_silence_bps for terms in job.values()} == {10_000}


def test_a_step_s_flags_fit_its_condition(job: Agreement) -> None:
    assert (job["design"].flags, job["build"].flags) == (7, 3)


def test_the_steps_add_up_and_one_payer_funds_them_all(job: Agreement, people: dict[str, Address], usdc: Token) -> None:
    assert job.total == usdc("3000").units
    assert (job.token, job.payer) == (usdc.address, people["payer"])
    assert job.paid_by(people["payer"]) == tuple(job.values())
    assert job.paid_by(people["payee"]) == ()


def test_steps_that_are_alike_are_payments_apart(shared: dict[str, Any], usdc: Token) -> None:
    twice = Agreement.milestones(**shared, steps={"one": (usdc("5"), None), "two": (usdc("5"), None)})

    assert twice["one"] != twice["two"]
    with pytest.raises(Malformed):
        Agreement((Part(name="one", terms=twice["one"]), Part(name="two", terms=twice["one"])))


def test_steps_may_do_without_an_arbiter(shared: dict[str, Any], usdc: Token) -> None:
    for name in ("arbiter", "ruling_period", "if_arbiter_silent"):
        del shared[name]
    plain = Agreement.milestones(**shared, steps={"one": (usdc("5"), None), "two": (usdc("6"), LOCK)})

    assert {(terms.arbiter, terms.flags, terms.operator, terms.capture_from) for terms in plain.values()} == {
        (NOBODY, 0, NOBODY, 0)
    }


@pytest.mark.parametrize("missing", ["expiry", "if_expired"])
def test_a_step_s_expiry_and_its_outcome_have_no_default(shared: dict[str, Any], usdc: Token, missing: str) -> None:
    del shared[missing]
    step = {
        "expiry": Step(amount=usdc("500"), expiry=EXPIRY),
        "if_expired": Step(amount=usdc("500"), if_expired="payee"),
    }[missing]

    with pytest.raises(Malformed):
        Agreement.milestones(**shared, steps={"design": (usdc("500"), None)})
    assert len(Agreement.milestones(**shared, steps={"design": step})) == 1


def test_a_step_that_nobody_could_fund_is_refused(shared: dict[str, Any], usdc: Token) -> None:
    with pytest.raises(InvalidAmount):
        Agreement.milestones(**shared, steps={"design": (usdc("0"), None)})


def test_a_step_may_say_by_when_it_is_funded(shared: dict[str, Any], usdc: Token) -> None:
    step = Step(amount=usdc("5"), fund_by=EXPIRY - 3 * DAY)

    assert Agreement.milestones(**shared, steps={"design": step})["design"].fund_by == EXPIRY - 3 * DAY


def test_an_agreement_is_made_of_named_parts_in_one_token(agree: Agree, usdc: Token) -> None:
    native, other = agree(salt=1), agree(salt=2, token=usdc.address)

    with pytest.raises(Malformed):
        Agreement(())
    with pytest.raises(Malformed):
        Agreement((Part(name="one", terms=native), Part(name="one", terms=agree(salt=2))))
    with pytest.raises(OtherToken):
        Agreement((Part(name="one", terms=native), Part(name="two", terms=other)))
    with pytest.raises(Malformed):
        Part(name=" ", terms=native)
    with pytest.raises(KeyError):
        Agreement((Part(name="one", terms=native),))["two"]


def test_what_is_held_in_all_fits_an_amount(agree: Agree) -> None:
    most = agree(amount=MAX_AMOUNT - 1)

    assert Agreement((Part(name="one", terms=most), Part(name="two", terms=agree(amount=1)))).total == MAX_AMOUNT
    with pytest.raises(OutOfRange):
        Agreement((Part(name="one", terms=most), Part(name="two", terms=agree(amount=2))))


def test_a_part_knows_the_condition_that_its_terms_fix_and_no_other(agree: Agree) -> None:
    with pytest.raises(OtherCondition):
        Part(name="one", terms=agree(), condition=LOCK)
    with pytest.raises(OtherCondition):
        Part(name="one", terms=agree(condition=LOCK.address, condition_hash=bytes(32)), condition=LOCK)


def test_an_agreement_comes_back_from_json(job: Agreement) -> None:
    data = json.loads(json.dumps(job.to_json()))

    assert Agreement.from_json(data) == job


@pytest.mark.parametrize(
    "breaks",
    [
        lambda data: [],
        lambda data: {},
        lambda data: data | {"total": "1"},
        lambda data: {"parts": {}},
        lambda data: ["parts"],
        lambda data: {"parts": 5},
        lambda data: {"parts": [[]]},
        lambda data: {"parts": [["name", "terms", "condition"]]},
        lambda data: {"parts": [data["parts"][0] | {"note": ""}]},
        lambda data: {"parts": [data["parts"][0] | {"name": 1}]},
        lambda data: {"parts": [data["parts"][0], data["parts"][0]]},
    ],
)
def test_what_is_no_agreement_is_refused(job: Agreement, breaks: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(Malformed):
        Agreement.from_json(breaks(job.to_json()))


def test_a_condition_of_another_part_is_refused(job: Agreement) -> None:
    data = job.to_json()
    data["parts"][0]["condition"] = data["parts"][1]["condition"]

    with pytest.raises(OtherCondition):
        Agreement.from_json(data)


def test_every_part_is_checked_under_its_name_with_its_condition(job: Agreement) -> None:
    findings = job.check(now=Seconds(EXPIRY - 20 * DAY))
    hidden = Agreement(
        tuple(Part(name=part.name, terms=replace(part.terms, known_condition=None)) for part in job.parts)
    )

    assert {finding.part for finding in findings} == {"design", "build"}
    assert {finding.severity for finding in findings} == {Severity.NOTE}
    job.require_sound(now=Seconds(EXPIRY - 20 * DAY))
    assert (hidden.check()[0].name, hidden.check()[0].part) == ("condition-not-shown", "build")
    with pytest.raises(Unsound):
        hidden.require_sound()
    hidden.require_sound(accept=["condition-not-shown"])


def test_every_part_is_explained_under_its_name(job: Agreement, approved: conditions.Approvals, usdc: Token) -> None:
    text = job.explain(usdc)

    assert text.startswith("design\n\n500 USDC")
    assert "\nbuild\n\n2500 USDC" in text
    assert approved.explain() in text


def _bond_findings(agreement: Agreement) -> list[Finding]:
    return [finding for finding in agreement.check() if finding.name == "bond-does-not-cover"]


def test_a_bonded_sale_has_two_payers_and_ends_together(
    job: Agreement, people: dict[str, Address], usdc: Token
) -> None:
    both = Agreement.bonded(job, amount=usdc("100"))
    bond = both["bond"]

    assert list(both) == ["design", "build", "bond"]
    assert both.paid_by(people["payer"]) == tuple(job.values())
    assert both.paid_by(people["payee"]) == (bond,)
    assert bond.authorization_expiry == job["build"].authorization_expiry
    assert (bond.arbiter, bond.amount) == (people["arbiter"], usdc("100").units)
    assert _bond_findings(both) == []
    both.require_sound(now=Seconds(EXPIRY - 20 * DAY))


def test_a_bond_may_be_for_bare_terms(job: Agreement, approved: conditions.Approvals, usdc: Token) -> None:
    both = Agreement.bonded(job["build"], amount=usdc("1"), condition=approved)

    assert (list(both), both.condition("sale"), both["sale"]) == (["sale", "bond"], approved, job["build"])


def test_a_bond_is_for_the_part_that_can_be_disputed_last(job: Agreement, agree: Agree, usdc: Token) -> None:
    later = agree(token=usdc.address, authorization_expiry=EXPIRY + 90 * DAY, refund_expiry=EXPIRY + 90 * DAY)
    both = Agreement.bonded(Agreement((*job.parts, Part(name="undisputed", terms=later))), amount=usdc("1"))

    assert both["bond"].authorization_expiry == EXPIRY + 9 * DAY
    assert _bond_findings(both) == []
    with pytest.raises(Malformed):
        Agreement.bonded(later, amount=usdc("1"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"authorization_expiry": EXPIRY + 9 * DAY - 1}, "disputed before"),
        ({"flags": 4}, "can't be disputed"),
        ({"flags": 5}, "can't be disputed"),
        ({"arbiter": "collector"}, "has the arbiter"),
        ({"payee": "collector"}, "is from"),
        ({"payer": "collector"}, "is from"),
    ],
)
def test_a_bond_that_the_sale_s_payer_can_not_get_is_named(
    job: Agreement, people: dict[str, Address], usdc: Token, changes: dict[str, Any], why: str
) -> None:
    named = {member: people.get(value, value) for member, value in changes.items()}
    sale = Agreement((job.parts[1],))
    good = Agreement.bonded(sale, amount=usdc("1"))
    bad = Agreement((*sale.parts, Part(name="bond", terms=replace(good["bond"], **named))))

    (finding,) = _bond_findings(bad)
    assert (finding.part, finding.severity, finding.gains) == ("bond", Severity.RISK, "payee")
    assert why in finding.says
    assert _bond_findings(good) == []


def test_an_amount_is_in_base_units(job: Agreement) -> None:
    assert job.total == Amount(3_000_000_000)
