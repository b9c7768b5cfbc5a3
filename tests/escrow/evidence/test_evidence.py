import hashlib
import json
import tracemalloc
from pathlib import Path

import pytest

from chain.errors import Malformed, WrongLength
from chain.keccak import keccak
from chain.units import Hash32
from escrow.evidence import Evidence, OpenJournal, measure
from escrow.journal import Flaw, verify


def test_a_file_is_measured(tmp_path: Path) -> None:
    box = tmp_path / "box.jpg"
    box.write_bytes(b"a picture")
    file = measure(box)
    assert (file.name, file.size, file.sha256) == ("box.jpg", 9, hashlib.sha256(b"a picture").digest())
    assert measure(str(box)) == file


def test_a_big_file_is_read_in_pieces(tmp_path: Path) -> None:
    big = tmp_path / "film.mp4"
    with big.open("wb") as file:
        file.truncate(64 * 2**20)
    tracemalloc.start()
    assert measure(big).size == 64 * 2**20
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**21


def test_without_a_journal_the_hash_is_of_the_list_of_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    a, b = tmp_path / "a", tmp_path / "b"
    found = Evidence.files(a, b)
    manifest = [
        {"name": name, "sha256": "0x" + hashlib.sha256(name.encode()).hexdigest(), "size": "1"} for name in ("a", "b")
    ]
    assert found.hash == keccak(json.dumps(manifest, separators=(",", ":")).encode())
    assert found.hash != Evidence.files(b, a).hash != Evidence.files(b).hash
    assert found.shown == (measure(a), measure(b))


def test_with_a_journal_the_hash_is_its_head_after_the_files(tmp_path: Path, journal: OpenJournal) -> None:
    box = tmp_path / "box.jpg"
    box.write_bytes(b"a picture")
    found = Evidence.files(box, journal=journal)
    assert found.hash == journal.head == journal.read().head
    assert journal.records()[1:] == [measure(box)]

    box.write_bytes(b"another picture")
    report = verify(journal.read(), files={"box.jpg": measure(box)})
    assert [finding.flaw for finding in report.broken] == [Flaw.FILE_DIFFERS]


def test_evidence_has_files_that_are_there(tmp_path: Path, journal: OpenJournal) -> None:
    before = journal.head
    with pytest.raises(Malformed):
        Evidence.files()
    (tmp_path / "a").write_text("a")
    with pytest.raises(FileNotFoundError):
        Evidence.files(tmp_path / "a", tmp_path / "gone", journal=journal)
    assert journal.head == before
    with pytest.raises(WrongLength):
        Evidence(hash=Hash32(b"short"))
