import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest

import chain
import channels
import deploy
import escrow
from chain.errors import EarnestError
from earnest import errors


def defined() -> Iterator[type[EarnestError]]:
    """Every error that a module of ours defines."""
    for package in (chain, escrow, channels, deploy):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for found in vars(import_module(module.name)).values():
                if isinstance(found, type) and issubclass(found, EarnestError) and found.__module__ == module.name:
                    yield found


@pytest.mark.parametrize("error", dict.fromkeys(defined()))
def test_every_error_of_every_package_has_its_name_in_one_place(error: type[EarnestError]) -> None:
    assert getattr(errors, error.__name__) is error
    assert error.__name__ in errors.__all__


def test_nothing_else_is_called_an_error() -> None:
    assert all(issubclass(getattr(errors, name), EarnestError) for name in errors.__all__)
