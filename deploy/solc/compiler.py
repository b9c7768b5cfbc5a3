"""Which compiler is used, and why not another."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import solcx
from solcx.exceptions import DownloadError, SolcError, SolcInstallationError, SolcNotInstalled, UnexpectedVersionError
from solcx.wrapper import get_version_str_from_solc_binary

from deploy.errors import CompilerMissing
from deploy.settings import SOLC_VERSION
from deploy.solc import wasm

SETTING = "EARNEST_SOLC"

_NOT_FETCHED = (OSError, DownloadError, SolcInstallationError, UnexpectedVersionError)
_NOT_RUN = (OSError, subprocess.CalledProcessError, SolcError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiler:
    """A program with solc's command line; `version` names the commit, but not the platform it was built for."""

    path: Path
    version: str


def find_compiler(
    root: Path, named: Path | None = None, version: str = SOLC_VERSION, *, fetch: bool = True
) -> Compiler:
    """The named one (argument or EARNEST_SOLC) or nothing; else py-solc-x's, npm's under `root`, one it may `fetch`.

    Raises CompilerMissing.
    """
    if named is None and (setting := os.environ.get(SETTING)):
        named = Path(setting)
    candidates = [("named", named)] if named else _candidates(root, version, fetch)
    tried = []
    for way, candidate in candidates:
        found = _check(candidate, version) if isinstance(candidate, Path) else candidate
        if isinstance(found, Compiler):
            return found
        tried.append(f"{way}: {found}")
    raise CompilerMissing(version=version, tried=tuple(tried))


def _candidates(root: Path, version: str, fetch: bool) -> Iterator[tuple[str, Path | str]]:
    """Ways in their order, each with a path or the reason why it has none; none is tried before its turn."""
    yield "py-solc-x has", _installed(version)
    yield "npm has", _npm(root, version)
    yield "py-solc-x fetches", _fetched(version) if fetch else "it was not asked to"


def _installed(version: str) -> Path | str:
    try:
        return solcx.install.get_executable(version)
    except SolcNotInstalled as missing:
        return str(missing)


def _npm(root: Path, version: str) -> Path | str:
    manifest = root / "node_modules" / "solc" / "package.json"
    if not manifest.is_file():
        return f"no {manifest}"
    if (found := json.loads(manifest.read_bytes())["version"]) != version:
        return f"version {found} in {manifest}"
    if wasm.node() is None:
        return "no node"
    return wasm.command() or "the command earnest-solc is not installed"


def _fetched(version: str) -> Path | str:
    try:
        solcx.install_solc(version)
    except _NOT_FETCHED as failure:
        return f"{type(failure).__name__}: {failure}"
    return solcx.install.get_executable(version)


def _check(path: Path, version: str) -> Compiler | str:
    try:
        answer = get_version_str_from_solc_binary(path)
    except _NOT_RUN as failure:
        return f"{path}: {failure}"
    if answer.partition("+")[0] != version:
        return f"{path} is version {answer}"
    return Compiler(path=path, version=answer)
