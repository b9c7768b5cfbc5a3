"""One thing that goes wrong, at one call of a process that is being supervised."""

import os
import signal
from dataclasses import dataclass
from typing import Literal

from tests.crash.files import ALL, Files, path_of, tear
from tests.crash.seccomp import Call

Verdict = Literal["let", "killed"] | int
"""It happens; its process is dead; it fails with this `errno`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """At the `nth` of these calls on these files: SIGKILL, SIGKILL after a part of a write, or an `errno`.

    A failing call fails `times` in a row, then the disk is well again.
    """

    calls: tuple[str, ...]
    files: Files = ALL
    nth: int = 1
    does: Literal["kill", "tear"] | int
    times: int = 1


class Trouble:
    """Counts calls, and makes the fault happen at its own."""

    def __init__(self, fault: Fault | None) -> None:
        self._fault, self.counted = fault, 0

    @property
    def happened(self) -> bool:
        """The fault's call has come."""
        return self._fault is not None and self.counted >= self._fault.nth

    def judge(self, call: Call) -> Verdict:
        fault = self._fault
        if fault is None or call.name not in fault.calls or path_of(call) not in fault.files:
            return "let"
        self.counted += 1
        if not fault.nth <= self.counted < fault.nth + fault.times:
            return "let"
        if isinstance(fault.does, int):
            return fault.does
        if fault.does == "tear" and call.name == "pwrite64":
            tear(call, call.arguments[2] // 2)
        os.kill(call.thread, signal.SIGKILL)
        return "killed"
