"""What a party can still have of its two-way channels, by the newest states that anybody has shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chain.copies import Copy, Ignored
from chain.errors import EarnestError
from chain.typed_data import Domain
from chain.units import NO_HASH, Address, Amount, Seconds
from channels.channel import ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.errors import NoState
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.promise import DuplexPromises
from channels.duplex.reserve import DuplexReserve
from channels.duplex.signed_state import SignedState
from channels.errors import UnknownLane, WrongEpoch
from channels.recovery.report import Report
from channels.recovery.sums import sums_json
from channels.shown import Shown


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundDuplex:
    """The channel in the final and in the latest block, with what was posted in its present epoch, and its reserves."""

    channel: DuplexChannel
    final: Duplex
    latest: Duplex
    fight: Fight = NO_FIGHT
    reserves: Mapping[int, DuplexReserve] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedChannel(Shown):
    """One epoch. Of `total`, at least `share` is ours if nothing newer was signed than the newest known `state` and
    what was posted; base units.

    Both parties may have signed a newer one since: it is never to be challenged with. `can_answer`: it is newer than
    what was posted, and `until` has not passed. `is_decided`: the fight is over, and the epoch waits to be paid out;
    `is_promised`: promises of its last state are open then.
    """

    channel: DuplexChannel
    epoch: int
    by_a: bool
    total: int
    share: int
    posted: int
    until: Seconds
    can_answer: bool
    is_decided: bool
    is_promised: bool
    is_final: bool
    state: SignedState | None = None

    @property
    def token(self) -> Address:
        """What is paid in."""
        return self.channel.token

    @property
    def on_chain(self) -> int:
        """What the contract still holds for both."""
        return self.total

    @property
    def recovered(self) -> int:
        """Ours for sure: a newer state, which only the other has kept, may give it all away until a fight is over."""
        return self.share if self.is_decided else 0

    @property
    def at_most_lost(self) -> int:
        """What a newer state, or a promise's proof, could give us besides."""
        return 0 if self.is_decided and not self.is_promised else self.total - self.recovered

    def to_json(self) -> dict[str, Any]:
        """With what follows from the fields."""
        return Shown.to_json(self) | sums_json(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplexReport(Report):
    """Channels in a fight first, by their deadline."""

    party: Address
    channels: tuple[SharedChannel, ...]
    ignored: tuple[Ignored, ...]

    @property
    def rows(self) -> Sequence[SharedChannel]:
        """Every channel's."""
        return self.channels


def sort_states(
    copies: Iterable[Copy], found: Mapping[ChannelId, FoundDuplex], party: Address, domain: Domain
) -> tuple[dict[ChannelId, SignedState], list[Ignored]]:
    """The newest of each channel that the other party has signed, and why others don't count."""
    newest, ignored = dict[ChannelId, SignedState](), list[Ignored]()
    for copy in copies:
        state: SignedState = copy.what
        try:
            _require_good(state, found, party, domain)
        except EarnestError as why:
            ignored.append(Ignored.of(copy, why))
            continue
        known = newest.get(state.channel.id)
        if known is None or state.message.version > known.message.version:
            newest[state.channel.id] = state
    return newest, ignored


def _require_good(state: SignedState, found: Mapping[ChannelId, FoundDuplex], party: Address, domain: Domain) -> None:
    """Raises `UnknownLane`, `WrongEpoch`, `NoState`, `InvalidSignature`."""
    channel = state.channel
    if channel.id not in found:
        raise UnknownLane(channel.id)
    present = found[channel.id].latest.epoch
    if state.message.epoch != present:
        raise WrongEpoch(state.message.epoch, present)
    if state.message.version == 0:
        raise NoState
    state.verified_of(domain, channel.signer_b if party == channel.party_a else channel.signer_a)


def share_out(
    found: Sequence[FoundDuplex], newest: Mapping[ChannelId, SignedState], party: Address, now: Seconds
) -> tuple[SharedChannel, ...]:
    """Open epochs, and ended ones of which something is still reserved for promises."""
    rows = [_row(one, newest.get(one.channel.id), party, now) for one in found if one.latest.is_open]
    rows += [_reserved(one, epoch, party) for one in found for epoch in sorted(one.reserves)]
    return tuple(sorted(rows, key=lambda row: (not row.until, row.until, -row.total, row.channel.id, row.epoch)))


def _row(found: FoundDuplex, state: SignedState | None, party: Address, now: Seconds) -> SharedChannel:
    fight, by_a = found.fight, party == found.channel.party_a
    is_newer = state is not None and state.message.version > fight.version
    is_decided = fight.is_on and fight.is_over(now)
    if state is not None and is_newer and not is_decided:
        share = _least(found.latest, state.message.net, state.listed, by_a=by_a)
    else:
        share = _by_fight(found.latest, fight, state, by_a=by_a)
    return SharedChannel(
        channel=found.channel,
        epoch=found.latest.epoch,
        by_a=by_a,
        total=found.latest.total,
        share=share,
        posted=fight.version,
        until=fight.deadline,
        can_answer=fight.is_on and is_newer and not is_decided,
        is_decided=is_decided,
        is_promised=is_decided and fight.promises != NO_HASH,
        is_final=found.final == found.latest,
        state=state,
    )


def _reserved(found: FoundDuplex, epoch: int, party: Address) -> SharedChannel:
    """What of it goes to whom, only the promises' proofs say."""
    reserve = found.reserves[epoch]
    return SharedChannel(
        channel=found.channel,
        epoch=epoch,
        by_a=party == found.channel.party_a,
        total=sum(reserve.left),
        share=0,
        posted=0,
        until=reserve.until,
        can_answer=False,
        is_decided=False,
        is_promised=True,
        is_final=found.final == found.latest,
    )


def _least(duplex: Duplex, net: int, listed: DuplexPromises, *, by_a: bool) -> Amount:
    """As if every promise of ours were kept in full, as far as our share goes, and none of the other's."""
    share = duplex.shares(net)[0 if by_a else 1]
    return Amount(max(share - (listed.total_from_a if by_a else listed.total_from_b), 0))


def _by_fight(duplex: Duplex, fight: Fight, state: SignedState | None, *, by_a: bool) -> Amount:
    """By the posted state, or by the deposits. Of promises that the known `state` doesn't list only the hash is known:
    they may take all.
    """
    if fight.promises == NO_HASH:
        return duplex.shares(fight.net)[0 if by_a else 1]
    if state is None or state.message.promises != fight.promises:
        return Amount(0)
    return _least(duplex, fight.net, state.listed, by_a=by_a)
