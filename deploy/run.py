"""Deploys what a plan misses. Killed in between, the next run goes on: the chain itself says what is done."""

from pathlib import Path
from typing import TYPE_CHECKING

from chain.contracts import init_code
from chain.create2 import PROXY, call_data
from deploy import record as records
from deploy.plan import Plan, Row
from deploy.proxy import ensure_proxy
from deploy.record import Deployed, Record
from deploy.verify import verify_one

if TYPE_CHECKING:
    from chain.signer import Signer
    from chain.sync.chain import Chain


def run(plan: Plan, signer: "Signer", folder: Path | None = None) -> Record:
    """Every contract of the plan at its address, verified; kept in `folder` after each, if one is given.

    Raises `ProxyMissing`, `CodeMismatch`, `RecordUnreadable` and what sending raises.
    """
    chain = plan.chain
    record = records.load(folder, chain.chain_id) if folder else Record(chain_id=chain.chain_id)
    ensure_proxy(chain, signer)
    for row in plan.rows:
        record = record.adding(row.contract, _deployed(chain, signer, row))
        verify_one(chain, row.contract, "latest")
        if folder:
            records.save(record, folder)
    return record


def _deployed(chain: "Chain", signer: "Signer", row: Row) -> Deployed:
    """The plan may be old: whether the contract is there is asked again."""
    if chain.code(row.address, as_of="latest"):
        return Deployed(address=row.address, init_code_hash=row.init_code_hash)
    receipt = chain.execute(signer, PROXY, call_data(init_code(row.contract)))
    return Deployed(
        address=row.address,
        init_code_hash=row.init_code_hash,
        transaction=receipt.transaction,
        block=receipt.block_number,
    )
