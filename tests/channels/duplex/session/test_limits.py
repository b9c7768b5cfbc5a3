from typing import Any

import pytest

from chain.errors import OutOfRange
from channels.duplex.session import Limits


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("owed", 2**96 - 1),
        ("unconfirmed", 2**96 - 1),
        ("promises", 31),
        ("margin", 2**32 - 1),
        ("shortest_promise", 2**32 - 1),
        ("longest_promise", 2**32 - 1),
        ("longest_close", 2**32 - 1),
    ],
)
def test_a_limit_is_a_number_of_its_size(name: str, most: int) -> None:
    Limits(**{name: most})  # type: ignore[arg-type]
    for wrong in (-1, most + 1, True):
        fields: Any = {name: wrong}
        with pytest.raises(OutOfRange):
            Limits(**fields)


def test_without_limits_half_the_places_are_the_others_and_nothing_unconfirmed_counts() -> None:
    assert (Limits().promises, Limits().unconfirmed, Limits().owed) == (8, 0, None)
