"""Whatever was signed and forgotten: recovered <= truth <= recovered + at most lost, and nothing is sure to both."""

from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from chain.units import Address, Amount, Seconds
from channels.duplex.actions import Answer, PayOut
from channels.duplex.duplex import Duplex
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine import transition
from channels.duplex.promise import NONE_LISTED, DuplexPromises
from channels.duplex.signed_state import SignedState
from channels.effects import Pay
from channels.recovery import DuplexReport, FoundDuplex, share_out
from tests.channels.duplex.duplex_forms import CHANNEL, HOME, form, promise

DEADLINE = Seconds(5_000)
PARTIES = (CHANNEL.party_a, CHANNEL.party_b)
SIGNED: Any = {"caller": CHANNEL.party_a, "signer_a": CHANNEL.signer_a, "signer_b": CHANNEL.signer_b}
STAKES = [(), (promise(2),), (promise(3),), (promise(2), promise(3))]
STATES = st.builds(
    lambda net, version, stakes: form("state", None, None, stakes, net=net, version=version),
    st.integers(-700, 700),
    st.integers(1, 4),
    st.sampled_from(STAKES),
)
DEPOSITS = st.builds(
    lambda a, b: Duplex(deposit_a=Amount(a), deposit_b=Amount(b), epoch=3), st.integers(0, 300), st.integers(1, 300)
)


@given(
    duplex=DEPOSITS,
    posted=st.none() | STATES,
    known=st.none() | STATES,
    forgotten=st.none() | STATES,
    now=st.sampled_from([DEADLINE - 1, DEADLINE, DEADLINE + 10 * CHANNEL.promise_window]),
)
def test_what_is_recovered_and_what_is_lost_bound_the_truth(
    duplex: Duplex, posted: SignedState | None, known: SignedState | None, forgotten: SignedState | None, now: Any
) -> None:
    """What was posted, what is known of it, and what only the other party has kept, are any states."""
    fight = Fight.posted(posted.message, DEADLINE) if posted else NO_FIGHT
    one = FoundDuplex(channel=CHANNEL, final=duplex, latest=duplex, fight=fight)
    newest = {CHANNEL.id: known} if known else {}
    rows = {party: share_out([one], newest, party, now)[0] for party in PARTIES}
    assert sum(row.recovered for row in rows.values()) <= duplex.total

    ledger, last = DuplexLedger(channel=CHANNEL, domain=HOME, duplex=duplex, fight=fight), posted
    if not posted or now < DEADLINE:
        ledger, last = answered(ledger, forgotten or posted, now), forgotten or posted
    least, reserved = paid_out(ledger, last.listed if last else NONE_LISTED, max(now, DEADLINE))
    for party, row in rows.items():
        assert row.recovered <= least[party]
        assert least[party] + reserved <= row.recovered + row.at_most_lost <= row.on_chain
        assert row.is_decided or not DuplexReport(party=party, channels=(row,), ignored=()).is_whole


def answered(ledger: DuplexLedger, last: SignedState | None, now: Seconds) -> DuplexLedger:
    """The fight as it is at its deadline: by the state that is the last, or by none."""
    if not ledger.fight.is_on:
        said = (last or SignedState.none(CHANNEL, 3)).message
        return replace(ledger, fight=Fight.posted(said, DEADLINE))
    if last is None or last.message.version <= ledger.fight.version:
        assume(last is None or Fight.posted(last.message, DEADLINE) == ledger.fight)
        return ledger
    return transition(ledger, Answer(**SIGNED, state=last.message), now)[0]


def paid_out(ledger: DuplexLedger, listed: DuplexPromises, now: Seconds) -> tuple[dict[Address, int], int]:
    """What each party has at once, and what is kept for promises of both."""
    after, effects = transition(ledger, PayOut(promises=listed), now)
    had: dict[Address, int] = {
        party: sum(one.amount for one in effects if isinstance(one, Pay) and one.to == party) for party in PARTIES
    }
    return had, sum(sum(reserve.left) for reserve in after.reserves.values())
