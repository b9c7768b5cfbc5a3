"""Whether this Python can run Earnest."""

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from earnest.cli.doctor.finding import Finding

OLDEST, NEWEST = (3, 11), (3, 13)
_OURS = ("chain", "escrow", "channels", "deploy")
_HOME = Path(__file__).parents[3]
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def environment() -> Iterator[Finding]:
    """Python, the packages that Earnest needs, and who else claims our import names."""
    yield python(sys.version_info[:2])
    yield packages()
    yield local_chain()
    yield from (import_name(name, folder_of(name)) for name in _OURS)


def python(version: tuple[int, int]) -> Finding:
    """Its version; later ones lack a signature library's wheel."""
    says = f"{version[0]}.{version[1]}"
    if OLDEST <= version <= NEWEST:
        return Finding(what="python", says=says)
    return Finding(what="python", says=says, fix="use Python 3.11, 3.12 or 3.13")


def packages() -> Finding:
    """What Earnest's own metadata asks for, extras left out."""
    wanted = [text for text in metadata.requires("earnest") or [] if "extra ==" not in text]
    missing = [name for name in map(_name, wanted) if not _installed(name)]
    if not missing:
        return Finding(what="packages", says=f"all {len(wanted)} are installed")
    return Finding(what="packages", says=f"missing: {', '.join(missing)}", fix="pip install --force-reinstall earnest")


def local_chain() -> Finding:
    """What a chain inside the process needs."""
    if _installed("eth-tester") and _installed("py-evm"):
        return Finding(what="local chain", says="runs in the process")
    fix = "for `earnest demo`, `Chain.local()` and the pytest plugin: pip install 'earnest[local]'"
    return Finding(what="local chain", says="eth-tester or py-evm is missing", fix=fix, needed=False)


def import_name(name: str, folder: Path | None) -> Finding:
    """Whether `import name`, which finds `folder`, brings ours: PyPI's `channels` is Django's, with our import name."""
    if name == "channels" and _installed("channels"):
        fix = "Earnest and Django Channels can't share an environment: make one for each"
        return Finding(what=name, says="Django Channels is installed, too", fix=fix)
    if folder != _HOME / name:
        fix = f"remove what is in front of {_HOME} on sys.path"
        return Finding(what=name, says=f"`import {name}` finds {folder or 'nothing'}, which is not Earnest's", fix=fix)
    return Finding(what=name, says=str(folder))


def folder_of(name: str) -> Path | None:
    """Where `import name` looks."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _name(requirement: str) -> str:
    found = _NAME.match(requirement)
    return found[0] if found else requirement
