"""No source file over the limit: a file is split before it has grown too big to be read in one sitting."""

import statistics
import sys
from pathlib import Path

LIMIT = 350
FOLDERS = ["chain", "escrow", "channels", "deploy", "earnest", "contracts", "tests", "tools", "benchmarks", "examples"]
SUFFIXES = {".py", ".sol"}


def sizes(root: Path) -> dict[str, int]:
    """Lines of every source file under `root` that has any, by its path."""
    return {
        path.relative_to(root).as_posix(): len(path.read_text("utf-8").splitlines())
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.suffix in SUFFIXES and path.stat().st_size
    }


def main() -> int:
    """Exit code 1 names the files that are too long."""
    found = sizes(Path.cwd())
    over = {name: lines for name, lines in found.items() if lines > LIMIT}
    for name, lines in over.items():
        print(f"{name}: {lines} lines, {LIMIT} are allowed")
    median = statistics.median(found.values())
    print(f"{len(found)} files, median {median:.0f} lines, longest {max(found.values())}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
