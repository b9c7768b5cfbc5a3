"""Signing and accepting a voucher, beside the same by bare libsecp256k1 and by eth-account."""

from coincurve import PrivateKey
from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount

from benchmarks.speed.harness import Run, Task
from benchmarks.speed.scene import DEPOSIT, PRICE, Scene
from chain.signing import verify_known
from chain.typed_data import Domain
from chain.units import Amount
from channels import Voucher


def tasks(scene: Scene) -> dict[str, Task]:
    """Every signature is of another voucher: one and the same is checked a tenth faster each time it comes again."""
    return _raw(scene) | _ours(scene) | _eth_account(scene)


def _raw(scene: Scene) -> dict[str, Task]:
    """The binding's own classes on hashes that are ready, with a key that is known, and signatures in its own form."""
    key = PrivateKey(scene.secret)
    public = key.public_key

    def digests(count: int) -> list[bytes]:
        return [scene.domain.digest(scene.voucher(number)) for number in range(1, count + 1)]

    def sign(count: int) -> Run:
        ready = digests(count)

        def run() -> int:
            for digest in ready:
                key.sign_recoverable(digest, hasher=None)
            return count

        return run

    def check(count: int) -> Run:
        ready = [(key.sign(digest, hasher=None), digest) for digest in digests(count)]

        def run() -> int:
            return sum(public.verify(signature, digest, hasher=None) for signature, digest in ready)

        return run

    return {"libsecp256k1 sign": sign, "libsecp256k1 verify": check}


def _ours(scene: Scene) -> dict[str, Task]:
    domain, payer = scene.domain, scene.payer

    def sign(count: int) -> Run:
        vouchers = [scene.voucher(number) for number in range(1, count + 1)]

        def run() -> int:
            for voucher in vouchers:
                payer.sign(domain, voucher)
            return count

        return run

    def accept(count: int) -> Run:
        signed = [(one.message, one.signature) for one in scene.signed(count)]

        def run() -> int:
            session = scene.session
            for voucher, signature in signed:
                session, _ = session.receive(verify_known(domain, voucher, signature, payer.address, scene.known))
            return session.accepted // PRICE

        return run

    return {"sign": sign, "accept": accept}


def _eth_account(scene: Scene) -> dict[str, Task]:
    account: LocalAccount = Account.from_key(scene.secret)

    def sign(count: int) -> Run:
        messages = [_message(scene.voucher(number)) for number in range(1, count + 1)]

        def run() -> int:
            for message in messages:
                account.sign_message(_typed(scene.domain, message))
            return count

        return run

    def accept(count: int) -> Run:
        signed = [(one.message, _message(one.message), one.signature) for one in scene.signed(count)]

        def run() -> int:
            accepted = Amount(0)
            for voucher, message, signature in signed:
                amount = voucher.cumulative_amount
                signer = Account.recover_message(_typed(scene.domain, message), signature=signature)
                if signer == account.address and accepted < amount <= DEPOSIT:
                    accepted = amount
            return accepted // PRICE

        return run

    return {"eth-account sign": sign, "eth-account accept": accept}


def _typed(domain: Domain, message: dict[str, int | bytes]) -> SignableMessage:
    place = {"name": "Earnest", "version": "1", "chainId": domain.chain_id, "verifyingContract": domain.contract}
    return encode_typed_data(place, _TYPES, message)


def _message(voucher: Voucher) -> dict[str, int | bytes]:
    return {member.camel: getattr(voucher, member.snake) for member in Voucher.members}


_TYPES = {"Voucher": [{"name": member.camel, "type": member.kind} for member in Voucher.members]}
