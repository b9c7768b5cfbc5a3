"""Sync twins of the async clients: every `aio/` folder has a generated `sync/` beside it.

`python tools/unasync.py` writes them, `--check` exits 1 if one differs from what would be written.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tokenize_rt import Token, reversed_enumerate, src_to_tokens, tokens_to_src

PACKAGES = ("chain", "escrow", "channels", "deploy", "earnest")
HEADER = "# Generated from {source} by make fix; edit that one.\n"

RENAMED = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
    "aio": "sync",
    "aiter": "iter",
    "anext": "next",
    "asynccontextmanager": "contextmanager",
    "StopAsyncIteration": "StopIteration",
}
# What asyncio has at another place; the import brings both, and ruff removes the one that is not used.
MOVED = {"asyncio.sleep": "time.sleep", "asyncio.Lock": "threading.Lock", "import asyncio": "import threading, time"}
PREFIX = re.compile(r"\bAsync(?=[A-Z])")
DROPPED = {"async", "await"}


def sync_source(source: str) -> str:
    """The same code without `async` and `await`; strings and comments lose only the prefix of class names."""
    for name, moved in MOVED.items():
        source = re.sub(rf"\b{re.escape(name)}\b(?!\.)", moved, source)
    tokens = src_to_tokens(source)
    for index, token in reversed_enumerate(tokens):
        if token.name == "NAME" and token.src in DROPPED:
            del tokens[index : index + 2]  # The space after it goes, too.
        elif token.name in {"NAME", "STRING", "COMMENT"}:
            tokens[index] = Token(token.name, _renamed(token.src))
    return tokens_to_src(tokens)


def _renamed(text: str) -> str:
    return PREFIX.sub("", RENAMED.get(text, text))


def twins(root: Path) -> Iterator[tuple[Path, str]]:
    """Every generated file with the text it must have."""
    for package in PACKAGES:
        for source in sorted((root / package).rglob("aio/*.py")):
            name = source.relative_to(root)
            target = source.parent.with_name("sync") / source.name
            text = HEADER.format(source=name.as_posix()) + sync_source(source.read_text("utf-8"))
            yield target, _formatted(text, target)


def orphans(root: Path) -> list[Path]:
    """Generated files without a source."""
    return [
        target
        for package in PACKAGES
        for target in (root / package).rglob("sync/*.py")
        if not (target.parent.with_name("aio") / target.name).exists()
    ]


def _formatted(source: str, target: Path) -> str:
    for command in (["check", "--select", "E401,F401,F811,I,UP", "--fix-only", "--quiet"], ["format", "--quiet"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(target), "-"]
        source = subprocess.run(ruff, input=source, capture_output=True, text=True, check=True).stdout
    return source


def main() -> int:
    """Writes what differs, or with --check only names it and answers 1."""
    root = Path.cwd()
    differing = [
        (target, text) for target, text in twins(root) if not target.exists() or target.read_text("utf-8") != text
    ]
    extra = orphans(root)
    for path in [target for target, _ in differing] + extra:
        print(f"{path.relative_to(root)} is not what its aio/ source generates")
    if "--check" in sys.argv[1:]:
        return 1 if differing or extra else 0
    for target, text in differing:
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, "utf-8")
    for path in extra:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
