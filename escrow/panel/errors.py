"""What a panel of arbiters refuses.

IllegalAction       InvalidPanelThreshold, TooManyMembers, MembersOutOfOrder: as IArbiterPanels names them
InvalidMessage      NotAMember, DuplicateMember, OtherMessage
Refused             NotEnoughSignatures
"""

from chain.errors import IllegalAction, InvalidMessage, Refused


class InvalidPanelThreshold(IllegalAction):
    """At least one member must decide, and at most all of them."""

    says = "{threshold} of {members} members can't decide"
    threshold: int
    members: int


class TooManyMembers(IllegalAction):
    """More members than a panel may have."""

    says = "{members} members, {most} are allowed"
    members: int
    most: int


class MembersOutOfOrder(IllegalAction):
    """Members rise strictly by address from one above zero, so none is nobody and none is there twice."""

    says = "{member} does not come after {previous}"
    previous: str
    member: str


class NotAMember(InvalidMessage):
    """Whoever signed has no seat in this panel."""

    says = "{signer} is no member of the panel {panel}"
    signer: str
    panel: str


class DuplicateMember(InvalidMessage):
    """One member's word counts once."""

    says = "{member} signed twice"
    member: str


class OtherMessage(InvalidMessage):
    """The members did not sign the same message for the same contract."""

    says = "{member} signed another message than {first}"
    member: str
    first: str


class NotEnoughSignatures(Refused):
    """Fewer members signed than decide."""

    says = "{have} members signed, {need} are needed"
    have: int
    need: int
