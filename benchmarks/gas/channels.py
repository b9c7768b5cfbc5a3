"""The rows `channel.*`."""

from statistics import linear_regression

from benchmarks.gas.world import World, signer
from chain import Signer, Token
from chain.hash_chain import Ticks
from chain.keccak import keccak
from chain.permit2 import Method
from chain.signing import compact
from chain.units import NO_HASH, Amount, Seconds
from channels.channel import Channel
from channels.claim_batch import batches
from channels.deposit import Deposit, SignedDeposit
from channels.funding import Funding, FundingKind
from channels.promise import Promise, promises_hash
from channels.voucher import SignedVoucher, Voucher
from escrow.conditions import hash_chain

_DAY = Seconds(86_400)
_DEPOSIT = 10_000_000
_BATCHES = (1, 10, 25, 50, 100)
_CONTRACT = "VoucherChannels"
_SEED = keccak(b"earnest gas ticks")


def measure(world: World) -> dict[str, int]:
    """Every row, by its key."""
    scene = _Scene(world)
    scene.open(scene.channel(world.payer, world.native, salt=99))  # the contract holds some of the native currency, too
    rows: dict[str, int] = {}
    for name in ("erc20", "eth"):
        rows |= scene.life(world.token(name), name)
    batches_of = {count: scene.claim_many(count) for count in _BATCHES}
    rows |= {f"channel.claim{count}.erc20": batches_of[count] for count in (10, 100)}
    line = linear_regression(list(batches_of), list(batches_of.values()))
    rows |= {"channel.claim_many.base": round(line.intercept), "channel.claim_many.row": round(line.slope)}
    rows["channel.open.erc3009"] = scene.open_by_signature()
    return rows | scene.ticks(256)


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

    def open_by_signature(self) -> int:
        """The payee submits what the payer signed: the payer needs no native currency."""
        world, channel = self.world, self.channel(self.world.payer, self.world.usdc, salt=1)
        deposit = Deposit(
            channel=channel,
            domain=self.domain,
            funding=Funding(kind=int(FundingKind.OPEN), channel_id=channel.id, epoch=0),
            payer=channel.payer,
            amount=Amount(_DEPOSIT),
            deadline=Seconds(world.chain.now() + _DAY),
        )
        signature = world.payer.sign(world.chain.token_domain(world.usdc), deposit.erc3009()).signature
        signed = SignedDeposit(deposit=deposit, method=Method.ERC3009, authorization=signature)
        return world.gas(world.payee, _CONTRACT, "openBySig", channel.calldata, _DEPOSIT, signed.calldata)

    def ticks(self, count: int) -> dict[str, int]:
        """`count` ticks of a hash chain that one voucher promises, proven and claimed."""
        world, channel = self.world, self.channel(self.world.payer, self.world.plain, salt=2)
        self.open(channel)
        self.claim(channel, 0, 100_000)
        chain = Ticks(_SEED, 1_000)
        condition = hash_chain(each=100, ticks=chain)
        promise = Promise(
            condition=condition.address,
            data_hash=condition.data_hash,
            amount=Amount(100_000),
            expiry=Seconds(world.chain.now() + 2 * _DAY),
            salt=NO_HASH,
        )
        proof = condition.proof(chain.tip(count), count).shown
        recording = (channel.id, 0, promise, condition.data, proof)
        rows = {f"channel.record.ticks{count}": world.gas(world.payee, _CONTRACT, "record", *recording)}
        voucher = self.promising(channel, 100_000, promise)
        claim = (channel.calldata, voucher.promised_calldata)
        rows["channel.claim_promised.erc20"] = world.gas(world.payee, _CONTRACT, "claimPromised", *claim)
        rows[f"channel.ticks{count}.erc20"] = sum(rows.values())
        return rows

    def promising(self, channel: Channel, units: int, promise: Promise) -> SignedVoucher:
        promises = (promise,)
        voucher = Voucher(
            channel_id=channel.id, epoch=0, cumulative_amount=Amount(units), promises=promises_hash(promises)
        )
        signature = self.world.payer.sign(self.domain, voucher).signature
        return SignedVoucher(channel=channel, voucher=voucher, signature=signature, promises=promises)

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
