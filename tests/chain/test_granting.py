from collections.abc import Callable
from dataclasses import dataclass

import pytest

from chain import LocalChain, Signer, Token
from chain.erc3009 import ReceiveWithAuthorization
from chain.errors import Malformed
from chain.permit2 import Method, TokenPermissions, permit2_domain
from chain.signing import recover
from chain.sync.granting import authorization
from chain.typed_data import TypedData
from chain.units import Address, Hash32, Seconds

SUBJECT = Hash32(b"\7" * 32)


@dataclass(frozen=True)
class Simple:
    """Asks for 5 base units; what it has Permit2 sign says the nonce."""

    token: Address
    payer: Address
    subject: Hash32 = SUBJECT

    def erc3009(self) -> ReceiveWithAuthorization:
        deadline = Seconds(2**40)
        return ReceiveWithAuthorization(
            from_=self.payer, to=self.token, value=5, valid_before=deadline, nonce=self.subject
        )

    def permit2(self, nonce: int) -> TypedData:
        return TokenPermissions(token=self.token, amount=nonce)


@pytest.fixture
def grant(usdc: Token, ann: Signer) -> Simple:
    return Simple(token=usdc.address, payer=ann.address)


def test_erc3009_is_signed_for_the_token(chain: LocalChain, grant: Simple, ann: Signer, usdc: Token) -> None:
    signature = authorization(chain, ann, grant, Method.ERC3009)

    assert recover(chain.token_domain(usdc).digest(grant.erc3009()), signature) == ann.address


@pytest.mark.parametrize(("named", "nonce"), [(None, int.from_bytes(SUBJECT, "big")), (0, 0), (9, 9)])
def test_permit2_takes_the_subject_for_a_nonce_unless_one_is_named(
    chain: LocalChain, grant: Simple, ann: Signer, named: int | None, nonce: int
) -> None:
    found = authorization(chain, ann, grant, Method.PERMIT2, named)

    assert int.from_bytes(found[:32], "big") == nonce
    assert recover(permit2_domain(chain.chain_id).digest(grant.permit2(nonce)), found[32:]) == ann.address


def test_an_allowance_can_not_be_signed(chain: LocalChain, grant: Simple, funded: Callable[[], Signer]) -> None:
    with pytest.raises(Malformed):
        authorization(chain, funded(), grant, Method.ALLOWANCE)
