"""The rows `escrow.*`."""

from dataclasses import replace
from hashlib import sha256

from eth_abi.abi import encode

from benchmarks.gas.world import World
from chain import NOBODY, Signer, Token
from chain.keccak import keccak
from chain.permit2 import Method
from chain.signing import compact
from chain.typed_data import TypedData
from chain.units import NO_HASH, Amount, Bps, Seconds
from escrow import Terms, messages
from escrow.authorization import grant_for
from escrow.flags import ALL_FLAGS

_HOUR = 3_600
_DAY = 86_400
_PREIMAGE = keccak(b"preimage")
_LOCK = encode(["uint8", "bytes32"], [0, sha256(_PREIMAGE).digest()])


def measure(world: World) -> dict[str, int]:
    """Every row, by its key."""
    scene = _Scene(world)
    scene.authorized(world.native)  # the contract holds some of the native currency, too
    rows = {f"escrow.authorize.{name}": scene.authorize(world.token(name)) for name in ("erc20", "eth")}
    rows["escrow.authorize.by_sig"] = scene.funded_by_sig("authorizeBySig", world.plain, Method.ALLOWANCE)
    rows["escrow.authorize.erc3009"] = scene.authorize_erc3009()
    rows["escrow.authorize.many10.erc20"] = scene.authorize_many(10)
    rows["escrow.charge.erc3009"] = scene.funded_by_sig("charge", world.usdc, Method.ERC3009, fee_bps=100)
    rows["escrow.capture.erc20"] = scene.captured(0)
    rows["escrow.capture.fee"] = scene.captured(100)
    rows["escrow.release.erc20"] = scene.by_verb("release", world.payer)
    rows["escrow.release.by_sig"] = scene.released_by_sig()
    rows["escrow.void.erc20"] = scene.by_verb("void", world.operator)
    rows["escrow.refund.erc20"] = scene.refunded()
    rows |= {f"escrow.resolve.hashlock.{name}": scene.resolved(world.token(name)) for name in ("eth", "erc20")}
    rows["escrow.settle.erc20"] = scene.settled()
    rows["escrow.amend.erc20"] = scene.amended()
    rows["escrow.cancel"] = world.gas(world.payer, "Escrow", "cancel", scene.terms(world.plain))
    rows |= scene.disputed()
    rows["escrow.expire.erc20"] = scene.expired()
    return rows


class _Scene:
    def __init__(self, world: World) -> None:
        self.world = world
        self.domain = world.chain.domain("Escrow")
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

    def disputable(self) -> Terms:
        terms = self.terms(self.world.plain)
        return replace(
            terms,
            arbiter=self.world.arbiter.address,
            ruling_period=Seconds(7 * _DAY),
            flags=ALL_FLAGS,
            capture_from=Seconds(terms.fund_by + _HOUR),
        )

    def authorize(self, token: Token) -> int:
        return self.fund(self.terms(token))

    def authorize_many(self, count: int) -> int:
        many = [self.terms(self.world.plain) for _ in range(count)]
        return self.world.gas(self.world.payer, "Escrow", "authorizeMany", many)

    def authorized(self, token: Token, *, fee_bps: int = 0, locked: bool = False) -> Terms:
        terms = self.terms(token, fee_bps=fee_bps, locked=locked)
        self.fund(terms)
        return terms

    def fund(self, terms: Terms) -> int:
        value = terms.amount if terms.token == NOBODY else 0
        return self.world.gas(self.world.payer, "Escrow", "authorize", terms, value=value)

    def funded_by_sig(self, verb: str, token: Token, method: Method, *, fee_bps: int = 0) -> int:
        terms = self.terms(token, fee_bps=fee_bps)
        if method is Method.ALLOWANCE:
            signature = self.sign(self.world.payer, messages.Authorize(terms=terms))
        else:
            signature = self.erc3009(terms)
        return self.world.gas(self.world.operator, "Escrow", verb, terms, method, signature)

    def authorize_erc3009(self) -> int:
        terms = self.terms(self.world.usdc)
        return self.world.gas(self.world.operator, "Escrow", "authorizeERC3009", terms, *compact(self.erc3009(terms)))

    def erc3009(self, terms: Terms) -> bytes:
        domain = self.world.chain.token_domain(self.world.usdc)
        return self.world.payer.sign(domain, grant_for(terms, self.domain).erc3009()).signature

    def captured(self, fee_bps: int) -> int:
        terms = self.authorized(self.world.plain, fee_bps=fee_bps)
        return self.world.gas(self.world.operator, "Escrow", "capture", terms, 0)

    def by_verb(self, verb: str, caller: Signer) -> int:
        return self.world.gas(caller, "Escrow", verb, self.authorized(self.world.plain), 0)

    def released_by_sig(self) -> int:
        terms = self.authorized(self.world.plain)
        deadline = self.deadline()
        message = messages.Release(payment_id=terms.payment_id(self.domain), held_after=Amount(0), deadline=deadline)
        signature = self.sign(self.world.payer, message)
        return self.world.gas(self.world.payee, "Escrow", "releaseBySig", terms, 0, deadline, signature)

    def refunded(self) -> int:
        terms = self.authorized(self.world.plain)
        self.world.gas(self.world.operator, "Escrow", "capture", terms, 0)
        return self.world.gas(self.world.payee, "Escrow", "refund", terms, 0, 0)

    def resolved(self, token: Token) -> int:
        terms = self.authorized(token, locked=True)
        return self.world.gas(self.world.payee, "Escrow", "resolve", terms, _LOCK, _PREIMAGE)

    def settled(self) -> int:
        terms, half, deadline = self.authorized(self.world.plain), Amount(60_000_000), self.deadline()
        message = messages.Settle(payment_id=terms.payment_id(self.domain), to_payer=half, deadline=deadline)
        signature = self.sign(self.world.payer, message)
        return self.world.gas(self.world.payee, "Escrow", "settle", terms, half, deadline, signature, b"")

    def amended(self) -> int:
        """To a later expiry: nothing is paid in or out."""
        terms, deadline = self.authorized(self.world.plain), self.deadline()
        to = replace(terms, authorization_expiry=Seconds(terms.authorization_expiry + _DAY))
        sums = (terms.amount, 0, 0, deadline)
        message = messages.Amend(
            from_id=terms.payment_id(self.domain),
            held=terms.amount,
            paid_in=Amount(0),
            paid_out=Amount(0),
            to=to,
            deadline=deadline,
        )
        signatures = [self.sign(self.world.payer, message), b"", b"", b""]
        return self.world.gas(self.world.payee, "Escrow", "amend", terms, to, sums, signatures, Method.ALLOWANCE, b"")

    def disputed(self) -> dict[str, int]:
        terms = self.disputable()
        self.fund(terms)
        asked = self.world.gas(self.world.payer, "Escrow", "dispute", terms, NO_HASH)
        return {
            "escrow.dispute": asked,
            "escrow.rule.erc20": self.world.gas(self.world.arbiter, "Escrow", "rule", terms, 2_500),
        }

    def expired(self) -> int:
        terms = self.authorized(self.world.plain)
        self.world.chain.travel(to=terms.authorization_expiry)
        return self.world.gas(self.world.stranger, "Escrow", "expire", terms)

    def deadline(self) -> Seconds:
        return Seconds(self.world.chain.now() + _HOUR)

    def sign(self, signer: Signer, message: TypedData) -> bytes:
        return signer.sign(self.domain, message).signature
