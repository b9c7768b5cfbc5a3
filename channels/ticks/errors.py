"""What can go wrong with ticks.

InvalidMessage
    WrongTick  NotOfThisChain  TicksNotPromised  NoBeginning  AlreadyMetered  AnotherVoucher
    OtherTicks  FoldsBack  FoldLoses  ExpiresSooner  FoldTooLate
Refused
    FoldDue  TicksOver  NoTicksLeft
"""

from chain.errors import InvalidMessage, Refused


class WrongTick(InvalidMessage):
    """Neither the next tick nor one of the `jump` after it; `position` is where the payee stands."""

    says = "no tick that skips at most {jump} after position {position}"
    position: int
    jump: int


class NotOfThisChain(InvalidMessage):
    """What is shown for this position doesn't lead to what was known of the chain."""

    says = "what is shown for position {position} is not of this chain"
    position: int


class TicksNotPromised(InvalidMessage):
    """The voucher carries no promise under the HashChain contract for all these ticks, worth `amount` base units."""

    says = "the voucher does not promise {amount} for these ticks"
    amount: int


class NoBeginning(InvalidMessage):
    """A payee begins to count at position 0: what came before was paid to nobody."""

    says = "ticks begin at position 0, not {position}"
    position: int


class AlreadyMetered(InvalidMessage):
    """The promise stood in the voucher before: its ticks have a meter, and would count twice."""

    says = "the ticks of this promise are counted already"
    promise_hash: bytes


class AnotherVoucher(InvalidMessage):
    """The signature that was checked is of another voucher than the one shown."""

    says = "the signature is of a voucher for {signed}, not of the one for {shown}"
    signed: int
    shown: int


class OtherTicks(InvalidMessage):
    """A fold goes on with the same ticks: so many in all, each worth the same in base units."""

    says = "{count} ticks of {each} are not the {expected_count} of {expected_each}"
    each: int
    count: int
    expected_each: int
    expected_count: int


class FoldsBack(InvalidMessage):
    """A newer fold is there already."""

    says = "a fold at position {position} is older than the one at {folded}"
    position: int
    folded: int


class FoldLoses(InvalidMessage):
    """The fold's amount lacks ticks that it no longer promises, in base units."""

    says = "a fold of {cumulative_amount} should be of {needed} at least"
    cumulative_amount: int
    needed: int


class ExpiresSooner(InvalidMessage):
    """The ticks accepted beyond a fold could be proven for less time than before."""

    says = "the fold's promise expires at {expiry}, before {before}"
    expiry: int
    before: int


class FoldTooLate(InvalidMessage):
    """The ticks accepted beyond a fold could come too late to be recorded for its promise; the old one has them."""

    says = "the fold's promise expires at {expiry}; what is beyond it is on record by {until} for sure"
    expiry: int
    until: int


class FoldDue(Refused):
    """The chain is shown at most 1,024 ticks at once, so what is farther, a fold too, needs another fold first."""

    says = "position {position} is farther beyond the fold at {folded} than can be proven: fold first"
    position: int
    folded: int


class TicksOver(Refused):
    """What comes from second `until` on could come too late to be recorded and claimed."""

    says = "it is {now}, ticks counted until {until}"
    now: int
    until: int


class NoTicksLeft(Refused):
    """All ticks of the chain are spent; what follows on it is promised by nobody."""

    says = "all {count} ticks are spent"
    count: int
