"""The deterministic deployment proxy on a local chain that lacks it: its own, presigned transaction puts it there."""

from typing import TYPE_CHECKING

from chain.create2 import PROXY
from chain.units import address
from deploy.errors import ProxyMissing

if TYPE_CHECKING:
    from chain.signer import Signer
    from chain.sync.chain import Chain

DEPLOYER = address("0x3fab184622dc19b6109349b94811493bf2a45362")
"""Nobody has its key: the signature below was made up, and the address follows from it."""
COST = 100_000 * 100 * 10**9
"""What the transaction may spend, in wei: its gas and gas price can't be changed."""
TRANSACTION = bytes.fromhex(
    "f8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
    "1ba0" + "22" * 32 + "a0" + "22" * 32
)


def ensure_proxy(chain: "Chain", signer: "Signer") -> None:
    """Puts the proxy on a local chain, paid by `signer`. Raises `ProxyMissing` elsewhere, or where it didn't work."""
    if chain.code(PROXY, as_of="latest"):
        return
    if chain.network.name == "local":
        missing = COST - chain.balance(chain.native, DEPLOYER, as_of="latest").units
        if missing > 0:
            chain.transfer(signer, chain.native.units(missing), DEPLOYER)
        chain.broadcast(TRANSACTION)
    if not chain.code(PROXY, as_of="latest"):
        raise ProxyMissing(chain.chain_id, PROXY)
