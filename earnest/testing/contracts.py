"""Contracts that don't behave: a receiver that refuses money, and tokens that break ERC-20's rules."""

from typing import Any, Literal, get_args

from chain import LocalChain, Receipt, Signer, Token
from chain.contracts import init_code, interface
from chain.create2 import PROXY, address_of, call_data
from chain.errors import Malformed
from chain.keccak import keccak

RECEIVER = "RefusingReceiver"
BadToken = Literal["fee-on-transfer", "returns-false", "no-return", "false-on-success"]
_TOKENS = {
    "fee-on-transfer": "FeeOnTransferToken",
    "returns-false": "ReturnsFalseToken",
    "no-return": "NoReturnToken",
    "false-on-success": "FalseOnSuccessToken",
}


class RefusingReceiver:
    """A party that is a contract. It refuses native currency until it is told not to; anyone lets it act."""

    def __init__(self, chain: LocalChain, signer: Signer, name: str) -> None:
        salt = keccak(name.encode())
        self.name, self.address = name, address_of(init_code(RECEIVER), salt)
        self._chain, self._signer = chain, signer
        chain.execute(signer, PROXY, call_data(init_code(RECEIVER), salt))
        chain.fund(self.address)

    def refuse(self, *, refusing: bool) -> Receipt:
        """Whether it takes native currency from now on."""
        return self._chain.send(self._signer, RECEIVER, "refuse", refusing, at=self.address)

    def act(self, contract: str, function: str, *args: Any, at: str | None = None, value: int = 0) -> Receipt:
        """Calls a contract as the receiver, as `Chain.send` does as a signer; `value` is its own money, in wei."""
        data = interface(contract).function(function, len(args)).call_data(args)
        to = at or self._chain.address_of(contract)
        return self._chain.send(self._signer, RECEIVER, "act", to, value, data, at=self.address)


def deploy_bad_token(chain: LocalChain, signer: Signer, kind: BadToken) -> Token:
    """A token of six decimals which anyone may mint. Raises `Malformed` for an unknown kind."""
    if kind not in _TOKENS:
        raise Malformed("bad token", f"{kind!r} is none of {', '.join(get_args(BadToken))}")
    name = _TOKENS[kind]
    if not chain.code(chain.address_of(name), as_of="latest"):
        chain.execute(signer, PROXY, call_data(init_code(name)))
    return chain.token(chain.address_of(name))


def mint(chain: LocalChain, signer: Signer, token: Token, owner: str, amount: str) -> None:
    """Money from nowhere, of a bad token or the test USDC."""
    chain.send(signer, "TestToken", "mint", owner, token(amount).units, at=token.address)
