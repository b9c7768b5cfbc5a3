"""The rows `channel.*`."""

from benchmarks.gas.world import World, signer
from chain import Signer, Token
from chain.signing import compact
from chain.units import Amount, Seconds
from channels.channel import Channel
from channels.claim_batch import batches
from channels.voucher import SignedVoucher, Voucher

_DAY = Seconds(86_400)
_DEPOSIT = 10_000_000
_CONTRACT = "VoucherChannels"


def measure(world: World) -> dict[str, int]:
    """Every row, by its key."""
    scene = _Scene(world)
    scene.open(scene.channel(world.payer, world.native, salt=99))  # the contract holds some of the native currency, too
    rows: dict[str, int] = {}
    for name in ("erc20", "eth"):
        rows |= scene.life(world.token(name), name)
    for count in (10, 100):
        rows[f"channel.claim{count}.erc20"] = scene.claim_many(count)
    return rows


class _Scene:
    def __init__(self, world: World) -> None:
        self.world = world
        self.domain = world.chain.domain(_CONTRACT)

    def channel(self, payer: Signer, token: Token, salt: int) -> Channel:
        return Channel(
            payer=payer.address,
            payee=self.world.payee.address,
            token=token.address,
            signer=payer.address,
            window=_DAY,
            promise_window=Seconds(7 * _DAY),
            salt=salt,
        )

    def open(self, channel: Channel, payer: Signer | None = None, verb: str = "open") -> int:
        value = _DEPOSIT if channel.token == self.world.native.address else 0
        return self.world.gas(payer or self.world.payer, _CONTRACT, verb, channel.calldata, _DEPOSIT, value=value)

    def voucher(self, channel: Channel, epoch: int, units: int, key: Signer) -> SignedVoucher:
        voucher = Voucher(channel_id=channel.id, epoch=epoch, cumulative_amount=Amount(units))
        return SignedVoucher(channel=channel, voucher=voucher, signature=key.sign(self.domain, voucher).signature)

    def claim(self, channel: Channel, epoch: int, units: int) -> int:
        signature = self.voucher(channel, epoch, units, self.world.payer).signature
        return self.world.gas(self.world.payee, _CONTRACT, "claim", channel.calldata, epoch, units, *compact(signature))

    def life(self, token: Token, name: str) -> dict[str, int]:
        """One channel from its first opening to its second end."""
        world, channel, rows = self.world, self.channel(self.world.payer, token, salt=1), {}
        rows[f"channel.open.{name}"] = self.open(channel)
        self.claim(channel, 0, 100_000)
        rows[f"channel.claim.{name}"] = self.claim(channel, 0, 200_001)
        last = compact(self.voucher(channel, 0, 3_000_000, world.payer).signature)
        rows[f"channel.close.{name}"] = world.gas(
            world.payee, _CONTRACT, "close", channel.calldata, 0, 3_000_000, 3_000_000, *last
        )
        rows[f"channel.reopen.{name}"] = self.open(channel)
        rows[f"channel.top_up.{name}"] = self.open(channel, verb="topUp")
        self.claim(channel, 1, 100_000)
        rows["channel.request_close"] = world.gas(world.payer, _CONTRACT, "requestClose", channel.calldata)
        world.chain.travel(to=Seconds(world.chain.now() + _DAY))
        rows[f"channel.withdraw.{name}"] = world.gas(world.stranger, _CONTRACT, "withdraw", channel.calldata)
        return rows

    def claim_many(self, count: int) -> int:
        """`count` payers' second vouchers in one transaction."""
        payers = [signer(f"payer {number} of {count}") for number in range(count)]
        channels = [self.channel(payer, self.world.plain, salt=number) for number, payer in enumerate(payers)]
        for payer, channel in zip(payers, channels, strict=True):
            self.world.endow(payer)
            self.open(channel, payer)
        for units in (100_000, 200_000):
            vouchers = [
                self.voucher(channel, 0, units + 7 * number, payer)
                for number, (payer, channel) in enumerate(zip(payers, channels, strict=True))
            ]
            used = self.world.gas(self.world.payee, _CONTRACT, "claimMany", batches(vouchers))
        return used
