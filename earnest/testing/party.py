"""Somebody with a key, and everything that a key can be used for."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path

from chain import Chain, Signer
from chain.units import Address
from channels import Duplexes, Lanes, Payee, Payer
from earnest.testing.keys import secret_of
from escrow import Escrow


class Party:
    """Its stores are files in `folder`; each client is made when it is first used."""

    def __init__(self, name: str, chain: Chain, folder: Path) -> None:
        self.name = name
        self.signer = Signer(secret_of(name))
        self._chain, self._folder = chain, folder

    @property
    def address(self) -> Address:
        """The same in every test."""
        return self.signer.address

    @cached_property
    def escrow(self) -> Escrow:
        """The escrow contract with this party's key."""
        return Escrow(self._chain, self.signer)

    @cached_property
    def lanes(self) -> Lanes:
        """The contract of one-way channels with this party's key."""
        return Lanes(self._chain, self.signer)

    @cached_property
    def duplexes(self) -> Duplexes:
        """The contract of two-way channels with this party's key."""
        return Duplexes(self._chain, self.signer)

    @cached_property
    def wallet(self) -> Payer:
        """Its paying end of channels."""
        return Payer(self._chain, self.signer, self._folder / f"{self.name}-wallet.db")

    @cached_property
    def till(self) -> Payee:
        """Its paid end of channels; tests move the chain's clock alone, so it looks at the chain every time."""
        return Payee(self._chain, self.signer, self._folder / f"{self.name}-till.db", refresh=timedelta())

    def close(self) -> None:
        """Closes the stores that were opened."""
        for client in ("wallet", "till"):
            if client in vars(self):
                getattr(self, client).disconnect()

    def __repr__(self) -> str:
        return f"Party({self.name}, {self.address})"
