"""Accepting a voucher from the bytes that a request brings."""

from benchmarks.speed.harness import Run, Task
from benchmarks.speed.scene import PRICE, Scene, text_of
from chain.signing import verify_known
from channels.wire import read_voucher


def tasks(scene: Scene) -> dict[str, Task]:
    """Strict reading, the signature and all checks; nothing is kept."""

    def accept(count: int) -> Run:
        told = [text_of(sent) for sent in scene.sent(count)]

        def run() -> int:
            session, signer = scene.session, scene.payer.address
            for text in told:
                sent = read_voucher(text)
                session, _ = session.receive(
                    verify_known(scene.domain, sent.voucher, sent.signature, signer, scene.known)
                )
            return session.accepted // PRICE

        return run

    return {"accept from wire": accept}
