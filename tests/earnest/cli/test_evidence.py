from pathlib import Path

from escrow.evidence_errors import UnknownJournal
from tests.earnest.cli.bench import HELD, JUDGED, Bench


def wrote(bench: Bench) -> str:
    """A journal with events, a text and a file, and its head."""
    bench.purchased()
    Path("box.jpg").write_bytes(b"an empty box")
    bench.does("payer", "evidence", "init", "deal.json")
    assert bench.tries("payer", "evidence", "note", "deal.json", "--text", "The box was empty.").code == 0
    said = bench.tries("payer", "evidence", "file", "deal.json", "box.jpg").out
    assert "box.jpg: 12 bytes" in said
    return said.split()[-1]


def test_a_journal_is_kept_shown_and_verified_against_the_chain(bench: Bench) -> None:
    head = wrote(bench)
    bench.moves("payer", "dispute", "deal.json", "--evidence-hash", head)
    assert "1 events added" in bench.does("payer", "evidence", "init", "deal.json")
    assert bench.tries("payer", "evidence", "export", "deal.json", "--out", "shown.jsonl").code == 0

    said = bench.does("arbiter", "evidence", "verify", "shown.jsonl", "--file", "box.jpg")

    assert "sound; a dispute covers entries 0 to " in said
    assert len(said.splitlines()) == 1


def test_without_a_chain_the_events_stay_unchecked(bench: Bench) -> None:
    wrote(bench)
    bench.tries("payer", "evidence", "export", "deal.json", "--out", "shown.jsonl")

    ended = bench.tries("arbiter", "evidence", "verify", "shown.jsonl")

    assert ended.code == 0
    assert "chain-not-asked" in ended.out
    assert "file-not-given" in ended.out


def test_a_changed_text_breaks_it_and_exit_code_1(bench: Bench) -> None:
    wrote(bench)
    bench.tries("payer", "evidence", "export", "deal.json", "--out", "shown.jsonl")
    export = Path("shown.jsonl")
    export.write_bytes(export.read_bytes().replace(b"was empty", b"was fully"))

    ended = bench.tries("arbiter", "evidence", "verify", "shown.jsonl")

    assert ended.code == 1
    assert "link-broken" in ended.out


def test_an_export_is_not_written_over(bench: Bench) -> None:
    wrote(bench)
    Path("shown.jsonl").write_text("mine")

    ended = bench.tries("payer", "evidence", "export", "deal.json", "--out", "shown.jsonl")

    assert ended.code == 2
    assert Path("shown.jsonl").read_text() == "mine"


def test_a_journal_has_to_be_begun(bench: Bench) -> None:
    bench.purchased()
    elsewhere = ("--journal", "other.journal")

    ended = bench.tries("payer", "evidence", "note", "deal.json", "--text", "Hello.", *elsewhere)

    assert (ended.code, ended.err.partition(":")[0]) == (1, UnknownJournal.__name__)


def test_a_payment_that_no_chain_was_asked_about_has_no_journal(bench: Bench) -> None:
    bench.does("payer", "escrow", "terms", "purchase", *HELD, *JUDGED, "--out", "deal.json")
    said = ("evidence", "note", "deal.json", "--text", "Hello.")
    before = bench.tries("payer", *said)
    bench.does("payer", "evidence", "init", "deal.json")

    assert (before.code, "evidence init" in before.err) == (2, True)
    assert bench.tries("payer", *said).code == 0
