from dataclasses import replace

import pytest

from chain.keccak import keccak
from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import NO_HASH, Amount, Hash32
from channels import Channel, ChannelId, Promise
from channels.ticks.left import ticks_left
from channels.ticks.seed import TickSeed, seed_of
from tests.channels.ticks.conftest import EACH, EXPIRY, chain_of, stretch_of

SALT = Hash32(b"\7" * 32)
CHAIN = chain_of(300)


@pytest.mark.parametrize("position", [0, 1, 299])
def test_a_promise_says_how_far_its_chain_is_folded(position: int) -> None:
    stretch = stretch_of(CHAIN, position)
    others = stretch_of(CHAIN, 5).promise(EXPIRY), stretch_of(chain_of(9, SALT)).promise(EXPIRY, SALT)
    assert ticks_left(CHAIN, Amount(EACH), SALT, (*others, stretch.promise(EXPIRY, SALT))) == stretch


@pytest.mark.parametrize(
    "promise",
    [
        stretch_of(CHAIN, 5).promise(EXPIRY, NO_HASH),
        replace(stretch_of(CHAIN, 5).promise(EXPIRY, SALT), amount=Amount(EACH * 295 + 1)),
        replace(stretch_of(CHAIN, 5).promise(EXPIRY, SALT), amount=Amount(EACH * 301)),
        replace(stretch_of(CHAIN, 5).promise(EXPIRY, SALT), data_hash=NO_HASH),
        stretch_of(CHAIN, 5, each=EACH + 1).promise(EXPIRY, SALT),
    ],
    ids=["another chain's", "no number of ticks", "more than all", "another anchor", "another price"],
)
def test_what_is_no_promise_of_the_chain_leaves_nothing(promise: Promise) -> None:
    assert ticks_left(CHAIN, Amount(EACH), SALT, (promise,)) is None


def test_a_seed_is_its_keys_channels_and_salts_alone(
    signers: dict[str, Signer], domain: Domain, channel: Channel
) -> None:
    wanted = TickSeed(channel_id=channel.id, salt=SALT)
    seed = seed_of(signers["signer"].sign(domain, wanted))
    assert seed == seed_of(Signer(keccak(b"signer")).sign(domain, wanted))
    strange = [
        signers["payer"].sign(domain, wanted),
        signers["signer"].sign(domain, replace(wanted, salt=NO_HASH)),
        signers["signer"].sign(domain, replace(wanted, channel_id=ChannelId(NO_HASH))),
        signers["signer"].sign(Domain(domain.chain_id + 1, domain.contract), wanted),
    ]
    assert len({seed, *map(seed_of, strange)}) == 5
