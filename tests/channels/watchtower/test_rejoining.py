"""Which call on its way a tower's call joins."""

from pathlib import Path

import pytest

from chain import AsyncChain, LocalChain, Signer
from chain.stores.outbox import OutboxStore

SHOP = Signer.generate().address


async def test_the_same_call_is_joined_while_it_may_still_be_included(tmp_path: Path) -> None:
    with LocalChain.start("eth-tester") as home:
        signer, other = Signer.generate(), Signer.generate()
        async with await AsyncChain.connect("local", [home.serve()], outbox=tmp_path / "outbox.db") as chain:
            outbox = chain.outbox
            assert outbox
            await outbox.submit(signer, "a", SHOP, b"call", 1)
            await outbox.submit(signer, "b", SHOP, b"call", 1)
            assert await outbox.on_its_way(signer.address, SHOP, b"call", 1) == "a"
            for call in (
                (other.address, SHOP, b"call", 1),
                (signer.address, other.address, b"call", 1),
                (signer.address, SHOP, b"other", 1),
                (signer.address, SHOP, b"call", 2),
            ):
                assert await outbox.on_its_way(*call) is None
            await outbox.cancel("a")
            assert await outbox.on_its_way(signer.address, SHOP, b"call", 1) == "b"


@pytest.mark.parametrize("restored", [True, False])
async def test_what_a_backup_had_queued_is_not_joined(tmp_path: Path, restored: bool) -> None:
    """Nobody is there to say that it has not happened; and the contract does it once, under whichever key."""
    with LocalChain.start("eth-tester") as home:
        url, path, signer = home.serve(), tmp_path / "outbox.db", Signer.generate()
        async with await AsyncChain.connect("local", [url], outbox=path) as chain:
            assert chain.outbox
            await chain.outbox.submit(signer, "a", SHOP, b"call")
        OutboxStore(path, home.chain_id, restored=restored).close()
        async with await AsyncChain.connect("local", [url], outbox=path) as chain:
            assert chain.outbox
            assert await chain.outbox.on_its_way(signer.address, SHOP, b"call") == (None if restored else "a")
