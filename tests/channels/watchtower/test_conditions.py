"""A condition is a stranger's code: whatever it does, it befalls its own promise alone."""

import asyncio
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import NodeUnreachable
from chain.keccak import keccak
from channels import Duplexes, Lanes, Payee, Payer, WalletLane
from channels.watchtower.service import looking
from escrow.conditions import HashLock, hash_lock
from tests.channels.hostile import BURNS, RELEASES_ITS_GAS, reverts_with
from tests.channels.shells import two_way
from tests.channels.shells.two_way import FatedSigner, Pair
from tests.channels.watchtower.test_intake import job_of
from tests.channels.watchtower.test_two_way_guarded import guard
from tests.channels.watchtower.towers import POLICY, Host, actions

PREIMAGE = b"\7" * 32
LOCK: HashLock = hash_lock(keccak=keccak(PREIMAGE))
BAD_REASON = bytes.fromhex("08c379a0") + (32).to_bytes(32) + (1).to_bytes(32) + b"\xff" + bytes(31)
MISBEHAVING = {
    "no code": b"",
    "burns its gas": BURNS,
    "answers nothing": bytes.fromhex("00"),
    "reverts": reverts_with(b""),
    "its reason is no text": reverts_with(BAD_REASON),
}
misbehaving = pytest.mark.parametrize("code", MISBEHAVING.values(), ids=MISBEHAVING)


def promised(chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, count: int = 1) -> None:
    """So many promises that can be proven, beside 6 that are sure."""
    till.accept(wallet.pay(lane, usdc("6")))
    for _ in range(count):
        till.accept(wallet.promise(lane, usdc("1"), LOCK, chain.after(minutes=59)))
    for promise in till.promises(lane):
        till.prove(lane, promise, LOCK, PREIMAGE)


@misbehaving
def test_no_condition_keeps_a_lane_from_being_claimed(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, host: Host, code: bytes
) -> None:
    promised(chain, wallet, till, lane, usdc)
    assert host.take(job_of(till, lane))
    chain.set_code(till.promises(lane)[0].condition, code)
    wallet.request_close(lane)
    assert actions(host.step()) == ["ClaimPromised"]
    assert chain.balance(usdc, shop.address) == usdc("1006")


@misbehaving
def test_no_condition_keeps_a_stale_challenge_from_being_answered(
    pair: Pair, keys: dict[str, FatedSigner], chain: LocalChain, usdc: Token, host: Host, code: bytes
) -> None:
    pair.pay("ann", usdc("3"))
    pair.say("ben", pair.ann.offer(pair.channel, usdc("1"), two_way.LOCK, chain.after(minutes=80)))
    pair.ben.learn(two_way.LOCK)
    guard(host, pair, shown=True)
    chain.set_code(pair.ann.show(pair.channel).promises[0].condition, code)
    Duplexes(chain, keys["ann"]).challenge(pair.channel)
    assert actions(host.step()) == ["Answer"]


@pytest.mark.parametrize("silent", [True, False])
def test_what_was_not_answered_is_asked_again_soon_and_delays_no_other_promise(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    usdc: Token,
    host: Host,
    monkeypatch: pytest.MonkeyPatch,
    silent: bool,
) -> None:
    """The first of two conditions is asked of a node that says nothing, or can't be reached."""
    monkeypatch.setattr(looking, "_CONDITION_WITHIN", 0.5)
    promised(chain, wallet, till, lane, usdc, count=2)
    host.take(job_of(till, lane))
    call, asked = host.wire.call, list[str]()

    async def failing(contract: str, function: str, *args: Any, **named: Any) -> Any:
        asked.append(function)
        if function == "released" and asked.count("released") == 1:
            if silent:
                await asyncio.Event().wait()
            raise NodeUnreachable("node.example", "no")
        return await call(contract, function, *args, **named)

    host.wire.call = failing  # type: ignore[method-assign]
    assert host.step() == []
    assert host.tower.store.totals()[1] == chain.now() + POLICY.often
    wallet.request_close(lane)
    host.tower.touch([lane.id])
    asked.clear()
    assert actions(host.step()) == ["Record"]


def test_a_condition_has_hardly_more_gas_than_the_contract_gives_it(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token
) -> None:
    till.accept(wallet.promise(lane, usdc("9"), LOCK, chain.after(minutes=59)))
    (promise,) = till.promises(lane)
    chain.set_code(promise.condition, RELEASES_ITS_GAS)
    for proof in (b"", PREIMAGE, b"\7" * 10_000):
        released = Lanes(chain, shop).released(lane.channel, 0, promise, LOCK, proof)
        assert 300_000 <= released.units <= 400_000 + 40 * (len(proof) + len(LOCK.data))
