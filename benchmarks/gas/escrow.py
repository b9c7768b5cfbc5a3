"""The rows `escrow.*`."""

from hashlib import sha256

from eth_abi.abi import encode

from benchmarks.gas.world import World
from chain import NOBODY, Signer, Token
from chain.keccak import keccak
from chain.units import NO_HASH, Amount, Bps, Seconds
from escrow import Terms

_DAY = 86_400
_PREIMAGE = keccak(b"preimage")
_LOCK = encode(["uint8", "bytes32"], [0, sha256(_PREIMAGE).digest()])


def measure(world: World) -> dict[str, int]:
    """Every row, by its key."""
    scene = _Scene(world)
    scene.authorized(world.native)  # the contract holds some of the native currency, too
    rows = {f"escrow.authorize.{name}": scene.authorize(world.token(name)) for name in ("erc20", "eth")}
    rows["escrow.capture.erc20"] = scene.captured(0)
    rows["escrow.capture.fee"] = scene.captured(100)
    rows["escrow.release.erc20"] = scene.by_verb("release", world.payer)
    rows["escrow.void.erc20"] = scene.by_verb("void", world.operator)
    rows["escrow.refund.erc20"] = scene.refunded()
    rows |= {f"escrow.resolve.hashlock.{name}": scene.resolved(world.token(name)) for name in ("eth", "erc20")}
    rows["escrow.cancel"] = world.gas(world.payer, "Escrow", "cancel", scene.terms(world.usdc))
    rows["escrow.expire.erc20"] = scene.expired()
    return rows


class _Scene:
    def __init__(self, world: World) -> None:
        self.world = world
        self._made = 0

    def terms(self, token: Token, *, fee_bps: int = 0, locked: bool = False) -> Terms:
        self._made += 1
        world, now = self.world, self.world.chain.now()
        return Terms(
            payer=world.payer.address,
            payee=world.payee.address,
            token=token.address,
            amount=Amount(120_000_000),
            operator=NOBODY if locked else world.operator.address,
            arbiter=NOBODY,
            condition=world.chain.address_of("HashLock") if locked else NOBODY,
            condition_hash=keccak(_LOCK) if locked else NO_HASH,
            fund_by=Seconds(now + _DAY),
            capture_from=Seconds(0),
            authorization_expiry=Seconds(now + 14 * _DAY),
            refund_expiry=Seconds(now + 44 * _DAY),
            ruling_period=Seconds(0),
            payee_share_on_expiry_bps=Bps(0),
            payee_share_on_silence_bps=Bps(0),
            fee_bps=Bps(fee_bps),
            flags=0,
            fee_recipient=world.fee_recipient.address if fee_bps else NOBODY,
            salt=int.from_bytes(keccak(self._made.to_bytes(4, "big"))[:12], "big"),
        )

    def authorize(self, token: Token) -> int:
        terms = self.terms(token)
        value = self.world.value(token, terms.amount)
        return self.world.gas(self.world.payer, "Escrow", "authorize", terms, value=value)

    def authorized(self, token: Token, *, fee_bps: int = 0, locked: bool = False) -> Terms:
        terms = self.terms(token, fee_bps=fee_bps, locked=locked)
        self.world.gas(self.world.payer, "Escrow", "authorize", terms, value=self.world.value(token, terms.amount))
        return terms

    def captured(self, fee_bps: int) -> int:
        terms = self.authorized(self.world.usdc, fee_bps=fee_bps)
        return self.world.gas(self.world.operator, "Escrow", "capture", terms, 0)

    def by_verb(self, verb: str, caller: Signer) -> int:
        return self.world.gas(caller, "Escrow", verb, self.authorized(self.world.usdc), 0)

    def refunded(self) -> int:
        terms = self.authorized(self.world.usdc)
        self.world.gas(self.world.operator, "Escrow", "capture", terms, 0)
        return self.world.gas(self.world.payee, "Escrow", "refund", terms, 0, 0)

    def resolved(self, token: Token) -> int:
        terms = self.authorized(token, locked=True)
        return self.world.gas(self.world.payee, "Escrow", "resolve", terms, _LOCK, _PREIMAGE)

    def expired(self) -> int:
        terms = self.authorized(self.world.usdc)
        self.world.chain.travel(to=terms.authorization_expiry)
        return self.world.gas(self.world.stranger, "Escrow", "expire", terms)
