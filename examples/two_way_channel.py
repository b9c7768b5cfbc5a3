"""Two traders pay each other in one channel; one goes silent over a hash-locked promise, and the chain pays it out."""

import secrets
from hashlib import sha256

from chain.units import Hash32, Seconds
from earnest import Chain, DuplexChannel, Duplexes, DuplexPromise, Signer
from earnest import conditions as c

DAY = Seconds(86_400)

with Chain.local() as chain:
    usdc, ann, ben = chain.token("USDC"), Signer.generate(), Signer.generate()
    for trader in (ann, ben):
        chain.fund(trader.address, usdc="100")
    channel = DuplexChannel(
        party_a=ann.address,
        party_b=ben.address,
        token=usdc.address,
        signer_a=ann.address,
        signer_b=ben.address,
        window=DAY,
        promise_window=DAY,
    )
    anns, bens = Duplexes(chain, ann), Duplexes(chain, ben)
    anns.deposit(channel, usdc("100"))
    bens.deposit(channel, usdc("50"))

    preimage = secrets.token_bytes(32)
    lock = c.hash_lock(sha256=sha256(preimage).digest())
    promise = DuplexPromise(
        from_a=True,
        condition=lock.address,
        data_hash=lock.data_hash,
        amount=usdc("10").units,
        expiry=chain.after(days=2),
        salt=Hash32(secrets.token_bytes(32)),
    )
    offered = anns.propose(channel, version=1, a_owes=usdc("20"), promises=[promise])
    state = bens.sign_state(offered)

    bens.record(channel, 0, promise, lock, lock.proof(preimage).shown)
    bens.challenge(channel, state)
    chain.travel(to=chain.after(days=1))
    bens.pay_out(channel, [promise])
    bens.collect(channel, 0, [promise])
    print(f"Ann has {chain.balance(usdc, ann.address)}, Ben {chain.balance(usdc, ben.address)}")
