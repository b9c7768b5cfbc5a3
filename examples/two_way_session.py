"""Two traders pay each other off chain, one for a secret, lose a message on the way, and close with one transaction."""

import secrets
import tempfile
from hashlib import sha256
from pathlib import Path

from chain.units import Seconds
from earnest import Chain, DuplexChannel, DuplexParty, Signer
from earnest import conditions as c

HOUR = Seconds(3_600)


def tell(listener: DuplexParty, talker: DuplexParty, said: list[str]) -> None:
    """Any transport will do: here the two simply talk until neither has anything to say."""
    for message in said:
        answers = list(listener.hear(message).answers)
        tell(talker, listener, answers)


with Chain.local() as chain, tempfile.TemporaryDirectory() as folder:
    usdc, ann, ben = chain.token("USDC"), Signer.generate(), Signer.generate()
    for trader in (ann, ben):
        chain.fund(trader.address, usdc="100")
    channel = DuplexChannel(
        party_a=ann.address,
        party_b=ben.address,
        token=usdc.address,
        signer_a=ann.address,
        signer_b=ben.address,
        window=HOUR,
        promise_window=HOUR,
    )
    with (
        DuplexParty(chain, ann, Path(folder) / "ann.db") as anns,
        DuplexParty(chain, ben, Path(folder) / "ben.db") as bens,
    ):
        anns.deposit(channel, usdc("100"))
        bens.deposit(channel, usdc("50"))
        tell(bens, anns, anns.resume(channel))
        tell(bens, anns, anns.pay(channel, usdc("25")))

        preimage = secrets.token_bytes(32)
        lock = c.hash_lock(sha256=sha256(preimage).digest())
        bens.learn(lock)
        tell(bens, anns, anns.offer(channel, usdc("10"), lock, chain.after(minutes=30)))
        (promise,) = bens.show(channel).promises
        tell(anns, bens, bens.fold(channel, promise.struct_hash(), preimage))

        bens.pay(channel, usdc("5"))  # This message is lost ...
        tell(anns, bens, bens.resume(channel))  # ... and this one makes up for it.

        tell(bens, anns, anns.close_together(channel))
        anns.bring(channel)
    print(f"Ann has {chain.balance(usdc, ann.address)}, Ben {chain.balance(usdc, ben.address)}")
