"""What a waiting call would do to which file, and the part of it that a torn write leaves."""

from dataclasses import dataclass
from pathlib import Path

from tests.crash.seccomp import Call


@dataclass(frozen=True, slots=True)
class Files:
    """Those whose path ends so, and has this folder in it."""

    endings: tuple[str, ...] = ("",)
    folder: str = ""

    def __contains__(self, path: str) -> bool:
        return path.endswith(self.endings) and self.folder in path


ALL, NONE = Files(), Files(())


def path_of(call: Call) -> str:
    """The file, pipe or socket that the call is about; empty where its process has died."""
    try:
        return str(Path(f"/proc/{call.thread}/fd/{call.arguments[0]}").readlink())
    except OSError:
        return ""


def tear(call: Call, size: int) -> None:
    """Writes the first `size` bytes of a `pwrite64` that will never happen as a whole."""
    _, address, whole, offset, *_ = call.arguments
    with Path(f"/proc/{call.thread}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        part = memory.read(min(size, whole))
    with Path(path_of(call)).open("r+b", buffering=0) as file:
        file.seek(offset)
        file.write(part)
