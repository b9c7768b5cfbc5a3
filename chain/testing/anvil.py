"""Foundry's anvil as a process of ours, which ends with us however we end."""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from chain.errors import ToolError

_LISTENING = re.compile(rb"Listening on 127\.0\.0\.1:(\d+)")
# The shell waits for the end of our pipe, which comes even if we are killed, and takes anvil along.
_LEASH = '"$@" </dev/null & trap "kill $!; wait" EXIT; read -r _'


class ToolMissing(ToolError):
    """A program that we drive is nowhere to be found."""

    says = "{tool} is missing, neither in node_modules nor on PATH: run `make setup`"
    tool: str


class ToolFailed(ToolError):
    """A program that we drive did not do what it is for."""

    says = "{tool}: {why}"
    tool: str
    why: str


class Anvil:
    """One node on a free port of the loopback interface; blocks are one second apart, and mined when there is work."""

    def __init__(self, startup: float = 10.0) -> None:
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
        command = [find(), "--host", "127.0.0.1", "--port", "0", "--slots-in-an-epoch", "1", "--hardfork", "prague"]
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _LEASH, "anvil", *command],
            stdin=subprocess.PIPE,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        try:
            self.url = f"http://127.0.0.1:{self._port(startup)}"
        except BaseException:
            self.close()
            raise

    def serve(self, port: int = 0) -> str:
        """Its URL; it has chosen its port itself. Raises `ToolFailed` if another is wanted."""
        if port:
            raise ToolFailed("anvil", f"it can't be moved from {self.url} to port {port}")
        return self.url

    def close(self) -> None:
        """Ends the node. Idempotent."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def _port(self, startup: float) -> int:
        deadline = time.monotonic() + startup
        while time.monotonic() < deadline:
            if found := _LISTENING.search(self._read()):
                return int(found[1])
            time.sleep(0.01)
        said = self._read()[-300:].decode(errors="replace")
        raise ToolFailed("anvil", f"not ready after {startup:g} seconds: {said}")

    def _read(self) -> bytes:
        self._output.seek(0)
        return self._output.read()


def find() -> str:
    """The path of anvil, the one that npm brought first. Raises `ToolMissing`."""
    for folder in (Path.cwd(), *Path.cwd().parents, Path(__file__).parents[2]):
        for found in (folder / "node_modules" / "@foundry-rs").glob("anvil-*/bin/anvil"):
            return str(found)
    if on_path := shutil.which("anvil"):
        return on_path
    raise ToolMissing("anvil")
