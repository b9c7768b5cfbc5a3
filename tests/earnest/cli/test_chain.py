import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chain import Chain, Signer
from chain.contracts import CORE
from chain.errors import NodeUnreachable
from deploy import verify

COMMAND = [sys.executable, "-c", "from earnest.cli import main; main()", "chain"]


@contextmanager
def served(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The command in a process of its own, and what it says."""
    with subprocess.Popen([*COMMAND, "--json", *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize("backend", ["eth-tester", pytest.param("anvil", marks=pytest.mark.anvil)])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_other_programs_can_use_the_chain_until_it_is_ended(backend: str, ending: signal.Signals) -> None:
    with served("--backend", backend) as (process, facts):
        with Chain.connect("local", [facts["rpc"]]) as chain:
            usdc = chain.token("USDC")
            payer, payee = facts["accounts"]["payer"], facts["accounts"]["payee"]
            signer = Signer.from_key(payer["key"])
            assert signer.address == payer["address"]
            chain.transfer(signer, usdc("5"), payee["address"])
            assert chain.balance(usdc, payee["address"]) == usdc("1005")
            assert verify(chain) == facts["contracts"]
            assert chain.chain_id == facts["chainId"]
        process.send_signal(ending)
        assert process.wait(20) == 0
        with pytest.raises(NodeUnreachable):
            Chain.connect("local", [facts["rpc"]])


def test_a_port_that_is_taken_is_one_clear_line() -> None:
    with served() as (_, facts):
        port = facts["rpc"].rpartition(":")[2]

        second = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, check=False)

    assert second.returncode == 1
    assert len(second.stderr.splitlines()) == 1
    assert port in second.stderr


def test_people_are_told_the_address_the_contracts_and_the_keys() -> None:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(len(CORE) + 9)]
        process.send_signal(signal.SIGINT)
        process.wait(20)

    assert lines[0].startswith("RPC http://127.0.0.1:")
    assert [line.split()[0] for line in lines[2 : len(CORE) + 3]] == [*CORE, "USDC"]
    assert [line.split()[0] for line in lines[len(CORE) + 4 :]] == ["payer", "payee", "operator", "arbiter", "stranger"]
