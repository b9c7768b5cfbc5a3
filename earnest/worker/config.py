"""What the worker's file says, checked before anything is opened."""

from dataclasses import dataclass
from pathlib import Path

from chain.finality import Finality
from chain.outbox.fees import Fees
from chain.units import Address, Seconds
from earnest.worker.webhooks.endpoint import Endpoint


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """Where the worker's key is; at most one of these is set. The key itself is never in the file."""

    env: str | None = None
    keystore: Path | None = None
    keyring: str | None = None

    @property
    def given(self) -> bool:
        """Whether there is one."""
        return bool(self.env or self.keystore or self.keyring)


@dataclass(frozen=True, kw_only=True, slots=True)
class Following:
    """The follower's file, and the block from which it reads."""

    store: Path = Path("follower.db")
    from_block: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """The payee's till, and in seconds how long a transaction may take, and how long money may be owed (None: ever).

    `mark` is the file that tells a PostgreSQL till from an old backup of it.
    """

    till: str
    mark: Path | None = None
    margin: int = 120
    max_wait: Seconds | None = None
    every: float = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outbox:
    """Its file, and what its transactions may bid."""

    store: Path
    fees: Fees


@dataclass(frozen=True, kw_only=True, slots=True)
class Expiries:
    """A folder with the agreements' files, of which `*.json` are read in every round."""

    agreements: Path
    every: float = 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Guarding:
    """The watchtower's file, its times in seconds, and for whom it works: no client named is anybody.

    `least` has `TOKEN=AMOUNT` each, for tokens beside the network's own; `rows` is the most epochs that are guarded.
    """

    store: Path = Path("tower.db")
    margin: int = 300
    refresh: int = 300
    every: float = 5.0
    clients: tuple[Address, ...] = ()
    least: tuple[str, ...] = ()
    rows: int = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """A section that is not in the file is a part that does not run. Times in seconds; paths as the file's folder has
    them.
    """

    network: str
    rpc: tuple[str, ...]
    quorum: int = 1
    finality: Finality | None = None
    store: Path = Path("worker.db")
    host: str = "127.0.0.1"
    port: int = 9464
    lease: float = 15.0
    max_lag: float = 300.0
    max_round: float = 600.0
    keys: Keys = Keys()
    parties: tuple[Address, ...] = ()
    follower: Following | None = None
    settlement: Settlement | None = None
    outbox: Outbox | None = None
    expiries: Expiries | None = None
    tower: Guarding | None = None
    endpoints: tuple[Endpoint, ...] = ()
