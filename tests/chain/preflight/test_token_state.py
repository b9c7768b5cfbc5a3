from dataclasses import replace
from typing import Any

import pytest

from chain.preflight.rule import findings
from chain.preflight.token import RULES, TokenState
from tests.chain.preflight.planned import PAYEE, USDC, names


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({}, None),
        ({"has_code": False}, "TokenHasNoCode"),
        ({"decimals": 6}, None),
        ({"decimals": 18}, "WrongDecimals"),
        ({"paused": True}, "TokenPaused"),
        ({"paused": False}, None),
        ({"denied": (PAYEE,)}, "DeniedByToken"),
    ],
)
def test_what_a_token_says(said: dict[str, Any], name: str | None) -> None:
    facts: dict[str, Any] = {"token": USDC, "has_code": True}

    assert names(findings(RULES, TokenState(**facts | said))) == ({name} if name else set())


@pytest.mark.parametrize(("decimals", "odd"), [(0, True), (1, True), (2, False), (6, False), (18, False), (19, True)])
def test_decimals_that_are_usual(decimals: int, odd: bool) -> None:
    state = TokenState(token=replace(USDC, decimals=decimals), has_code=True)

    assert names(findings(RULES, state)) == ({"OddDecimals"} if odd else set())
