"""Decides about every call that waits."""

from dataclasses import dataclass, field

from tests.crash.disk import Disk
from tests.crash.fault import Trouble
from tests.crash.seccomp import let, receive, refuse, skip


@dataclass(kw_only=True, slots=True)
class Supervisor:
    """What goes wrong, and the disk on which it does."""

    trouble: Trouble = field(default_factory=lambda: Trouble(None))
    disk: Disk | None = None

    def decide(self, listener: int) -> None:
        """About the next one; whoever made it may be dead."""
        call = receive(listener)
        if call is None:
            return
        verdict = self.trouble.judge(call)
        if isinstance(verdict, int):
            refuse(listener, call, verdict)
        elif verdict == "let":
            done = self.disk is not None and self.disk.carry_out(call)
            (skip if done else let)(listener, call)
