"""Why a tower takes no job, or does nothing about one.

InvalidMessage
    Contradiction
Refused
    ClientRefused  DepositTooSmall  OverQuota  TooSlow  TowerRefused
ChainError
    TowerUnreachable
"""

from chain.errors import ChainError, InvalidMessage, Refused


class Contradiction(InvalidMessage):
    """Both keys have signed two states of one version: the first is kept, the second as evidence beside it."""

    says = "there is another state of version {version} already"
    version: int


class ClientRefused(Refused):
    """This tower works for some clients only."""

    says = "this tower does not work for {client}"
    client: str


class DepositTooSmall(Refused):
    """The channel's final deposit would not pay for guarding it, in base units."""

    says = "the final deposit is {deposit}, at least {least} are guarded"
    deposit: int
    least: int


class OverQuota(Refused):
    """Nothing was kept, and nothing is forgotten for it."""

    says = "no more than {most} {quota}"
    retryable = True
    quota: str
    most: int


class TooSlow(Refused):
    """What was being sent had not ended in time; nothing was kept."""

    says = "it had not all come after {seconds} s"
    retryable = True
    seconds: float


class TowerRefused(Refused):
    """The tower at `host` answered that it won't, by the name of its error."""

    says = "the tower at {host} refuses: {error}: {why}"
    host: str
    error: str
    why: str


class TowerUnreachable(ChainError):
    """No answer: whether the job was kept is not known, and to send it again is harmless. Only the host is named."""

    says = "the tower at {host} can't be reached: {why}"
    retryable = True
    host: str
    why: str
