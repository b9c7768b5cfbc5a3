"""The process around a worker: its log, its answers to `/health` and `/metrics`, and the signals that end it."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from typing import TextIO

from earnest.worker.config import Config
from earnest.worker.log import configure
from earnest.worker.opening import opened, secrets_of
from earnest.worker.web import app_of, served


async def run(config: Config, environment: Mapping[str, str], stream: TextIO = sys.stdout) -> None:
    """Until SIGTERM or SIGINT, and the rounds under way have ended. Raises what `opened` and `served` raise."""
    log, ending = configure(secrets_of(config, environment), stream), asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ending.set)
    async with opened(config, environment, log) as (worker, tower):
        async with served(app_of(worker.health, worker.metrics, tower), config.host, config.port) as port:
            log.info("worker started", port=port, network=config.network)
            await worker.run(ending)
        log.info("worker ended")
