from collections.abc import Callable, Iterator

import pytest

from chain import Chain, LocalChain, Signer, Token

BACKENDS = ["eth-tester", pytest.param("anvil", marks=pytest.mark.anvil)]


@pytest.fixture(scope="session", params=BACKENDS)
def one_chain(request: pytest.FixtureRequest) -> Iterator[LocalChain]:
    """A chain for the whole run; tests use `chain`, which takes back what they do."""
    with Chain.local(request.param) as chain:
        yield chain


@pytest.fixture
def chain(one_chain: LocalChain) -> Iterator[LocalChain]:
    before = one_chain.snapshot()
    yield one_chain
    one_chain.restore(before)


@pytest.fixture
def usdc(chain: LocalChain) -> Token:
    return chain.token("USDC")


@pytest.fixture
def funded(chain: LocalChain) -> Callable[[], Signer]:
    """A new account with 10 ETH and 1,000 USDC."""

    def new() -> Signer:
        signer = Signer.generate()
        chain.fund(signer.address)
        return signer

    return new


@pytest.fixture
def ann(funded: Callable[[], Signer]) -> Signer:
    return funded()
