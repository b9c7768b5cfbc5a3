"""A payee's sums."""

from collections.abc import Iterable
from dataclasses import dataclass

from chain.money import Money, Token
from channels.payee_session import PayeeSession
from channels.shown import Shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Books(Shown):
    """One token over every channel and epoch. What is accepted is settled, `owed` by epochs that live, or `forgone`:
    an epoch ended without it. What is accepted is also delivered, less what was `refunded`, or `undelivered`.
    """

    accepted: Money
    delivered: Money
    refunded: Money
    settled: Money
    owed: Money
    forgone: Money

    @property
    def undelivered(self) -> Money:
        """Accepted, and not yet spent on goods."""
        return self.accepted - (self.delivered - self.refunded)

    @property
    def balance(self) -> bool:
        """Whether nothing has been lost or made up."""
        return self.accepted == self.settled + self.owed + self.forgone and (
            self.refunded <= self.delivered and self.delivered - self.refunded <= self.accepted
        )


def books_of(token: Token, epochs: Iterable[tuple[PayeeSession, bool]]) -> Books:
    """The sums of sessions, each with whether its epoch is the channel's newest."""
    accepted = delivered = refunded = settled = owed = forgone = token.units(0)
    for session, is_newest in epochs:
        rest = token.units(session.owed)
        accepted += token.units(session.accepted)
        delivered += token.units(session.delivered)
        refunded += token.units(session.refunded)
        settled += token.units(session.lane.settled)
        owed, forgone = (owed + rest, forgone) if is_newest else (owed, forgone + rest)
    return Books(accepted=accepted, delivered=delivered, refunded=refunded, settled=settled, owed=owed, forgone=forgone)
