"""What a worker would do, in words; no secret stands in them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from chain import network
from chain.outbox.fees import GWEI
from earnest.worker.config import Config
from earnest.worker.webhooks.endpoint import DAY


def plan(config: Config) -> Iterator[str]:
    """One line a part."""
    hosts = ", ".join(map(_host, config.rpc))
    yield f"network {config.network} through {hosts}, of which {config.quorum} must agree"
    yield f"final is {(config.finality or network.load(config.network).final).explain()}"
    yield f"lease of {config.lease:g} s in {config.store}"
    yield f"answers on http://{config.host}:{config.port}/health and /metrics"
    if config.follower:
        yield f"follower: from block {config.follower.from_block}, in {config.follower.store}"
    for endpoint in config.endpoints:
        kinds, days = ", ".join(endpoint.finality), endpoint.give_up / DAY
        yield f"webhook {endpoint.name}: to {_host(endpoint.url)}, {kinds}; disabled after {days:g} days of failures"
    if config.settlement:
        yield f"settlement: every {config.settlement.every:g} s, with a margin of {config.settlement.margin} s"
    if config.outbox:
        fees = config.outbox.fees
        most = f"{fees.max_fee / GWEI:g} gwei a unit of gas, {fees.max_tip / GWEI:g} of it as a tip"
        yield f"outbox: in {config.outbox.store}; bids no more than {most}"
    if config.tower:
        whom = f"{len(config.tower.clients)} clients" if config.tower.clients else "anybody"
        yield f"tower: jobs in {config.tower.store} by POST /tower/jobs, for {whom}; margin {config.tower.margin} s"
    if config.expiries:
        yield f"expiries: of the agreements in {config.expiries.agreements}, every {config.expiries.every:g} s"


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
