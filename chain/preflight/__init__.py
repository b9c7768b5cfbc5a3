"""Checks before anything irreversible: named findings with weights, pure functions of what was read.

`chain.aio.preflight` reads, and asks outside sources.
"""

from chain.preflight import account, addresses, fees, means, past, token
from chain.preflight.errors import PreflightRefused
from chain.preflight.finding import Finding, Weight
from chain.preflight.past import Past
from chain.preflight.payment import Call, PlannedPayment
from chain.preflight.report import Report
from chain.preflight.silence import SOURCE_SILENT
from chain.preflight.thresholds import Thresholds

__all__ = [
    "NAMES",
    "RULES",
    "Call",
    "Finding",
    "Past",
    "PlannedPayment",
    "PreflightRefused",
    "Report",
    "Thresholds",
    "Weight",
]

RULES = tuple(rule for module in (addresses, account, token, means, fees, past) for rule in module.RULES)
NAMES = frozenset(rule.name for rule in RULES) | {SOURCE_SILENT}
"""The names that may be accepted or weighed anew; an outside source brings its own."""
