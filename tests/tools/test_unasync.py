from pathlib import Path

import pytest

from tools import unasync


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = await f()\n", "x = f()\n"),
        ("async def f() -> AsyncIterator[int]: ...\n", "def f() -> Iterator[int]: ...\n"),
        ("async with a, b: ...\n", "with a, b: ...\n"),
        ("y = [x async for x in await f()]\n", "y = [x for x in f()]\n"),
        ("from chain.aio.client import AsyncChain\n", "from chain.sync.client import Chain\n"),
        ('def f() -> "AsyncChain": ...\n', 'def f() -> "Chain": ...\n'),
        ("async def __aenter__(self): await asyncio.sleep(1)\n", "def __enter__(self): time.sleep(1)\n"),
        ("w = AsyncWeb3(AsyncHTTPProvider(url))\n", "w = Web3(HTTPProvider(url))\n"),
        ("asynchronous = 'await'  # Async is no class\n", "asynchronous = 'await'  # Async is no class\n"),
    ],
)
def test_the_twin_has_the_same_code_without_waiting(source: str, expected: str) -> None:
    assert unasync.sync_source(source) == expected


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    source = tmp_path / "chain" / "rpc" / "aio" / "client.py"
    source.parent.mkdir(parents=True)
    source.write_text("import asyncio\n\n\nasync def nap() -> None:\n    await asyncio.sleep(1)\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_twins_are_written_beside_their_sources_with_the_imports_they_need(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["unasync"])

    assert unasync.main() == 0
    assert (tree / "chain" / "rpc" / "sync" / "client.py").read_text() == (
        "# Generated from chain/rpc/aio/client.py by make fix; edit that one.\n"
        "import time\n\n\ndef nap() -> None:\n    time.sleep(1)\n"
    )


def test_the_check_fails_for_a_missing_an_edited_and_an_orphaned_twin(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = tree / "chain" / "rpc" / "sync" / "client.py"
    monkeypatch.setattr("sys.argv", ["unasync", "--check"])
    assert unasync.main() == 1
    assert not twin.exists()

    monkeypatch.setattr("sys.argv", ["unasync"])
    unasync.main()
    monkeypatch.setattr("sys.argv", ["unasync", "--check"])
    assert unasync.main() == 0

    twin.write_text(twin.read_text() + "edited = True\n")
    assert unasync.main() == 1

    monkeypatch.setattr("sys.argv", ["unasync"])
    unasync.main()
    (tree / "chain" / "rpc" / "aio" / "client.py").unlink()
    monkeypatch.setattr("sys.argv", ["unasync", "--check"])
    assert unasync.main() == 1
