import os
import shlex
from pathlib import Path

import pytest

from tests.earnest.cli.bench import ADDRESS, Bench

PAGE = Path(__file__).parents[3] / "docs" / "command-line.md"


def lines() -> list[str]:
    blocks = PAGE.read_text("utf-8").split("```sh\n")[1:]
    return [line for block in blocks for line in block.partition("```")[0].splitlines()]


def test_the_pages_commands_run_as_they_stand(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARNEST_PASSWORD", "secret")
    for name in ("payer", "payee", "arbiter"):
        monkeypatch.setenv(name.upper(), ADDRESS[name])

    for line in lines():
        command, _, comment = line.partition(" #")
        earnest, *words = shlex.split(os.path.expandvars(command))
        ended = bench.tries(comment.strip() if comment.strip() in ADDRESS else "payer", *words)
        assert (earnest, ended.code) == ("earnest", 0), ended

    escrow, channel, duplex = 90_000_000, 250_000, 2_000_000
    assert bench.gained("payee") == escrow + channel + duplex
