"""Whether what lives at the contracts' addresses is what was compiled."""

from typing import TYPE_CHECKING

from chain import artifact
from chain.contracts import CORE, address_of
from chain.keccak import keccak
from chain.units import Address
from deploy.errors import CodeMismatch, NotDeployed

if TYPE_CHECKING:
    from chain.sync.chain import AsOf, Chain


def verify(chain: "Chain", *, as_of: "AsOf" = "final") -> dict[str, Address]:
    """Where each contract is, all of them compared. Raises `NotDeployed`, `CodeMismatch`."""
    for name in CORE:
        verify_one(chain, name, as_of)
    return {name: address_of(name) for name in CORE}


def verify_one(chain: "Chain", name: str, as_of: "AsOf") -> None:
    """Compares the runtime code with the artifact, immutables left out: they differ from chain to chain.

    Raises `NotDeployed`, `CodeMismatch`.
    """
    place, compiled = address_of(name), artifact.load(name)
    code = chain.code(place, as_of=as_of)
    if not code:
        raise NotDeployed(name, place, chain.chain_id)
    found = compiled.without_immutables(code)
    if found != compiled.runtime_code:
        raise CodeMismatch(name, place, _hash(compiled.runtime_code), _hash(found))


def _hash(code: bytes) -> str:
    return "0x" + keccak(code).hex()
