"""The payer's own weights."""

from collections.abc import Mapping

from chain.errors import Malformed
from chain.preflight import NAMES
from chain.preflight.finding import Weight


def weights_of(given: Mapping[str, Weight | str], *, foreign: bool) -> dict[str, Weight]:
    """A mistyped name would weigh nothing: only with `foreign` sources may a name be none of ours.

    Raises `Malformed`.
    """
    for name, weight in given.items():
        if weight not in list(Weight):
            raise Malformed("weights", f"{weight!r} is none of {', '.join(Weight)}")
        if name not in NAMES and not foreign:
            raise Malformed("weights", f"{name!r} is the name of no finding")
    return {name: Weight(weight) for name, weight in given.items()}
