"""The gas table of docs/performance.md."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """What a row may use at most, what the best peer uses, and the least that its storage and transfers cost."""

    limit: int
    peer: int | None
    peer_name: str | None
    floor: int | None


LIMITS: Mapping[str, Limit] = {
    key: Limit(**row) for key, row in json.loads((Path(__file__).parent / "limits.json").read_text()).items()
}
_BEGIN, _END = "<!-- gas table -->", "<!-- end of gas table -->"


def table(rows: Mapping[str, int]) -> str:
    """Markdown, a line a row in the order of the keys."""
    head = "| row | gas | limit | floor | above floor | best peer |\n|---|---:|---:|---:|---:|---|"
    return "\n".join([head, *(_line(key, rows[key], LIMITS.get(key)) for key in sorted(rows))])


def documented(page: str, rows: Mapping[str, int]) -> str:
    """The page with its table made anew."""
    before, rest = page.split(_BEGIN)
    return before + _BEGIN + "\n" + table(rows) + "\n" + _END + rest.split(_END)[1]


def _line(key: str, used: int, limit: Limit | None) -> str:
    if limit is None:
        return f"| {key} | {used:,} | | | | |"
    floor = f"{limit.floor:,} | {used / limit.floor:.2f} x" if limit.floor else " | "
    peer = f"{limit.peer:,} {limit.peer_name}" if limit.peer else "none"
    return f"| {key} | {used:,} | {limit.limit:,} | {floor} | {peer} |"
