from datetime import timedelta

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import InvalidSignature, Malformed, NodeBehind, TokenMismatch
from chain.units import Amount, Seconds
from channels import DuplexChannel, DuplexLimits, DuplexParty, MemoryStore
from channels.duplex.errors import NotCovered, NotParty, VersionNotNewer
from channels.duplex.session import Limits, Offer, Pay
from channels.duplex.session.errors import (
    ExpiryOutOfBounds,
    NotInStep,
    OwesTooMuch,
    ProposalOutstanding,
    WrongBase,
)
from channels.errors import UnknownLane
from tests.channels.shells.conftest import Clock
from tests.channels.shells.duplex_pair import NewParty, duplex, keys, new_party, pair, promised
from tests.channels.shells.two_way import LOCK, PREIMAGE, Pair, Wire

__all__ = ["duplex", "keys", "new_party", "pair", "promised"]


def test_both_pay_each_other_and_the_chain_pays_out_the_difference(pair: Pair, usdc: Token) -> None:
    _, answered = pair.pay("ann", usdc("3")), pair.pay("ben", usdc("7"))
    shown = pair.ann.show(pair.channel)

    assert [heard.added for heard in answered] == [usdc("7"), usdc("0")]
    assert pair.nets() == {(2, usdc("0"), usdc("4"))}
    assert (shown.credited, shown.left, shown.open, shown.in_step) == (usdc("7"), usdc("14"), 0, True)
    assert pair.end() == (usdc("14"), usdc("1"))


def test_a_payment_counts_once_the_answer_is_heard_and_only_one_is_open(pair: Pair, usdc: Token) -> None:
    (said,) = pair.ann.pay(pair.channel, usdc("3"))
    assert pair.ann.show(pair.channel).open == 1
    with pytest.raises(ProposalOutstanding):
        pair.ann.pay(pair.channel, usdc("1"))
    first, again = pair.ben.hear(said), pair.ben.hear(said)
    assert (first.added, again.added, first.answers) == (usdc("3"), usdc("0"), again.answers)
    for _ in range(2):
        assert pair.ann.hear(*first.answers).answers == ()
    assert pair.ann.show(pair.channel).open == 0


def test_of_two_that_cross_the_lower_is_undone_and_made_again(pair: Pair, usdc: Token) -> None:
    (anns,), (bens,) = pair.ann.pay(pair.channel, usdc("3")), pair.ben.pay(pair.channel, usdc("1"))
    heard = pair.say("ann", [bens])
    assert heard[0].undone == (Pay(amount=usdc("3").units),)
    assert pair.nets() == {(2, usdc("0"), usdc("1"))}
    late = pair.say("ben", [anns])
    assert isinstance(late[0].refused, VersionNotNewer)
    assert {one.added for one in late} == {usdc("0")}
    pair.say("ben", pair.ann.propose(pair.channel, heard[0].undone))
    assert pair.nets() == {(pair.ann.show(pair.channel).version, usdc("2"), usdc("0"))}


def test_a_lost_message_is_made_up_for_by_showing_where_one_stands(pair: Pair, usdc: Token) -> None:
    pair.ann.pay(pair.channel, usdc("3"))
    pair.say("ben", pair.ann.resume(pair.channel))
    assert pair.nets() == {(1, usdc("3"), usdc("0"))}
    (said,) = pair.ben.pay(pair.channel, usdc("1"))
    pair.ann.hear(said)
    assert pair.ben.show(pair.channel).open == 2
    pair.say("ann", pair.ben.resume(pair.channel))
    assert pair.nets() == {(2, usdc("2"), usdc("0"))}


def test_before_the_other_has_shown_its_place_nothing_is_signed(pair: Pair, new_party: NewParty, usdc: Token) -> None:
    (said,) = pair.ann.pay(pair.channel, usdc("3"))
    pair.parties["ben"] = new_party("ben")
    with pytest.raises(NotInStep):
        pair.ben.pay(pair.channel, usdc("1"))
    heard = pair.say("ben", [said])
    assert isinstance(heard[0].refused, NotInStep)
    assert pair.nets() == {(1, usdc("3"), usdc("0"))}, "it asked, and was shown both"
    assert pair.ben.show(pair.channel).credited == usdc("3")


def test_who_is_behind_is_shown_our_place(pair: Pair, usdc: Token) -> None:
    """Ben's answer is lost, and he pays on top of it."""
    pair.ben.hear(pair.ann.pay(pair.channel, usdc("3"))[0])
    heard = pair.say("ann", pair.ben.pay(pair.channel, usdc("1")))
    assert isinstance(heard[0].refused, WrongBase)
    assert pair.nets() == {(2, usdc("2"), usdc("0"))}
    assert sum((one.added.units for one in heard), 0) == usdc("1").units


def test_a_deposit_that_the_last_look_did_not_show_is_looked_for(pair: Pair, usdc: Token) -> None:
    pair.ben.deposit(pair.channel, usdc("20"))
    assert pair.pay("ben", usdc("24"))[0].added == usdc("24")
    with pytest.raises(NotCovered):
        pair.ben.pay(pair.channel, usdc("1.000001"))


def test_what_is_unwelcome_is_refused_for_good(pair: Pair, new_party: NewParty, chain: LocalChain, usdc: Token) -> None:
    bounds = Limits(shortest_promise=Seconds(1_700))
    pair.parties["ben"] = new_party("ben", limits=DuplexLimits(owed=usdc("5"), bounds=bounds))
    pair.meet()
    heard = pair.say("ben", pair.ann.offer(pair.channel, usdc("2"), LOCK, chain.after(minutes=20)))
    assert isinstance(heard[0].refused, ExpiryOutOfBounds)
    assert [type(change) for change in heard[1].undone] == [Offer]
    (said,) = pair.ann.pay(pair.channel, usdc("1"))
    pair.say("ann", pair.ben.refuse(said))
    assert {(owes, owed) for _, owes, owed in pair.nets()} == {(usdc("0"), usdc("0"))}
    with pytest.raises(Malformed):
        pair.ben.refuse(pair.ann.resume(pair.channel)[0])


def test_a_strangers_word_is_refused_before_anybody_is_asked(
    promised: Pair, new_party: NewParty, chain: LocalChain, clock: Clock
) -> None:
    wire = Wire(chain)
    promised.parties["ann"] = new_party("ann", wire)
    promised.meet()
    said = promised.ben.fold(promised.channel, promised.leaf(), PREIMAGE)[0]
    clock.now += 3_600
    wire.asked.clear()
    head, tail = said.rsplit('"signature": "0x', 1)
    with pytest.raises(InvalidSignature):
        promised.ann.hear(head + '"signature": "0x' + "11" * 64 + tail[128:])
    assert wire.asked == []


def test_payments_alone_need_no_new_look_at_the_chain(
    pair: Pair, new_party: NewParty, chain: LocalChain, usdc: Token, clock: Clock
) -> None:
    wire = Wire(chain)
    pair.parties["ann"] = new_party("ann", wire)
    pair.meet()
    wire.asked.clear()
    for _ in range(3):
        clock.now += 10
        pair.pay("ann", usdc("1"))
    assert wire.asked == []
    clock.now += 0.001
    pair.pay("ann", usdc("1"))
    assert len(wire.asked) == 4, "both deposits and fights, final and latest"


@pytest.mark.parametrize(("ahead", "believed"), [(270, True), (271, False)])
def test_a_node_that_lags_is_not_believed(
    pair: Pair, chain: LocalChain, clock: Clock, ahead: int, believed: bool
) -> None:
    """Five minutes of margin, less the half minute for which a look counts."""
    clock.now = float(chain.now() + ahead)
    if believed:
        assert pair.ann.show(pair.channel).epoch == 0
        return
    with pytest.raises(NodeBehind) as caught:
        pair.ann.show(pair.channel)
    assert caught.value.facts == {"behind": 271, "most": 270}


def test_a_limit_on_what_is_owed_holds(pair: Pair, new_party: NewParty, usdc: Token) -> None:
    pair.parties["ann"] = new_party("ann", limits=[DuplexLimits(owed=usdc("2"), unconfirmed=usdc("1"))])
    pair.meet()
    pair.pay("ann", usdc("2"))
    with pytest.raises(OwesTooMuch):
        pair.ann.pay(pair.channel, usdc("0.000001"))


def test_limits_are_of_one_token_each_and_looks_shorter_than_margins(
    chain: LocalChain, usdc: Token, new_party: NewParty
) -> None:
    limit = DuplexLimits(owed=usdc("2"), unconfirmed=usdc("1"), bounds=Limits(margin=Seconds(40)))
    assert (limit.units.owed, limit.units.unconfirmed, limit.units.margin) == (2_000_000, 1_000_000, 40)
    assert DuplexLimits(unconfirmed=usdc("1"), bounds=Limits(owed=Amount(7))).units.owed == 7
    with pytest.raises(TokenMismatch):
        DuplexLimits(owed=usdc("2"), unconfirmed=chain.native("1"))
    with pytest.raises(Malformed):
        DuplexLimits()
    with pytest.raises(TypeError):
        DuplexLimits(owed=2)  # type: ignore[arg-type]
    with pytest.raises(Malformed):
        new_party("ann", limits=[limit, limit])
    with pytest.raises(Malformed):
        new_party("ann", limits=limit, refresh=timedelta(seconds=40))
    new_party("ann", limits=limit, refresh=timedelta(seconds=39))


def test_only_a_channels_own_keys_take_part_in_it(
    chain: LocalChain, pair: Pair, new_party: NewParty, usdc: Token
) -> None:
    with DuplexParty(chain, Signer.generate(), MemoryStore()) as stranger:
        with pytest.raises(NotParty):
            stranger.join(pair.channel)
        with pytest.raises(NotParty):
            stranger.deposit(pair.channel, usdc("1"))
        with pytest.raises(UnknownLane):
            stranger.hear(pair.ann.resume(pair.channel)[0])
        assert stranger.channels() == []
    with pytest.raises(TokenMismatch):
        pair.ann.pay(pair.channel, chain.native("1"))


def test_a_party_may_join_without_a_deposit(new_party: NewParty, duplex: DuplexChannel, usdc: Token) -> None:
    pair = Pair(duplex, new_party("ann"), new_party("ben"))
    deposited = pair.ann.deposit(duplex, usdc("10"))
    assert deposited.receipt is not None
    pair.ben.join(duplex)
    pair.meet()
    pair.pay("ann", usdc("4"))
    assert [shown.is_owed for shown in pair.ben.channels()] == [usdc("4")]
    assert pair.end() == (usdc("6"), usdc("4"))
