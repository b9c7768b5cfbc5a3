import os
from typing import Any

from tests.docs.pages import DOCS, run, text
from tests.docs.who_may import table

PAGE = "life-of-a-payment.md"
_BEGIN, _END = "<!-- who may -->\n", "<!-- end of who may -->\n"


def test_the_table_says_who_may_do_what_as_the_contracts_twin_does() -> None:
    before, rest = text(PAGE).split(_BEGIN)
    page = before + _BEGIN + table() + _END + rest.split(_END)[1]
    if os.environ.get("EARNEST_SNAPSHOTS") == "write":
        (DOCS / PAGE).write_text(page, "utf-8")

    assert page == text(PAGE)


def test_the_four_lives_go_as_they_are_told(names: dict[str, Any]) -> None:
    assert run(PAGE, names) == 4
