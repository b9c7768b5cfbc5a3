"""Where a payer and a payee keep what must survive."""
