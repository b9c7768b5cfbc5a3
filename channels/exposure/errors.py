"""What limits refuse.

Refused
    OverLimit
"""

from chain.errors import Refused


class OverLimit(Refused):
    """One's own limit of this name would be passed, in base units; nothing was accepted or promised."""

    says = "{limit_name} would be {would_be}, the limit is {limit}"
    limit_name: str
    would_be: int
    limit: int
