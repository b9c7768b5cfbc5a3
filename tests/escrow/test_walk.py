"""The whole state graph of the twin: from everywhere, whoever is silent, the money leaves in bounded time."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import pytest

from chain.refusals import InvalidAmount
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Seconds, address
from escrow import Payment, Phase, Terms
from escrow.actions import Action, Amend, Capture, Dispute, Expire, Refund, Resolve, Rule
from escrow.flags import ALL_FLAGS, DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.phase import capture_begun, end_of
from escrow.walk import Graph, Node, Party, exits, exits_of, graph, identities, moves
from escrow.walk.graph import legal

START, HOUR = 2_000_000_000, 3_600
PAYER, PAYEE, OPERATOR, ARBITER, CONDITION = (address("0x" + digit * 40) for digit in "12345")
DOMAIN = Domain(1, address("0x" + "e5" * 20))
DISPUTABLE = PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE


def _terms(**changes: Any) -> Terms:
    members: dict[str, Any] = {
        "payer": PAYER,
        "payee": PAYEE,
        "token": NOBODY,
        "amount": 4,
        "fund_by": START + HOUR,
        "capture_from": START + 2 * HOUR,
        "authorization_expiry": START + 4 * HOUR,
        "refund_expiry": START + 6 * HOUR,
        "payee_share_on_expiry_bps": 2_500,
        "payee_share_on_silence_bps": 7_500,
        "salt": 1,
    }
    return Terms(**members | changes)


@cache
def _walks() -> tuple[tuple[Terms, Graph], ...]:
    """With and without each party, each flag, and an arbiter who is quicker or slower than the expiry."""
    found = []
    every, some = range(ALL_FLAGS + 1), (DISPUTABLE, ALL_FLAGS)
    for operator, condition in product((NOBODY, OPERATOR, PAYEE), (NOBODY, CONDITION)):
        found.append(_terms(operator=operator, condition=condition, capture_from=0))
        quick = [(HOUR, flags) for flags in (some if operator == PAYEE else every)]
        for ruling, flags in [*quick, *((5 * HOUR, flags) for flags in some if operator == OPERATOR)]:
            judged = {"arbiter": ARBITER, "flags": flags, "ruling_period": ruling}
            found.append(_terms(operator=operator, condition=condition, **judged))
    return tuple((terms, graph(terms, DOMAIN)) for terms in found)


def _held() -> Iterator[tuple[Terms, Graph, Node]]:
    for terms, walked in _walks():
        for node in walked:
            if node.holding.held:
                yield terms, walked, node


def _is_legal(kind: type[Action], node: Node) -> bool:
    """Whether any party could do it in some measure."""
    tries = (move.action for move in moves(node.payment, node.now))
    return any(legal(node.payment, action, node.now) for action in tries if type(action) is kind)


def test_from_every_state_the_clock_lets_anybody_end_the_hold_whoever_is_silent() -> None:
    for terms, _, node in _held():
        end = end_of(node.payment)
        longest = terms.authorization_expiry + terms.ruling_period
        assert end <= longest
        for second in (max(end, node.now), longest + 10**9):
            ended = legal(node.payment, Expire(caller=NOBODY), Seconds(second))
            assert ended is not None
            assert ended[0].holding.held == 0


def test_in_every_state_with_money_somebody_can_move_it_at_once() -> None:
    for _, walked, node in _held():
        assert any(edge.move is not None and edge.to.holding.held == 0 for edge in walked[node])


def test_with_any_one_party_silent_a_path_of_the_others_still_empties_the_hold() -> None:
    for terms, walked in _walks():
        for silent, place in identities(terms).items():
            mute = {party for party, other in identities(terms).items() if other == place}
            emptied = _emptied(walked, mute)
            assert all(node in emptied for node in walked), silent


def _emptied(walked: Graph, mute: set[Party]) -> set[Node]:
    """From where the hold can get to nothing without them, but with time."""
    before: dict[Node, list[Node]] = {}
    for node, edges in walked.items():
        for edge in edges:
            if not edge.by & mute:
                before.setdefault(edge.to, []).append(node)
    found = {node for node in walked if node.holding.held == 0}
    waiting = list(found)
    while waiting:
        for earlier in before.get(waiting.pop(), []):
            if earlier not in found:
                found.add(earlier)
                waiting.append(earlier)
    return found


def test_what_the_walk_calls_an_exit_is_one() -> None:
    for terms, walked in _walks():
        found = exits_of(terms, walked)
        for exit_ in found:
            assert exit_.splits
            assert exit_.latest <= terms.authorization_expiry + terms.ruling_period
            assert all(split.at <= exit_.latest for split in exit_.splits)
            assert all(split.to_payer + split.to_payee == exit_.held for split in exit_.splits)
        assert {(e.phase, e.disputed, e.held) for e in found} == {
            (node.payment.phase(node.now), node.holding.is_disputed, node.holding.held)
            for node in walked
            if node.holding.held
        }


def test_the_operator_captures_or_the_clock_ends_and_never_both() -> None:
    for terms, _, node in _held():
        if terms.operator != NOBODY and capture_begun(terms, node.now) and not node.holding.is_disputed:
            assert _is_legal(Capture, node) is not _is_legal(Expire, node)


def test_a_party_may_dispute_or_the_clock_ends_and_never_both() -> None:
    for terms, _, node in _held():
        if terms.allows(DISPUTABLE) and not node.holding.is_disputed:
            assert _is_legal(Dispute, node) is not _is_legal(Expire, node)


def test_the_arbiter_rules_or_the_clock_ends_and_never_both() -> None:
    for terms, _, node in _held():
        waits = not terms.allows(DISPUTE_FREEZES_RESOLVE) and node.now < terms.authorization_expiry
        if node.holding.is_disputed:
            assert not (_is_legal(Rule, node) and _is_legal(Expire, node))
            assert waits or _is_legal(Rule, node) or _is_legal(Expire, node)


def test_without_flag_4_the_condition_releases_until_the_arbiter_rules_and_never_both() -> None:
    for terms, _, node in _held():
        if (
            terms.condition != NOBODY
            and not terms.allows(DISPUTE_FREEZES_RESOLVE)
            and node.payment.phase(node.now) is Phase.DISPUTED
        ):
            assert _is_legal(Resolve, node) is not _is_legal(Rule, node)


def test_with_flag_4_a_dispute_freezes_the_condition() -> None:
    for terms, _, node in _held():
        if terms.allows(DISPUTE_FREEZES_RESOLVE) and node.holding.is_disputed:
            assert not _is_legal(Resolve, node)


def test_payer_and_payee_amend_or_the_clock_ends_and_never_both() -> None:
    for terms, _, node in _held():
        assert (legal(node.payment, _amendment(node), node.now) is None) is _is_legal(Expire, node), terms


def _amendment(node: Node) -> Amend:
    held, now = node.holding.held, node.now
    later = {"fund_by": now + 1, "capture_from": now + 2 * HOUR, "authorization_expiry": now + 2 * HOUR}
    to = Payment(terms=_terms(amount=held, refund_expiry=now + 2 * HOUR, salt=2, **later), domain=DOMAIN)
    return Amend(
        caller=NOBODY,
        to=to,
        held=held,
        paid_in=Amount(0),
        paid_out=Amount(0),
        deadline=Seconds(now + 1),
        signatures=(b"",) * 4,
        wallets=frozenset({PAYER, PAYEE}),
    )


def test_what_was_paid_can_be_refunded_until_the_refunds_expire() -> None:
    for terms, walked in _walks():
        for node in walked:
            if node.holding.refundable:
                assert _is_legal(Refund, node) is (node.now < terms.refund_expiry)


def test_a_dispute_never_brings_the_silent_default_forward() -> None:
    for terms, walked in _walks():
        for node, edges in walked.items():
            ends = [end_of(edge.to.payment) for edge in edges if edge.move and type(edge.move.action) is Dispute]
            assert all(end >= end_of(node.payment) == terms.authorization_expiry for end in ends)


def test_the_arbiter_has_its_whole_period_from_where_it_may_begin() -> None:
    for terms, _, node in _held():
        disputed_at = node.holding.disputed_at
        if disputed_at:
            begins = disputed_at if terms.allows(DISPUTE_FREEZES_RESOLVE) else terms.authorization_expiry
            assert end_of(node.payment) - begins >= terms.ruling_period


def test_every_phase_is_walked_with_and_without_a_dispute() -> None:
    found = {(node.payment.phase(node.now), node.holding.is_disputed) for _, _, node in _held()}

    assert found == {(Phase.OPEN, False), (Phase.DISPUTED, True), (Phase.OVER, False), (Phase.OVER, True)}


def _exit(terms: Terms, silent: Party) -> tuple[int, list[tuple[int, bool, int, int]]]:
    """Of a full hold that nobody has disputed: the latest end, and the splits, from START."""
    [found] = [
        e for e in exits(terms, DOMAIN) if e.silent is silent and e.held == terms.amount and e.phase is Phase.OPEN
    ]
    return found.latest - START, [(s.at - START, s.disputed, s.to_payer, s.to_payee) for s in found.splits]


LATE = 5 * HOUR - 1
UNDISPUTED, DISPUTED = (4 * HOUR, False, 3, 1), (LATE, True, 1, 3)


@pytest.mark.parametrize(
    ("flags", "silent", "latest", "splits"),
    [
        (ALL_FLAGS, Party.PAYER, LATE, [UNDISPUTED, DISPUTED]),
        (ALL_FLAGS, Party.PAYEE, LATE, [UNDISPUTED, DISPUTED]),
        (ALL_FLAGS, Party.ARBITER, LATE, [UNDISPUTED, DISPUTED]),
        (ALL_FLAGS, Party.ANYBODY, 4 * HOUR, [UNDISPUTED]),
        (PAYER_MAY_DISPUTE | 4, Party.PAYER, 4 * HOUR, [UNDISPUTED]),
        (PAYER_MAY_DISPUTE | 4, Party.PAYEE, LATE, [UNDISPUTED, DISPUTED]),
        (PAYEE_MAY_DISPUTE | 4, Party.PAYEE, 4 * HOUR, [UNDISPUTED]),
        (DISPUTABLE, Party.PAYER, 5 * HOUR, [UNDISPUTED, (5 * HOUR, True, 1, 3)]),
        (0, Party.PAYER, 4 * HOUR, [UNDISPUTED]),
    ],
)
def test_an_exit_says_by_when_and_who_gets_what(
    flags: int, silent: Party, latest: int, splits: list[tuple[int, bool, int, int]]
) -> None:
    terms = _terms(arbiter=ARBITER, flags=flags, ruling_period=HOUR)

    assert _exit(terms, silent) == (latest, splits)


def test_who_is_silent_is_silent_in_every_role() -> None:
    terms = _terms(operator=PAYER, arbiter=ARBITER, flags=PAYER_MAY_DISPUTE, ruling_period=HOUR)

    assert _exit(terms, Party.OPERATOR) == _exit(terms, Party.PAYER) == (4 * HOUR, [UNDISPUTED])


@pytest.mark.parametrize("party", [NOBODY, PAYEE])
def test_nobody_is_no_party(party: Address) -> None:
    assert (Party.OPERATOR in identities(_terms(operator=party))) is (party != NOBODY)


def test_terms_that_nobody_can_fund_have_no_walk() -> None:
    with pytest.raises(InvalidAmount):
        graph(_terms(amount=0), DOMAIN)
