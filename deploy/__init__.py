"""Deploying: the same addresses on every chain, found missing, put there, compared with what was compiled."""

from deploy.errors import CodeMismatch, CompileFailed, CompilerMissing, NotDeployed, ProxyMissing
from deploy.plan import Plan, Row, plan
from deploy.record import Deployed, Record, RecordUnreadable
from deploy.run import run
from deploy.verify import verify

__all__ = [
    "CodeMismatch",
    "CompileFailed",
    "CompilerMissing",
    "Deployed",
    "NotDeployed",
    "Plan",
    "ProxyMissing",
    "Record",
    "RecordUnreadable",
    "Row",
    "plan",
    "run",
    "verify",
]
