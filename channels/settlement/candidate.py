"""What one claim would bring, and why it can't wait."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from chain.units import Address, Seconds
from channels.settlement.gas import ROW, claim_gas
from channels.settlement.policy import Policy, World
from channels.settlement.sight import Sight
from channels.settlement.steps import Due, Wait

DUST = "dust: it would cost more than it brings"
LATER = "nothing presses, and the fee is too large a share of it"


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One claim would bring `amount`, which `buys` so much gas; `why` it can't wait, and the `deadline` of that."""

    sight: Sight
    world: World
    policy: Policy
    token: Address
    amount: int
    buys: int | None
    deadline: Seconds | None = None
    why: str | None = None

    @classmethod
    def of(cls, sight: Sight, world: World, policy: Policy) -> Self:
        """Pressing by what it is itself: its end, its size or its age."""
        token, amount = sight.position.channel.token, sight.claimable
        buys = world.buys(token, amount)
        self = cls(sight=sight, world=world, policy=policy, token=token, amount=amount, buys=buys)
        if sight.until is not None:
            why = "its reserve" if sight.phase.is_over else "its window"
            return replace(self, deadline=sight.until, why=f"{why} is over in {sight.until - sight.now} s")
        if world.now >= self.look_again:
            return replace(self, deadline=self._possible_end, why="a close since it was seen could be over soon")
        if self.amount > policy.at_risk_per_channel.get(self.token, self.amount):
            return replace(self, why="more is at risk than a channel may have")
        if self.ages_at is not None and world.now >= self.ages_at:
            return replace(self, why=f"it is owed for {policy.max_wait} s")
        return self

    @property
    def is_alone(self) -> bool:
        """Whether it takes a transaction of its own."""
        return bool(self.sight.position.promises) or self.sight.phase.is_over

    @property
    def gas(self) -> int:
        """Of its own transaction, or of one row more."""
        return claim_gas(len(self.sight.position.promises)) if self.is_alone else ROW

    @property
    def pays(self) -> bool:
        """Whether it brings more than that costs."""
        return self.amount > 0 and (self.buys is None or self.buys > self.gas)

    @property
    def spare_gas(self) -> int | None:
        """What is left, for the transaction itself, of the share that a fee may have; None without a price."""
        share = self.policy.fee_share
        return None if self.buys is None else self.buys * share.numerator // share.denominator - self.gas

    @property
    def ages_at(self) -> Seconds | None:
        """When its oldest money has waited for long enough; what is not proven is no money yet."""
        since, wait = self.sight.position.since, self.policy.max_wait
        return None if since is None or wait is None or not self.amount else Seconds(since + wait)

    @property
    def look_again(self) -> Seconds:
        """Whoever has not looked at a lane until then may find the window of a newer close over."""
        position = self.sight.position
        return self.policy.look_again(position.seen_at, position.channel.window)

    @property
    def _possible_end(self) -> Seconds:
        position = self.sight.position
        return Seconds(position.seen_at + position.channel.window)

    def due(self, amount: int) -> tuple[Due, ...]:
        """So much of what this position is owed."""
        return (Due(*self.sight.position.place, self.token, amount),) if amount else ()

    def later(self, amount: int, why: str = LATER, until: Seconds | None = None) -> Wait:
        """Until then, until it is old enough or until it must be looked at again, whichever is first."""
        seconds = [second for second in (until, self.ages_at, self.look_again) if second is not None]
        coming = [second for second in seconds if second > self.world.now]
        return Wait(min(coming, default=None), why, self.due(amount))

    def never(self, amount: int, why: str = DUST) -> Wait:
        """Until something changes."""
        return Wait(None, why, self.due(amount))


def pressed_in_all(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Where more of a token is at risk than the policy allows, the largest that pay for themselves press, too."""
    found = sorted(candidates, key=lambda each: (-each.amount, each.sight.position.place))
    left = dict[Address, int]()
    for each in found:
        at_risk = 0 if each.why and each.pays else each.amount
        left[each.token] = left.get(each.token, 0) + at_risk
    pressed = list[Candidate]()
    for each in found:
        limit = each.policy.at_risk.get(each.token)
        if limit is not None and left[each.token] > limit and not each.why and each.pays:
            left[each.token] -= each.amount
            pressed.append(replace(each, why="more is at risk than all channels may have"))
        else:
            pressed.append(each)
    return pressed
