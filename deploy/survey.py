"""What there is to compile, read from the compiler's syntax trees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A contract that can be deployed, and the text of every source it is made of, by source name."""

    contract: str
    source: str
    sources: Mapping[str, Mapping[str, str]]


def targets_in(outputs: Mapping[str, Any], names: list[str], root: Path) -> list[Target]:
    """The concrete contracts of the sources `names`; interfaces, libraries and abstract contracts are left out."""
    trees = {name: output["ast"]["nodes"] for name, output in outputs.items()}
    return [
        Target(contract=node["name"], source=name, sources=_texts(_closure(trees, name), root))
        for name in names
        for node in trees[name]
        if node["nodeType"] == "ContractDefinition" and node["contractKind"] == "contract" and not node["abstract"]
    ]


def _closure(trees: Mapping[str, Any], name: str) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        source = waiting.pop()
        if source not in reached:
            reached.add(source)
            waiting.extend(_imports(trees[source]))
    return reached


def _imports(nodes: list[dict[str, Any]]) -> Iterator[str]:
    return (node["absolutePath"] for node in nodes if node["nodeType"] == "ImportDirective")


def _texts(names: set[str], root: Path) -> dict[str, dict[str, str]]:
    return {name: {"content": (root / name).read_text("utf-8")} for name in sorted(names)}
