from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from web3 import EthereumTesterProvider, Web3

from chain.artifact import Artifact
from deploy.compile import ARTIFACTS, ROOT, compile_folder, write_artifacts
from deploy.errors import CompileFailed

Project = Callable[..., Path]

HEAD = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n"

TALLY = """
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Kinds} from "./Kinds.sol";

contract Tally is Ownable {
    struct Entry { uint96 amount; address owner; }

    uint256 public immutable step;
    Kinds.Kind internal _kind;
    mapping(bytes32 key => Entry) internal _entries;
    uint256[7] internal _week;

    constructor(uint256 step_) Ownable(msg.sender) { step = step_; }

    function next(uint256 number) external view returns (uint256) { return number + step; }
}
"""
KINDS = """
library Kinds { enum Kind { A, B } }
interface IKinds { function kind() external; }
abstract contract Half { function half() external virtual; }
function free(uint256 number) pure returns (uint256) { return number; }
"""


def project_at(root: Path, **sources: str) -> Path:
    """A folder with the given contracts, beside this repository's npm packages."""
    (root / "contracts").mkdir()
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    for name, text in sources.items():
        (root / "contracts" / f"{name}.sol").write_text(HEAD + text)
    return root


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return partial(project_at, tmp_path)


@pytest.fixture(scope="module")
def tally(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Artifact]:
    return compile_folder(project_at(tmp_path_factory.mktemp("tally"), Tally=TALLY, Kinds=KINDS))


def test_the_committed_artifacts_are_what_the_contracts_compile_to(tmp_path: Path) -> None:
    write_artifacts(compile_folder(ROOT), tmp_path)
    rebuilt, committed = _files(tmp_path), _files(ARTIFACTS)

    assert rebuilt.keys() == committed.keys()
    assert [name for name in committed if rebuilt[name] != committed[name]] == []


def test_only_contracts_that_can_be_deployed_become_artifacts(tally: dict[str, Artifact]) -> None:
    assert set(tally) == {"Tally"}


def test_an_artifact_does_not_depend_on_what_is_compiled_beside_it(
    project: Project, tally: dict[str, Artifact]
) -> None:
    root = project(Tally=TALLY, Kinds=KINDS)
    (root / "contracts" / "Aaa.sol").write_text("pragma solidity 0.8.37; contract Aaa { struct S { int a; } S s; }")

    assert compile_folder(root)["Tally"].to_json() == tally["Tally"].to_json()


def test_a_change_in_an_imported_file_changes_the_source_hash_and_nothing_else(
    project: Project, tally: dict[str, Artifact]
) -> None:
    before = tally["Tally"]
    after = compile_folder(project(Tally=TALLY, Kinds=KINDS + "struct Later { uint256 a; }"))["Tally"]

    assert after.source_hash != before.source_hash
    assert (after.bytecode, after.abi, after.storage_layout) == (before.bytecode, before.abi, before.storage_layout)


def test_the_layout_names_types_without_the_numbers_of_the_syntax_tree(tally: dict[str, Artifact]) -> None:
    layout = tally["Tally"].storage_layout

    assert [(variable.label, variable.slot, variable.type) for variable in layout.storage] == [
        ("_owner", 0, "t_address"),
        ("_kind", 0, "t_enum(Kind)"),
        ("_entries", 1, "t_mapping(t_bytes32,t_struct(Entry)_storage)"),
        ("_week", 2, "t_array(t_uint256)7_storage"),
    ]
    entry = layout.types["t_struct(Entry)_storage"]
    assert [(member.label, member.offset) for member in entry.members] == [("amount", 0), ("owner", 12)]


def test_compiled_code_runs_on_a_chain_and_equals_the_artifact_but_for_its_immutables(
    tally: dict[str, Artifact],
) -> None:
    artifact = tally["Tally"]
    web3 = Web3(EthereumTesterProvider())
    factory = web3.eth.contract(abi=artifact.abi, bytecode=artifact.creation_code)
    receipt = web3.eth.wait_for_transaction_receipt(factory.constructor(5).transact())
    address = receipt["contractAddress"]
    assert address is not None
    code = bytes(web3.eth.get_code(address))

    assert factory(address).functions.next(37).call() == 42
    assert code != artifact.runtime_code
    assert artifact.without_immutables(code) == artifact.runtime_code


def test_an_error_in_a_source_is_told_with_its_place(project: Project) -> None:
    with pytest.raises(CompileFailed) as failed:
        compile_folder(project(Broken="contract Broken { uint256 a = true; }"))

    assert len(failed.value.messages) == 1
    assert "contracts/Broken.sol:3:" in failed.value.messages[0]


def test_two_contracts_of_one_name_are_refused(project: Project) -> None:
    with pytest.raises(CompileFailed) as failed:
        compile_folder(project(One="contract Same {}", Two="contract Same {}"))

    assert failed.value.messages == ("two contracts are named Same",)


def test_a_folder_without_sources_is_refused(project: Project) -> None:
    with pytest.raises(CompileFailed):
        compile_folder(project())


def test_sources_outside_the_project_are_not_read(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "Outside.sol"
    outside.write_text(HEAD + "contract Outside {}")

    with pytest.raises(CompileFailed):
        compile_folder(project(Inside=f'import "{outside}"; contract Inside {{}}'))


def test_artifacts_of_contracts_that_are_gone_are_removed(tally: dict[str, Artifact], tmp_path: Path) -> None:
    (tmp_path / "Gone.json").write_text("{}")
    write_artifacts(tally, tmp_path)

    assert set(_files(tmp_path)) == {"Tally.json"}


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.json")}
