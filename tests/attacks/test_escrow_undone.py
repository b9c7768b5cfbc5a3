"""An authorization that was seen vanishes with its blocks: nothing should be shipped before it is final."""

from collections.abc import Iterator

import pytest

from chain import Chain, LocalChain, Signer
from escrow import Escrow, Terms
from tests.attacks.conftest import DEPTHS, POLICIES, every_policy

pytestmark = pytest.mark.anvil


@pytest.fixture(scope="module")
def anvil() -> Iterator[LocalChain]:
    with Chain.local("anvil") as local:
        local.mine(16)  # So that the contracts are final.
        yield local


@every_policy
def test_an_authorization_is_shown_when_it_is_final_and_not_before(anvil: LocalChain, policy: str) -> None:
    ann, shop, operator = (Signer.generate() for _ in range(3))
    anvil.fund(ann.address)
    terms = Terms.card(
        payer=ann.address,
        payee=shop.address,
        amount=anvil.token("USDC")("120"),
        operator=operator.address,
        expiry=anvil.after(days=1),
        if_expired="payer",
    )
    authorized = Escrow(anvil, ann).authorize(terms)
    held = authorized.holding.held
    with Chain.connect("local", [anvil.serve()], finality=POLICIES[policy]) as chain:
        client = Escrow(chain, operator)
        for depth in range(1, 9):
            assert client.show(terms, as_of="latest").holding.held == held
            assert client.show(terms).holding.held == (held if depth >= DEPTHS[policy] else 0)
            anvil.mine()
        anvil.reorg(9)
        assert client.show(terms).holding.held == client.show(terms, as_of="latest").holding.held == 0
