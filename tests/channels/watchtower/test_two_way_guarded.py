"""A party of a two-way channel that is off line has its share by its newest state; the tower dies between any steps."""

from chain import LocalChain, Token
from channels import Duplexes
from channels.watchtower.steps import Act, Answer
from tests.channels.shells.duplex_pair import NewParty
from tests.channels.shells.two_way import PREIMAGE, FatedSigner, Pair
from tests.channels.watchtower.towers import Host, actions

Keys = dict[str, FatedSigner]


def guard(host: Host, pair: Pair, at: int = 1, *, shown: bool = False) -> bool:
    job = pair.ben.job(pair.channel, at, {pair.leaf(): PREIMAGE} if shown else {})
    assert job is not None
    return host.take(job)


def test_a_stale_challenge_is_answered(pair: Pair, keys: Keys, chain: LocalChain, usdc: Token, host: Host) -> None:
    pair.pay("ann", usdc("1"))
    old = pair.ann.newest(pair.channel)
    pair.pay("ann", usdc("5"))
    assert guard(host, pair)
    assert host.live(chain.now() + 7_200) == [], "nothing is done where nobody challenges"

    anns = Duplexes(chain, keys["ann"])
    deadline = anns.challenge(pair.channel, old).deadline
    (done,) = host.live(deadline)
    assert isinstance(done.action, Answer)
    paid = anns.pay_out(pair.channel).paid
    assert paid is not None
    assert paid.to_b == usdc("11")
    host.live(deadline + 600)
    assert host.tower.store.totals()[0] == 0, "the final chain says that it is over"


def test_a_challenge_without_any_state_is_answered(
    pair: Pair, keys: Keys, chain: LocalChain, usdc: Token, host: Host
) -> None:
    pair.pay("ann", usdc("5"))
    guard(host, pair)
    deadline = Duplexes(chain, keys["ann"]).challenge(pair.channel).deadline
    assert actions(host.live(deadline)) == ["Answer"]


def test_a_state_that_is_better_for_the_client_stands(
    pair: Pair, keys: Keys, chain: LocalChain, usdc: Token, host: Host
) -> None:
    pair.pay("ann", usdc("5"))
    better = pair.ann.newest(pair.channel)
    pair.pay("ben", usdc("2"))
    guard(host, pair)
    deadline = Duplexes(chain, keys["ann"]).challenge(pair.channel, better).deadline
    assert host.live(deadline) == []


def test_what_a_preimage_proves_is_recorded_paid_out_and_collected(
    promised: Pair, keys: Keys, chain: LocalChain, usdc: Token, host: Host
) -> None:
    """Ann posts nothing at all and never pays out: the tower does it before the reserve would be over."""
    guard(host, promised, shown=True)
    deadline = Duplexes(chain, keys["ann"]).challenge(promised.channel).deadline

    done = host.live(deadline + 3_500)
    assert sorted(actions(done)) == ["Answer", "Collect", "PayOut", "RecordDuplex"]
    assert chain.balance(usdc, keys["ben"].address) == usdc("1005")


def test_a_promise_that_expires_in_an_open_channel_is_recorded_before(
    promised: Pair, chain: LocalChain, host: Host
) -> None:
    guard(host, promised, shown=True)
    (promise,) = promised.ann.show(promised.channel).promises
    assert actions(host.live(promise.expiry + 60)) == ["RecordDuplex"]


def test_both_parties_may_have_the_same_tower(
    pair: Pair, keys: Keys, chain: LocalChain, usdc: Token, host: Host, new_party: NewParty
) -> None:
    pair.pay("ann", usdc("5"))
    jobs = [party.job(pair.channel, 1) for party in (pair.ann, pair.ben)]
    for job in jobs:
        assert job is not None
        assert host.take(job)
    assert host.tower.store.totals()[0] == 2
    deadline = Duplexes(chain, keys["ann"]).challenge(pair.channel).deadline
    assert actions(host.live(deadline)) == ["Answer"]


def test_a_party_with_older_states_does_not_keep_the_other_from_its_newest(
    pair: Pair, keys: Keys, chain: LocalChain, usdc: Token, host: Host
) -> None:
    """Ann hands an older one over that is better for her than what she has posted, before Ben hands his over."""
    pair.pay("ben", usdc("0.1"))
    posted = pair.ann.newest(pair.channel)
    pair.pay("ben", usdc("0.1"))
    older = pair.ann.job(pair.channel, 1)
    pair.pay("ann", usdc("8"))
    assert older is not None
    assert host.take(older)
    guard(host, pair)
    anns = Duplexes(chain, keys["ann"])
    anns.challenge(pair.channel, posted)

    answers = [step for step in host.wait(host.tower.plan(chain.now())) if isinstance(step, Act)]
    assert sorted(act.action.client for act in answers) == sorted(key.address for key in keys.values())  # type: ignore[union-attr]
    host.wait(host.carry_out(list(answers)))
    fight = host.wait(host.tower._looking.look(older, chain.now())).fight  # type: ignore[union-attr]
    newest = pair.ben.newest(pair.channel)
    assert newest is not None
    assert fight.version == newest.message.version


def test_without_a_state_there_is_nothing_to_guard(pair: Pair) -> None:
    assert pair.ann.job(pair.channel, 1) is None
