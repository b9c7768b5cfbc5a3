"""`recover duplex`: two-way channels by the newest states that anybody has shown."""

from typing import TYPE_CHECKING

from chain.units import address
from channels.duplex.signed_state import SignedState
from earnest.cli.options import connected
from earnest.cli.recover.options import BackupFile, Searching, copied
from earnest.cli.recover.telling import Shape, short, tell, watched
from escrow.dates import date

if TYPE_CHECKING:
    from chain import Token
    from channels.recovery import SharedChannel


def duplex(*, options: Searching, backup: BackupFile = None) -> None:
    """List what is ours by the newest known states, and what of it is sure; never challenges.

    Only what a fight has decided is sure. Exit code 3 where a newer state, or a promise, could give or take more.
    """
    from chain import Signer
    from channels import Duplexes, SqliteStore
    from channels.recovery.sync.duplex import DuplexRecovery

    copies, ignored = options.given(SignedState.from_json)
    with connected(options.network, options.rpc) as chain, copied(backup) as old, watched() as say:
        duplexes = Duplexes(chain, Signer.generate())
        recovery = DuplexRecovery(duplexes, address(options.account), from_block=options.from_block, progress=say)
        store = SqliteStore(old, restored=True).duplex(duplexes.domain) if old else None
        try:
            report = recovery.report(backup=store, copies=copies, ignored=ignored)
        finally:
            if store:
                store.close()
        tell(chain, options, report, SHAPE)


def _cells(row: "SharedChannel", token: "Token") -> tuple[str, ...]:
    other = row.channel.party_b if row.by_a else row.channel.party_a
    known = str(row.state.message.version) if row.state else "none"
    return short(row.channel.id), other, str(row.epoch), known, str(row.posted), token.units(row.share).text


def _note(row: "SharedChannel") -> str:
    if row.can_answer:
        return f"a fight: the known state is newer than the posted one, answer before {date(row.until)}"
    if row.is_decided:
        return f"decided at {date(row.until)}: pay it out now"
    return f"ends {date(row.until)}" if row.until else "don't challenge: a newer state may have been signed"


SHAPE = Shape(
    rows=lambda report: report.channels,
    columns=("channel", "other party", "epoch", "known", "posted", "if nothing newer"),
    cells=_cells,
    note=_note,
)
