import pytest

from chain import LocalChain, Token
from chain.errors import MalformedSignature
from chain.refusals import DeadlinePassed
from chain.units import Seconds
from channels import Duplexes, SignedState
from channels.duplex.session.errors import CloseSigned, FightIsOn, NoSuchPromise
from channels.errors import WrongEpoch
from tests.channels.shells.conftest import Clock
from tests.channels.shells.duplex_pair import NewParty, duplex, keys, new_party, pair
from tests.channels.shells.two_way import LOCK, PREIMAGE, FatedSigner, Pair

__all__ = ["duplex", "keys", "new_party", "pair"]
Keys = dict[str, FatedSigner]


def test_an_old_state_is_answered_by_the_others_newest(
    pair: Pair, keys: Keys, chain: LocalChain, usdc: Token, clock: Clock
) -> None:
    """With a promise open, that is proven on chain; and nothing is signed while they fight."""
    pair.pay("ben", usdc("2"))
    old = pair.ann.newest(pair.channel)
    pair.pay("ann", usdc("6"))
    pair.say("ben", pair.ann.offer(pair.channel, usdc("1"), LOCK, chain.after(minutes=50)))
    pair.ben.learn(LOCK)
    anns, anybodys = Duplexes(chain, keys["ann"]), Duplexes(chain, keys["ben"])
    deadline = anns.challenge(pair.channel, old).deadline
    clock.now += 31

    with pytest.raises(FightIsOn):
        pair.ann.pay(pair.channel, usdc("1"))
    assert pair.ben.show(pair.channel).fighting
    newest = pair.ben.newest(pair.channel)
    newest.verified(anybodys.domain)
    assert anybodys.answer(newest).a_owes == usdc("4")
    assert pair.ben.record(pair.channel, pair.leaf(), PREIMAGE).released == usdc("1")
    chain.travel(to=deadline)
    left = anybodys.pay_out(pair.channel, newest.promises)
    collected = anybodys.collect(pair.channel, 0, newest.promises)

    assert left.paid is not None
    assert collected.paid is not None
    assert (left.paid.to_a, left.paid.to_b, collected.paid.to_b) == (usdc("5"), usdc("9"), usdc("1"))
    balances = [chain.balance(usdc, keys[name].address) for name in ("ann", "ben")]
    assert balances == [usdc("995"), usdc("1005")]


def test_after_an_end_the_next_epoch_begins_at_nothing(pair: Pair, usdc: Token) -> None:
    (late,) = pair.ben.pay(pair.channel, usdc("1"))
    pair.say("ann", [late])
    assert pair.end() == (usdc("11"), usdc("4"))
    pair.ann.deposit(pair.channel, usdc("3"))
    with pytest.raises(WrongEpoch):
        pair.ann.hear(late)
    pair.meet()
    pair.pay("ann", usdc("3"))
    shown = pair.ben.show(pair.channel)
    assert (shown.epoch, shown.version, shown.credited, shown.is_owed) == (1, 1, usdc("3"), usdc("3"))
    assert pair.ann.newest(pair.channel).message.epoch == 1


def test_without_a_state_a_party_has_none_to_show(pair: Pair) -> None:
    assert pair.ann.newest(pair.channel) == SignedState.none(pair.channel, 0), "and signs none"
    with pytest.raises(NoSuchPromise):
        pair.ann.record(pair.channel, LOCK.data_hash, PREIMAGE)


def test_either_party_brings_a_close_and_only_one_that_both_have_signed(pair: Pair, usdc: Token) -> None:
    with pytest.raises(MalformedSignature):
        pair.ann.bring(pair.channel)
    (said,) = pair.ann.close_together(pair.channel)
    with pytest.raises(MalformedSignature):
        pair.ann.bring(pair.channel)
    assert (pair.ann.show(pair.channel).close, pair.ann.close_together(pair.channel)) == (None, [said])
    pair.say("ben", [said])
    for party in (pair.ann, pair.ben):
        assert party.show(pair.channel).close is not None
    with pytest.raises(CloseSigned):
        pair.ben.pay(pair.channel, usdc("1"))
    assert pair.ben.bring(pair.channel).epoch == 1


@pytest.mark.parametrize(("waited", "over"), [(1_790, False), (1_900, True)])
def test_a_close_that_nobody_brings_is_over_in_half_an_hour_and_a_margin(
    pair: Pair, chain: LocalChain, usdc: Token, waited: int, over: bool
) -> None:
    pair.say("ben", pair.ann.close_together(pair.channel))
    chain.travel(to=Seconds(chain.now() + waited))
    if not over:
        assert pair.ann.bring(pair.channel).epoch == 1
        return
    with pytest.raises(DeadlinePassed):
        pair.ann.bring(pair.channel)
    with pytest.raises(CloseSigned):
        pair.ann.pay(pair.channel, usdc("1"))
    chain.travel(to=Seconds(chain.now() + 300))
    pair.pay("ann", usdc("1"))
    assert pair.end() == (usdc("9"), usdc("6"))


def test_a_promise_stays_folded_whoever_starts_again(
    pair: Pair, new_party: NewParty, chain: LocalChain, usdc: Token
) -> None:
    pair.say("ann", pair.ben.offer(pair.channel, usdc("2"), LOCK, chain.after(minutes=30)))
    pair.ann.learn(LOCK)
    pair.say("ben", pair.ann.fold(pair.channel, pair.leaf(), PREIMAGE))
    pair.parties = {name: new_party(name) for name in ("ann", "ben")}
    pair.meet()
    assert pair.end() == (usdc("12"), usdc("3"))
