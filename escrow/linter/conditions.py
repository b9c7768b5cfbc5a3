"""Whether the condition is the agreed one, can be met in time, and by whom."""

from chain.errors import InvalidValue
from chain.units import ALL_BPS, NOBODY, Address
from escrow.conditions.combinator import MAX_DEPTH
from escrow.conditions.condition import CALL_GAS
from escrow.conditions.decoding import decode
from escrow.conditions.price_feed import PriceFeed
from escrow.dates import date
from escrow.finding import Gains
from escrow.linter.case import Case
from escrow.linter.reach import begins_before, forced_from, opens
from escrow.linter.rule import note, refuse, risk
from escrow.rules import HOUR


def _its_owner(case: Case) -> Gains:
    return Gains.PAYER if case.terms.condition == case.terms.payer else Gains.PAYEE


@refuse(Gains.NOBODY)
def other_condition(case: Case) -> str | None:
    """The condition that was shown is not the one that the terms fix by address and hash."""
    if case.given is None or case.condition is not None:
        return None
    terms, given = case.terms, case.given
    fixed = f"{terms.condition} with data of hash 0x{terms.condition_hash.hex()}"
    return f"the terms fix {fixed}, not {given.address} with 0x{given.data_hash.hex()}: {given.explain()}"


@risk(Gains.PAYEE)
def condition_not_shown(case: Case) -> str | None:
    """The terms have a condition of which only the hash was shown, so nobody can say what it releases, and to whom."""
    if case.terms.condition == NOBODY or case.given is not None:
        return None
    return f"what the condition {case.terms.condition} releases can't be judged: show it, with its data"


@risk(Gains.PAYEE)
def condition_is_foreign(case: Case) -> str | None:
    """The condition, or a part of it, is no contract of ours, or has data that no builder makes."""
    if case.condition is None:
        return None
    try:
        decode(case.condition.address, case.condition.data)
    except InvalidValue as error:
        return f"what the condition releases is known to its author alone: {error}"
    return None


@refuse(_its_owner)
def condition_is_a_party(case: Case) -> str | None:
    """The condition is a party's own account, which may get code that answers as the party likes (EIP-7702)."""
    terms = case.terms
    if terms.condition not in {terms.payer, terms.payee, terms.operator, terms.arbiter} - {NOBODY}:
        return None
    return f"the condition {terms.condition} is the account of a party, which decides what it answers"


def _gains_by_feed(case: Case) -> Gains:
    return Gains.PAYER if case.terms.payer in _feeds(case) else Gains.PAYEE


@refuse(_gains_by_feed)
def feed_is_a_party(case: Case) -> str | None:
    """A price comes from a party's own account, which may get code that answers as the party likes (EIP-7702)."""
    terms = case.terms
    own = _feeds(case) & ({terms.payer, terms.payee, terms.operator, terms.arbiter} - {NOBODY})
    return f"the price feed {min(own)} is the account of a party, which decides the price" if own else None


@note(Gains.BOTH)
def feed_decides(case: Case) -> str | None:
    """Whoever runs the price feed decides what is released; nothing here tells a good feed from a bad one."""
    feeds = _feeds(case)
    return f"whoever runs {', '.join(sorted(feeds))} decides the price, and so what is released" if feeds else None


@refuse(Gains.PAYER)
def condition_releases_nothing(case: Case) -> str | None:
    """No proof releases anything."""
    if case.condition is None or case.condition.most(case.terms.amount):
        return None
    return f"no proof makes the condition release anything: {case.condition.explain()}"


@note(Gains.PAYER)
def condition_releases_a_part(case: Case) -> str | None:
    """No proof releases everything."""
    most = 0 if case.condition is None else case.condition.most(case.terms.amount)
    if not 0 < most < case.terms.amount:
        return None
    return (
        f"at most {case.phrases.money(most)} of {case.phrases.money(case.terms.amount)} can ever be released by proof"
    )


@refuse(Gains.PAYER)
def condition_needs_too_much_gas(case: Case) -> str | None:
    """The condition may need more gas than it is given, and then it releases nothing."""
    if case.condition is None or case.condition.gas <= CALL_GAS:
        return None
    return f"the condition may need {case.condition.gas} gas; it gets {CALL_GAS}"


@refuse(Gains.PAYER)
def condition_is_too_deep(case: Case) -> str | None:
    """The condition is nested deeper than three levels."""
    if case.condition is None or case.condition.depth <= MAX_DEPTH:
        return None
    return f"the condition is nested {case.condition.depth} levels deep; {MAX_DEPTH} are allowed"


@refuse(Gains.PAYEE)
def condition_always_true(case: Case) -> str | None:
    """The condition releases everything by itself at the last funding, and the payer can't dispute before it."""
    sure = None if case.condition is None else case.condition.sure_from
    if sure is None or sure > case.terms.fund_by or _waits(case):
        return None
    return f"the condition releases everything by itself from {date(sure)} on, and no dispute comes before it"


@risk(Gains.PAYEE)
def condition_true_from_the_start(case: Case) -> str | None:
    """When `captureFrom` lets the condition be asked, it already releases everything by itself."""
    sure = None if case.condition is None else case.condition.sure_from
    if sure is None or not _waits(case) or sure >= case.terms.capture_from:
        return None
    start = date(case.terms.capture_from)
    return f"at {start}, when the condition may be asked first, it already releases everything by itself"


@note(Gains.PAYEE)
def condition_begins_before_funding(case: Case) -> str | None:
    """A part is released by itself as soon as the money is in."""
    condition, terms = case.condition, case.terms
    if condition is None or _waits(case) or not begins_before(condition, terms.fund_by):
        return None
    return f"the condition begins to release by itself at {date(condition.begins or 0)}, before the last funding"


@refuse(Gains.PAYEE)
def payee_proves_alone(case: Case) -> str | None:
    """The payee's own signature makes the condition release, if need be after a while."""
    if not _forced(case, case.terms.payee):
        return None
    return f"the payee {case.terms.payee} can make the condition release by its own signature"


@risk(Gains.OPERATOR)
def operator_proves_alone(case: Case) -> str | None:
    """The operator's own signature makes the condition release, if need be after a while."""
    terms = case.terms
    if terms.operator in {NOBODY, terms.payer, terms.payee} or not _forced(case, terms.operator):
        return None
    return f"the operator {terms.operator} can make the condition release by its own signature"


@risk(Gains.PAYEE)
def payee_and_operator_prove(case: Case) -> str | None:
    """The payee and the operator together make the condition release, and neither could alone."""
    terms = case.terms
    if terms.operator in {NOBODY, terms.payer} or _forced(case, terms.payee) or _forced(case, terms.operator):
        return None
    if not _forced(case, terms.payee, terms.operator):
        return None
    return f"the payee {terms.payee} and the operator {terms.operator} can make the condition release without the payer"


@refuse(Gains.PAYER)
def condition_never_in_time(case: Case) -> str | None:
    """The condition can't release anything before the hold is over."""
    if case.condition is None or opens(case.condition) < case.terms.authorization_expiry:
        return None
    return f"the condition can release nothing before {date(opens(case.condition))}; the hold is over at {case.expiry}"


@risk(Gains.PAYER)
def condition_too_slow(case: Case) -> str | None:
    """What the condition releases by itself comes in full less than an hour before the clock splits it otherwise."""
    terms = case.terms
    sure = None if case.condition is None else case.condition.sure_from
    if sure is None or terms.payee_share_on_expiry_bps == ALL_BPS or sure + HOUR <= terms.authorization_expiry:
        return None
    return f"the condition releases everything by itself at {date(sure)}, but at {case.expiry} {case.on_expiry}"


def _feeds(case: Case) -> set[Address]:
    parts = () if case.condition is None else case.condition.parts()
    return {part.feed for part in parts if isinstance(part, PriceFeed)}


def _waits(case: Case) -> bool:
    """Whether there is a time after every funding in which somebody may dispute before the condition can be asked."""
    return case.freezes and case.payer_disputes


def _forced(case: Case, *parties: Address) -> bool:
    """Whether these can make it release something in time, and before it would by itself."""
    if case.condition is None:
        return False
    forced = forced_from(case.condition, frozenset(parties))
    alone = case.condition.begins
    return forced is not None and forced < case.terms.authorization_expiry and (alone is None or forced < alone)
