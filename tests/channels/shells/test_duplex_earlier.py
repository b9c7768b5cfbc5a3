"""What was promised in an epoch that has ended is had by the party's own verbs, whatever the other does in the next."""

from typing import Any

import pytest

from chain import LocalChain, Token
from channels import Duplexes
from channels.duplex.session.errors import NoSuchPromise
from channels.errors import NothingReserved
from tests.channels.shells.conftest import Clock
from tests.channels.shells.duplex_pair import duplex, keys, new_party, pair
from tests.channels.shells.two_way import LOCK, PREIMAGE, FatedSigner, Pair

__all__ = ["duplex", "keys", "new_party", "pair"]
Keys = dict[str, FatedSigner]


@pytest.fixture
def leaf(pair: Pair, keys: Keys, chain: LocalChain, usdc: Token, clock: Clock) -> Any:
    """Ann owes Ben 3 and promises 2; she ends the epoch an hour before that expires, opens the next and pays in it."""
    pair.pay("ann", usdc("3"))
    pair.say("ben", pair.ann.offer(pair.channel, usdc("2"), LOCK, chain.after(minutes=110)))
    pair.ben.learn(LOCK)
    promised, anns = pair.leaf(), Duplexes(chain, keys["ann"])
    newest = pair.ann.newest(pair.channel)
    chain.travel(to=anns.challenge(pair.channel, newest).deadline)
    anns.pay_out(pair.channel, newest.promises)
    clock.now += 3_700
    pair.ann.deposit(pair.channel, usdc("3"))
    pair.meet()
    pair.pay("ann", usdc("0.000001"))
    assert pair.ben.newest(pair.channel).message.epoch == 1
    return promised


@pytest.mark.parametrize("epoch", [None, 0])
def test_a_promise_of_an_ended_epoch_is_recorded_and_collected_after_the_next_has_begun(
    pair: Pair, chain: LocalChain, usdc: Token, leaf: Any, epoch: int | None
) -> None:
    ben, before = pair.ben, chain.balance(usdc, pair.channel.party_b)
    assert ben.show(pair.channel).earlier == (0,)
    assert ben.record(pair.channel, leaf, PREIMAGE, epoch=epoch).released == usdc("2")
    assert ben.collect(pair.channel, 0).from_a == usdc("0")
    assert chain.balance(usdc, pair.channel.party_b) - before == usdc("2")
    assert ben.show(pair.channel).earlier == ()
    with pytest.raises(NothingReserved):
        ben.record(pair.channel, leaf, PREIMAGE)


def test_its_newest_state_and_a_watchtowers_job_of_it_can_still_be_had(pair: Pair, leaf: Any) -> None:
    old = pair.ben.newest(pair.channel, epoch=0)
    assert (old.message.epoch, [promise.struct_hash() for promise in old.promises]) == (0, [leaf])
    job = pair.ben.job(pair.channel, 1, {leaf: PREIMAGE}, epoch=0)
    assert job is not None
    assert job.message == old
    with pytest.raises(NoSuchPromise):
        pair.ben.job(pair.channel, 1, {leaf: PREIMAGE})
    with pytest.raises(NoSuchPromise):
        pair.ben.record(pair.channel, leaf, PREIMAGE, epoch=1)


def test_a_proof_is_not_shown_where_an_ended_epoch_has_nothing_for_it(
    pair: Pair, chain: LocalChain, usdc: Token
) -> None:
    """It was given up by name for a close."""
    pair.say("ben", pair.ann.offer(pair.channel, usdc("2"), LOCK, chain.after(minutes=30)))
    pair.ben.learn(LOCK)
    given_up = pair.leaf()
    pair.say("ann", pair.ben.close_together(pair.channel, least={given_up: usdc("0")}))
    pair.ben.bring(pair.channel)
    before = len(chain.events("DuplexChannels"))
    with pytest.raises(NothingReserved):
        pair.ben.record(pair.channel, given_up, PREIMAGE)
    assert len(chain.events("DuplexChannels")) == before
    assert pair.ben.show(pair.channel).earlier == ()
