"""`earnest chain`: a chain of one's own for other programs."""

import json
import signal
import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from chain import LocalChain


class Backend(StrEnum):
    """What serves the chain."""

    ETH_TESTER = "eth-tester"
    ANVIL = "anvil"


def chain(
    backend: Annotated[Backend, typer.Option(help="In this process, or foundry's node.")] = Backend.ETH_TESTER,
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="0 takes a free one; anvil always does.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Say it on one line of JSON.")] = False,
) -> None:
    """Serve a local chain with the contracts, a test USDC and funded test keys, until Ctrl-C."""
    from chain import Chain
    from earnest.testing.world import endow

    ended = threading.Event()
    with Chain.local(backend.value) as local:
        endow(local)
        facts = _facts(local, local.serve(port))
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, lambda *_: ended.set())
        typer.echo(json.dumps(facts) if as_json else _text(facts))
        ended.wait()


def _facts(local: "LocalChain", url: str) -> dict[str, Any]:
    from chain import Signer
    from chain.contracts import CORE
    from earnest.testing.keys import PARTIES, secret_of

    return {
        "rpc": url,
        "chainId": local.chain_id,
        "contracts": {name: local.address_of(name) for name in CORE},
        "tokens": dict(local.network.tokens),
        "accounts": {
            name: {"address": Signer(secret_of(name)).address, "key": "0x" + secret_of(name).hex()} for name in PARTIES
        },
    }


def _text(facts: dict[str, Any]) -> str:
    places = [f"  {name:16} {place}" for name, place in (facts["contracts"] | facts["tokens"]).items()]
    accounts = [f"  {name:16} {account['address']}  {account['key']}" for name, account in facts["accounts"].items()]
    return "\n".join(
        [
            f"RPC {facts['rpc']}, chain id {facts['chainId']}. Ctrl-C ends it.",
            "Contracts and tokens",
            *places,
            "Accounts with 10 ETH and 1,000 USDC; their keys are public, so never use them elsewhere",
            *accounts,
        ]
    )
