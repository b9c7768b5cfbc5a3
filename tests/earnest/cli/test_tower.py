"""`earnest tower` as a process: killed without warning, it has kept what it has answered, and goes on."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chain import Chain, LocalChain, Signer
from channels import Payee, Payer
from channels.watchtower.errors import TowerUnreachable
from channels.watchtower.sync.client import TowerClient
from earnest.cli.app import app

COMMAND = [sys.executable, "-c", "from earnest.cli import main; main()", "tower", "run", "--network", "local"]


@pytest.fixture
def chain() -> Iterator[LocalChain]:
    with Chain.local() as chain:
        yield chain


@pytest.fixture
def running(chain: LocalChain, tmp_path: Path) -> Callable[..., Any]:
    """A tower's process, and its URL."""
    secret, rpc = b"\7" * 32, chain.serve()
    chain.fund(Signer(secret).address)
    key = os.environ | {"EARNEST_KEY": "0x" + secret.hex()}

    @contextmanager
    def run(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        command = [*COMMAND, "--rpc", rpc, "--port", "0", *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=key) as process:
            assert process.stdout
            try:
                yield process, process.stdout.readline().split()[2].rstrip(",")
            finally:
                process.kill()

    return run


def test_a_tower_that_is_killed_has_kept_what_it_has_answered(
    chain: LocalChain, running: Callable[..., Any], tmp_path: Path
) -> None:
    usdc, ann, shop = chain.token("USDC"), Signer.generate(), Signer.generate()
    for signer in (ann, shop):
        chain.fund(signer.address)
    with ExitStack() as ends:
        wallet = ends.enter_context(Payer(chain, ann, tmp_path / "wallet.db"))
        till = ends.enter_context(Payee(chain, shop, tmp_path / "till.db"))
        lane = wallet.open(shop.address, usdc("10"), timedelta(hours=1))
        till.accept(wallet.pay(lane, usdc("4")))
        other = wallet.open(shop.address, usdc("10"), timedelta(hours=1), salt=1)
        till.accept(wallet.pay(other, usdc("1")))
        with running("--margin", "60s", "--least", "USDC=10", "--rows", "1") as (process, url):
            with TowerClient(url) as client:
                assert client.guard(till, lane)
                with pytest.raises(TowerUnreachable, match="no more than 1 channels in all"):
                    client.guard(till, other)
            process.kill()
            process.wait()
        wallet.request_close(lane)
        chain.travel(to=chain.after(minutes=10))  # It is looked at every five.
        with running("--margin", "60s", "--outbox", "new.db") as (process, url):  # The dead one's lease lasts 30 s.
            while chain.balance(usdc, shop.address) != usdc("1004"):
                assert process.poll() is None
                time.sleep(0.05)
            process.terminate()
            process.wait(20)

    told = json.loads(
        CliRunner().invoke(app, ["tower", "status", "--store", str(tmp_path / "tower.db"), "--json"]).stdout
    )
    assert (told["jobs"], told["exhausted"], told["owed"]) == (1, 0, {usdc.address: "4000000"})
    assert [(one["channelId"], one["acts"]) for one in told["channels"]] == [("0x" + lane.id.hex(), "1")]
    said = CliRunner().invoke(app, ["tower", "status", "--store", str(tmp_path / "tower.db")]).stdout
    assert "1 sent" in said


def test_what_is_no_towers_store_is_not_made_one(tmp_path: Path) -> None:
    (tmp_path / "other.db").touch()
    answer = CliRunner().invoke(app, ["tower", "status", "--store", str(tmp_path / "other.db")])
    assert type(answer.exception).__name__ == "StoreUnreadable"
    assert (tmp_path / "other.db").read_bytes() == b""
