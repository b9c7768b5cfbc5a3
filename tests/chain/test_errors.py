import pickle
from dataclasses import fields

import pytest

import chain.abi
import chain.artifact
import chain.network
import chain.signer
import chain.testing.anvil
import channels.errors
import escrow.errors
from chain import EarnestError, IllegalAction, InvalidSignature, InvalidValue
from chain.errors import NodeUnreachable, NotIncluded, NotSent, OutOfRange

LEAVES = [leaf for leaf in EarnestError.by_name.values() if leaf.__annotations__ and "says" in vars(leaf)]
GROUPS = {"InvalidValue", "IllegalAction", "InvalidMessage", "Refused", "ChainError", "StoreError", "ToolError"}


def test_facts_are_attributes_and_stand_in_the_sentence() -> None:
    error = OutOfRange("epoch", -1, 0, 9)

    assert (error.name, error.value, error.minimum, error.maximum) == ("epoch", -1, 0, 9)
    assert error.facts == {"name": "epoch", "value": -1, "minimum": 0, "maximum": 9}
    assert all(text in str(error) for text in ("epoch", "-1", "0", "9"))
    assert repr(error) == "OutOfRange(name='epoch', value=-1, minimum=0, maximum=9)"


def test_errors_survive_the_way_between_processes() -> None:
    copy = pickle.loads(pickle.dumps(OutOfRange("epoch", -1, 0, 9)))  # noqa: S301

    assert isinstance(copy, OutOfRange)
    assert copy.facts == OutOfRange("epoch", -1, 0, 9).facts


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_every_sentence_can_be_said(leaf: type[EarnestError]) -> None:
    kinds = [str(field.type) for field in fields(leaf)]  # type: ignore[arg-type]
    facts = [() if "tuple" in kind else 0 for kind in kinds]

    assert str(leaf(*facts))


def test_the_tree_has_the_branches_that_it_draws() -> None:
    assert {branch.__name__ for branch in EarnestError.__subclasses__()} == GROUPS
    assert all(name in str(chain.errors.__doc__) for name in GROUPS)


def test_two_errors_of_one_name_are_a_mistake() -> None:
    with pytest.raises(TypeError, match="OutOfRange"):
        type("OutOfRange", (InvalidValue,), {"__module__": "elsewhere"})

    assert EarnestError.by_name["OutOfRange"] is OutOfRange


def test_only_what_has_surely_not_been_sent_is_retryable() -> None:
    assert NotSent("0x", "").retryable
    assert NodeUnreachable("host", "").retryable
    assert not NotIncluded("0x", 1).retryable
    assert not IllegalAction().retryable


def test_the_errors_of_all_packages_are_one_tree() -> None:
    assert issubclass(escrow.errors.NotExpired, IllegalAction)
    assert issubclass(channels.errors.NotOpen, IllegalAction)
    assert issubclass(chain.testing.anvil.ToolMissing, EarnestError)
    assert not issubclass(InvalidSignature, IllegalAction)
