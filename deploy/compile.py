"""Contracts to artifacts: `python -m deploy.compile` for Earnest's own, `compile_folder` for anybody's.

Each contract is compiled with nothing but the sources it imports: with viaIR, code can depend on what else is compiled
beside it, and one contract's change must not touch another's artifact.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import solcx
from solcx.exceptions import SolcError

from chain.artifact import Artifact
from deploy.errors import CompileFailed
from deploy.output import artifact_of, selection
from deploy.settings import REMAPPINGS, compiler_settings
from deploy.solc.compiler import Compiler, find_compiler
from deploy.survey import Target, targets_in

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ROOT / "chain" / "artifacts"


def compile_folder(
    root: Path, folder: str = "contracts", *, solc: Path | None = None, remappings: tuple[str, ...] = REMAPPINGS
) -> dict[str, Artifact]:
    """Every concrete contract under `root/folder` by name; imports are read from under `root` only.

    Raises CompilerMissing, and CompileFailed also for two contracts of one name.
    """
    compiler = find_compiler(root, solc)
    settings = compiler_settings(remappings)
    targets = _targets(compiler, settings, root, folder)

    def compiled(target: Target) -> Artifact:
        job = {"language": "Solidity", "sources": target.sources, "settings": settings | selection(target)}
        return artifact_of(target, _run(compiler, job, root), compiler.version, settings)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return {artifact.contract_name: artifact for artifact in pool.map(compiled, targets)}


def write_artifacts(artifacts: Mapping[str, Artifact], folder: Path) -> None:
    """One JSON file a contract; files of contracts that are gone are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in set(folder.glob("*.json")) - {folder / f"{name}.json" for name in artifacts}:
        stale.unlink()
    for name, artifact in artifacts.items():
        (folder / f"{name}.json").write_bytes(artifact.to_json())


def _targets(compiler: Compiler, settings: Mapping[str, Any], root: Path, folder: str) -> list[Target]:
    names = sorted(path.relative_to(root).as_posix() for path in (root / folder).rglob("*.sol"))
    if not names:
        raise CompileFailed(messages=(f"no .sol file under {root / folder}",))
    job = {
        "language": "Solidity",
        "sources": {name: {"content": (root / name).read_text("utf-8")} for name in names},
        "settings": {**settings, "outputSelection": {"*": {"": ["ast"]}}},
    }
    targets = targets_in(_run(compiler, job, root)["sources"], names, root)
    contracts = [target.contract for target in targets]
    if twice := sorted({name for name in contracts if contracts.count(name) > 1}):
        raise CompileFailed(messages=tuple(f"two contracts are named {name}" for name in twice))
    return targets


def _run(compiler: Compiler, job: dict[str, Any], root: Path) -> dict[str, Any]:
    # node_modules may be a link to somewhere else.
    readable = [root, (root / "node_modules").resolve()]
    try:
        output: dict[str, Any] = solcx.compile_standard(
            job, solc_binary=compiler.path, base_path=root, allow_paths=readable
        )
    except SolcError as failure:
        raise CompileFailed(messages=_messages(failure)) from None  # The cause would print the whole input.
    return output


def _messages(failure: SolcError) -> tuple[str, ...]:
    errors = [error for error in failure.error_dict or () if error["severity"] == "error"]
    return tuple(error["formattedMessage"].strip() for error in errors) or (failure.message,)


def main() -> None:
    """Rewrites the committed artifacts from `contracts/`."""
    artifacts = compile_folder(ROOT)
    write_artifacts(artifacts, ARTIFACTS)
    for name, artifact in artifacts.items():
        print(f"{name:24} {len(artifact.runtime_code):6} bytes")


if __name__ == "__main__":
    main()
