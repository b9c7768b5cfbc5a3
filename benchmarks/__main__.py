"""`make bench`: prints what docs/performance.md shows, and writes benchmarks/results.json."""

import json
from pathlib import Path

from rich.console import Console

from benchmarks import speed
from benchmarks.gas import channels, duplex, escrow
from benchmarks.gas.table import table
from benchmarks.gas.world import World

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Gas from receipts, then speed in interleaved rounds."""
    console = Console()
    with console.status("gas: whole transactions on the embedded chain"):
        world = World.start()
        rows = escrow.measure(world) | channels.measure(world) | duplex.measure(world)
        world.chain.close()
    print(table(rows))
    with console.status("speed: interleaved rounds"):
        rates = speed.measure()
    print("\n" + speed.table(rates))
    RESULTS.write_text(json.dumps(speed.ratios(rates), indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
