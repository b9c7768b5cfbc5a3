"""What stands in the environment or in a file of its own, so that the worker's file holds no secret."""

from collections.abc import Mapping
from pathlib import Path

from earnest.worker.errors import BadConfig


def outside(text: str, key: str, folder: Path, environment: Mapping[str, str]) -> str:
    """`env:NAME` and `file:PATH` stand for what is there; anything else for itself."""
    kind, _, place = text.partition(":")
    if kind == "env":
        if place not in environment:
            raise BadConfig(key, f"the environment has no {place}")
        return environment[place]
    if kind == "file" and not place.startswith("//"):
        try:
            return (folder / place).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadConfig(key, f"{place} can't be read: {type(error).__name__}") from None
    return text
