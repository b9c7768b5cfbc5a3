from pathlib import Path

import pytest

from chain import network
from chain.contracts import by_address
from chain.follower.errors import FinalBlockUndone
from chain.stores.followed import FollowedFile
from earnest.worker.file import WorkerFile
from earnest.worker.lease import Lease
from earnest.worker.news import Cursor
from earnest.worker.webhooks.deliveries import Deliveries
from tests.earnest.cli.bench import Run
from tests.earnest.worker.values import SECRET, endpoint, seen

CONFIG = f"""
network = "local"
rpc = ["https://node.example/key"]
[follower]
[[endpoint]]
name = "shop"
url = "https://shop.example/hook"
secrets = ["{SECRET}"]
"""
CHAIN_ID = network.load("local").chain_id


@pytest.fixture
def config(tmp_path: Path) -> str:
    (tmp_path / "worker.toml").write_text(CONFIG)
    return str(tmp_path / "worker.toml")


def test_a_check_says_what_would_be_done_and_opens_nothing(run: Run, config: str, tmp_path: Path) -> None:
    ended = run("worker", "--config", config, "--check")

    assert ended.code == 0
    assert "webhook shop: to https://shop.example" in ended.out
    assert SECRET not in ended.out
    assert not list(tmp_path.glob("*.db"))


def test_a_bad_file_is_one_line_that_names_the_key(run: Run, config: str) -> None:
    Path(config).write_text(CONFIG.replace("https://shop", "http://shop"))

    ended = run("worker", "--config", config, "--check")

    assert (ended.code, ended.err.splitlines()) == (1, ["BadConfig: endpoint[0].url: is not https://"])


def test_a_disabled_endpoint_is_enabled_and_everything_told_again_on_demand(
    run: Run, config: str, tmp_path: Path
) -> None:
    file = WorkerFile(tmp_path / "worker.db", CHAIN_ID)
    deliveries = Deliveries(file, CHAIN_ID, [endpoint()])
    held = Lease(file, "me", 10).take(0)
    assert held
    deliveries.keep(held, [seen(1, "p")], Cursor(latest=1, final=0, mark="mark"), 0)
    deliveries.disable(held, "shop", 0, "gone")

    assert run("worker", "--config", config, "--enable", "shop").out == "Deliveries that are due now: 1\n"
    assert deliveries.standing("shop").disabled is None
    assert run("worker", "--config", config, "--enable", "books").err.startswith("NoSuchEndpoint: ")
    assert run("worker", "--config", config, "--reread").code == 0
    assert deliveries.cursor == Cursor(reading=1)
    file.close()


def test_a_follower_that_has_stopped_goes_on_once_a_person_has_looked(run: Run, config: str, tmp_path: Path) -> None:
    with FollowedFile(tmp_path / "follower.db", CHAIN_ID, by_address()) as file:
        file.halt(FinalBlockUndone(7, "0xa", "0xb"))
        assert run("worker", "--config", config, "--check").code == 0
        with pytest.raises(FinalBlockUndone):
            file.require_going()

        assert run("worker", "--config", config, "--resume").code == 0

        file.require_going()
    Path(config).write_text(CONFIG.partition("[follower]")[0])
    assert run("worker", "--config", config, "--resume").err.startswith("BadConfig: follower")
