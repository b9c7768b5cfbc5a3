"""Whether a node answers, for the right chain, and has our contracts."""

from collections.abc import Iterator

from chain.errors import EarnestError, NodeUnreachable, WrongChain
from earnest.cli.doctor.finding import Finding
from earnest.cli.options import connected


def network(name: str, rpc: list[str]) -> Iterator[Finding]:
    """Each node on its own, since a chain with several asks the next one only when one is silent."""
    for url in rpc:
        yield from _node(name, url)


def _node(name: str, url: str) -> Iterator[Finding]:
    from deploy import CodeMismatch, NotDeployed, verify

    try:
        with connected(name, [url]) as chain:
            yield Finding(what="node", says=f"answers for {name}, chain {chain.chain_id}")
            yield Finding(what="finality", says=chain.network.explain_final())
            places = verify(chain)
        yield Finding(what="contracts", says=f"{', '.join(places)} are what was compiled")
    except NodeUnreachable as error:
        yield Finding(what="node", says=str(error), fix="check the URL, the key in it and your connection")
    except WrongChain as error:
        yield Finding(what="node", says=str(error), fix=f"give a node of {name}, or the other --network")
    except NotDeployed as error:
        yield Finding(what="contracts", says=str(error), fix="deploy them, `earnest deploy plan` says what it costs")
    except CodeMismatch as error:
        yield Finding(what="contracts", says=str(error), fix="send no money there; is this Earnest's release?")
    except EarnestError as error:
        yield Finding(what="node", says=f"{type(error).__name__}: {error}", fix="use another node")
