"""Opens a till when it is told to; says what is accepted in it, and how old that is."""

import sys

from chain.typed_data import Domain
from chain.units import address
from channels.stores.opening import SqliteStore


def main() -> None:
    path, chain_id, contract = sys.argv[1:]
    _say("ready")
    sys.stdin.readline()
    _say("opening")
    till = SqliteStore(path).till(Domain(int(chain_id), address(contract)))
    _say(str([(book.session.accepted, book.unsettled_since) for book in till.books()]))
    till.close()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
