"""What several verbs require: the twin of the guards in Duplexes.sol."""

from channels.channel import ChannelId
from channels.duplex.actions import Answer, Challenge, ChallengeBySig, Together
from channels.duplex.ledger import DuplexLedger
from channels.errors import NotOpen, WrongChannel, WrongEpoch
from channels.lane.guards import require_signed


def require_own(ledger: DuplexLedger, channel_id: ChannelId) -> None:
    """A message can't even be shown to the contract for another channel than its own. Raises `WrongChannel`."""
    if channel_id != ledger.channel.id:
        raise WrongChannel(channel_id, ledger.channel.id)


def require_open(ledger: DuplexLedger) -> None:
    """Raises `NotOpen`."""
    if not ledger.duplex.is_open:
        raise NotOpen(ledger.channel.id)


def require_current(ledger: DuplexLedger, epoch: int) -> None:
    """Raises `NotOpen`, `WrongEpoch`."""
    require_open(ledger)
    require_epoch(ledger, epoch)


def require_epoch(ledger: DuplexLedger, epoch: int) -> None:
    """Raises `WrongEpoch`."""
    if epoch != ledger.duplex.epoch:
        raise WrongEpoch(epoch, ledger.duplex.epoch)


def require_both(ledger: DuplexLedger, action: Together | Challenge | ChallengeBySig | Answer) -> None:
    """A party consents by calling, or by its key's signature. Raises `InvalidSignature`."""
    channel = ledger.channel
    if action.caller != channel.party_a:
        require_signed(channel.signer_a, action.signer_a)
    if action.caller != channel.party_b:
        require_signed(channel.signer_b, action.signer_b)
