"""A chain with parties, money and awkward contracts, for tests: the fixture `earnest` of the pytest plugin.

`World` is the fixture's type. Named only where it is used: importing it brings web3.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from earnest.testing.party import Party
    from earnest.testing.world import World

__all__ = ["Party", "World"]


def __getattr__(name: str) -> Any:
    if name == "World":
        from earnest.testing.world import World

        return World
    if name == "Party":
        from earnest.testing.party import Party

        return Party
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
