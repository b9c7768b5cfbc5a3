import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain
from tests.earnest.cli.bench import ADDRESS, HELD, JUDGED, KEY

COMMAND = [sys.executable, "-c", "from earnest.cli import main; main()"]


@pytest.fixture
def chain_process(tmp_path: Path) -> Any:
    """`earnest chain` in a process of its own; where it answers."""
    with subprocess.Popen([*COMMAND, "chain", "--json"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield json.loads(process.stdout.readline())["rpc"]
        finally:
            process.terminate()


def test_a_dispute_from_terms_to_ruling_each_step_a_process(chain_process: str, tmp_path: Path) -> None:
    def earnest(who: str, *words: str) -> str:
        environment = os.environ | {"EARNEST_KEY": KEY[who], "EARNEST_RPC": chain_process}
        ended = subprocess.run(
            [*COMMAND, "escrow", *words, "--network", "local"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=environment,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    (tmp_path / "box.jpg").write_bytes(b"a picture of an empty box")
    assert "120 USDC from the payer" in earnest("payer", "terms", "purchase", *HELD, *JUDGED, "--out", "deal.json")
    assert "Moved: 120 USDC paid in by the payer" in earnest("payer", "authorize", "deal.json", "--yes")
    earnest("payer", "dispute", "deal.json", "--evidence", "box.jpg", "--yes")
    ruled = earnest("arbiter", "rule", "deal.json", "--to-payee", "30", "--yes")

    assert "Moved: 90 USDC back to the payer; 30 USDC to the payee" in ruled
    assert "Nothing is held" in earnest("stranger", "show", "deal.json")
    with LocalChain.attach(chain_process) as chain:
        usdc = chain.token("USDC")
        assert chain.balance(usdc, ADDRESS["payee"]) == usdc("1030")
        assert chain.balance(usdc, ADDRESS["payer"]) == usdc("970")


@pytest.mark.parametrize("group", ["escrow", "channel", "duplex", "credits", "evidence", "key"])
def test_help_does_not_wait_for_web3(group: str) -> None:
    program = f"""
import sys
sys.argv = ["earnest", "{group}", "--help"]
from earnest.cli import main
try:
    main()
except SystemExit as ending:
    assert not ending.code
print(*sys.modules)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert f"Usage: earnest {group}" in ended.stdout
    assert not set(ended.stdout.splitlines()[-1].split()) & {"web3", "eth_abi", "eth_account", "eth_tester"}
