"""Rates off chain: rounds in turns, so that a noisy machine is noisy for all, and medians of their ratios."""

import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from statistics import median

from coincurve import PrivateKey, PublicKey
from eth_account import Account
from eth_account.messages import encode_typed_data

from chain import Chain, Domain, LocalChain, Signer
from chain.keccak import keccak
from chain.signing import verify
from chain.units import Amount, Seconds
from channels import Channel, Lane, Payee, PayeeSession, Payer, Voucher

_ROUNDS = 15
_REPEATS = 200
_DAY = Seconds(86_400)
_SECRET = keccak(b"earnest speed")
Rates = Mapping[str, list[float]]
_RATIOS = {
    "sign.vs_raw_libsecp": ("sign", "raw sign"),
    "sign.vs_eth_account": ("sign", "eth-account sign"),
    "accept.vs_raw_libsecp": ("accept", "raw recover"),
    "accept.vs_eth_account": ("accept", "eth-account recover"),
    "sqlite.pay_and_accept.vs_accept": ("durable pay and accept", "accept"),
}


def measure() -> Rates:
    """Operations a second in every round, by name."""
    with tempfile.TemporaryDirectory() as folder, Chain.local() as chain:
        tasks = _pure() | _durable(chain, Path(folder))
        rates: dict[str, list[float]] = {name: [] for name in tasks}
        for _ in range(_ROUNDS):
            for name, task in tasks.items():
                rates[name].append(_rate(task))
    return rates


def ratios(rates: Rates) -> dict[str, float]:
    """The medians of the rounds' ratios."""
    return {
        name: round(median(ours / theirs for ours, theirs in zip(rates[one], rates[other], strict=True)), 3)
        for name, (one, other) in _RATIOS.items()
    }


def table(rates: Rates) -> str:
    """Markdown."""
    lines = ["| what | a second | |", "|---|---:|---|"]
    lines += [f"| {name} | {median(values):,.0f} | |" for name, values in rates.items()]
    lines += [f"| {name} | | {ratio:.2f} |" for name, ratio in ratios(rates).items()]
    return "\n".join(lines)


def _rate(task: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(_REPEATS):
        task()
    return _REPEATS / (time.perf_counter() - began)


def _pure() -> dict[str, Callable[[], object]]:
    signer, payee, key = Signer(_SECRET), Signer(keccak(b"payee")), PrivateKey(_SECRET)
    channel = _channel(signer, payee)
    domain = Domain(1, payee.address)
    session = PayeeSession(channel=channel, lane=Lane(deposit=Amount(10**6)))
    message = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(1_000))
    digest, typed = domain.digest(message), _typed(message, domain)
    signature, raw = signer.sign_digest(digest), key.sign_recoverable(digest, hasher=None)
    return {
        "raw sign": lambda: key.sign_recoverable(digest, hasher=None),
        "sign": lambda: signer.sign(domain, Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(1_000))),
        "eth-account sign": lambda: Account.sign_message(encode_typed_data(full_message=typed), _SECRET),
        "raw recover": lambda: PublicKey.from_signature_and_message(raw, digest, hasher=None),
        "accept": lambda: session.receive(verify(domain, message, signature, signer.address)),
        "eth-account recover": lambda: Account.recover_message(
            encode_typed_data(full_message=typed), signature=signature
        ),
    }


def _durable(chain: LocalChain, folder: Path) -> dict[str, Callable[[], object]]:
    ann, shop = Signer.generate(), Signer.generate()
    chain.fund(ann.address)
    usdc = chain.token("USDC")
    wallet, till = Payer(chain, ann, folder / "wallet.db"), Payee(chain, shop, folder / "till.db")
    lane = wallet.open(shop.address, usdc("100"), timedelta(days=1))
    price = usdc("0.001")
    return {"durable pay and accept": lambda: till.accept(wallet.pay(lane, price))}


def _channel(payer: Signer, payee: Signer) -> Channel:
    return Channel(
        payer=payer.address,
        payee=payee.address,
        token=payee.address,
        signer=payer.address,
        window=_DAY,
        promise_window=_DAY,
    )


def _typed(message: Voucher, domain: Domain) -> dict[str, object]:
    return {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Voucher": [{"name": member.camel, "type": member.kind} for member in message.members],
        },
        "primaryType": "Voucher",
        "domain": {
            "name": "Earnest",
            "version": "1",
            "chainId": domain.chain_id,
            "verifyingContract": domain.contract,
        },
        "message": {member.camel: getattr(message, member.snake) for member in message.members},
    }
