"""What a tower does next for lanes: what their payees would do, were they there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chain.units import Amount, Hash32, Seconds
from channels import settlement
from channels.lane import Lane
from channels.reserve import Reserve
from channels.settlement import Position, PromiseStanding, Submit, next_steps
from channels.settlement.actions import ClaimPromised
from channels.settlement.batching import by_receiver
from channels.settlement.sight import Phase, Sight
from channels.settlement.steps import in_order
from channels.voucher import SignedVoucher
from channels.watchtower.policy import TowerPolicy
from channels.watchtower.steps import Act, Step, Wait

NOTHING = Amount(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneLook:
    """A lane as the latest block shows it at `now`: what is `recorded` of promises, and what a proof would release.

    `ended` says that the final block has a later epoch, `is_partial` that what could be proven is not all known.
    """

    voucher: SignedVoucher
    now: Seconds
    lane: Lane
    reserve: Reserve
    recorded: Mapping[Hash32, Amount]
    provable: Mapping[Hash32, Amount]
    ended: bool = False
    is_partial: bool = False

    @property
    def position(self) -> Position:
        """As settlement sees it."""
        said = self.voucher.voucher
        return Position(
            channel=self.voucher.channel,
            lane=self.lane,
            epoch=said.epoch,
            accepted=said.cumulative_amount,
            seen_at=self.now,
            promises=tuple(
                PromiseStanding(
                    promise=promise,
                    provable=self.provable.get(promise.struct_hash(), NOTHING),
                    recorded=self.recorded.get(promise.struct_hash(), NOTHING),
                )
                for promise in self.voucher.promises
            ),
            reserve=self.reserve,
        )

    @property
    def sight(self) -> Sight:
        """What the chain would pay for it now."""
        return Sight.of(self.position, self.now)

    @property
    def is_over(self) -> bool:
        """Whether nothing can come of it any more, whatever happens to blocks that are not final."""
        return self.ended and self.sight.phase is Phase.GONE

    def next_look(self, policy: TowerPolicy) -> Seconds:
        """When it has to be looked at again."""
        begin = policy.settling.begin(self.lane.closes_at)
        if self.sight.phase is Phase.CLOSING and self.now < begin:
            return min(policy.soon(self.now), begin)
        if self.sight.phase is not Phase.OPEN or self.is_partial:
            return policy.soon(self.now)
        shown = [promise for promise in self.voucher.promises if promise.struct_hash() in self.provable]
        return policy.later(self.now, self.voucher.channel.window, [promise.expiry for promise in shown])


def plan_lanes(looks: Iterable[LaneLook], now: Seconds, policy: TowerPolicy) -> list[Step]:
    """The most urgent first: records, then claims. Nothing is ever closed.

    Claims share a transaction within one payee and token only: strangers' tokens can fail each other's.
    """
    apart = by_receiver([look.position for look in looks], lambda position: position.channel)
    planned = [step for positions in apart for step in next_steps(positions, policy.world(now), policy.settling)]
    return [_step(step, now, policy) for step in in_order(planned)]


def _step(step: Submit | settlement.Wait, now: Seconds, policy: TowerPolicy) -> Step:
    """What only reserves waits until two margins before the close ends: a close that its payer takes back drops the
    reserve, so that each claim for one would be a transaction wasted, as often as the payer likes. What pays is paid
    for good.
    """
    if not isinstance(step, Submit):
        return Wait(step.until, step.why)
    if isinstance(step.action, ClaimPromised) and not step.dues and step.before is not None:
        begin = Seconds(step.before - policy.margin)
        if now < begin:
            return Wait(begin, "it would only reserve, and the payer can take its close back")
    return Act(step.action, step.why, step.before)
