"""Guards channels for those who can't watch the chain: rules alone, without keys, disk, sockets or clocks.

A client hands its newest message over; a tower answers by it whatever would end with less than it is worth.
"""

from channels.watchtower.guard import Guard
from channels.watchtower.job import Job
from channels.watchtower.lanes import LaneLook, plan_lanes
from channels.watchtower.policy import TowerPolicy
from channels.watchtower.proof import Proof
from channels.watchtower.quota import Quota
from channels.watchtower.reading import read_job, write_job
from channels.watchtower.steps import Act, Wait
from channels.watchtower.two_way import DuplexLook, plan_duplex

__all__ = [
    "Act",
    "DuplexLook",
    "Guard",
    "Job",
    "LaneLook",
    "Proof",
    "Quota",
    "TowerPolicy",
    "Wait",
    "plan_duplex",
    "plan_lanes",
    "read_job",
    "write_job",
]
