import pytest

from chain.errors import Malformed
from chain.follower import (
    BecameFinal,
    BlockUndone,
    Branch,
    Final,
    FollowedBlock,
    Following,
    Header,
    Past,
    PastTaken,
    Taken,
    transition,
)
from chain.follower.errors import FinalBlockUndone, FinalOnAnotherBranch, ParentMissing
from tests.chain.follower.branches import branch, followed, genesis, grown, log_in, on, with_logs


def test_blocks_are_taken_on_top_in_their_order() -> None:
    ours = followed(2)
    blocks = grown(ours.head, 3)

    newer, effects = transition(ours, Branch(blocks=blocks))

    assert effects == [Taken(block=block) for block in blocks]
    assert newer == Following(final=ours.final, recent=(*ours.recent, *blocks))
    assert newer.head == blocks[-1].header


@pytest.mark.parametrize(("at", "length"), [(0, 1), (0, 4), (1, 1), (2, 1), (2, 5), (3, 2)])
def test_what_is_replaced_is_undone_newest_first_before_what_replaced_it(at: int, length: int) -> None:
    ours = followed(4)
    newest = branch(ours, at, length)

    newer, effects = transition(ours, newest)

    undone = [BlockUndone(block=block) for block in reversed(ours.recent[at:])]
    assert effects == [*undone, *(Taken(block=block) for block in newest.blocks)]
    assert newer == Following(final=ours.final, recent=(*ours.recent[:at], *newest.blocks))


@pytest.mark.parametrize("have", [slice(0, 0), slice(0, 2), slice(1, 3), slice(0, 4)])
def test_blocks_that_we_have_change_nothing(have: slice) -> None:
    """A node that lags shows a part of our branch: what is known stays."""
    ours = followed(4)

    assert transition(ours, Branch(blocks=ours.recent[have])) == (ours, [])


def test_a_branch_that_begins_with_our_blocks_adds_the_others_alone() -> None:
    ours = followed(2)
    block = on(ours.head)

    assert transition(ours, Branch(blocks=(*ours.recent, block)))[1] == [Taken(block=block)]


def test_the_same_block_with_other_logs_replaces_itself() -> None:
    ours = followed(3)
    second, third = ours.recent[1:]
    corrected = with_logs(second.header, 0, 1)

    newer, effects = transition(ours, Branch(blocks=(corrected, third)))

    assert effects == [
        BlockUndone(block=third),
        BlockUndone(block=second),
        Taken(block=corrected),
        Taken(block=third),
    ]
    assert newer.recent == (ours.recent[0], corrected, third)


@pytest.mark.parametrize("number", [4, 5])
def test_another_block_at_or_below_the_final_one_is_for_a_person(number: int) -> None:
    ours = Following(final=genesis(5), recent=grown(genesis(5), 2))
    theirs = on(genesis(number - 1))

    with pytest.raises(FinalBlockUndone) as caught:
        transition(ours, Branch(blocks=(theirs, on(theirs.header))))

    assert not caught.value.retryable
    assert (caught.value.number, caught.value.ours, caught.value.theirs) == (5, ours.final.hash, theirs.header.hash)


def test_a_block_is_taken_only_on_its_parent() -> None:
    ours = followed(2)
    stranger = on(on(genesis()).header)
    for block in (stranger, on(stranger.header), on(on(ours.head).header)):
        with pytest.raises(ParentMissing) as caught:
            transition(ours, Branch(blocks=(block,)))
        assert (caught.value.number, caught.value.parent) == (block.header.number, block.header.parent)


def test_a_branch_with_a_gap_is_refused() -> None:
    ours = followed(1)
    first, _, third = grown(ours.head, 3)

    with pytest.raises(Malformed):
        transition(ours, Branch(blocks=(first, third)))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_block_becomes_final_with_all_before_it(number: int) -> None:
    ours = followed(3)
    header = ours.recent[number - 1].header

    newer, effects = transition(ours, Final(header=header))

    assert effects == [BecameFinal(header=header)]
    assert newer == Following(final=header, recent=ours.recent[number:])


def test_what_is_final_stays_so_whatever_a_node_says_that_lags_or_is_ahead() -> None:
    ours = Following(final=genesis(5), recent=grown(genesis(5), 2))
    for header in (genesis(3), genesis(5), on(ours.head).header):
        assert transition(ours, Final(header=header)) == (ours, [])


def test_a_final_block_on_another_branch_makes_nothing_final() -> None:
    ours = followed(3)
    theirs = branch(ours, 1, 1).blocks[0].header

    with pytest.raises(FinalOnAnotherBranch) as caught:
        transition(ours, Final(header=theirs))

    assert caught.value.retryable
    assert (caught.value.number, caught.value.ours) == (2, ours.recent[1].header.hash)


def test_another_final_block_in_the_place_of_ours_is_for_a_person() -> None:
    with pytest.raises(FinalBlockUndone):
        transition(Following(final=genesis(5)), Final(header=on(genesis(4)).header))


def test_the_past_is_taken_at_once() -> None:
    header = on(genesis(9)).header
    logs = (log_in(on(genesis(6)).header, 4), log_in(header, 0), log_in(header, 2))

    newer, effects = transition(Following(final=genesis(5)), Past(header=header, logs=logs))

    assert newer == Following(final=header)
    assert effects == [PastTaken(logs=logs), BecameFinal(header=header)]


def test_the_past_comes_after_all_that_is_known() -> None:
    for number in (4, 5):
        with pytest.raises(FinalBlockUndone):
            transition(Following(final=genesis(5)), Past(header=genesis(number), logs=()))
    with pytest.raises(Malformed):
        transition(followed(1), Past(header=genesis(9), logs=()))
    with pytest.raises(Malformed):
        transition(Following(final=genesis(5)), Past(header=genesis(9), logs=(log_in(genesis(5), 0),)))


def _logs(header: Header, *indexes: int) -> FollowedBlock:
    return with_logs(header, *indexes)


@pytest.mark.parametrize("indexes", [(1, 0), (0, 0)])
def test_logs_of_a_block_are_in_order_and_single(indexes: tuple[int, ...]) -> None:
    with pytest.raises(Malformed):
        _logs(genesis(1), *indexes)
    with pytest.raises(Malformed):
        Past(header=genesis(1), logs=tuple(log_in(genesis(1), index) for index in indexes))


def test_logs_belong_to_their_block() -> None:
    with pytest.raises(Malformed):
        FollowedBlock(header=genesis(1), logs=(log_in(genesis(2), 0),))
    with pytest.raises(Malformed):
        FollowedBlock(header=on(genesis(0)).header, logs=(log_in(genesis(1), 0),))
    with pytest.raises(Malformed):
        Past(header=genesis(1), logs=(log_in(genesis(2), 0),))
