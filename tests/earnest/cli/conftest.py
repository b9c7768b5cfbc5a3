import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chain import LocalChain
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from earnest.cli import main
from earnest.testing.world import endow
from tests.deploy.sites import Site, site_on
from tests.earnest.cli.bench import Bench, Ended, Run


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


@pytest.fixture(scope="session")
def served_chain() -> Iterator[tuple[LocalChain, str]]:
    """A local chain with money for every party, and where other programs reach it."""
    with LocalChain.start("eth-tester") as chain:
        endow(chain)
        yield chain, chain.serve()


@pytest.fixture
def bench(
    served_chain: tuple[LocalChain, str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    """Parties who run `earnest` in a folder of their own; what they do to the chain is undone after."""
    chain, url = served_chain
    moment = chain.snapshot()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EARNEST_RPC", url)
    yield Bench(chain, run, monkeypatch)
    chain.restore(moment)
