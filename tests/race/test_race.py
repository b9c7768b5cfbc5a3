from collections.abc import Iterator
from pathlib import Path

import pytest

from chain import Chain, LocalChain
from tests.race.race import run

PROCESSES, REQUESTS = 4, 250


@pytest.fixture
def served() -> Iterator[LocalChain]:
    with Chain.local() as chain:
        yield chain


def test_processes_that_share_a_file_deliver_each_key_once(served: LocalChain, tmp_path: Path) -> None:
    outcome = run(served, str(tmp_path / "till.db"), tmp_path, processes=PROCESSES, requests=REQUESTS)
    assert outcome.answers == PROCESSES * REQUESTS > outcome.keys


def test_processes_that_share_a_server_deliver_each_key_once(served: LocalChain, tmp_path: Path, dsn: str) -> None:
    outcome = run(served, dsn, tmp_path, processes=PROCESSES, requests=REQUESTS)
    assert outcome.answers == PROCESSES * REQUESTS > outcome.keys
