import re
from functools import cache
from itertools import product
from typing import Any

import pytest

from chain.typed_data import Domain
from chain.units import address
from escrow import Gains, Terms, conditions, walk
from escrow.dates import date
from escrow.linter import silences
from escrow.linter.case import Case as Judged
from escrow.linter.rule import Rule
from tests.escrow.linter.cases import DAY, EXPIRY, JUDGED, OPERATED, OPERATOR, Case, agreed, found, seen

LOCK = conditions.hash_lock(sha256=bytes(32))
DOMAIN = Domain(31337, address("0x" + "e5" * 20))
ALWAYS = {"everybody-silent", "payer-silent", "payee-silent", "ends-by"}
CASES: list[Case] = [
    ("operator-silent", True, OPERATED),
    ("operator-silent", False, OPERATED | {"capture_from": EXPIRY}),
    ("operator-silent", False, {}),
    ("condition-silent", True, {"given": LOCK}),
    ("condition-silent", False, {}),
    ("arbiter-silent", True, JUDGED),
    ("arbiter-silent", False, JUDGED | {"flags": 4}),
]


@pytest.mark.parametrize(("name", "expected", "changes"), CASES)
def test_the_silence_of_whoever_has_a_say_is_named(name: str, expected: bool, changes: dict[str, object]) -> None:
    assert (name in found(changes)) is expected


@pytest.mark.parametrize("changes", [{}, JUDGED, OPERATED, {"given": LOCK}])
def test_what_both_parties_silence_means_is_always_said(changes: dict[str, object]) -> None:
    assert found(changes).keys() >= ALWAYS


def test_every_rule_about_silences_is_tested() -> None:
    names = {rule.name for rule in vars(silences).values() if isinstance(rule, Rule)}

    assert {name for name, _ in seen(CASES)} | ALWAYS == names


FEE = {"fee_bps": 100, "fee_recipient": OPERATOR}
_PARTIES: list[dict[str, Any]] = [{}, OPERATED, *(JUDGED | {"flags": flags} for flags in range(8)), JUDGED | OPERATED]
_SHARES: list[dict[str, Any]] = [
    who | {"payee_share_on_expiry_bps": share, "payee_share_on_silence_bps": 10_000 - share}
    for share, who in product((0, 2_500, 10_000), (FEE, JUDGED, JUDGED | FEE | {"flags": 3}))
]


@cache
def _exits(terms: Terms) -> tuple[walk.Exit, ...]:
    return walk.exits(terms, DOMAIN)


def _clock(terms: Terms, silent: walk.Party, *, disputed: bool) -> walk.Split:
    """What the clock gives of a hold of which nothing has left, if `silent` is."""
    (split,) = {
        split
        for each in _exits(terms)
        if each.silent is silent and each.held == terms.amount and not each.disputed
        for split in each.splits
        if split.disputed is disputed
    }
    return split


def _amounts(says: str) -> set[int]:
    return set(map(int, re.findall(r"(?<!fee of )\b(\d+) base units", says)))


@pytest.mark.parametrize("changes", _PARTIES)
def test_the_second_by_which_everything_ends_is_that_of_a_walk_through_every_state(changes: dict[str, Any]) -> None:
    terms = agreed(**changes)

    assert Judged(terms=terms).latest_end == max(each.latest for each in _exits(terms))


@pytest.mark.parametrize("changes", _SHARES)
def test_what_nobody_doing_anything_means_is_what_the_twin_pays(changes: dict[str, Any]) -> None:
    clock = _clock(agreed(**changes), walk.Party.ANYBODY, disputed=False)
    says = found(changes)["everybody-silent"].says

    assert date(clock.at) in says
    assert _amounts(says) == {clock.to_payer, clock.to_payee} - {0}


@pytest.mark.parametrize("changes", [changes for changes in _SHARES if "arbiter" in changes])
def test_what_a_silent_arbiter_means_is_what_the_twin_pays(changes: dict[str, Any]) -> None:
    clock = _clock(agreed(**changes), walk.Party.ARBITER, disputed=True)
    says = found(changes)["arbiter-silent"].says

    assert date(clock.at) in says
    assert _amounts(says) == {clock.to_payer, clock.to_payee} - {0}


@pytest.mark.parametrize(
    ("share", "gains"), [(0, Gains.PAYER), (1, Gains.BOTH), (9_999, Gains.BOTH), (10_000, Gains.PAYEE)]
)
def test_whoever_gets_the_money_gains_by_the_silence(share: int, gains: Gains) -> None:
    by_expiry = found(JUDGED | {"payee_share_on_expiry_bps": share})
    by_silence = found(JUDGED | {"payee_share_on_silence_bps": share})

    assert by_expiry["everybody-silent"].gains is by_expiry["payer-silent"].gains is gains
    assert by_silence["arbiter-silent"].gains is gains
    assert by_silence["everybody-silent"].gains is Gains.PAYER


def test_what_the_others_may_still_do_is_said() -> None:
    everything = found(JUDGED | OPERATED | {"given": LOCK, "flags": 2})

    assert "the payee may ask the arbiter" in everything["payer-silent"].says
    assert "the arbiter" not in everything["payee-silent"].says
    for name in ("payer-silent", "payee-silent"):
        assert "the operator may capture it" in everything[name].says
        assert "show the condition its proof" in everything[name].says


def test_a_date_in_a_finding_is_the_one_that_counts() -> None:
    assert date(EXPIRY + 7 * DAY - 1) in found(JUDGED)["ends-by"].says
    assert date(EXPIRY + 7 * DAY) in found(JUDGED | {"flags": 3})["ends-by"].says
    assert date(EXPIRY) in found({})["ends-by"].says
