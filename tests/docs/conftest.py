from collections.abc import Iterator
from typing import Any

import pytest

from tests.docs.pages import run


@pytest.fixture(scope="session")
def stage() -> Iterator[dict[str, Any]]:
    """What docs/verbs/README.md says that every snippet begins with."""
    names: dict[str, Any] = {}
    run("verbs/README.md", names)
    with names["chain"]:
        yield names


@pytest.fixture
def names(stage: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """For the snippets of one page; what they do to the chain is undone."""
    chain = stage["chain"]
    before = chain.snapshot()
    yield dict(stage)
    chain.restore(before)
