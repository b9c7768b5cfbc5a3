"""By when the money leaves if somebody is silent for ever, and who gets it then."""

from collections.abc import Iterator
from dataclasses import dataclass

from chain.typed_data import Domain
from chain.units import Amount, Seconds
from escrow.actions import Expire
from escrow.machine import transition
from escrow.payment import Payment
from escrow.phase import Phase, end_of
from escrow.terms import Terms
from escrow.walk.graph import Edge, Graph, Node, graph
from escrow.walk.moves import Party, identities


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """What the clock gives from the Unix second `at` on, in base units; the fee is in the payee's part."""

    at: Seconds
    disputed: bool
    to_payer: Amount
    to_payee: Amount


@dataclass(frozen=True, kw_only=True, slots=True)
class Exit:
    """From the states of this kind, if `silent` never moves again: everybody, if that is anybody.

    `latest` is when anybody can end whatever is held then, at the latest. `splits` are the ends that the clock can have
    if nothing leaves before, each at its latest.
    """

    phase: Phase
    disputed: bool
    held: Amount
    silent: Party
    latest: Seconds
    splits: tuple[Split, ...]


def exits(terms: Terms, domain: Domain) -> tuple[Exit, ...]:
    """For every kind of state in which money is held, and for each party that the terms name, and for all of them.

    Raises the `IllegalAction` by which the terms can't be funded at all.
    """
    return exits_of(terms, graph(terms, domain))


def exits_of(terms: Terms, walked: Graph) -> tuple[Exit, ...]:
    """The same of a walk that has been made."""
    return tuple(exit_ for silent in (*identities(terms), Party.ANYBODY) for exit_ in _exits(terms, walked, silent))


def _exits(terms: Terms, walked: Graph, silent: Party) -> Iterator[Exit]:
    kinds: dict[tuple[Phase, bool, Amount], set[Node]] = {}
    for node in walked:
        holding = node.holding
        if holding.held:
            kinds.setdefault((node.payment.phase(node.now), holding.is_disputed, holding.held), set()).add(node)
    mute = _mute(terms, silent)
    for (phase, disputed, held), nodes in kinds.items():
        ahead = {node.holding: node.payment for node in _ahead(walked, nodes, mute)}.values()
        latest = max(map(end_of, ahead))
        untouched = [payment for payment in ahead if payment.holding.held == held]
        splits = _splits(untouched)
        yield Exit(phase=phase, disputed=disputed, held=held, silent=silent, latest=latest, splits=splits)


def _mute(terms: Terms, silent: Party) -> frozenset[Party]:
    """Every role of the one who is silent."""
    named = identities(terms)
    if silent is Party.ANYBODY:
        return frozenset(named)
    return frozenset(party for party, place in named.items() if place == named[silent])


def _ahead(walked: Graph, nodes: set[Node], mute: frozenset[Party]) -> set[Node]:
    """All that can still come without them."""
    seen, waiting = set(nodes), list(nodes)
    while waiting:
        for edge in walked[waiting.pop()]:
            if _stays(edge) and not edge.by & mute and edge.to not in seen:
                seen.add(edge.to)
                waiting.append(edge.to)
    return seen


def _stays(edge: Edge) -> bool:
    return edge.to.holding.held != 0


def _splits(payments: list[Payment]) -> tuple[Split, ...]:
    """One for each kind of end: what the clock gives depends on nothing else while the hold is the same."""
    latest: dict[bool, Payment] = {}
    for payment in sorted(payments, key=end_of):
        latest[payment.holding.is_disputed] = payment
    return tuple(_split(latest[disputed]) for disputed in sorted(latest))


def _split(payment: Payment) -> Split:
    before, end = payment.holding, end_of(payment)
    after = transition(payment, Expire(caller=payment.terms.payee), end)[0].holding
    to_payee = Amount(after.refundable - before.refundable)
    to_payer = Amount(before.held - to_payee)
    return Split(at=end, disputed=before.is_disputed, to_payer=to_payer, to_payee=to_payee)
