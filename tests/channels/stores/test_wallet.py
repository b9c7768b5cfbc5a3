from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chain.typed_data import Domain
from channels import Channel, Lane, PayerSession, Voucher
from channels.errors import ChainWentBack, UnknownLane
from channels.stores.wallet import Wallet


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "wallet.db"


@pytest.fixture
def wallet(path: Path, domain: Domain) -> Iterator[Wallet]:
    store = Wallet(path, domain)
    yield store
    store.close()


@pytest.fixture
def session(channel: Channel, wallet: Wallet) -> PayerSession:
    """Epoch 2 with a deposit of 2**96 - 1, in the store."""
    lane: dict[str, Any] = {"deposit": 2**96 - 1, "settled": 2**64, "closes_at": 0, "epoch": 2}
    made = PayerSession(channel=channel, lane=Lane(**lane), promised=lane["settled"])
    wallet.add(made)
    return made


def voucher(session: PayerSession, total: Any, epoch: int = 2) -> Voucher:
    return Voucher(channel_id=session.channel.id, epoch=epoch, cumulative_amount=total)


def test_a_session_comes_back_the_same_from_the_file(
    wallet: Wallet, session: PayerSession, path: Path, domain: Domain
) -> None:
    wallet.close()
    again = Wallet(path, domain)
    assert again.session(session.channel.id) == session
    assert again.sessions() == [session]
    again.close()


def test_adding_a_known_channel_changes_nothing(wallet: Wallet, session: PayerSession) -> None:
    wallet.add(PayerSession(channel=session.channel, lane=Lane()))
    assert wallet.session(session.channel.id) == session


def test_an_unknown_channel_is_a_typed_error(wallet: Wallet, channel: Channel) -> None:
    with pytest.raises(UnknownLane) as caught:
        wallet.session(channel.id)
    assert caught.value.facts == {"channel_id": channel.id}
    with pytest.raises(UnknownLane):
        wallet.see(channel, Lane())


def test_an_amount_is_taken_once(wallet: Wallet, session: PayerSession) -> None:
    first = voucher(session, 2**64 + 1)
    assert wallet.keep(first, session)
    assert not wallet.keep(first, session), "two processes that read the same can't both have it"
    assert not wallet.keep(voucher(session, 2**64 + 2), session)
    assert wallet.session(session.channel.id).promised == 2**64 + 1


@pytest.mark.parametrize("lane", [{"closes_at": 9}, {"deposit": 2**64}, {"epoch": 3}, {"deposit": 0}], ids=str)
def test_an_amount_is_not_taken_once_the_lane_has_changed(
    wallet: Wallet, session: PayerSession, lane: dict[str, Any]
) -> None:
    wallet.see(session.channel, Lane(**{"deposit": 2**96 - 1, "settled": 2**64, "epoch": 2} | lane))
    before = wallet.session(session.channel.id)
    assert not wallet.keep(voucher(session, 2**64 + 1), session)
    assert wallet.session(session.channel.id) == before


def test_the_chains_word_is_kept(wallet: Wallet, session: PayerSession) -> None:
    lane: dict[str, Any] = {"deposit": 2**96 - 1, "settled": 2**65, "closes_at": 7, "epoch": 2}
    seen = wallet.see(session.channel, Lane(**lane))
    assert seen == wallet.session(session.channel.id) == session.see(Lane(**lane))
    assert wallet.see(session.channel, Lane(epoch=3)).promised == 0
    with pytest.raises(ChainWentBack):
        wallet.see(session.channel, Lane(epoch=2))
    assert wallet.session(session.channel.id).lane == Lane(epoch=3)


def test_channels_do_not_touch_each_other(
    wallet: Wallet, session: PayerSession, describe: Callable[..., Channel]
) -> None:
    other = PayerSession(channel=describe(salt=1), lane=session.lane)
    wallet.add(other)
    assert wallet.keep(voucher(other, 5), other)
    assert wallet.session(session.channel.id) == session
    assert {known.channel.salt: known.promised for known in wallet.sessions()} == {0: 2**64, 1: 5}
