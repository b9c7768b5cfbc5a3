"""A chain that has the deployment proxy and none of our contracts: every chain before the first deployment."""

from dataclasses import dataclass, replace

from chain import Chain, Signer, network
from chain.testing.embedded import EmbeddedNode


@dataclass(frozen=True)
class Site:
    node: EmbeddedNode
    chain: Chain
    deployer: Signer

    def set_code(self, place: str, code: bytes) -> None:
        self.node.handle("anvil_setCode", [place, "0x" + code.hex()])


def site_on(node: EmbeddedNode, url: str, name: str) -> Site:
    deployer = Signer.generate()
    node.handle("anvil_setBalance", [deployer.address, hex(10**18)])
    return Site(node, Chain.connect(replace(network.load("local"), name=name), rpc=[url]), deployer)
