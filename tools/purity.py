"""A package's root is pure: no sockets, files, clocks or randomness. `python tools/purity.py` names what breaks that.

`deploy` compiles and writes by its nature; it has no rules to keep apart.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("chain", "escrow", "channels")
WORLD = frozenset(
    [
        "asyncio",
        "http",
        "io",
        "keyring",
        "logging",
        "os",
        "pathlib",
        "random",
        "requests",
        "secrets",
        "shutil",
        "socket",
        "sqlite3",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "uuid",
        "web3",
    ]
)
EXCEPTIONS = {
    "chain/artifact.py": {"pathlib"},  # its own package data
    "chain/network.py": {"pathlib"},  # its own package data
    "chain/signer.py": {"keyring", "os", "pathlib"},  # where keys are kept
}


def breaches(root: Path) -> Iterator[str]:
    """One line for each import of the outside world in a root module."""
    for package in PACKAGES:
        for path in sorted((root / package).glob("*.py")):
            name = path.relative_to(root).as_posix()
            for module in _imported(ast.parse(path.read_text("utf-8"))):
                if module in WORLD - EXCEPTIONS.get(name, set()):
                    yield f"{name} imports {module}: a package's root is pure, a sub-folder is one outside world"


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def main() -> int:
    """0 if there is none."""
    found = list(breaches(ROOT))
    print("\n".join(found) or "the roots are pure")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
