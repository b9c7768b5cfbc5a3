"""The official `x402` package's batch settlement, in this process: both sides of one open channel.

Its chain is never asked: its client finds the channel's balance in its store, and its server finds in its own what it
once saw on chain, and takes that for fresh for ever.
"""

import time
from typing import Any, NoReturn

from eth_account import Account
from x402 import x402ClientSync, x402ResourceServerSync
from x402.http.utils import decode_payment_signature_header, encode_payment_signature_header
from x402.mechanisms.evm.batch_settlement.client import (
    BatchSettlementClientContext,
    BatchSettlementEvmSchemeOptions,
    InMemoryClientChannelStorage,
)
from x402.mechanisms.evm.batch_settlement.client import BatchSettlementEvmScheme as ClientScheme
from x402.mechanisms.evm.batch_settlement.server import BatchSettlementEvmScheme as ServerScheme
from x402.mechanisms.evm.batch_settlement.server import (
    BatchSettlementEvmSchemeServerConfig,
    Channel,
    InMemoryChannelStorage,
)
from x402.mechanisms.evm.batch_settlement.utils import compute_channel_id
from x402.mechanisms.evm.default_assets import get_default_asset
from x402.schemas import PaymentRequired, PaymentRequirements, SupportedKind, SupportedResponse

from benchmarks.speed.harness import Run, Task
from benchmarks.speed.scene import DEPOSIT, PRICE, Scene
from chain.keccak import keccak

_NETWORK, _SCHEME = "eip155:8453", "batch-settlement"
_DAY = 86_400
_FOR_EVER = 10**15


def tasks(scene: Scene) -> dict[str, Task]:
    """A new voucher each time, of a higher amount: what its client makes, and what its server makes of that."""
    sides = _Sides(scene)
    return {"x402 client": sides.client, "x402 server": sides.server}


class _Sides:
    def __init__(self, scene: Scene) -> None:
        self._payer, self._headers = Account.from_key(scene.secret), list[str]()
        self._payee, self._authorizer = (
            Account.from_key(keccak(b"earnest speed x402 " + name)) for name in (b"payee", b"authorizer")
        )
        self._wanted = PaymentRequirements(
            scheme=_SCHEME,
            network=_NETWORK,
            asset=get_default_asset(_NETWORK)["asset"],
            amount=str(PRICE),
            pay_to=self._payee.address,
            max_timeout_seconds=60,
            extra={"receiverAuthorizer": self._authorizer.address, "withdrawDelay": _DAY},
        )

    def client(self, count: int) -> Run:
        """From the requirements to the header that is sent.

        What it does with the answer (in which it finds its channel's id anew) is left out: only its sum is set forward.
        """
        store = InMemoryClientChannelStorage()
        scheme = ClientScheme(self._payer, BatchSettlementEvmSchemeOptions(storage=store))
        client = x402ClientSync().register(_NETWORK, scheme)
        channel_id = compute_channel_id(scheme.build_channel_config(self._wanted), _NETWORK)
        required = PaymentRequired(accepts=[self._wanted])
        state = BatchSettlementClientContext(balance=str(DEPOSIT))

        def run() -> int:
            self._headers.clear()
            for number in range(count):
                state.charged_cumulative_amount = str(number * PRICE)
                store.set(channel_id, state)
                self._headers.append(encode_payment_signature_header(client.create_payment_payload(required)))
            return count

        return run

    def server(self, count: int) -> Run:
        """From the header to the kept voucher: `verify_payment` and `settle_payment`, both without a facilitator."""
        self.client(count)()
        headers, store = list(self._headers), InMemoryChannelStorage()
        scheme: Any = ServerScheme(self._payee.address, self._config(store))  # Its own types don't fit each other.
        server = x402ResourceServerSync(_NoFacilitator(self._authorizer.address)).register(_NETWORK, scheme)
        server.initialize()
        channel_id = self._fill(store)

        def run() -> int:
            for header in headers:
                payload = decode_payment_signature_header(header)
                server.verify_payment(payload, self._wanted)
                server.settle_payment(payload, self._wanted)
            kept: Any = store.get(channel_id)
            return int(kept.charged_cumulative_amount) // PRICE

        return run

    def _config(self, store: InMemoryChannelStorage) -> BatchSettlementEvmSchemeServerConfig:
        return BatchSettlementEvmSchemeServerConfig(storage=store, withdraw_delay=_DAY, onchain_state_ttl_ms=_FOR_EVER)

    def _fill(self, store: InMemoryChannelStorage) -> str:
        """The open channel, as seen on chain."""
        config = ClientScheme(self._payer).build_channel_config(self._wanted)
        channel_id: str = compute_channel_id(config, _NETWORK)
        now = int(time.time() * 1000)
        channel = Channel(channel_id=channel_id, channel_config=config, balance=str(DEPOSIT), onchain_synced_at=now)
        store.update_channel(channel_id, lambda _: channel)
        return channel_id


class _NoFacilitator:
    """Says what it would support, and fails the run if it is ever asked: nothing in the path may leave the process."""

    def __init__(self, authorizer: str) -> None:
        self._extra = {"receiverAuthorizer": authorizer}

    def get_supported(self) -> SupportedResponse:
        """The one kind."""
        kind = SupportedKind(x402_version=2, scheme=_SCHEME, network=_NETWORK, extra=self._extra)
        return SupportedResponse(kinds=[kind], extensions=[], signers={})

    def verify(self, payload: object, requirements: object) -> NoReturn:
        """Never called."""
        raise AssertionError("the server asked a facilitator")

    settle = verify
