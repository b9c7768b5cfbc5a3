"""The sync and the async client have the same names, parameters and documentation."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from chain import (
    AsyncChain,
    AsyncFollower,
    AsyncLocalChain,
    AsyncOutbox,
    AsyncPreflight,
    Chain,
    Follower,
    LocalChain,
    Outbox,
    Preflight,
)

PAIRS = [
    (AsyncChain, Chain),
    (AsyncLocalChain, LocalChain),
    (AsyncFollower, Follower),
    (AsyncOutbox, Outbox),
    (AsyncPreflight, Preflight),
]
RENAMED = {"__aenter__": "__enter__", "__aexit__": "__exit__"}


def public(cls: type) -> dict[str, Any]:
    named = {RENAMED.get(name, name): inspect.getattr_static(cls, name) for name in dir(cls)}
    return {name: member for name, member in named.items() if not name.startswith("_") or name in RENAMED.values()}


def called(member: Any) -> Callable[..., Any]:
    return member.__func__ if isinstance(member, classmethod | staticmethod) else getattr(member, "fget", member)


def taken(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """A type is named as its sync twin."""
    parameters = inspect.signature(function).parameters.values()
    return [each.replace(annotation=str(each.annotation).replace("Async", "")) for each in parameters]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_names_are_the_same(one: type, other: type) -> None:
    assert list(public(one)) == list(public(other))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_parameters_and_documentation_are_the_same(one: type, other: type) -> None:
    theirs = public(other)
    for name, member in public(one).items():
        here, there = called(member), called(theirs[name])
        assert taken(here) == taken(there)
        assert (here.__doc__ or "").replace("Async", "") == (there.__doc__ or "")
        assert not inspect.iscoroutinefunction(there)


def test_what_asks_the_node_is_awaited() -> None:
    plain = {
        name for name, member in public(AsyncLocalChain).items() if not inspect.iscoroutinefunction(called(member))
    }

    assert plain == {"address_of", "chain_id", "domain", "native", "outbox", "serve"}
