"""What was answered is in the journal, whoever was killed when, and however many write at once."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chain.keccak import keccak
from escrow import Payment
from escrow.evidence import JournalFile
from escrow.journal import Consent, Message, Signature, verify

KILLS, ROUNDS, WRITERS = 12, 60, 3
Start = Callable[[str, int], subprocess.Popen[bytes]]


@pytest.fixture
def start(path: Path, payment: Payment) -> Iterator[Start]:
    """Starts a writer that the test may kill; those that are left end with the test."""
    script, text = Path(__file__).with_name("writing.py"), json.dumps(payment.to_json())
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    key = "0x" + keccak(b"payee").hex()
    with ExitStack() as ends:

        def started(name: str, rounds: int) -> subprocess.Popen[bytes]:
            command = [sys.executable, str(script), str(path), text, key, name, str(rounds)]
            writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
            ends.enter_context(writer)
            ends.callback(writer.kill)
            assert writer.stdin is not None
            writer.stdin.write(b"go\n")
            writer.stdin.flush()
            return writer

        yield started


def lines(output: bytes) -> list[dict[str, str]]:
    """Whole ones: the last may have died with its writer."""
    return [json.loads(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]


def require_kept(path: Path, payment: Payment, answers: list[dict[str, str]]) -> int:
    """How many messages the journal has, all of them signed, with everything that was answered."""
    with JournalFile(path) as file:
        journal = file.find(payment.payment_id).read()
    assert journal.breaks() == []
    assert verify(journal).sound
    hashes = {entry.hash.hex() for entry in journal.entries}
    consents = {record.signature.hex() for record in journal.records if isinstance(record, Consent)}
    for answer in answers:
        assert {answer[name] for name in ("said", "signed") if name in answer} <= hashes
        assert {answer["consent"]} <= consents if "consent" in answer else True
    messages = [entry for entry in journal.entries if isinstance(entry.record, Message)]
    signed = {record.entry for record in journal.records if isinstance(record, Signature)}
    assert {message.hash for message in messages} == signed, "a message and its signature are one write"
    return len(messages)


def test_a_writer_killed_at_any_moment_loses_nothing_that_it_answered(
    start: Start, path: Path, payment: Payment
) -> None:
    chance, answers = random.Random(5), list[dict[str, str]]()
    for life in range(KILLS):
        writer = start(f"life {life}", 10**6)
        assert writer.stdout is not None
        heard = b"".join(writer.stdout.readline() for _ in range(chance.randrange(1, 30)))
        os.kill(writer.pid, signal.SIGKILL)
        answers += lines(heard + writer.communicate()[0])
        assert require_kept(path, payment, answers) > life
    assert len(answers) >= KILLS


def test_writers_of_one_journal_at_once_break_nothing(start: Start, path: Path, payment: Payment) -> None:
    writers = [start(f"writer {number}", ROUNDS) for number in range(WRITERS)]
    outputs = [writer.communicate()[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    answers = [answer for output in outputs for answer in lines(output)]
    assert len(answers) == 2 * ROUNDS * WRITERS
    assert require_kept(path, payment, answers) == ROUNDS * WRITERS
