"""How the contracts are compiled: one source for py-solc-x, the artifacts and forge (a test compares foundry.toml)."""

from typing import Any

SOLC_VERSION = "0.8.37"
EVM_VERSION = "cancun"  # The compiler's own default is newer than what embedded test chains and some L2s run.
OPTIMIZER_RUNS = 1_000_000

REMAPPINGS = (
    "@openzeppelin/contracts/=node_modules/@openzeppelin/contracts/",
    "solady/=node_modules/solady/",
)


def compiler_settings(remappings: tuple[str, ...] = REMAPPINGS) -> dict[str, Any]:
    """The `settings` of solc's standard JSON; without metadata in the code, equal sources give equal bytes."""
    return {
        "evmVersion": EVM_VERSION,
        "metadata": {"appendCBOR": False, "bytecodeHash": "none"},
        "optimizer": {"enabled": True, "runs": OPTIMIZER_RUNS},
        "remappings": list(remappings),
        "viaIR": True,
    }
