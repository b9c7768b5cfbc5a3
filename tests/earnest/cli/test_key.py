import io
import stat
import sys
from pathlib import Path

import pytest

from chain import Signer
from tests.earnest.cli.bench import ADDRESS, KEY, Run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files are; the password is in one of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EARNEST_KEY", raising=False)
    monkeypatch.delenv("EARNEST_PASSWORD", raising=False)
    Path("password").write_text("secret\n")
    return tmp_path


def test_a_new_key_opens_with_its_password_and_is_its_owners_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run("key", "new", "key.json", "--password-file", "password")
    monkeypatch.setenv("EARNEST_PASSWORD", "secret")

    shown = run("key", "show", "--keystore", "key.json")

    signer = Signer.keystore("key.json", "secret")
    assert made.out == f"The key of {signer.address} is in key.json\n"
    assert shown.out == f"{signer.address}\n"
    assert stat.S_IMODE(Path("key.json").stat().st_mode) == 0o600


def test_a_key_that_one_has_is_imported_and_never_printed(run: Run) -> None:
    Path("secret").write_text(KEY["payer"] + "\n")

    ended = run("key", "import", "key.json", "--key-file", "secret", "--password-file", "password")

    assert ended.code == 0
    assert ADDRESS["payer"] in ended.out
    assert KEY["payer"][2:] not in ended.out + ended.err + Path("key.json").read_text()
    assert Signer.keystore("key.json", "secret").address == ADDRESS["payer"]


def test_what_is_no_key_is_refused_without_being_repeated(run: Run) -> None:
    Path("secret").write_text("0xdeadbeef")

    ended = run("key", "import", "key.json", "--key-file", "secret", "--password-file", "password")

    assert (ended.code, ended.err.partition(":")[0]) == (1, "Malformed")
    assert "deadbeef" not in ended.err
    assert not Path("key.json").exists()


def test_a_key_file_is_never_written_over(run: Run) -> None:
    Path("key.json").write_text("mine")

    ended = run("key", "new", "key.json", "--password-file", "password")

    assert ended.code == 2
    assert Path("key.json").read_text() == "mine"


def test_an_empty_password_is_refused(run: Run) -> None:
    Path("password").write_text("\nsecret")

    ended = run("key", "new", "key.json", "--password-file", "password")

    assert ended.code == 2
    assert not Path("key.json").exists()


def test_the_password_is_asked_for_twice(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(prompt: str = "", stream: object = None) -> str:
        asked.append(prompt)
        return "secret"

    monkeypatch.setattr("getpass.getpass", answer)
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    assert run("key", "new", "key.json").code == 0
    assert len(asked) == 2
    assert Signer.keystore("key.json", "secret").address
