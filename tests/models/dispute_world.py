"""What is known in a two-way dispute, on chain and off, and the law that its honest party keeps."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Seconds, address
from channels.duplex import actions, messages
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.ledger import DuplexLedger

Said = tuple[int, int]
"""Version and net."""
WINDOW, LAG, CLOSE_LASTS = 3, 1, 2
NETS = range(-2, 3)
A, B = address("0x" + "a1" * 20), address("0x" + "b2" * 20)
CHANNEL = DuplexChannel(
    party_a=A,
    party_b=B,
    token=address("0x" + "c0" * 20),
    signer_a=A,
    signer_b=B,
    window=Seconds(WINDOW),
    promise_window=Seconds(WINDOW),
)
HOME = Domain(31_337, address("0x" + "e5" * 20))
NONE: Said = (0, 0)
ONE_EACH = Duplex(deposit_a=Amount(1), deposit_b=Amount(1))
Posting = Literal["challenge", "answer"]


@dataclass(frozen=True, slots=True)
class Law:
    """What the honest party keeps; each rule can be left out, to see that it is needed."""

    offers_never_rise: bool = True
    silent_in_a_fight: bool = True
    silent_after_a_close: bool = True
    one_state_a_version: bool = True
    wakes: bool = True
    posts_its_newest: bool = True


@dataclass(frozen=True, slots=True)
class World:
    """`full` is the honest party's newest state that both signed; `signed` are all that it has signed."""

    now: int = 1
    duplex: Duplex = ONE_EACH
    fight: Fight = NO_FIGHT
    since: int = 0
    """When the fight began, if there was one."""
    full: Said = NONE
    signed: frozenset[Said] = frozenset()
    close: Said | None = None
    """Deadline and net of what it has signed to end the epoch together."""
    awake: bool = False
    stale: bool = False
    ended: tuple[int, Duplex, int] | None = None
    """When, with which deposits, and what the honest party got."""

    @property
    def bids(self) -> list[Said]:
        """The honest party's newest full state, and what it has signed since."""
        return [self.full, *(said for said in self.signed if said[0] > self.full[0])]

    @property
    def seen(self) -> Duplex:
        """The deposits, as long as it may take the epoch for a living one."""
        return self.duplex if self.ended is None else self.ended[1]


@cache
def ledger_of(duplex: Duplex, fight: Fight) -> DuplexLedger:
    return DuplexLedger(channel=CHANNEL, domain=HOME, duplex=duplex, fight=fight)


@cache
def posting(verb: Posting, caller: Address, said: Said, signed: bool) -> actions.Challenge | actions.Answer:
    """The caller's call is its consent; the other key's signature it has, or it has not."""
    state = messages.State(channel_id=CHANNEL.id, epoch=0, version=said[0], net=said[1])
    signer = (B if caller == A else A) if signed else NOBODY
    kind = actions.Challenge if verb == "challenge" else actions.Answer
    return kind(caller=caller, state=state, signer_a=signer, signer_b=signer)


@cache
def closing(caller: Address, deadline: int, net: int) -> actions.CloseTogether:
    together = messages.CloseTogether(channel_id=CHANNEL.id, epoch=0, net=net, deadline=Seconds(deadline))
    return actions.CloseTogether(caller=caller, message=together, signer_a=A, signer_b=B)
