import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from chain.testing import anvil
from chain.testing.anvil import Anvil, ToolFailed, ToolMissing, find

pytestmark = pytest.mark.anvil


def alive(url: str) -> bool:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}).encode()
    try:
        with urlopen(Request(url, body, {"Content-Type": "application/json"}), timeout=2) as answer:  # noqa: S310
            return bool(json.load(answer)["result"] == "0x7a69")
    except (URLError, OSError):
        return False


def ends(url: str, within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while alive(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without node_modules, where only this folder is on PATH."""
    monkeypatch.setattr(anvil, "__file__", str(tmp_path / "site" / "chain" / "testing" / "anvil.py"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, script: str) -> None:
    path = folder / "anvil"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_it_ends_when_it_is_closed() -> None:
    node = Anvil()
    assert alive(node.url)
    assert node.serve() == node.url

    node.close()
    node.close()

    assert not alive(node.url)


def test_it_ends_when_its_parent_is_killed() -> None:
    code = "from chain.testing.anvil import Anvil; import time; print(Anvil().url, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        url = parent.stdout.readline().strip()
        assert alive(url)
        os.kill(parent.pid, signal.SIGKILL)

    assert ends(url)


@pytest.mark.usefixtures("nowhere")
def test_a_missing_anvil_says_what_to_do() -> None:
    with pytest.raises(ToolMissing, match="make setup"):
        find()


def test_one_on_path_will_do(nowhere: Path) -> None:
    program(nowhere, "exit 0")

    assert find() == str(nowhere / "anvil")


@pytest.mark.parametrize(("script", "said"), [("echo 'address in use'", "address in use"), ("read -r _", "not ready")])
def test_one_that_does_not_start_is_given_up_and_ended(nowhere: Path, script: str, said: str) -> None:
    program(nowhere, script)

    begun = time.monotonic()
    with pytest.raises(ToolFailed, match=said):
        Anvil(startup=0.3)
    assert time.monotonic() - begun < 4
