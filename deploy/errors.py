"""Leaves of the error tree for compiling, deploying and verifying."""

from chain.errors import ChainError, ToolError


class CompilerMissing(ToolError):
    """No compiler of the pinned version could be found or fetched; `tried` says where, and why not."""

    says = "no solc {version}: {tried}"
    version: str
    tried: tuple[str, ...]


class CompileFailed(ToolError):
    """The compiler refused the sources; `messages` are its own, with file and line."""

    says = "solc failed: {messages}"
    messages: tuple[str, ...]


class ProxyMissing(ChainError):
    """Without the deterministic deployment proxy the contracts would get other addresses than everywhere else."""

    says = "chain {chain_id} has no deployment proxy at {address}; its operator must put it there first"
    chain_id: int
    address: str


class NotDeployed(ChainError):
    """Nothing lives where the contract should be."""

    says = "{contract} is not at {address} on chain {chain_id}: run `earnest deploy run`"
    contract: str
    address: str
    chain_id: int


class CodeMismatch(ChainError):
    """Something else lives where the contract should be; `expected` and `found` are hashes without the immutables."""

    says = "at {address} is not {contract}: its code's hash is {found}, not {expected}"
    contract: str
    address: str
    expected: str
    found: str
