import re
from dataclasses import fields
from typing import Any, cast

import pytest

from chain.errors import EarnestError
from channels.duplex.session import errors

OURS = [leaf for leaf in vars(errors).values() if isinstance(leaf, type) and leaf.__module__ == errors.__name__]


def test_the_files_docstring_draws_the_tree() -> None:
    tree = dict(re.findall(r"^(\w+)\n((?: {4}.+\n)+)", errors.__doc__ or "", re.MULTILINE))
    drawn = {name: base for base, leaves in tree.items() for name in leaves.split()}
    assert drawn == {leaf.__name__: leaf.__mro__[1].__name__ for leaf in OURS}


@pytest.mark.parametrize("leaf", OURS)
def test_every_error_says_its_sentence_whatever_its_facts(leaf: type[EarnestError]) -> None:
    assert str(leaf(*[field.name for field in fields(cast(Any, leaf))]))
