# Generated from escrow/evidence/aio/__init__.py by make fix; edit that one.
"""The chain as a witness, in asyncio."""
