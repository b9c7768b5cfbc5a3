"""Wallets of version 3, which did not keep what of their promises is guessed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from channels import Channel, Lane, PayerSession
from tests.channels.promise_states import promise
from tests.channels.stores import version_2

Open = Callable[..., Any]


@pytest.mark.parametrize(
    ("promised", "version", "promises", "guessed"),
    [
        (0, 0, (), 0),
        (30, 0, (), 30),
        (30, 1, (), 0),
        (20, 1, (), 20),
        (100, 1, (), 100),
        (20, 1, (promise(1),), 0),
        (100, 1, (promise(1),), 0),
    ],
    ids=["new", "adopted", "paid", "as settled", "as the deposit", "settled beside promises", "all beside promises"],
)
def test_a_wallet_signs_nothing_again_that_may_never_have_been_signed(
    opened: Open, path: Path, channel: Channel, promised: Any, version: int, promises: Any, guessed: Any
) -> None:
    lane: Any = {"deposit": 100, "settled": 20}
    known = PayerSession(
        channel=channel, lane=Lane(**lane), promised=promised, promises=promises, guessed=guessed, version=version
    )
    wallet = opened("wallet", path)
    wallet.add(known)
    wallet.close()
    version_2.write(path, "wallet")
    for _ in range(2):
        wallet = opened("wallet", path)
        assert wallet.sessions() == [known]
        wallet.close()
