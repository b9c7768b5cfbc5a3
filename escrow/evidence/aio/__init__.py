"""The chain as a witness, in asyncio."""
