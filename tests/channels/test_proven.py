import msgspec
import pytest

from chain.units import Amount
from tests.channels.promise_states import promise, proven


def test_a_proof_is_kept_by_its_promises_hash() -> None:
    assert proven(promise(1), 5).hash == promise(1).struct_hash() != proven(promise(2), 5).hash


def test_what_is_not_said_is_not_recorded_and_not_the_last() -> None:
    known = proven(promise(1), 5)
    assert (known.recorded, known.is_last) == (0, False)
    with pytest.raises(AttributeError):
        known.released = Amount(9)  # type: ignore[misc]
    assert msgspec.structs.replace(known, released=9).released == 9
