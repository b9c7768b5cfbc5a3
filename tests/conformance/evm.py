"""The contracts in an EVM without blocks, fast enough for thousands of random calls."""

import re
from collections.abc import Collection
from typing import Any

import pytest

from chain import contracts, create2
from chain.revert import error_of
from chain.units import NOBODY, Address

pyrevm = pytest.importorskip("pyrevm", reason="it has no wheels for Python 3.13 yet")
_OUTPUT = re.compile(r"output: 0x([0-9a-f]*)")


class Evm:
    """Everybody in `people` has `rich` of both tokens, of which the contract `spender` may take any amount."""

    def __init__(self, people: Collection[Address], rich: int, spender: str, now: int, chain_id: int = 1) -> None:
        self._evm = pyrevm.EVM(env=pyrevm.Env(cfg=pyrevm.CfgEnv(chain_id=chain_id)))
        self._evm.insert_account_info(create2.PROXY, pyrevm.AccountInfo(code=create2.PROXY_CODE))
        self.travel(now)
        for name in (*contracts.CORE, contracts.TEST_TOKEN):
            self._evm.message_call(NOBODY, create2.PROXY, calldata=create2.call_data(contracts.init_code(name)))
        for person in people:
            self._evm.set_balance(person, rich)
            self.send(NOBODY, contracts.TEST_TOKEN, "mint", person, rich)
            self.send(person, contracts.TEST_TOKEN, "approve", contracts.address_of(spender), 2**256 - 1)

    def travel(self, now: int) -> None:
        """Calls happen at this second from now on."""
        self._evm.set_block_env(pyrevm.BlockEnv(number=1, timestamp=now))

    def send(self, caller: Address, contract: str, function: str, *args: Any, value: int = 0) -> Any:
        """What the function answers. Raises the contract's error by its name."""
        entry = contracts.interface(contract).function(function, len(args))
        try:
            found = self._evm.message_call(
                caller, contracts.address_of(contract), calldata=entry.call_data(args), value=value
            )
        except RuntimeError as error:
            raise error_of(bytes.fromhex(_OUTPUT.findall(str(error))[0])) from None
        return entry.result(bytes(found))

    def balance(self, token: Address, owner: Address) -> int:
        """In base units."""
        if token == NOBODY:
            return int(self._evm.get_balance(owner))
        return int(self.send(NOBODY, contracts.TEST_TOKEN, "balanceOf", owner))
