"""What a rule looks at."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chain.money import Token
from chain.units import ALL_BPS, NOBODY, Seconds
from escrow.dates import date
from escrow.finding import Gains
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.phrases import Phrases

if TYPE_CHECKING:
    from escrow.conditions.condition import Condition
    from escrow.terms import Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Terms that can be funded, and what is known beside them. Raises `TokenMismatch`."""

    terms: "Terms"
    given: "Condition | None" = None
    now: int | None = None
    token: Token | None = None
    phrases: Phrases = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "phrases", Phrases(self.terms, self.token))

    @property
    def condition(self) -> "Condition | None":
        """The given one, if the terms fix it."""
        return self.given if self.given is not None and self.terms.fixes(self.given) else None

    @property
    def disputable(self) -> bool:
        """Whether anybody may dispute."""
        return self.terms.allows(PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE)

    @property
    def payer_disputes(self) -> bool:
        """Whether the payer may."""
        return self.terms.allows(PAYER_MAY_DISPUTE)

    @property
    def payee_disputes(self) -> bool:
        """Whether the payee may."""
        return self.terms.allows(PAYEE_MAY_DISPUTE)

    @property
    def freezes(self) -> bool:
        """Whether a dispute stops the condition, which then waits for `capture_from`, too."""
        return self.terms.allows(DISPUTE_FREEZES_RESOLVE)

    @property
    def expiry(self) -> str:
        """In words."""
        return date(self.terms.authorization_expiry)

    @property
    def operator_acts(self) -> bool:
        """Whether there is an operator who may ever capture or void."""
        terms = self.terms
        return terms.operator != NOBODY and terms.capture_from < terms.authorization_expiry

    @property
    def latest_end(self) -> Seconds:
        """From this second on anybody may end the hold, whatever anybody did before, short of an amendment by both.

        The last dispute comes a second before the expiry; where it leaves the condition its time, the arbiter's period
        begins at the expiry.
        """
        terms = self.terms
        if not self.disputable:
            return terms.authorization_expiry
        since = terms.authorization_expiry - 1 if self.freezes else terms.authorization_expiry
        return Seconds(max(terms.authorization_expiry, since + terms.ruling_period))

    @property
    def on_expiry(self) -> str:
        """Who gets what if nobody disputes."""
        return self.phrases.split(self.terms.payee_share_on_expiry_bps)

    @property
    def on_silence(self) -> str:
        """Who gets what if the arbiter was asked and is silent."""
        return self.phrases.split(self.terms.payee_share_on_silence_bps)


def gains_by(share_bps: int) -> Gains:
    """Who gets something by a split."""
    if share_bps == 0:
        return Gains.PAYER
    return Gains.PAYEE if share_bps == ALL_BPS else Gains.BOTH
