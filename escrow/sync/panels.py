# Generated from escrow/aio/panels.py by make fix; edit that one.
"""Panels of arbiters on a chain: made once by anybody, asked by every contract."""

from chain.signer import Signer
from chain.sync.chain import AsOf, Chain
from chain.typed_data import Domain, TypedData
from chain.units import Address
from escrow.panel.panel import ArbiterPanel

FACTORY, PANEL = "ArbiterPanels", "ArbiterPanel"
_YES = bytes.fromhex("1626ba7e")
"""`isValidSignature`'s own selector (ERC-1271)."""


class Panels:
    """A panel's address is known before it is made; it must be made before it can rule."""

    def __init__(self, chain: Chain, signer: Signer) -> None:
        self.chain = chain
        self.signer = signer

    def create(self, panel: ArbiterPanel) -> Address:
        """Makes the panel, unless it is there already. Raises `NotSent`, `NotIncluded`."""
        if not self.is_there(panel, as_of="latest"):
            self.chain.send(self.signer, FACTORY, "create", panel.members, panel.threshold)
        return panel.address

    def is_there(self, panel: ArbiterPanel, *, as_of: AsOf = "final") -> bool:
        """Whether it can rule."""
        return bool(self.chain.code(panel.address, as_of=as_of))

    def accepts(
        self, panel: ArbiterPanel, message: TypedData, domain: Domain, signature: bytes, *, as_of: AsOf = "latest"
    ) -> bool:
        """The panel's own answer, which asks its wallets, too. Raises `Reverted` for bytes that are no list at all."""
        if not self.is_there(panel, as_of=as_of):
            return False
        digest = domain.digest(message)
        answer = self.chain.call(PANEL, "isValidSignature", digest, signature, at=panel.address, as_of=as_of)
        return bool(answer == _YES)
