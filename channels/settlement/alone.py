"""Claims that take a transaction each, with the records that they wait for."""

from collections.abc import Iterator, Sequence

from chain.units import Seconds
from channels.settlement.actions import ClaimPromised, CollectReserve, Record
from channels.settlement.candidate import Candidate
from channels.settlement.gas import RECORD
from channels.settlement.position import PromiseStanding
from channels.settlement.sight import Phase
from channels.settlement.steps import Step, Submit

_FOLDED = "a promise can be recorded later, unless it is folded into a voucher before"
_RECORDED_FIRST = "its promises are recorded first, so that one claim pays for all"
_WATCHED = "a close would have to be answered, so that what its promises may be worth is reserved"
_KEPT = "its promises need a reserve"
_CHEAP = "the fee is a small enough share of it"

Gains = Sequence[tuple[PromiseStanding, int]]


def alone(candidate: Candidate) -> Iterator[Step]:
    """A voucher with promises, or one that is paid from a reserve.

    What can be proven is recorded before its expiry; while a close or a reserve runs, at once.
    """
    gains = candidate.sight.gains()
    proven = [(standing, gain) for standing, gain in gains if candidate.world.pays(candidate.token, gain, RECORD)]
    if not _pays(candidate, proven):
        proven = []
    reserves = _reserve_pays(candidate, gains, proven)
    for standing, gain in gains:
        if (standing, gain) not in proven:
            yield candidate.never(gain)
    if candidate.sight.awaits_proof:
        yield candidate.later(0, _WATCHED)
    steps = [_record(candidate, standing, gain) for standing, gain in proven]
    yield from steps
    if not candidate.amount and not reserves:
        return
    if any(isinstance(step, Submit) for step in steps) and not _must_go(candidate):
        until = None if candidate.deadline is None else candidate.policy.begin(candidate.deadline)
        yield candidate.later(candidate.amount, _RECORDED_FIRST, until)
    else:
        yield _claim(candidate, reserves=reserves, pays=_pays(candidate, proven))


def _pays(candidate: Candidate, proven: Gains) -> bool:
    """Whether all of it brings more than the claim and its records cost."""
    brings = candidate.amount + sum(gain for _, gain in proven)
    return candidate.world.pays(candidate.token, brings, candidate.gas + RECORD * len(proven))


def _reserve_pays(candidate: Candidate, gains: Gains, proven: Gains) -> bool:
    """The same with what may yet be proven, which another record and another claim would bring."""
    keeps = candidate.sight.keeps()
    unproven = keeps - candidate.amount - sum(gain for _, gain in gains)
    brings = candidate.amount + sum(gain for _, gain in proven) + unproven
    records, claims = (len(proven) + 1, 2) if unproven else (len(proven), 1)
    return candidate.world.pays(candidate.token, brings, candidate.gas * claims + RECORD * records)


def _record(candidate: Candidate, standing: PromiseStanding, gain: int) -> Step:
    sight, policy, expiry = candidate.sight, candidate.policy, standing.promise.expiry
    begin = policy.begin(expiry)
    if candidate.deadline is None and sight.now < begin:
        return candidate.later(gain, _FOLDED, begin)
    # A claim while closing has a living promise reserved for, so that only its expiry counts.
    end = expiry if sight.phase is Phase.CLOSING else min(expiry, candidate.deadline or expiry)
    why = f"its promise expires in {expiry - sight.now} s"
    return Submit(Record(*sight.position.place, standing.hash), why, policy.before(end), candidate.due(gain))


def _claim(candidate: Candidate, *, reserves: bool, pays: bool) -> Step:
    sight, amount = candidate.sight, candidate.amount
    if not reserves and not pays:
        return candidate.never(amount)
    why = _reason(candidate, reserves=reserves)
    if why is None:
        return candidate.later(amount)
    place = sight.position.place
    action = CollectReserve(*place) if sight.phase.is_over else ClaimPromised(place[0])
    before: Seconds | None = candidate.policy.before(candidate.deadline) if candidate.deadline else None
    return Submit(action, why, before, candidate.due(amount))


def _must_go(candidate: Candidate) -> bool:
    """Whether there is no time left to wait for records."""
    return candidate.deadline is not None and candidate.sight.now >= candidate.policy.begin(candidate.deadline)


def _reason(candidate: Candidate, *, reserves: bool) -> str | None:
    if candidate.why and (candidate.pays or candidate.deadline):
        return f"{candidate.why}; {_KEPT}" if reserves else candidate.why
    spare = candidate.spare_gas
    return _CHEAP if spare is not None and spare >= 0 else None
