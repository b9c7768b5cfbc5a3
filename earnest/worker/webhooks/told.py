"""What was told as `latest`, and neither as final nor as undone since: a follower made anew may not have it."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chain.receipt import Event
from earnest.worker.file import WorkerFile
from earnest.worker.news import Place
from earnest.worker.webhooks.message import Message, message_undoing

_NOTE = "INSERT INTO told VALUES (?, ?, ?, ?, ?)"
_FORGET = "DELETE FROM told WHERE block_hash = ? AND log_index = ?"
_DOUBTFUL = "SELECT body FROM told WHERE reading < ? ORDER BY block DESC, log_index DESC"


@dataclass(frozen=True)
class Told:
    """`body` is what an endpoint got."""

    body: str

    @cached_property
    def event(self) -> dict[str, Any]:
        """As `Event.to_json` has it."""
        event: dict[str, Any] = json.loads(self.body)["data"]
        return event

    @property
    def subject(self) -> str:
        """What it was about."""
        return str(json.loads(self.body)["subject"])

    @property
    def place(self) -> Place:
        """Where it was."""
        return self.event["block"], self.event["blockHash"], self.event["logIndex"]

    def undone(self, reading: int, now: float) -> Message:
        """What takes it back."""
        return message_undoing(self.body, reading, now)


class Tellings:
    """As many as there are events of ours since the final block; each is of the reading in which it was last told."""

    def __init__(self, file: WorkerFile) -> None:
        self._file = file

    def note(self, event: Event, message: Message, reading: int) -> None:
        """Within a transaction."""
        if message.finality == "latest":
            self._file.change(_NOTE, event.block_hash, event.log_index, event.block, message.body, reading)

    def forget(self, block_hash: str, log_index: int) -> None:
        """Within a transaction: it is final or undone, and that is kept, too."""
        self._file.change(_FORGET, block_hash, log_index)

    def doubtful(self, reading: int) -> list[Told]:
        """Those of an earlier reading, the newest first."""
        return [Told(body) for (body,) in self._file.rows(_DOUBTFUL, reading)]

    def looked_at(self, reading: int) -> None:
        """Within a transaction: those that are left are in the follower's file, which tells what becomes of them."""
        self._file.change("UPDATE told SET reading = ?", reading)
