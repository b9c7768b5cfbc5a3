"""What a party must look at before it signs a state, since the chain clips what it should never have agreed to."""

from channels.duplex.duplex import Duplex
from channels.duplex.errors import NotCovered
from channels.duplex.signed_state import SignedState


def require_covered(state: SignedState, duplex: Duplex) -> None:
    """Whatever the promises come to, each party's deposit covers what it owes then. Raises `NotCovered`."""
    net, listed = state.message.net, state.listed
    for owed, deposit in (
        (net + listed.total_from_a, duplex.deposit_a),
        (listed.total_from_b - net, duplex.deposit_b),
    ):
        if owed > deposit:
            raise NotCovered(owed, deposit)
