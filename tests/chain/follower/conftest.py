import pytest

from chain import LocalChain
from tests.chain.follower.following import MINTER


@pytest.fixture(autouse=True)
def minter(request: pytest.FixtureRequest) -> None:
    """Money for gas, where a test has a chain."""
    if "chain" in request.fixturenames:
        chain: LocalChain = request.getfixturevalue("chain")
        chain.fund(MINTER.address, usdc="0")
