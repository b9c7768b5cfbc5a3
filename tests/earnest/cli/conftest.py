import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from earnest.cli import main
from tests.deploy.sites import Site, site_on


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `earnest` with these words."""

    def ended(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["earnest", *words])
        with pytest.raises(SystemExit) as ending:
            main()
        said = capsys.readouterr()
        code = ending.value.code
        if isinstance(code, str):  # What the interpreter does with it.
            return Ended(1, said.out, f"{said.err}{code}\n")
        return Ended(int(code or 0), said.out, said.err)

    return ended


@pytest.fixture
def server() -> Iterator[tuple[EmbeddedNode, Server]]:
    node = EmbeddedNode()
    server = Server(node.handle)
    yield node, server
    server.close()


@pytest.fixture
def url(server: tuple[EmbeddedNode, Server]) -> str:
    return server[1].url


@pytest.fixture
def site(server: tuple[EmbeddedNode, Server]) -> Iterator[Site]:
    """A chain without our contracts behind `url`, and somebody with money there."""
    node, served = server
    site = site_on(node, served.url, name="local")
    with site.chain:
        yield site
