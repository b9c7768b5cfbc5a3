"""Time, money, code and history of the embedded chain at will, under the names that anvil gives them."""

from collections.abc import Callable
from typing import Any

from eth_utils.exceptions import ValidationError

from chain.testing.state import rewind, written

Endpoints = dict[str, Callable[[Any, list[Any]], Any]]


class Controls:
    """For one eth-tester `backend`; what is set by hand is mined at once."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._snapshots: dict[int, bytes] = {}
        self._taken = 0

    @property
    def evm(self) -> Endpoints:
        """Under `evm_`."""
        return {
            "mine": self._mine,
            "revert": self._revert,
            "setNextBlockTimestamp": self._set_next_time,
            "snapshot": self._snapshot,
        }

    @property
    def anvil(self) -> Endpoints:
        """Under `anvil_`."""
        return {"mine": self._mine, "setBalance": self._set_balance, "setCode": self._set_code}

    def _mine(self, _: Any, params: list[Any]) -> None:
        self._backend.mine_blocks(number(params[0]) if params else 1)

    def _set_next_time(self, _: Any, params: list[Any]) -> None:
        moment, earliest = number(params[0]), self._backend.chain.get_canonical_head().timestamp + 1
        if moment < earliest:
            raise ValidationError(f"the next block can't be earlier than {earliest}")
        self._backend.chain.set_header_timestamp(moment)

    def _set_balance(self, _: Any, params: list[Any]) -> None:
        written(self._backend.chain, params[0], lambda state, owner: state.set_balance(owner, number(params[1])))
        self._backend.mine_blocks(1)

    def _set_code(self, _: Any, params: list[Any]) -> None:
        code = bytes.fromhex(params[1].removeprefix("0x"))
        written(self._backend.chain, params[0], lambda state, place: state.set_code(place, code))
        self._backend.mine_blocks(1)

    def _snapshot(self, _: Any, __: list[Any]) -> int:
        self._taken += 1
        self._snapshots[self._taken] = self._backend.chain.get_canonical_head().hash
        return self._taken

    def _revert(self, _: Any, params: list[Any]) -> bool:
        """A snapshot and those taken after it are used up by it."""
        wanted = number(params[0])
        if wanted not in self._snapshots:
            return False
        rewind(self._backend.chain, self._snapshots[wanted])
        self._snapshots = {taken: block for taken, block in self._snapshots.items() if taken < wanted}
        return True


def number(value: int | str) -> int:
    """JSON-RPC writes numbers in hex; a caller inside the process may not."""
    return int(value, 16) if isinstance(value, str) else value
