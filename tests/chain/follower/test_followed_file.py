import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chain.follower import Branch, Final, Following, Past, transition
from chain.follower.errors import (
    FinalBlockUndone,
    FollowedFailed,
    FollowedMoved,
    FollowedOfAnotherChain,
    FollowedUnreadable,
)
from chain.stores.followed import FollowedFile
from tests.chain.follower.branches import SOMEWHERE, branch, genesis, grown, on
from tests.chain.follower.following import MINTER


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "followed.db"


def opened(path: Path, chain_id: int = 31337) -> FollowedFile:
    return FollowedFile(path, chain_id, [SOMEWHERE])


@pytest.fixture
def file(path: Path) -> Iterator[FollowedFile]:
    with opened(path) as file:
        file.begin(genesis())
        yield file


def test_a_new_file_knows_nothing(path: Path) -> None:
    with opened(path) as file:
        assert [file.load(), file.head, file.final, file.next(0, "latest")] == [None] * 4


def test_what_was_written_is_there_in_another_process(file: FollowedFile, path: Path) -> None:
    ours = Following(final=genesis())
    blocks = grown(genesis(), 4, logs=2)
    newer, effects = transition(ours, Branch(blocks=blocks))
    file.write(ours, effects)
    final, effects = transition(newer, Final(header=blocks[1].header))
    file.write(newer, effects)

    with opened(path) as other:
        assert other.load() == final
        assert (other.final, other.head) == (final.final, final.head)


def test_a_step_is_written_on_top_of_what_it_began_with_alone(file: FollowedFile, path: Path) -> None:
    """Two processes that step at once: the second one's is not written, nor a part of it."""
    ours = Following(final=genesis())
    first, second = branch(ours, 0, 2), branch(ours, 0, 2)
    newer, effects = transition(ours, first)
    with opened(path) as other:
        other.write(ours, effects)

    with pytest.raises(FollowedMoved) as caught:
        file.write(ours, transition(ours, second)[1])
    assert caught.value.retryable
    assert file.load() == newer


def test_a_step_that_fails_leaves_nothing(file: FollowedFile) -> None:
    ours = Following(final=genesis())
    block = on(genesis())
    effects = transition(ours, Branch(blocks=(block,)))[1]

    with pytest.raises(FollowedFailed):
        file.write(ours, [*effects, *effects])
    assert file.load() == ours
    assert file.next(0, "latest") is None


def test_a_block_below_the_final_one_is_forgotten_but_not_its_logs(file: FollowedFile) -> None:
    ours = Following(final=genesis())
    header = on(genesis(7)).header
    logs = on(genesis()).logs
    newer, effects = transition(ours, Past(header=header, logs=logs))
    file.write(ours, effects)

    assert file.load() == newer
    assert file.rows("SELECT count(*) FROM blocks") == [(1,)]
    news = file.next(0, "final")
    assert news is not None
    assert (news.undone, news.log) == (False, logs[0])


def test_a_log_is_lacking_where_the_branch_has_it_not_but_nothing_is_said_of_before_the_file(path: Path) -> None:
    first = genesis(7)
    ours = Following(final=first)
    kept, gone = grown(first, 2)
    with opened(path) as file:
        file.begin(first)
        newer, effects = transition(ours, Branch(blocks=(kept, gone)))
        file.write(ours, effects)
        other = on(kept.header)
        file.write(newer, transition(newer, Branch(blocks=(other,)))[1])

        for block, lacking in ((kept, False), (gone, True), (other, False)):
            (log,) = block.logs
            assert file.lacks(log.block, log.block_hash, log.index) == lacking
            assert file.lacks(log.block, log.block_hash, log.index + 1)
        assert [file.lacks(number, "0xa", 0) for number in (6, 7, 8)] == [False, False, True]


def test_once_halted_nothing_is_told_or_written_until_it_is_resumed(file: FollowedFile, path: Path) -> None:
    ours = Following(final=genesis())
    newer, effects = transition(ours, Branch(blocks=grown(genesis(), 2)))
    file.write(ours, effects)
    more = transition(newer, Branch(blocks=grown(newer.head, 1)))[1]
    first, second = FinalBlockUndone(1, "0xa", "0xb"), FinalBlockUndone(2, "0xc", "0xd")
    with opened(path) as other:
        other.halt(first)
        other.halt(second)
        assert other.rows("SELECT count(*) FROM halted") == [(1,)]

    refused: list[Callable[[], object]] = [
        file.require_going,
        lambda: file.next(0, "latest"),
        lambda: file.next(0, "final"),
        lambda: file.write(newer, more),
    ]
    for ask in refused:
        with pytest.raises(FinalBlockUndone) as caught:
            ask()
        assert str(caught.value) == str(first)
    assert file.load() == newer

    file.resume()
    file.require_going()
    assert file.next(0, "latest")
    file.write(newer, more)


def test_a_file_of_version_1_goes_on_where_it_was(file: FollowedFile, path: Path) -> None:
    ours = Following(final=genesis())
    newer, effects = transition(ours, Branch(blocks=grown(genesis(), 2)))
    file.write(ours, effects)
    file.change("DROP TABLE halted")
    file.change("ALTER TABLE belongs_to DROP COLUMN began")
    file.change("PRAGMA user_version = 1")
    file.close()

    with opened(path) as migrated:
        assert migrated.load() == newer
        migrated.halt(FinalBlockUndone(1, "0xa", "0xb"))
    with opened(path) as again, pytest.raises(FinalBlockUndone):
        again.require_going()


def test_a_cursor_never_goes_back(file: FollowedFile) -> None:
    for position, expected in ((3, 3), (1, 3), (3, 3), (7, 7)):
        file.move("shop", "final", position)
        assert file.position("shop", "final") == expected
    assert file.position("desk", "latest") == 0


def test_logs_are_found_by_whom_they_name(file: FollowedFile) -> None:
    ours = Following(final=genesis())
    blocks = grown(genesis(), 3, logs=2)
    file.write(ours, transition(ours, Branch(blocks=blocks))[1])

    second = blocks[0].logs[1].topics[1]
    assert file.about(second) == [block.logs[1] for block in blocks]
    assert file.about(bytes(32)) == []


def test_a_file_belongs_to_one_chain(file: FollowedFile, path: Path) -> None:
    file.claim("0x1")
    file.claim("0x1")
    with pytest.raises(FollowedOfAnotherChain):
        file.claim("0x2")
    with pytest.raises(FollowedOfAnotherChain):
        opened(path, 1)
    with pytest.raises(FollowedOfAnotherChain):
        FollowedFile(path, 31337, [SOMEWHERE, MINTER.address])


def test_a_file_of_another_program_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(FollowedUnreadable):
        opened(path)


@pytest.mark.parametrize("version", [0, 3])
def test_a_file_of_another_version_is_refused(path: Path, version: int) -> None:
    opened(path).close()
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA user_version = {version}")
    other.close()
    with pytest.raises(FollowedUnreadable):
        opened(path)
