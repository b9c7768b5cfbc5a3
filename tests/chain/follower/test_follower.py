from pathlib import Path

import pytest

from chain import LocalChain
from chain.errors import NodeBehind
from chain.finality import Finality
from chain.follower.errors import CursorOfAnotherLevel, FinalBlockUndone, FollowedOfAnotherChain
from chain.follower.undone import Undone
from chain.receipt import Event
from tests.chain.follower.following import DEEP, book, branch_off, followed, mint, scan, seen, told


def test_all_events_are_told_with_their_block(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        minted = mint(chain, 1, 2, 3)
        follower.step()

        assert book(follower)[-3:] == minted
        assert book(follower) == scan(chain, minted[-1].block)


def test_final_events_are_those_deep_enough(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        minted = mint(chain, *range(1, DEEP + 3))
        follower.step()

        assert follower.head is not None
        assert follower.final is not None
        assert follower.head.number == minted[-1].block
        assert follower.final.number == minted[-1].block - DEEP + 1
        assert told(follower, "final") == [1, 2, 3]
        assert told(follower) == list(range(1, DEEP + 3))


def test_a_reorg_undoes_the_newest_first_and_then_tells_what_is_there_instead(
    chain: LocalChain, tmp_path: Path
) -> None:
    with followed(chain, tmp_path) as follower:
        mint(chain, 1, 2)
        replace = branch_off(chain)
        mint(chain, 3, 4)
        follower.step()
        assert told(follower, cursor="desk") == [1, 2, 3, 4]

        replacement = replace(5, 6, 7)
        follower.step()

        assert told(follower, cursor="desk") == [-4, -3, 5, 6, 7]
        assert book(follower)[-3:] == replacement
        assert book(follower) == scan(chain, replacement[-1].block)


def test_a_shorter_branch_replaces_ours(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        replace = branch_off(chain)
        mint(chain, 1, 2, 3)
        follower.step()
        replace(5)
        follower.step()

        assert told(follower) == [1, 2, 3, -3, -2, -1, 5]


def test_a_node_that_goes_back_without_another_branch_undoes_nothing(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        replace = branch_off(chain)
        mint(chain, 1, 2, 3)
        follower.step()
        before = follower.head
        replace()
        follower.step()

        assert follower.head == before
        assert told(follower) == [1, 2, 3]


def test_a_reorg_below_the_final_block_is_for_a_person(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        replace = branch_off(chain)
        mint(chain, *range(1, DEEP + 1))
        follower.step()
        assert told(follower, "final") == [1]
        replace(*range(11, DEEP + 20))

        for _ in range(2):
            with pytest.raises(FinalBlockUndone) as caught:
                follower.step()
            assert not caught.value.retryable


@pytest.mark.parametrize("grown", [2, 3, 9])
def test_the_past_is_read_on_top_of_our_final_block_alone(chain: LocalChain, tmp_path: Path, grown: int) -> None:
    """Where the newest block is final, no other block says that ours was replaced."""
    with followed(seen(chain, Finality.instant()), tmp_path) as follower:
        replace = branch_off(chain)
        mint(chain, 1, 2)
        follower.step()
        replace(*range(10, 10 + grown))

        assert told(follower, "final") == [1, 2]
        with pytest.raises(FinalBlockUndone):
            follower.step()
        with pytest.raises(FinalBlockUndone):
            told(follower, "final")


@pytest.mark.parametrize("pause", [1, 3, DEEP, DEEP + 6])
def test_a_follower_that_was_stopped_goes_on_where_it_was(chain: LocalChain, tmp_path: Path, pause: int) -> None:
    mint(chain, 1, 2)
    replace = branch_off(chain)
    mint(chain, 3)
    with followed(chain, tmp_path) as follower:
        follower.step()
        assert told(follower, cursor="desk") == [1, 2, 3]
    minted = replace(*range(10, 10 + pause))

    with followed(chain, tmp_path) as follower:
        follower.step()

        assert told(follower, cursor="desk") == [-3, *range(10, 10 + pause)]
        assert book(follower) == scan(chain, minted[-1].block)
        assert book(follower, "final") == scan(chain, minted[-1].block - DEEP + 1)


def test_instant_finality_needs_no_waiting(chain: LocalChain, tmp_path: Path) -> None:
    with followed(seen(chain, Finality.instant()), tmp_path) as follower:
        mint(chain, 1, 2)
        follower.step()
        assert told(follower, "final", "shop") == [1, 2]
        mint(chain, 3)
        follower.step()
        assert told(follower, "final", "shop") == [3]
        assert follower.head == follower.final


@pytest.mark.parametrize(("start", "expected"), [(0, [1, 2, 3, 4, 5, 6]), (1, [2, 3, 4, 5, 6]), (5, [4, 5, 6])])
def test_a_new_file_begins_where_it_is_told_or_with_what_is_not_final(
    chain: LocalChain, tmp_path: Path, start: int, expected: list[int]
) -> None:
    first = mint(chain, 1, 2, 3, 4, 5, 6)[0].block

    with followed(chain, tmp_path, from_block=first + start) as follower:
        follower.step()
        assert told(follower) == expected


def test_a_cursor_moves_when_the_next_event_is_asked_for(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        mint(chain, 1, 2)
        follower.step()
        reading = iter(follower.events("shop", "latest"))
        next(reading)
        assert isinstance(next(reading), Event)

    with followed(chain, tmp_path) as follower:
        assert told(follower, cursor="shop") == [2]
        assert told(follower, cursor="shop") == []
        assert told(follower, cursor="desk") == [1, 2]


def test_a_cursor_keeps_its_level(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        mint(chain, *range(1, DEEP + 1))
        follower.step()
        told(follower, "final", "shop")

        with pytest.raises(CursorOfAnotherLevel) as caught:
            told(follower, "latest", "shop")
        assert (caught.value.cursor, caught.value.found) == ("shop", "final")


def test_an_event_undone_can_be_shown_as_what_it_is(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        replace = branch_off(chain)
        (event,) = mint(chain, 1)
        follower.step()
        replace(2)
        follower.step()
        _, undone, _ = follower.events(level="latest")

    assert undone == Undone(event=event)
    assert undone.to_json() == {"undone": event.to_json()}


def test_nothing_counts_while_the_newest_block_is_old(chain: LocalChain, tmp_path: Path) -> None:
    clock = [0.0]
    with followed(chain, tmp_path, max_lag=30, clock=lambda: clock[0]) as follower:
        clock[0] = 2e9
        with pytest.raises(NodeBehind):
            follower.require_awake()
        follower.step()
        assert follower.head is not None
        for age, awake in ((-5, True), (0, True), (30, True), (31, False), (9999, False)):
            clock[0] = float(follower.head.time + age)
            assert follower.behind == max(0, age)
            if awake:
                follower.require_awake()
            else:
                with pytest.raises(NodeBehind) as caught:
                    follower.require_awake()
                assert (caught.value.behind, caught.value.most) == (age, 30)


def test_the_file_of_another_chain_is_refused(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        follower.step()
    with (
        LocalChain.start("eth-tester") as other,
        followed(other, tmp_path) as follower,
        pytest.raises(FollowedOfAnotherChain),
    ):
        follower.step()


def test_a_file_made_for_other_contracts_is_refused(chain: LocalChain, tmp_path: Path) -> None:
    with followed(chain, tmp_path) as follower:
        follower.step()
    with pytest.raises(FollowedOfAnotherChain):
        followed(chain, tmp_path, contracts={})
