"""Every state that a payment can reach under its terms, at every second that matters, and how its money leaves."""

from escrow.walk.exits import Exit, Split, exits, exits_of
from escrow.walk.graph import Edge, Graph, Node, graph
from escrow.walk.moves import Move, Party, identities, moves

__all__ = [
    "Edge",
    "Exit",
    "Graph",
    "Move",
    "Node",
    "Party",
    "Split",
    "exits",
    "exits_of",
    "graph",
    "identities",
    "moves",
]
