# Generated from chain/aio/simulation.py by make fix; edit that one.
"""A transaction run by a node before it is sent, and again after it failed."""

from collections.abc import Mapping
from typing import Any

from chain.errors import EarnestError, NodeRefused, NodesDisagree, NodeUnreachable, NotSent, Reverted, WrongChain
from chain.network import Tag
from chain.sync.node import Node

NO_ANSWER = (NodesDisagree, NodeUnreachable, WrongChain)
"""After these nobody knows what the chain says, nor whether a node that was asked before has a transaction."""


_OF_ONE = 2**24
"""Gas that one transaction may ask for (EIP-7825); a chain without that rule may estimate more."""


class Simulation:
    """In the state of block `head`."""

    def __init__(self, node: Node, head: Tag) -> None:
        self._node, self._head = node, head

    def gas(self, body: Mapping[str, Any], most: int, former: int = 0) -> int:
        """With a fifth to spare, where `most`, a block's limit, and a transaction's leave so much.

        No less than `former`, unless that was more than they leave: it may run in another state than is estimated in.

        The estimate is the simulation: nodes run the transaction, and answer its revert. Raises what the contract says,
        `NotSent`.
        """
        try:
            gas = self._node.gas(body, self._head)
        except Reverted as unexplained:
            if not unexplained.data:
                self._node.call(body, self._head)  # Some nodes give the reason only here.
            raise
        except NodeRefused as refused:
            raise NotSent(body["from"], refused.why) from None
        if gas > most:
            raise NotSent(body["from"], f"it needs {gas} gas, and a block has {most}")
        return min(max(gas + gas // 5, former), most, max(gas, _OF_ONE))

    def why(self, body: Mapping[str, Any], receipt: Mapping[str, Any], gas: int) -> EarnestError:
        """The reason of a failure that the simulation did not see: run again in the state of its block."""
        if receipt["gasUsed"] >= gas:
            return Reverted("out of gas", b"")
        try:
            self._node.call(body, receipt["blockNumber"])
        except (NodeRefused, *NO_ANSWER):
            return Reverted("it failed in its block, and the node can't run it again there", b"")
        except EarnestError as error:
            return error
        return Reverted("it failed in its block, but not when run again there", b"")
