"""Several nodes that must say the same: what one of them invents, hides or doesn't know yet is believed by nobody."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from web3.types import RPCEndpoint, RPCResponse

from chain.aio.endpoint import AsyncEndpoint
from chain.errors import NodesDisagree, NodeUnreachable, WrongChain
from chain.quorum import BLOCK_OF, MIDDLES, POOL, TAGS, read, said
from chain.transport.unanswered import Unanswered

Encode = Callable[[RPCEndpoint, Any], bytes]
_BLOCK = RPCEndpoint("eth_getBlockByNumber")
_RECEIPT = "eth_getTransactionReceipt"
_DEEPEST_FORK = 8
"""Blocks below the newest one in which nodes that disagree are searched for the last that they have in common."""


class AsyncQuorum:
    """An answer counts once `needed` nodes give it. A tag is what so many have reached; `pending` is `latest`."""

    def __init__(self, nodes: Sequence[AsyncEndpoint], needed: int, encode: Encode) -> None:
        self._nodes, self._needed, self._encode = nodes, needed, encode

    async def ask(self, method: RPCEndpoint, params: Sequence[Any]) -> RPCResponse:
        """Raises `NodesDisagree`, `NodeUnreachable`, `WrongChain`. A receipt not agreed on is not there yet."""
        if _is_middle(method, params):
            return await self._middle(method, params)
        place = BLOCK_OF.get(method)
        if method == _BLOCK and params[0] in TAGS:
            return await self._tagged(params[0])
        if place is not None and params[place] in TAGS:
            block: Any = await self._tagged(params[place])
            params = [*params[:place], block["result"]["number"], *params[place + 1 :]]
        votes = _Votes(method, self._needed)
        for node in self._by_readiness():
            if answer := await self._put(votes, node, params):
                return answer
        if method == _RECEIPT and votes.count >= self._needed:
            return _answer(None)
        return votes.undecided()

    async def _tagged(self, tag: str) -> RPCResponse:
        """The newest block that enough nodes have reached, or where they are on branches, the last before these."""
        wanted = "latest" if tag == "pending" else tag
        heights, votes = list[int](), _Votes(_BLOCK, self._needed)
        for node in self._by_readiness():
            if len(heights) >= self._needed and node.resting:
                break
            if (height := await self._height(votes, node, wanted)) is not None:
                heights.append(height)
        if len(heights) < self._needed:
            return votes.undecided()
        reached = sorted(heights)[-self._needed]
        for number in range(reached, max(-1, reached - _DEEPEST_FORK), -1):
            votes = _Votes(_BLOCK, self._needed)
            for node in self._by_readiness():
                answer = await self._put(votes, node, [hex(number), False])
                if answer and answer.get("result"):
                    return answer
        return votes.undecided()

    async def _middle(self, method: RPCEndpoint, params: Sequence[Any]) -> RPCResponse:
        """Where no `needed` nodes say the same, the middle of what all of them say."""
        votes = _Votes(method, self._needed)
        for node in self._by_readiness():
            if votes.count >= self._needed and node.resting:
                break
            if answer := await self._put(votes, node, params):
                return answer
        return votes.middle() or votes.undecided()

    async def _height(self, votes: "_Votes", node: AsyncEndpoint, tag: str) -> int | None:
        try:
            answer: Any = await node.ask(self._encode(_BLOCK, [tag, False]))
            return int(answer["result"]["number"], 16)
        except Unanswered as reason:
            votes.silent.append((node.host, str(reason)))
        except WrongChain as wrong:
            votes.keep_out(node.host, wrong)
        except (KeyError, TypeError, ValueError):
            votes.silent.append((node.host, f"it has no {tag} block"))
        return None

    async def _put(self, votes: "_Votes", node: AsyncEndpoint, params: Sequence[Any]) -> RPCResponse | None:
        """Asks one more node; the answer that has enough votes with its own."""
        try:
            return votes.add(node.host, await node.ask(self._encode(votes.method, params)))
        except Unanswered as reason:
            votes.silent.append((node.host, str(reason)))
        except WrongChain as wrong:
            votes.keep_out(node.host, wrong)
        return None

    def _by_readiness(self) -> list[AsyncEndpoint]:
        return sorted(self._nodes, key=lambda node: node.resting)


def _is_middle(method: str, params: Sequence[Any]) -> bool:
    """Whether each honest node may say another number."""
    return method in MIDDLES or (method == POOL and params[1] == "pending")


class _Votes:
    """What was answered to one question, by whom."""

    def __init__(self, method: RPCEndpoint, needed: int) -> None:
        self.method, self._needed = method, needed
        self.silent: list[tuple[str, str]] = []
        self._wrong: WrongChain | None = None
        self._refused: list[RPCResponse] = []
        self._said: list[tuple[str, str]] = []
        self._numbers: list[int] = []

    @property
    def count(self) -> int:
        """Of nodes that have answered something, refusals counted."""
        return len(self._said) + len(self._refused)

    def add(self, host: str, answer: RPCResponse) -> RPCResponse | None:
        """The answer, once it has enough votes."""
        text = said(self.method, answer)
        if text is None:
            self._refused.append(answer)
            return None
        self._said.append((host, text))
        with suppress(KeyError, TypeError, ValueError):
            self._numbers.append(int(answer["result"], 16))
        if self._votes(text) < self._needed:
            return None
        if "error" in answer:
            return answer
        return {**answer, "result": read(self.method, answer.get("result"))}

    def keep_out(self, host: str, wrong: WrongChain) -> None:
        """A node of another chain has no say; it is an error where the others are too few."""
        self.silent.append((host, str(wrong)))
        self._wrong = wrong

    def middle(self) -> RPCResponse | None:
        """The lower one of two for what a pool holds: a nonce too high would leave a gap, one too low is refused."""
        if len(self._numbers) < self._needed:
            return None
        place = (len(self._numbers) - 1) // 2 if self.method == POOL else len(self._numbers) // 2
        return _answer(hex(sorted(self._numbers)[place]))

    def undecided(self) -> RPCResponse:
        """A refusal that keeps an answer from being agreed; else raises `NodesDisagree` or `NodeUnreachable`."""
        if self.count < self._needed and self._wrong:
            raise self._wrong
        if self.count < self._needed:
            raise NodeUnreachable(", ".join(host for host, _ in self.silent), ", ".join(why for _, why in self.silent))
        most = max((self._votes(text) for _, text in self._said), default=0)
        if most + len(self._refused) >= self._needed:
            return self._refused[0]
        raise NodesDisagree(self.method, self._needed, tuple(self._said))

    def _votes(self, text: str) -> int:
        return sum(text == other for _, other in self._said)


def _answer(result: Any) -> RPCResponse:
    return {"jsonrpc": "2.0", "id": 0, "result": result}
