"""Which key a tower's call has in its outbox."""

from pathlib import Path

from chain import AsyncChain, LocalChain, Signer
from chain.keccak import keccak
from chain.stores.outbox import OutboxStore
from channels.watchtower.service.rejoining import _key

CALL = "Lanes.claim(...)"
KEYS = [f"tower {keccak(CALL.encode()).hex()} {number}" for number in range(2)]


async def test_a_call_that_a_backup_had_open_is_made_under_another_key(tmp_path: Path) -> None:
    """Nobody is there to say that it has not happened; and the contract does it once."""
    with LocalChain.start("eth-tester") as home:
        url, outbox, signer = home.serve(), tmp_path / "outbox.db", Signer.generate()
        async with await AsyncChain.connect("local", [url], outbox=outbox) as chain:
            assert chain.outbox
            assert await _key(chain.outbox, CALL) == (KEYS[0], False)
            await chain.outbox.submit(signer, KEYS[0], signer.address)
            assert await _key(chain.outbox, CALL) == (KEYS[0], True)
        OutboxStore(outbox, home.chain_id, restored=True).close()
        async with await AsyncChain.connect("local", [url], outbox=outbox) as chain:
            assert chain.outbox
            assert await _key(chain.outbox, CALL) == (KEYS[1], False)
