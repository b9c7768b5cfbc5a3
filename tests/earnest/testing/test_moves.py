import pytest

from earnest.errors import Malformed, TooPrecise
from earnest.testing import World
from earnest.testing.moves import UnknownParty


@pytest.mark.parametrize(
    ("payer", "payee", "right"),
    [("-5", "+5", True), ("-5.00", "+5.0", True), ("-5", "0", False), ("0", "+5", False), ("-5", "+4.999999", False)],
)
def test_every_named_party_must_move_by_exactly_so_much(earnest: World, payer: str, payee: str, right: bool) -> None:
    moves = earnest.moves(payer=payer, payee=payee)
    moves.__enter__()
    earnest.chain.transfer(earnest.payer.signer, earnest.usdc("5"), earnest.payee.address)

    if right:
        moves.__exit__(None)
    else:
        with pytest.raises(AssertionError):
            moves.__exit__(None)


def test_the_table_says_who_gained_and_lost_what(earnest: World) -> None:
    with pytest.raises(AssertionError) as failure, earnest.moves(payer="0", payee="+5"):
        earnest.chain.transfer(earnest.payer.signer, earnest.usdc("5"), earnest.payee.address)

    rows = {row.split()[0]: row.split()[1:] for row in str(failure.value).splitlines()}
    assert rows["before"] == ["after", "moved", "expected"]
    assert rows["payer"] == ["1000", "995", "-5", "0", "<-", "wrong"]
    assert rows["payee"] == ["1000", "1005", "+5", "+5"]
    assert rows["operator"] == ["1000", "1000", "0"]
    assert rows["escrow"] == rows["channels"] == ["0", "0", "0"]


def test_gas_is_no_move(earnest: World) -> None:
    with earnest.moves(token=earnest.eth, payer="-1", payee="+1"):
        earnest.chain.transfer(earnest.payer.signer, earnest.eth("1"), earnest.payee.address)


def test_what_was_raised_within_is_not_replaced_by_a_table(earnest: World) -> None:
    with pytest.raises(ZeroDivisionError), earnest.moves(payee="+1"):
        1 / 0  # noqa: B018


def test_a_name_that_nobody_has_is_refused(earnest: World) -> None:
    with pytest.raises(UnknownParty) as refusal:
        earnest.moves(judge="+1")

    assert refusal.value.name == "judge"
    assert "arbiter" in refusal.value.known


@pytest.mark.parametrize(("text", "error"), [("5", Malformed), ("+0.0000001", TooPrecise), ("+x", Malformed)])
def test_a_move_has_a_sign_and_a_number(earnest: World, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        earnest.moves(payee=text)
