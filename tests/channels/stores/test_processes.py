import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chain.signing import Signed
from chain.typed_data import Domain
from channels import Channel, SqliteStore, Voucher
from tests.channels.stores.steps import accept, look

PROCESSES, KEYS, PRICE = 4, 100, 7


def test_four_processes_deliver_every_key_once(
    tmp_path: Path, domain: Domain, channel: Channel, sign: Callable[..., Signed[Voucher]]
) -> None:
    """Each of them asks for all keys, so that every key is asked for four times at about the same time."""
    path, deposit = tmp_path / "till.db", KEYS * PRICE
    till = SqliteStore(path).till(domain)
    till.see(channel, look(deposit=deposit), None)
    assert accept(till, sign(deposit)) is True

    script = Path(__file__).with_name("delivering.py")
    place = [str(path), str(domain.chain_id), domain.contract, channel.id.hex()]
    workers = [
        subprocess.Popen(
            [sys.executable, str(script), *place, str(seed), str(KEYS), str(PRICE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(PROCESSES)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    answers: list[dict[str, Any]] = [json.loads(worker.communicate()[0]) for worker in workers]

    assert all(answer == answers[0] for answer in answers), "whoever asks for a key gets the same answer"
    assert sorted(delivered for _, delivered, *_ in answers[0].values()) == [PRICE * n for n in range(1, KEYS + 1)]
    session = till.book(channel.id).session
    assert session.delivered == session.accepted == KEYS * PRICE
    till.close()
