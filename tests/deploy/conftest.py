from collections.abc import Iterator

import pytest

from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from tests.deploy.sites import Site, site_on


@pytest.fixture
def node() -> Iterator[tuple[EmbeddedNode, str]]:
    node = EmbeddedNode()
    server = Server(node.handle)
    yield node, server.url
    server.close()


@pytest.fixture
def site(node: tuple[EmbeddedNode, str]) -> Iterator[Site]:
    site = site_on(*node, name="local")
    with site.chain:
        yield site


@pytest.fixture
def public_site(node: tuple[EmbeddedNode, str]) -> Iterator[Site]:
    """As any chain that is not one's own."""
    site = site_on(*node, name="somebody-elses")
    with site.chain:
        yield site
