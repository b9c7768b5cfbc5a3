"""Money at risk of every token, as a file's rows say it: version 1 kept no sums."""

from collections import Counter

from channels.stores.columns import amount, blob, channel_of
from channels.stores.database import Transaction

_ROWS = """
    SELECT descriptor, accepted, settled FROM channels JOIN epochs USING (channel_id)
    WHERE epoch = (SELECT max(epoch) FROM epochs AS later WHERE later.channel_id = epochs.channel_id)
"""
_ADD = "INSERT INTO exposure VALUES ($1, $2, $3)"


def recount(transaction: Transaction) -> None:
    """Writes the sums down; version 1 counted on final deposits alone, so nothing of them is unconfirmed."""
    at_risk = Counter[str]()
    for descriptor, accepted, settled in transaction.rows(_ROWS):
        at_risk[channel_of(descriptor).token] += amount(accepted) - amount(settled)
    for token, risk in at_risk.items():
        transaction.change(_ADD, token, blob(risk, 16), blob(0, 16))
