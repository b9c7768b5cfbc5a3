"""The rows `duplex.*`."""

from benchmarks.gas.world import World
from chain import Token
from chain.signing import compact
from chain.typed_data import TypedData
from chain.units import NO_HASH, Seconds
from channels.duplex.channel import DuplexChannel
from channels.duplex.messages import CloseTogether, State

_DAY = Seconds(86_400)
_DEPOSIT = 10_000_000
_CONTRACT = "DuplexChannels"
_NO_PROMISES = (NO_HASH, 0, 0, 0)
_Posted = tuple[int, int, int, bytes]
_Signatures = tuple[bytes, bytes, bytes, bytes]


def measure(world: World) -> dict[str, int]:
    """Every row, by its key."""
    scene = _Scene(world)
    scene.deposit(scene.channel(world.native, salt=99), epoch=0)  # the contract holds some of the native currency, too
    rows: dict[str, int] = {}
    for name in ("erc20", "eth"):
        rows |= scene.life(world.token(name), name)
    return rows


class _Scene:
    """The payer is A, the payee is B."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.domain = world.chain.domain(_CONTRACT)

    def channel(self, token: Token, salt: int) -> DuplexChannel:
        return DuplexChannel(
            party_a=self.world.payer.address,
            party_b=self.world.payee.address,
            token=token.address,
            signer_a=self.world.payer.address,
            signer_b=self.world.payee.address,
            window=_DAY,
            promise_window=Seconds(7 * _DAY),
            salt=salt,
        )

    def deposit(self, channel: DuplexChannel, epoch: int) -> int:
        value = _DEPOSIT if channel.token == self.world.native.address else 0
        return self._gas("deposit", channel, epoch, _DEPOSIT, value=value)

    def life(self, token: Token, name: str) -> dict[str, int]:
        """One channel through both of its ends: together, and by a fight."""
        world, channel = self.world, self.channel(token, salt=1)
        rows = {f"duplex.deposit.{name}": self.deposit(channel, epoch=0)}
        close = CloseTogether(channel_id=channel.id, epoch=0, net=3_000_000, deadline=Seconds(world.chain.now() + _DAY))
        by_b = self._signed(close)
        rows[f"duplex.close.{name}"] = self._gas("closeTogether", channel, (0, close.net, close.deadline), by_b)
        rows[f"duplex.redeposit.{name}"] = self.deposit(channel, epoch=1)
        old, new = self._state(channel, 1, 2_000_000), self._state(channel, 2, 3_000_000)
        rows[f"duplex.challenge.{name}"] = self._gas("challenge", channel, *old)
        rows[f"duplex.answer.{name}"] = self._gas("answer", channel, *new)
        world.chain.travel(to=Seconds(world.chain.now() + _DAY))
        rows[f"duplex.pay_out.{name}"] = self._gas("payOut", channel, _NO_PROMISES)
        rows[f"duplex.fight.{name}"] = sum(rows[f"duplex.{verb}.{name}"] for verb in ("challenge", "answer", "pay_out"))
        return rows

    def _state(self, channel: DuplexChannel, version: int, net: int) -> tuple[_Posted, _Signatures]:
        state = State(channel_id=channel.id, epoch=1, version=version, net=net)
        return (1, version, net, NO_HASH), self._signed(state)

    def _signed(self, message: TypedData) -> _Signatures:
        """B's signature; A calls, so its own stays zero."""
        r, vs = compact(self.world.payee.sign(self.domain, message).signature)
        return NO_HASH, NO_HASH, r, vs

    def _gas(self, verb: str, channel: DuplexChannel, *args: object, value: int = 0) -> int:
        return self.world.gas(self.world.payer, _CONTRACT, verb, channel.calldata, *args, value=value)
