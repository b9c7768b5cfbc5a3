"""The process that guards: intake, looks at the chain, transactions. For asyncio alone: it waits for many at once."""
