"""What is still to be delivered: on disk from the moment that it is known, and gone only once it has arrived."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from earnest.worker.errors import NoSuchEndpoint
from earnest.worker.file import WorkerFile
from earnest.worker.lease import Held, require_held
from earnest.worker.news import Cursor, Seen
from earnest.worker.webhooks.endpoint import Endpoint
from earnest.worker.webhooks.message import Message, message_of, names
from earnest.worker.webhooks.told import Tellings, Told

_KEEP = "INSERT INTO messages (id, subject, body, made_at) VALUES (?, ?, ?, ?) RETURNING position"
_HEADS = """
    SELECT d.position, d.subject, d.attempts, d.failing_since, m.id, m.body
    FROM deliveries d JOIN messages m USING (position)
    WHERE d.endpoint = ?1 AND d.next_at <= ?2
      AND NOT EXISTS (
        SELECT 1 FROM deliveries e WHERE e.endpoint = d.endpoint AND e.subject = d.subject AND e.position < d.position
      )
      AND NOT EXISTS (SELECT 1 FROM disabled WHERE endpoint = ?1)
    ORDER BY d.next_at, d.position LIMIT ?3
"""
_DONE = "DELETE FROM deliveries WHERE endpoint = ? AND subject = ? AND position = ?"
_FORGET = "DELETE FROM messages WHERE position = ?1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE position = ?1)"
_LATER = """
    UPDATE deliveries SET attempts = attempts + 1, failing_since = coalesce(failing_since, ?), next_at = ?
    WHERE endpoint = ? AND subject = ? AND position = ?
"""
_STANDING = """
    SELECT count(*), min(m.made_at), (SELECT why FROM disabled WHERE endpoint = ?1)
    FROM deliveries d JOIN messages m USING (position) WHERE d.endpoint = ?1
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One message for one endpoint, before which none of its subject waits. `failing_since` is a Unix second."""

    endpoint: str
    subject: str
    position: int
    attempts: int
    failing_since: float | None
    message_id: str
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """`oldest` is when the first message that waits was read, in Unix seconds; `disabled` why nothing is sent."""

    pending: int
    oldest: float | None
    disabled: str | None


class Deliveries:
    """Kept for `endpoints`; where `parties` are given, only what is about their payments, channels and credits.

    A payment or channel is theirs from the first event on that names one of them.
    """

    def __init__(
        self, file: WorkerFile, chain_id: int, endpoints: Sequence[Endpoint], parties: Collection[str] = ()
    ) -> None:
        self._file, self._chain_id, self._endpoints, self._parties = file, chain_id, endpoints, parties
        self._tellings = Tellings(file)

    @property
    def cursor(self) -> Cursor:
        """Up to where everything is kept."""
        ((latest, final, mark, reading),) = self._file.rows("SELECT latest, final, mark, reading FROM cursor")
        return Cursor(latest=latest, final=final, mark=mark, reading=reading)

    def keep(self, held: Held, seen: Iterable[Seen], cursor: Cursor, now: float) -> int | None:
        """Together with the cursor, or not at all; how many messages that makes. Raises `WorkerLeaseLost`.

        None, with nothing kept, where a person has meanwhile said that all is read again: only who holds the lease
        moves a cursor on, so that its `reading` says whether it still is the one that was read.
        """
        with self._file.transaction():
            require_held(self._file, held)
            if self.cursor.reading != cursor.reading:
                return None
            kept = sum([self._keep(telling, now, cursor.reading) for telling in seen])
            place = cursor.latest, cursor.final, cursor.mark
            self._file.change("UPDATE cursor SET latest = ?, final = ?, mark = ?", *place)
        return kept

    def doubtful(self, cursor: Cursor) -> list[Told]:
        """What was told as `latest` before a person said that all is read again, the newest first."""
        return self._tellings.doubtful(cursor.reading)

    def take_back(self, held: Held, undone: Iterable[Told], cursor: Cursor, now: float) -> int | None:
        """Of what was doubtful, what the follower doesn't have; how many messages that makes, None as for `keep`."""
        with self._file.transaction():
            require_held(self._file, held)
            if self.cursor.reading != cursor.reading:
                return None
            kept = 0
            for told in undone:
                kept += self._deliver(told.undone(cursor.reading, now), now)
                self._tellings.forget(*told.place[1:])
            self._tellings.looked_at(cursor.reading)
        return kept

    def due(self, endpoint: str, now: float, most: int) -> list[Delivery]:
        """Of each subject the first that waits, if its time has come; none of a disabled endpoint."""
        rows = self._file.rows(_HEADS, endpoint, now, most)
        return [
            Delivery(
                endpoint=endpoint,
                position=position,
                subject=subject,
                attempts=attempts,
                failing_since=since,
                message_id=message_id,
                body=body,
            )
            for position, subject, attempts, since, message_id, body in rows
        ]

    def delivered(self, held: Held, delivery: Delivery) -> None:
        """It has arrived; the next of its subject is due. Raises `WorkerLeaseLost`."""
        with self._file.transaction():
            require_held(self._file, held)
            self._file.change(_DONE, delivery.endpoint, delivery.subject, delivery.position)
            self._file.change(_FORGET, delivery.position)

    def failed(self, held: Held, delivery: Delivery, now: float, next_at: float) -> None:
        """It is tried again, and the rest of its subject waits. Raises `WorkerLeaseLost`."""
        with self._file.transaction():
            require_held(self._file, held)
            self._file.change(_LATER, now, next_at, delivery.endpoint, delivery.subject, delivery.position)

    def disable(self, held: Held, endpoint: str, now: float, why: str) -> None:
        """Nothing more is sent there; everything is still kept. Raises `WorkerLeaseLost`."""
        with self._file.transaction():
            require_held(self._file, held)
            self._file.change("INSERT INTO disabled VALUES (?, ?, ?) ON CONFLICT DO NOTHING", endpoint, now, why)

    def enable(self, endpoint: str) -> int:
        """A person says that it works again; how many messages wait, all of them due now. Raises `NoSuchEndpoint`."""
        known = tuple(found.name for found in self._endpoints)
        if endpoint not in known:
            raise NoSuchEndpoint(endpoint, known)
        with self._file.transaction():
            self._file.change("DELETE FROM disabled WHERE endpoint = ?", endpoint)
            return self._file.change(
                "UPDATE deliveries SET attempts = 0, failing_since = NULL, next_at = 0 WHERE endpoint = ?", endpoint
            )

    def read_again(self) -> None:
        """A person says that the follower's file was made anew: all of it is told, as if for the first time.

        It comes under new ids and after what still waits: an endpoint hears all of it, in one order.
        """
        self._file.change("UPDATE cursor SET latest = 0, final = 0, mark = '', reading = reading + 1")

    def standing(self, endpoint: str) -> Standing:
        """What a person wants to know."""
        ((pending, oldest, disabled),) = self._file.rows(_STANDING, endpoint)
        return Standing(pending=pending, oldest=oldest, disabled=disabled)

    def _keep(self, telling: Seen, now: float, reading: int) -> int:
        message = message_of(telling, self._chain_id, now, reading)
        self._tellings.forget(telling.event.block_hash, telling.event.log_index)
        if not self._is_ours(telling, message) or not self._deliver(message, now):
            return 0
        self._tellings.note(telling.event, message, reading)
        return 1

    def _deliver(self, message: Message, now: float) -> int:
        wanted = [endpoint.name for endpoint in self._endpoints if message.finality in endpoint.finality]
        if not wanted:
            return 0
        ((place,),) = self._file.rows(_KEEP, message.id, message.subject, message.body, now)
        for name in wanted:
            self._file.change("INSERT INTO deliveries VALUES (?, ?, ?, 0, NULL, 0)", name, message.subject, place)
        return 1

    def _is_ours(self, telling: Seen, message: Message) -> bool:
        if not self._parties:
            return True
        if any(names(telling.event, party) for party in self._parties):
            if message.subject != telling.event.address:  # A credit names an owner, and is about nothing more.
                self._file.change("INSERT INTO subjects VALUES (?) ON CONFLICT DO NOTHING", message.subject)
            return True
        return bool(self._file.rows("SELECT 1 FROM subjects WHERE subject = ?", message.subject))
