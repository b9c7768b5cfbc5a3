"""A payer and a payee with keys, a chain and a disk."""
