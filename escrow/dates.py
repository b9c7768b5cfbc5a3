"""Unix seconds for people."""

from datetime import UTC, datetime

_LAST_DATE = 253_402_300_799


def date(time: int) -> str:
    """The day and second in UTC; what lies after the year 9999 stays a number."""
    if time > _LAST_DATE:
        return f"the Unix second {time}"
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
