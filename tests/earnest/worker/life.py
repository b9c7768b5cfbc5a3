"""A worker's process, which lives until it is killed."""

import asyncio
import os
from pathlib import Path

from earnest.worker.reading import read_config
from earnest.worker.running import run
from tests.earnest.worker.values import SECRET


def work(folder: Path) -> None:
    """By the folder's file; its log stays there."""
    config = read_config(folder / "worker.toml", {"SHOP_SECRET": SECRET})
    with (folder / f"{os.getpid()}.log").open("a", buffering=1) as log:
        asyncio.run(run(config, {}, log))
