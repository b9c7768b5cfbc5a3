"""Breadth first from a full hold: over every legal move, and over time from one boundary to the next."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from chain.errors import IllegalAction
from chain.typed_data import Domain
from chain.units import Seconds
from escrow.actions import Action
from escrow.effects import Effect
from escrow.holding import Holding
from escrow.machine import transition
from escrow.machine.authorizations import begun
from escrow.payment import Payment
from escrow.phase import end_of
from escrow.terms import Terms
from escrow.walk.moves import Move, Party, moves


@dataclass(frozen=True, slots=True)
class Node:
    """A payment as it is at one second; within one walk its holding tells all of it."""

    holding: Holding
    now: Seconds
    payment: Payment = field(compare=False, repr=False)

    @classmethod
    def of(cls, payment: Payment, now: Seconds) -> "Node":
        """`payment` at `now`."""
        return cls(payment.holding, now, payment)


@dataclass(frozen=True, slots=True)
class Edge:
    """A legal move, or none: then time passes."""

    to: Node
    effects: tuple[Effect, ...] = ()
    move: Move | None = None

    @property
    def by(self) -> frozenset[Party]:
        """Whose word it needs."""
        return self.move.by if self.move else frozenset()


Graph = dict[Node, tuple[Edge, ...]]


def graph(terms: Terms, domain: Domain) -> Graph:
    """All that can follow once the money is in, until nothing is held and nothing can be refunded.

    Raises the `IllegalAction` by which the terms can't be funded at all.
    """
    funded_at = Seconds(terms.fund_by - 1)
    start = Node.of(begun(Payment(terms=terms, domain=domain), funded_at), funded_at)
    times = _times(start)
    edges: Graph = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if node not in edges:
            edges[node] = tuple(_edges(node, times))
            waiting.extend(edge.to for edge in edges[node])
    return edges


def legal(payment: Payment, action: Action, now: Seconds) -> tuple[Payment, tuple[Effect, ...]] | None:
    """What `transition` answers, or None where it refuses."""
    try:
        return transition(payment, action, now)
    except IllegalAction:
        return None


def _edges(node: Node, times: list[Seconds]) -> Iterator[Edge]:
    for move in moves(node.payment, node.now):
        found = legal(node.payment, move.action, node.now)
        if found is not None:
            newer, effects = found
            yield Edge(Node.of(newer, node.now), effects, move)
    later = next((time for time in times if time > node.now), None)
    if later is not None:
        yield Edge(Node.of(node.payment, later))


def _times(start: Node) -> list[Seconds]:
    """The last second before each boundary and the boundary itself, the arbiter's for every dispute among them."""
    terms = start.payment.terms
    times = {start.now} | _both_sides(terms.capture_from, terms.authorization_expiry, terms.refund_expiry)
    times |= _both_sides(terms.authorization_expiry - terms.ruling_period)
    disputed = [time for time in times if start.now <= time < terms.authorization_expiry]
    for time in disputed:
        disputed_then = replace(start.payment, holding=start.holding.dispute(time))
        times |= _both_sides(end_of(disputed_then))
    return sorted(time for time in times if time >= start.now)


def _both_sides(*boundaries: int) -> set[Seconds]:
    return {Seconds(time) for boundary in boundaries for time in (boundary - 1, boundary)}
