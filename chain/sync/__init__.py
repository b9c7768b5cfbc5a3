# Generated from chain/aio/__init__.py by make fix; edit that one.
