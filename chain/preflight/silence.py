"""What is found where an outside source was asked and did not answer as it must."""

from typing import Any

from chain.preflight.finding import Finding, Weight


def source_silent(name: str, why: str, *, required: bool) -> Finding:
    """Blocks where the source is required: what it would have said nobody knows."""
    says = f"the source {name} did not answer: {why}"
    weight = Weight.BLOCK if required else Weight.WARN
    return Finding(name=SOURCE_SILENT, weight=weight, says=says, facts={"source": name, "why": why})


def checked(answer: Any) -> tuple[Finding, ...]:
    """A source's answer, if it is one. Raises `TypeError`."""
    found = tuple(answer)
    for each in found:
        if not isinstance(each, Finding):
            raise TypeError(f"{type(each).__name__} is no finding")
    return found


SOURCE_SILENT = "SourceSilent"
