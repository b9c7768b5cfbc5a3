"""The sync and the async clients have the same verbs, parameters and documentation."""

import inspect
from collections.abc import Callable

import pytest

from channels import AsyncDuplexes, AsyncLanes, Duplexes, Lanes

PAIRS = [(AsyncLanes, Lanes), (AsyncDuplexes, Duplexes)]


def verbs(client: type) -> dict[str, Callable[..., object]]:
    return {name: found for name, found in inspect.getmembers(client, inspect.isfunction) if name[0] != "_"}


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_clients_say_and_take_the_same(one: type, other: type) -> None:
    theirs = verbs(other)
    assert list(verbs(one)) == list(theirs)
    for name, found in verbs(one).items():
        assert list(inspect.signature(found).parameters) == list(inspect.signature(theirs[name]).parameters)
        assert found.__doc__ == theirs[name].__doc__
        assert not inspect.iscoroutinefunction(theirs[name])


def test_what_asks_the_chain_is_awaited() -> None:
    plain = [name for pair in PAIRS for name, found in verbs(pair[0]).items() if not inspect.iscoroutinefunction(found)]

    assert plain == ["sign_together"]
