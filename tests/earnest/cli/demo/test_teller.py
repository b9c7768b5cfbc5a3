import io

import pytest
from rich.console import Console

from chain.errors import NodeUnreachable, NotIncluded
from earnest.cli.demo.teller import Teller


@pytest.fixture
def page() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def teller(page: io.StringIO) -> Teller:
    return Teller(Console(file=page, width=100))


def unreachable(host: str) -> None:
    raise NodeUnreachable(host, "down")


def test_what_is_true_ends_well(teller: Teller, page: io.StringIO) -> None:
    teller.part("Sums")
    teller.say("1 + 1 = 2", gas=21_000, so=True)

    assert teller.end() == 0
    lines = page.getvalue().splitlines()
    assert lines[:2] == ["1 Sums", "    " + "1 + 1 = 2".ljust(76) + "   21,000 gas"]
    assert lines[-1].startswith("1 of 1 checks hold")


def test_one_line_that_is_not_so_fails_the_demo(teller: Teller, page: io.StringIO) -> None:
    teller.say("1 + 1 = 2", so=True)
    teller.say("1 + 1 = 3", so=False)

    assert teller.end() == 1
    assert page.getvalue().count("WRONG") == 2
    assert "1 of 2 checks hold" in page.getvalue()


def test_a_figure_is_no_check(teller: Teller, page: io.StringIO) -> None:
    teller.say("3,000 a second")

    assert teller.end() == 0
    assert "0 of 0 checks hold" in page.getvalue()


def test_a_refusal_is_shown_with_its_facts(teller: Teller, page: io.StringIO) -> None:
    teller.refused("ask", NodeUnreachable, unreachable, "here")

    assert teller.end() == 0
    assert "ask: NodeUnreachable, here can't be reached: down" in page.getvalue()


def test_what_should_be_refused_and_is_not_fails_the_demo(teller: Teller) -> None:
    teller.refused("ask", NodeUnreachable, print)

    assert teller.end() == 1


def test_another_error_is_not_taken_for_the_refusal(teller: Teller) -> None:
    with pytest.raises(NodeUnreachable):
        teller.refused("ask", NotIncluded, unreachable, "here")
