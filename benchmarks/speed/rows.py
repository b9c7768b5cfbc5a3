"""The rows: whose rate over whose, and the least that it has to be."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.speed.harness import Rates, Spread


@dataclass(frozen=True, slots=True)
class Row:
    """The rate of the task `ours` over that of the task `theirs` is to be `at_least` this."""

    ours: str
    theirs: str
    at_least: float


ROWS: Mapping[str, Row] = {
    "sign.vs_raw_libsecp": Row("sign", "libsecp256k1 sign", 0.90),
    "accept.vs_raw_libsecp": Row("accept", "libsecp256k1 verify", 0.80),
    "accept_wire.vs_raw_libsecp": Row("accept from wire", "libsecp256k1 verify", 0.75),
    "sign.vs_eth_account": Row("sign", "eth-account sign", 10),
    "accept.vs_eth_account": Row("accept", "eth-account accept", 7),
    "client.vs_x402_batch": Row("client", "x402 client", 25),
    "server.vs_x402_batch": Row("server", "x402 server", 25),
    "ticks.vs_accept": Row("tick", "accept", 35),
    "sqlite.durable_64.vs_memory_accept": Row("SQLite, 64 clients", "memory beside SQLite, 64 clients", 0.60),
    "sqlite.durable_8.vs_memory_accept": Row("SQLite, 8 clients", "memory beside SQLite, 8 clients", 0.35),
    "sqlite.durable_1.vs_memory_accept": Row("SQLite, 1 client", "memory beside SQLite, 1 client", 0.15),
    "postgres.durable_64.vs_memory_accept": Row("PostgreSQL, 64 clients", "memory beside PostgreSQL, 64 clients", 0.50),
    "postgres.durable_8.vs_memory_accept": Row("PostgreSQL, 8 clients", "memory beside PostgreSQL, 8 clients", 0.25),
}


def ratios(rates: Rates) -> dict[str, Spread]:
    """Every row's ratio."""
    return {name: rates.ratio(row.ours, row.theirs) for name, row in ROWS.items()}
