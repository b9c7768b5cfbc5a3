import json
from math import floor
from pathlib import Path

import pytest

from benchmarks.speed.harness import Rates
from benchmarks.speed.results import HERE, Results
from benchmarks.speed.rows import ROWS

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/performance.md"
TASKS = dict.fromkeys(task for row in ROWS.values() for task in (row.ours, row.theirs))


def results(ours: float) -> Results:
    """Every task does `ours` a second in each of three rounds, libsecp256k1 and all others 1,000."""
    rows = {row.ours for row in ROWS.values()}
    return Results.of(Rates({task: [ours if task in rows else 1_000.0] * 3 for task in TASKS}))


def line(found: Results, row: str) -> str:
    return next(line for line in found.table().splitlines() if line.startswith(f"| {row} |"))


def test_the_flat_file_has_a_ratio_for_every_row(tmp_path: Path) -> None:
    results(900.0).write(tmp_path)

    flat = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert set(flat) == set(ROWS)
    assert flat["sign.vs_raw_libsecp"] == 0.9


def test_what_was_written_is_read_back_to_the_last_digit_that_is_shown(tmp_path: Path) -> None:
    written = results(379.99999)

    written.write(tmp_path)

    assert Results.read(tmp_path).table() == written.table()


@pytest.mark.parametrize(
    ("rate", "shown", "verdict"),
    [(900.0, "0.90", "met"), (899.9, "0.89", "**not met**"), (899.9999, "0.89", "**not met**")],
)
def test_a_row_that_just_misses_is_never_rounded_into_meeting(rate: float, shown: str, verdict: str) -> None:
    found = line(results(rate), "sign.vs_raw_libsecp")

    assert f"| 0.90 | {shown} |" in found
    assert found.endswith(f"| {verdict} |")


def test_a_page_keeps_all_but_its_table() -> None:
    page = "above\n<!-- speed table -->\nold\n<!-- end of speed table -->\nbelow\n"

    found = results(900.0).documented(page)

    assert found.startswith("above\n<!-- speed table -->\n| row |")
    assert found.endswith("\n<!-- end of speed table -->\nbelow\n")
    assert "old" not in found


def test_the_committed_files_are_of_one_run_and_the_page_shows_it() -> None:
    committed, flat = Results.read(), json.loads((HERE / "results.json").read_text("utf-8"))

    assert flat == {row: spread.median for row, spread in committed.ratios.items()}
    assert set(flat) == set(ROWS)
    assert committed.documented(PAGE.read_text("utf-8")) == PAGE.read_text("utf-8"), "make bench"


def test_the_front_page_shows_the_committed_run_rounded_down() -> None:
    found = Results.read()
    times = {row: floor(spread.median) for row, spread in found.ratios.items()}
    parts = {row: f"{floor(spread.median * 100) / 100:.2f}" for row, spread in found.ratios.items()}
    a_second = {task: f"{floor(spread.median / 100) * 100:,}" for task, spread in found.rates.items()}
    durable = [f"{base}.durable_64.vs_memory_accept" for base in ("sqlite", "postgres")]
    kept = [a_second[f"{base}, 64 clients"] for base in ("SQLite", "PostgreSQL")]
    wanted = [
        f"| {times['client.vs_x402_batch']} times | x402's official `batch-settlement` client |",
        f"| {times['server.vs_x402_batch']} times | x402's official server |",
        f"| {times['sign.vs_eth_account']} and {times['accept.vs_eth_account']} times | eth-account |",
        f"| {times['ticks.vs_accept']} times | a voucher |",
        f"| {', '.join(parts[row] for row in durable)} times | the same in memory; {' and '.join(kept)} a second |",
    ]

    page = (ROOT / "README.md").read_text("utf-8")
    assert [line for line in wanted if line not in page] == []


def test_a_spread_lies_around_its_median() -> None:
    committed = Results.read()

    assert all(s.low <= s.median <= s.high for s in (*committed.ratios.values(), *committed.rates.values()))
