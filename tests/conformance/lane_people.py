"""The people and channels of the random histories, and what may be wrong with what they say."""

from typing import Any

from hypothesis import strategies as st

from chain import Signer, contracts
from chain.keccak import keccak
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Seconds, address
from channels import Channel
from escrow import conditions as c
from tests.conformance.condition_trees import AMOUNT, NOW, PREIMAGE, trees
from tests.conformance.lane_world import HOME

START, RICH, LARGEST = NOW, 2**100, 2**96 - 1
KEYS = {role: Signer(keccak(role.encode())) for role in ("ann", "ben", "key", "shop", "shed", "eve")}
PEOPLE = {role: key.address for role, key in KEYS.items()}
SIGNERS = {key.address: key for key in KEYS.values()}
WALL = address("0x" + "3a" * 20)
"""A contract that refuses the native currency: what it is paid becomes its credit."""
WALLS_CODE = bytes.fromhex("60006000fd")
USDC = contracts.address_of("TestToken")
USDC_DOMAIN = Domain(HOME.chain_id, USDC, "Test USD Coin", "1")


def described(payer: str, payee: str, signer: str, token: Address, window: int, salt: int) -> Channel:
    return Channel(
        payer=PEOPLE[payer],
        payee=PEOPLE.get(payee, WALL),
        token=token,
        signer=PEOPLE[signer],
        window=Seconds(window),
        promise_window=Seconds(1_800),
        salt=salt,
    )


CHANNELS = (
    described("ann", "shop", "ann", USDC, 900, 0),
    described("ben", "shop", "key", USDC, 900, 2**96 - 1),
    described("ann", "shop", "key", USDC, 3_600, 1),
    described("ann", "shop", "ann", NOBODY, 900, 1),
    described("ben", "wall", "ben", NOBODY, 900, 2),
)


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(usual), st.just(usual), st.just(usual), other)


which = st.integers(0, len(CHANNELS) - 1)
people = st.sampled_from(sorted(PEOPLE))
shares = st.sampled_from([0, 1, 333, AMOUNT - 1, AMOUNT]) | st.integers(0, AMOUNT)
"""Amounts near those that conditions speak of."""
amounts = mostly(AMOUNT // 2, shares | st.sampled_from([2 * AMOUNT, 3 * AMOUNT, LARGEST]))
deposits = st.sampled_from([1, AMOUNT, 2 * AMOUNT, LARGEST - AMOUNT, LARGEST])
lasting = st.sampled_from([300, 600, 1_200, 2_700, 3_600, 4_500, 4_501, 10**7])
"""How long promises last: less than a window, or a few."""
conditions = trees() | st.sampled_from([c.hash_lock(keccak=keccak(PREIMAGE)), c.after_time(NOW)])
SOUND = {"epoch": 0, "key": None, "of": None, "more": 0, "form": None, "leaves": None, "total": 0, "last": 0}
_slips = {
    "epoch": st.sampled_from([-1, -1, 1]),
    "key": people,
    "of": which,
    "more": st.just(1),
    "form": st.sampled_from(["parity", "zero", "mirrored"]),
    "leaves": st.sampled_from(["reversed", "doubled", "none", "many"]),
    "total": st.sampled_from([-1, 1, AMOUNT]),
    "last": st.sampled_from([-1, 1]),
}
_slip = st.sampled_from(sorted(_slips)).flatmap(lambda name: _slips[name].map(lambda wrong: SOUND | {name: wrong}))
slips = mostly(SOUND, _slip)
