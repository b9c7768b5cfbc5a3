"""Solidity compilers on this machine: the outside world of `deploy.compile`."""
