"""The node that attacks are played on."""

from contextlib import ExitStack
from typing import Self

from chain import Chain, LocalChain
from chain.errors import Malformed
from chain.testing.branches import Branches

_MOST = 440
"""Blocks that one anvil may make here. It keeps 500 states; set back to an older one, it has lost the contracts."""
_SET_UP = 40


class Ground:
    """An anvil, and a new one whenever the old one could have forgotten what a branch goes back to."""

    def __init__(self) -> None:
        self._ends = ExitStack()
        self._begin()

    def local(self, blocks: int) -> LocalChain:
        """Where so many more blocks can be made; what was on another node is gone. Raises `Malformed` for too many."""
        if not self.fits(blocks):
            raise Malformed("blocks", f"{blocks} are more than the {_MOST - _SET_UP} that a node here can undo")
        if self._booked + blocks > _MOST:
            self.close()
            self._begin()
        self._booked += blocks
        return self._local

    @staticmethod
    def fits(blocks: int) -> bool:
        """Whether so many can be made on one node."""
        return blocks <= _MOST - _SET_UP

    @property
    def branches(self) -> Branches:
        """Of the node as it is now."""
        return self._branches

    def close(self) -> None:
        """Ends the node."""
        self._ends.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _begin(self) -> None:
        self._local = self._ends.enter_context(Chain.local("anvil"))
        self._branches = Branches(self._local.serve())
        self._ends.callback(self._branches.close)
        self._booked = _SET_UP
