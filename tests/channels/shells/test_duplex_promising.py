from dataclasses import dataclass

import pytest

from chain import LocalChain, Token
from chain.errors import NodeUnreachable
from chain.units import Address, Hash32, Seconds
from channels.duplex.session.errors import (
    NoSuchPromise,
    NotReleased,
    StillOwed,
)
from channels.promise_errors import UnknownPromise
from escrow.conditions import hash_lock
from tests.channels.shells.duplex_pair import NewParty, duplex, keys, new_party, pair, promised
from tests.channels.shells.two_way import LOCK, PREIMAGE, Pair, Wire

__all__ = ["duplex", "keys", "new_party", "pair", "promised"]


@dataclass(frozen=True)
class Nowhere:
    """A condition without a contract."""

    address: Address
    data: bytes
    data_hash: Hash32


def test_a_promise_is_folded_for_its_proof(promised: Pair, usdc: Token) -> None:
    pair = promised
    assert pair.ann.show(pair.channel).left == usdc("5")
    heard = pair.say("ann", pair.ben.fold(pair.channel, pair.leaf(), PREIMAGE))
    assert [one.added for one in heard] == [usdc("0"), usdc("2")]
    assert pair.end() == (usdc("5"), usdc("10"))


def test_what_proves_nothing_is_not_folded_nor_dropped_by_mistake(promised: Pair) -> None:
    for proof in (b"", b"\6" * 32):
        with pytest.raises(NotReleased):
            promised.ben.fold(promised.channel, promised.leaf(), proof)
    with pytest.raises(NoSuchPromise):
        promised.ben.fold(promised.channel, LOCK.data_hash, PREIMAGE)
    assert promised.ben.show(promised.channel).open == 0


def test_who_never_learned_the_condition_refuses_and_the_record_is_folded(
    pair: Pair, chain: LocalChain, usdc: Token
) -> None:
    """Ben promises, and his store forgets what the lock was told."""
    pair.say("ann", pair.ben.offer(pair.channel, usdc("2"), LOCK, chain.after(minutes=30)))
    with pytest.raises(UnknownPromise):
        pair.ann.record(pair.channel, pair.leaf(), PREIMAGE)
    pair.ann.learn(LOCK)
    pair.ben._standings.database.run(lambda step: step.change("DELETE FROM conditions"))
    heard = pair.say("ben", pair.ann.fold(pair.channel, pair.leaf(), PREIMAGE))
    assert isinstance(heard[0].refused, NotReleased)
    assert pair.ann.show(pair.channel).promises

    assert pair.ann.record(pair.channel, pair.leaf(), PREIMAGE).released == usdc("2")
    pair.say("ben", pair.ann.fold(pair.channel, pair.leaf()))
    assert pair.end() == (usdc("12"), usdc("3"))


def test_a_condition_that_is_not_there_releases_nothing(pair: Pair, chain: LocalChain, usdc: Token) -> None:
    nowhere = Nowhere(address=pair.channel.party_a, data=LOCK.data, data_hash=LOCK.data_hash)
    pair.say("ben", pair.ann.offer(pair.channel, usdc("2"), nowhere, chain.after(minutes=30)))
    with pytest.raises(NotReleased):
        pair.ann.fold(pair.channel, pair.leaf(), PREIMAGE)


def test_a_node_that_fails_is_no_answer_of_a_condition(
    promised: Pair, new_party: NewParty, chain: LocalChain, usdc: Token
) -> None:
    wire = Wire(chain)
    promised.parties["ann"] = new_party("ann", wire)
    promised.meet()
    (said,) = promised.ben.fold(promised.channel, promised.leaf(), PREIMAGE)
    wire.dead = "released"
    with pytest.raises(NodeUnreachable):
        promised.ann.hear(said)
    wire.dead = ""
    assert promised.say("ann", [said])[1].added == usdc("2")


def test_an_unproven_promise_goes_when_it_has_surely_expired(promised: Pair, chain: LocalChain, usdc: Token) -> None:
    pair, (promise,) = promised, promised.ann.show(promised.channel).promises
    chain.travel(to=Seconds(promise.expiry + 290))
    with pytest.raises(StillOwed):
        pair.ann.drop(pair.channel, pair.leaf())
    chain.travel(to=Seconds(promise.expiry + 300))
    pair.say("ben", pair.ann.drop(pair.channel, pair.leaf()))
    assert pair.end() == (usdc("7"), usdc("8"))


def test_a_promise_goes_for_less_only_where_its_owner_says_so(promised: Pair, usdc: Token) -> None:
    pair, leaf = promised, promised.leaf()
    with pytest.raises(StillOwed):
        pair.ben.close_together(pair.channel)
    (said,) = pair.ann.close_together(pair.channel)
    with pytest.raises(StillOwed):
        pair.ben.hear(said)
    pair.say("ben", [said], least={leaf: usdc("0")})
    paid = pair.ben.bring(pair.channel).paid
    assert paid is not None
    assert (paid.to_a, paid.to_b) == (usdc("7"), usdc("8"))


def test_a_lock_of_another_digest_proves_nothing_here(promised: Pair) -> None:
    promised.ben.learn(hash_lock(keccak=b"\5" * 32))
    with pytest.raises(NotReleased):
        promised.ben.fold(promised.channel, promised.leaf(), b"\5" * 32)


def test_who_closes_gives_up_by_name_what_it_is_promised(promised: Pair, usdc: Token) -> None:
    pair, nothing = promised, {promised.leaf(): usdc("0")}
    pair.say("ann", pair.ben.close_together(pair.channel, least=nothing))
    paid = pair.ben.bring(pair.channel).paid
    assert paid is not None
    assert (paid.to_a, paid.to_b) == (usdc("7"), usdc("8"))
