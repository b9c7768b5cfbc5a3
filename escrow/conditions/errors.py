"""What the builders of conditions refuse.

InvalidValue        UnknownCondition, ListedTwice, NotAChild
InvalidMessage      NotASigner, SignedElsewhere
"""

from chain.errors import InvalidMessage, InvalidValue


class UnknownCondition(InvalidValue):
    """Not the address of one of our conditions, so nobody can say here what it would release."""

    says = "there is no condition of ours at {address}"
    address: str


class ListedTwice(InvalidValue):
    """Nobody has two votes: not a signer, not a child, not a proof."""

    says = "{what} is listed twice"
    what: str


class NotAChild(InvalidValue):
    """A proof for a condition that is nowhere in the tree to which it is shown."""

    says = "{proof} is for no part of {condition}"
    proof: str
    condition: str


class NotASigner(InvalidMessage):
    """The condition does not ask for the word of this one."""

    says = "{signer} is not among the signers"
    signer: str


class SignedElsewhere(InvalidMessage):
    """Signed for another contract than the one that would judge it."""

    says = "signed for {found}, not for {expected}"
    found: str
    expected: str
