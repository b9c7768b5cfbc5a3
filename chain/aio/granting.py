"""A payer's word that a contract may take its money, as the contract wants it."""

from typing import TYPE_CHECKING

from chain.errors import Malformed
from chain.permit2 import Grant, Method, permit2_authorization, permit2_domain
from chain.signer import Signer

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain


async def authorization(
    chain: "AsyncChain", signer: Signer, grant: Grant, method: Method, nonce: int | None = None
) -> bytes:
    """The signer's word to the token (ERC-3009) or to Permit2; an allowance is no word that could be signed.

    `nonce` is Permit2's; without it the grant's subject is taken, which no other grant can use up. Raises
    `UnknownToken` for a token that doesn't say how it takes signatures, and `Malformed`.
    """
    match method:
        case Method.PERMIT2:
            nonce = int.from_bytes(grant.subject, "big") if nonce is None else nonce
            signed = signer.sign(permit2_domain(chain.chain_id), grant.permit2(nonce))
            return permit2_authorization(nonce, signed.signature)
        case Method.ERC3009:
            domain = await chain.token_domain(await chain.token(grant.token))
            return signer.sign(domain, grant.erc3009()).signature
        case Method.ALLOWANCE:
            raise Malformed("method", "an allowance is given on chain, not signed")
