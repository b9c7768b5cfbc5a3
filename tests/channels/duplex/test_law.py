from typing import Any

import pytest

from chain.units import Amount
from channels.duplex.duplex import Duplex
from channels.duplex.errors import NotCovered
from channels.duplex.law import require_covered
from tests.channels.duplex.duplex_forms import form, promise

DUPLEX = Duplex(deposit_a=Amount(100), deposit_b=Amount(50))
OF_A, OF_B = promise(2, amount=30), promise(3, amount=20)


@pytest.mark.parametrize(
    ("promises", "least", "most"), [((), -50, 100), ((OF_A,), -50, 70), ((OF_B,), -30, 100), ((OF_A, OF_B), -30, 70)]
)
def test_each_deposit_covers_what_its_owner_may_owe(promises: Any, least: int, most: int) -> None:
    for net in (least, 0, most):
        require_covered(form("state", net=net, promises=promises), DUPLEX)
    for net, owed, deposit in ((least - 1, 51, 50), (most + 1, 101, 100)):
        with pytest.raises(NotCovered) as caught:
            require_covered(form("state", net=net, promises=promises), DUPLEX)
        assert caught.value.facts == {"owed": owed, "deposit": deposit}
