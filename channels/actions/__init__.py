"""What can be asked of a lane; one value a verb of the contract, its calldata as fields.

A signature is the fact whose it is, as `channels.signature.signer_of` finds it.
"""

from channels.actions.claims import Claim, Claiming, ClaimPromised, Record
from channels.actions.ends import CancelClose, Close, CloseBySig, Ending, RequestClose, Sweep, Withdraw
from channels.actions.funding import Funding, Open, OpenBySig, TopUp, TopUpBySig

Action = Funding | Claiming | Ending

__all__ = [
    "Action",
    "CancelClose",
    "Claim",
    "ClaimPromised",
    "Claiming",
    "Close",
    "CloseBySig",
    "Ending",
    "Funding",
    "Open",
    "OpenBySig",
    "Record",
    "RequestClose",
    "Sweep",
    "TopUp",
    "TopUpBySig",
    "Withdraw",
]
