import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from chain import Chain, LocalChain, Signer
from chain.errors import EarnestError, NotIncluded
from channels import Payee, Payer
from channels.errors import ChannelClosing


@pytest.fixture
def anvil() -> Iterator[LocalChain]:
    with Chain.local("anvil") as chain:
        yield chain


def ask(url: str, method: str, *params: Any) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    with urlopen(Request(url, body, {"Content-Type": "application/json"})) as answer:  # noqa: S310  # our own node
        assert "result" in json.load(answer)


@pytest.mark.anvil
def test_a_close_that_may_still_happen_keeps_the_channel_stopped(
    anvil: LocalChain, tmp_path: Path, ends: ExitStack
) -> None:
    """A voucher accepted after the close was sent would be worth nothing if the close is mined after all."""
    ann, shop, url = Signer.generate(), Signer.generate(), anvil.serve()
    for signer in (ann, shop):
        anvil.fund(signer.address)
    hasty = ends.enter_context(Chain.connect(anvil.network, [url], patience=0.3))
    usdc = anvil.token("USDC")
    wallet = ends.enter_context(Payer(anvil, ann, tmp_path / "wallet.db"))
    till = ends.enter_context(Payee(hasty, shop, tmp_path / "till.db"))
    lane = wallet.open(shop.address, usdc("10"), timedelta(hours=1))
    till.accept(wallet.pay(lane, usdc("4")))

    ask(url, "evm_setAutomine", False)
    with pytest.raises(NotIncluded):
        till.close(lane)
    with pytest.raises(ChannelClosing) as caught:
        till.accept(wallet.pay(lane, usdc("1")))
    assert caught.value.facts == {"channel_id": lane.id, "closes_at": 0}
    with pytest.raises(EarnestError):
        till.close(lane, take=usdc("5"))
    with pytest.raises(ChannelClosing):
        till.accept(wallet.pay(lane, usdc("1")))

    ask(url, "evm_mine")
    shown = till.show(lane)
    assert (shown.epoch, shown.accepted) == (1, usdc("0"))
    assert anvil.balance(usdc, shop.address) == usdc("1004")
