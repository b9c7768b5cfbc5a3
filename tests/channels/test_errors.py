import re
from dataclasses import fields
from typing import Any, cast

import pytest

from chain import artifact, refusals
from chain.errors import EarnestError, InvalidMessage, InvalidSignature, Refused, StoreError
from channels import errors
from channels.stores import errors as store_errors

ABI = {item["name"]: item for item in artifact.load("VoucherChannels").abi if item["type"] == "error"}
OURS = [leaf for leaf in vars(errors).values() if isinstance(leaf, type) and leaf.__module__ == errors.__name__]


def snake(camel: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", camel.rstrip("_")).lower()


@pytest.mark.parametrize("name", sorted(ABI))
def test_every_error_of_the_contract_has_a_twin_with_the_same_facts_in_order(name: str) -> None:
    home = InvalidSignature if name == "InvalidSignature" else getattr(errors, name, None) or getattr(refusals, name)
    assert EarnestError.by_name[name] is home
    facts = [snake(argument["name"]) for argument in ABI[name]["inputs"]]
    assert list(home(*facts).facts) == facts


@pytest.mark.parametrize(
    ("leaf", "base"),
    [
        (errors.AmountNotIncreasing, InvalidMessage),
        (errors.AmountExceedsDeposit, InvalidMessage),
        (errors.WrongEpoch, InvalidMessage),
        (errors.ChannelClosing, Refused),
        (errors.NotEnough, Refused),
        (store_errors.StoreBusy, StoreError),
    ],
)
def test_a_merchant_can_catch_what_is_alike_together(leaf: type[EarnestError], base: type[EarnestError]) -> None:
    assert issubclass(leaf, base)


def test_the_files_docstring_draws_the_tree() -> None:
    tree = dict(re.findall(r"^    (\w+)\n((?: {8}.+\n)+)", errors.__doc__ or "", re.MULTILINE))
    drawn = {name: base for base, leaves in tree.items() for name in leaves.split()}
    assert drawn == {leaf.__name__: leaf.__mro__[1].__name__ for leaf in OURS}


@pytest.mark.parametrize("leaf", OURS)
def test_every_error_says_its_sentence_whatever_its_facts(leaf: type[EarnestError]) -> None:
    assert str(leaf(*[field.name for field in fields(cast(Any, leaf))]))
