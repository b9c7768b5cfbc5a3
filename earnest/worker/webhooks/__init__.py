"""Signed messages to the shop, as Standard Webhooks has them: what happened on chain, and how sure that is."""
