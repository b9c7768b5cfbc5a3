"""Events as a follower tells them, and who hears of them."""

import base64
from typing import Any

from chain.keccak import keccak
from chain.receipt import Event
from chain.units import address
from earnest.worker.news import Finality, Seen
from earnest.worker.webhooks.endpoint import Endpoint
from earnest.worker.webhooks.secret import Secret

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(b"t" * 32).decode()
CHAIN_ID = 31337
PAYER, PAYEE, STRANGER, ESCROW = (address("0x" + two * 20) for two in ("a1", "b2", "d4", "e5"))


def event(payment: str, name: str = "Captured", *, block: int = 1, **args: Any) -> Event:
    return Event(
        contract="Escrow",
        name=name,
        args={"paymentId": keccak(payment.encode()), **args},
        address=ESCROW,
        transaction="0x" + keccak(f"{payment}{name}".encode()).hex(),
        block=block,
        block_hash="0x" + keccak(f"{block}".encode()).hex(),
        log_index=0,
    )


def seen(position: int, payment: str, finality: Finality = "latest", name: str = "Captured", **args: Any) -> Seen:
    return Seen(position=position, event=event(payment, name, block=position, **args), finality=finality)


def endpoint(url: str = "https://shop.example/hook", name: str = "shop", **facts: Any) -> Endpoint:
    return Endpoint(**{"name": name, "url": url, "secrets": (Secret(SECRET),), **facts})
