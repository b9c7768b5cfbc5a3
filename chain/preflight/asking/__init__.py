"""Asking somebody else, with an end to it; `aio` and `sync` have the same names."""
