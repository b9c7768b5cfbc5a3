"""What moves: the twin of `_payParties` in Duplexes.sol."""

from chain.units import Amount
from channels.duplex.channel import DuplexChannel
from channels.duplex.ledger import DuplexLedger
from channels.effects import Pay, Pull

Step = tuple[DuplexLedger, list[Pull | Pay]]


def pay_parties(channel: DuplexChannel, to_a: int, to_b: int) -> list[Pull | Pay]:
    """A's payout first; nothing is no payout."""
    payouts = ((channel.party_a, to_a), (channel.party_b, to_b))
    return [Pay(party, Amount(amount)) for party, amount in payouts if amount]
