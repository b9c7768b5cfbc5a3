"""Which contracts make up a deployment, and where they are: no address book is needed to find them."""

from functools import cache

from chain import artifact, create2
from chain.abi import Interface
from chain.units import Address

CONDITIONS = (
    "HashLock",
    "HashChain",
    "AfterTime",
    "Vesting",
    "Approvals",
    "Attestation",
    "PriceFeed",
    "AllOf",
    "AnyOf",
    "AtLeast",
)
CORE = ("Escrow", "VoucherChannels", "DuplexChannels", *CONDITIONS, "ArbiterPanels")
"""In the order in which they are deployed."""
TEST_TOKEN = "TestToken"
"""The USDC of local chains."""
ERC20 = "ERC20"
"""The name under which any token can be called; it is nobody's artifact."""


def init_code(name: str) -> bytes:
    """The creation code of an artifact; none of ours takes constructor arguments. Raises `ArtifactMissing`."""
    return artifact.load(name).creation_code


@cache
def address_of(name: str) -> Address:
    """Where `name` lives, on every chain on which it has been deployed. Raises `ArtifactMissing`."""
    return create2.address_of(init_code(name))


@cache
def interface(name: str) -> Interface:
    """How to talk to `name`. Raises `ArtifactMissing`."""
    return Interface(name, _erc20() if name == ERC20 else artifact.load(name).abi)


@cache
def by_address() -> dict[Address, str]:
    """The names of the core contracts by where they are."""
    return {address_of(name): name for name in CORE}


def _erc20() -> list[dict[str, object]]:
    standard = {"name", "symbol", "decimals", "balanceOf", "allowance", "approve", "transfer", "Transfer", "Approval"}
    signed = {"eip712Domain", "DOMAIN_SEPARATOR", "authorizationState"}  # ERC-5267, ERC-2612, ERC-3009
    listed = [item for item in artifact.load(TEST_TOKEN).abi if item.get("name") in standard | signed]
    version = next(item for item in listed if item.get("name") == "name") | {"name": "version"}  # as USDC has it
    return [*listed, version]
