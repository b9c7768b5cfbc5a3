"""How both end an epoch at once, in a fight too: the twin of Together.sol."""

from dataclasses import replace
from typing import assert_never

from chain.units import Amount, Seconds
from channels.duplex.actions import CloseTogether, Together, WithdrawTogether
from channels.duplex.duplex import LAST_EPOCH, Duplex
from channels.duplex.errors import WithdrawalTooLarge
from channels.duplex.fight import NO_FIGHT
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine.guards import require_both, require_current, require_own
from channels.duplex.machine.payouts import Step, pay_parties
from channels.errors import NoEpochLeft
from channels.lane.guards import require_before


def step(ledger: DuplexLedger, action: Together, now: Seconds) -> Step:
    """What `transition` says of these verbs."""
    message = action.message
    require_own(ledger, message.channel_id)
    require_before(message.deadline, now)
    require_current(ledger, message.epoch)
    require_both(ledger, action)
    match action:
        case CloseTogether():
            return _close(ledger, action)
        case WithdrawTogether():
            return _withdraw(ledger, action)
        case _:
            assert_never(action)


def _close(ledger: DuplexLedger, action: CloseTogether) -> Step:
    shares = ledger.duplex.shares(action.message.net)
    return replace(ledger, duplex=ledger.duplex.ended(), fight=NO_FIGHT), pay_parties(ledger.channel, *shares)


def _withdraw(ledger: DuplexLedger, action: WithdrawTogether) -> Step:
    message, next_epoch = action.message, ledger.duplex.epoch + 1
    share_a, share_b = ledger.duplex.shares(message.net)
    for amount, share in ((message.to_a, share_a), (message.to_b, share_b)):
        if amount > share:
            raise WithdrawalTooLarge(amount, share)
    if next_epoch == LAST_EPOCH:  # What is left is open in the next epoch, which must have one after it.
        raise NoEpochLeft(ledger.channel.id)
    duplex = Duplex(
        deposit_a=Amount(share_a - message.to_a), deposit_b=Amount(share_b - message.to_b), epoch=next_epoch
    )
    return replace(ledger, duplex=duplex, fight=NO_FIGHT), pay_parties(ledger.channel, message.to_a, message.to_b)
