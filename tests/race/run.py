"""Merchants that race over one store: `python -m tests.race.run --database sqlite --processes 8 --requests 10000`."""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from chain import Chain
from tests.postgres_server import PostgresServer
from tests.race.race import run


def main() -> None:
    """Prints what was answered; a traceback names what was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--requests", type=int, default=10_000)
    asked = parser.parse_args()
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        place = str(folder / "till.db")
        if asked.database == "postgres":
            server = PostgresServer()
            ends.callback(server.close)
            place = server.database()
        chain, began = ends.enter_context(Chain.local()), time.monotonic()
        outcome = run(chain, place, folder, processes=asked.processes, requests=asked.requests)
        seconds = time.monotonic() - began
    sys.stdout.write(f"{outcome.answers} answers for {outcome.keys} keys in {seconds:.0f} s: each delivered once\n")


if __name__ == "__main__":
    main()
