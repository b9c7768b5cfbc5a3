"""Both propose at once: if each signed the other's, too, one of them could choose which of two states counts."""

from typing import Any

import pytest

from chain.units import Amount
from channels.duplex.errors import VersionNotNewer
from channels.duplex.ledger import DuplexLedger
from channels.duplex.session import Pay, propose, receive, refuse
from tests.channels.duplex.duplex_forms import CHANNEL, HOME
from tests.channels.duplex.session.chain_end import Chain, fought
from tests.channels.duplex.session.parties import DUPLEX, NOW, known, party, said, talk

FIVE, SEVEN = (Pay(amount=Amount(5)),), (Pay(amount=Amount(7)),)


def crossed() -> Any:
    """A's session with its proposal of 5, B's with its proposal of 7, and both proposals on their way."""
    a, b = propose(party(True), FIVE, known()), propose(party(False), SEVEN, known())
    return a[0], b[0], said(a)[0], said(b)[0]


def test_who_has_signed_the_higher_version_never_signs_the_lower_one() -> None:
    _, b, of_a, _ = crossed()
    with pytest.raises(VersionNotNewer) as caught:
        receive(b, of_a, known())
    assert caught.value.facts == {"version": 1, "current": 2}


def test_if_it_did_the_other_could_take_back_what_was_credited() -> None:
    """What the rule is for: with both states in its hands, A would post the one by which B gets nothing."""
    chain = Chain(DuplexLedger(channel=CHANNEL, domain=HOME, duplex=DUPLEX))
    a, b, of_a, of_b = crossed()
    forgetful, _ = receive(party(False), of_a, known())
    assert forgetful.memory.credited == 5, "B has given goods for it"
    a, _ = receive(a, of_b, known())

    _, to_b = fought(chain, a.newest, forgetful.newest, lambda promise: False, NOW)
    assert to_b == 1_000 - 7 < 1_000 + 5 - 7

    assert b.memory.credited == 0, "by the rule nothing was credited"
    _, to_b = fought(chain, a.newest, b.newest, lambda promise: False, NOW)
    assert to_b == 1_000 - 7


def test_the_higher_proposal_wins_and_the_other_is_made_again_on_top() -> None:
    a, b, _, of_b = crossed()
    step = receive(a, of_b, known())
    a, b = talk(step, b)
    assert a.newest.message == b.newest.message
    assert a.memory.undone == FIVE

    a, b = talk(propose(a, a.memory.undone, known()), b)
    assert a.newest.message == b.newest.message
    assert (a.newest.message.version, a.newest.message.net) == (3, 5 - 7)


def test_two_that_refuse_each_other_both_get_on() -> None:
    a, b, of_a, of_b = crossed()
    step = refuse(a, of_b, known())
    [empty] = said(step)
    a, b = talk(step, b)

    assert empty.version == 3
    assert a.newest.message == b.newest.message == empty.message
    assert (a.memory.undone, b.memory.undone) == (FIVE, SEVEN)
    with pytest.raises(VersionNotNewer):
        receive(b, of_a, known())
    b, a = talk(propose(b, b.memory.undone, known()), a)
    assert a.newest.message.net == -7
