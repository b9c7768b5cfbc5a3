"""A job as it comes from anybody: what costs nothing to refuse, first."""

import msgspec

from chain.errors import Malformed
from channels.watchtower.job import Job

LONGEST = 65_536
"""Bytes of a job: sixteen promises with their proofs take 20,000 where they are preimages or ticks."""
_MOST_BRACKETS = 128
"""Three times what is needed; deep nesting would end the process."""


def read_job(body: bytes) -> Job:
    """From canonical JSON: as `write_job` writes it, without spaces, each name once. Raises `InvalidValue`, and what
    `Job` raises. Nothing is said yet of its signatures.
    """
    if len(body) > LONGEST:
        raise Malformed("job", f"it is longer than {LONGEST} bytes")
    if body.count(b"[") + body.count(b"{") > _MOST_BRACKETS:
        raise Malformed("job", f"it has more than {_MOST_BRACKETS} brackets")
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("job", f"it is no JSON: {error}") from None
    job = Job.from_json(data)
    if write_job(job) != body:
        raise Malformed("job", "it is not in canonical form: a name stands twice, or it is written otherwise")
    return job


def write_job(job: Job) -> bytes:
    """The one text that a job has."""
    return msgspec.json.encode(job.to_json())
