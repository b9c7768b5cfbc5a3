"""The wallet and the feed that random conditions ask: on the chain, and as the twins are told."""

from collections.abc import Collection
from typing import Any

from chain import contracts, create2
from chain.units import NOBODY, Address, Seconds
from escrow import conditions as c
from tests.conformance.condition_trees import ROUNDS, SUBJECT, WALLET
from tests.conformance.evm import Evm, pyrevm

_YES = bytes.fromhex("631626ba7e60e01b60005260206000f3")
"""A wallet that answers isValidSignature's selector, whatever it is asked."""


class Wallets(frozenset[Any]):
    """What `WALLET` says yes to: everything."""

    def __contains__(self, asked: Any) -> bool:
        return bool(asked[0] == WALLET)


class JudgingEvm(Evm):
    """With what conditions ask."""

    def __init__(self, people: Collection[Address], rich: int, spender: str, now: int) -> None:
        super().__init__(people, rich, spender, now)
        self._evm.insert_account_info(WALLET, pyrevm.AccountInfo(code=_YES))
        feed = create2.call_data(contracts.init_code("TestFeed"))
        self._evm.message_call(NOBODY, create2.PROXY, calldata=feed)
        for found in ROUNDS.values():
            self.send(NOBODY, "TestFeed", "set", found.round_id, found.answer, found.updated_at, found.answered_in)


def facts_at(now: int) -> c.Facts:
    """The same for the twins."""
    rounds = {(found.feed, found.round_id): found for found in ROUNDS.values()}
    return c.Facts(chain_id=SUBJECT.chain_id, now=Seconds(now), rounds=rounds, wallets=Wallets())
