"""Every error of Earnest; `chain.errors` draws the tree, and each package's `errors` its branches."""
# ruff: noqa: F401, F403

from chain.abi import NoSuchMember
from chain.artifact import ArtifactMissing
from chain.double_spend import ImpossibleRisk
from chain.errors import *
from chain.errors import EarnestError
from chain.finality import FinalBlockUnknown
from chain.follower.errors import *
from chain.network import UnknownNetwork
from chain.outbox.errors import *
from chain.preflight.errors import *
from chain.refusals import *
from chain.signer import KeyringUnusable, NoSuchKey, WrongPassword
from chain.testing.anvil import ToolFailed, ToolMissing
from chain.testing.serve import PortTaken
from channels.duplex.errors import *
from channels.duplex.session.errors import *
from channels.errors import *
from channels.exposure.errors import *
from channels.ledger.errors import *
from channels.promise_errors import *
from channels.settlement.errors import *
from channels.stores.errors import *
from channels.ticks.errors import *
from channels.watchtower.errors import *
from deploy.errors import *
from deploy.record import RecordUnreadable
from earnest.worker.errors import *
from escrow.conditions.errors import *
from escrow.errors import *
from escrow.evidence_errors import *
from escrow.panel.errors import *
from escrow.terms_errors import *

__all__ = [name for name, found in globals().items() if isinstance(found, type) and issubclass(found, EarnestError)]
