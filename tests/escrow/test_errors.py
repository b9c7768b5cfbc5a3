import re
from dataclasses import fields
from typing import Any

import pytest

from chain import artifact
from chain.errors import IllegalAction
from escrow import errors

# OpenZeppelin's EIP712 has them for names of 32 bytes and more; ours is shorter, so no caller can meet them.
_UNREACHABLE = {"InvalidShortString", "StringTooLong"}
_ABI = [item for item in artifact.load("Escrow").abi if item["type"] == "error" and item["name"] not in _UNREACHABLE]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower().rstrip("_")


@pytest.mark.parametrize("error", _ABI, ids=lambda error: error["name"])
def test_every_custom_error_has_a_twin_with_the_same_facts_in_order(error: dict[str, Any]) -> None:
    twin: Any = IllegalAction.by_name[error["name"]]

    assert issubclass(twin, IllegalAction)
    assert [field.name.rstrip("_") for field in fields(twin)] == [_snake(item["name"]) for item in error["inputs"]]


def test_no_leaf_of_the_escrow_is_unknown_to_the_contract() -> None:
    leaves = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, IllegalAction) and value is not IllegalAction
    }

    assert leaves <= {error["name"] for error in _ABI}


@pytest.mark.parametrize("error", _ABI, ids=lambda error: error["name"])
def test_every_refusal_can_be_read_as_a_sentence(error: dict[str, Any]) -> None:
    twin: Any = IllegalAction.by_name[error["name"]]

    sentence = str(twin(*range(len(error["inputs"]))))

    assert sentence
    assert "{" not in sentence


def test_the_tree_in_the_docstring_names_every_leaf() -> None:
    assert errors.__doc__ is not None
    drawn = set(re.findall(r"[A-Z]\w+", errors.__doc__))

    assert {error["name"] for error in _ABI} <= drawn
