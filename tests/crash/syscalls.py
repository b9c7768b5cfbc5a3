"""The numbers of the system calls by which a database changes what lies on disk, and by which a process speaks."""

import platform
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """Numbers as the kernel counts them on one kind of machine; `audit` is how a filter names that kind."""

    audit: int
    seccomp: int
    numbers: dict[str, int]


_MACHINES = {
    "x86_64": Machine(
        audit=0xC000003E,
        seccomp=317,
        numbers={
            "write": 1,
            "pwrite64": 18,
            "sendto": 44,
            "fcntl": 72,
            "fsync": 74,
            "fdatasync": 75,
            "ftruncate": 77,
        },
    ),
    "aarch64": Machine(
        audit=0xC00000B7,
        seccomp=277,
        numbers={
            "write": 64,
            "pwrite64": 68,
            "sendto": 206,
            "fcntl": 25,
            "fsync": 82,
            "fdatasync": 83,
            "ftruncate": 46,
        },
    ),
}
HERE = _MACHINES.get(platform.machine())
"""None where no numbers are known."""

DISK = ("pwrite64", "ftruncate", "fsync", "fdatasync")
"""What changes a file, and what makes the change durable."""
SPEECH = ("write", "sendto")
"""What leaves the process."""
LOCKS = ("fcntl",)
"""What SQLite does between two changes."""
