"""A deposit that its owner signs and anyone brings."""

from dataclasses import dataclass
from typing import Any, Self

from chain.erc3009 import ReceiveWithAuthorization
from chain.errors import Malformed
from chain.member import Member
from chain.permit2 import Method, TokenPermissions, authorization_bytes
from chain.refusals import InvalidAmount, NotPayer, TokenHasNoCode
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Hash32, Seconds, address, uint
from channels.channel import Channel
from channels.duplex.channel import DuplexChannel
from channels.duplex.errors import NotParty
from channels.errors import AllowanceIsNoAuthorization, WrongChannel
from channels.funding import Funding, FundingKind, FundingPermit
from channels.strict import members

_NUMBERS = (
    Member("uint256", "chainId", "chain_id"),
    Member("uint96", "amount", "amount"),
    Member("uint48", "deadline", "deadline"),
)
_MEMBERS = {"channel", "chainId", "contract", "funding", "payer", "amount", "deadline", "method", "authorization"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Deposit:
    """`amount` base units of `payer` for what `funding` says, in the contract of `domain`, before `deadline`.

    Raises `WrongChannel`, `NotPayer`, `NotParty`, `InvalidAmount`, `TokenHasNoCode` for the native currency, which
    nobody can sign for.
    """

    channel: Channel | DuplexChannel
    domain: Domain
    funding: Funding
    payer: Address
    amount: Amount
    deadline: Seconds

    def __post_init__(self) -> None:
        if self.funding.channel_id != self.channel.id:
            raise WrongChannel(self.funding.channel_id, self.channel.id)
        if self.funding.kind not in _kinds(self.channel):
            raise Malformed(
                "funding", f"{self.funding.kind} is no kind of deposit into a {type(self.channel).__name__}"
            )
        _require_payer(self.channel, self.payer)
        if not uint("amount", self.amount, 96):
            raise InvalidAmount
        uint("deadline", self.deadline, 48)
        if self.channel.token == NOBODY:
            raise TokenHasNoCode(NOBODY)

    @property
    def token(self) -> Address:
        """The channel's."""
        return self.channel.token

    @property
    def subject(self) -> Hash32:
        """The digest of `funding`: no other deposit has it, unless channel, epoch, kind and salt are the same."""
        return self.domain.digest(self.funding)

    def erc3009(self) -> ReceiveWithAuthorization:
        """To be signed under the token's own domain."""
        return ReceiveWithAuthorization(
            from_=self.payer,
            to=self.domain.contract,
            value=self.amount,
            valid_before=self.deadline,
            nonce=self.subject,
        )

    def permit2(self, nonce: int) -> FundingPermit:
        """To be signed under `permit2_domain`; `nonce` is any that Permit2 has not seen of this payer."""
        return FundingPermit(
            permitted=TokenPermissions(token=self.token, amount=self.amount),
            spender=self.domain.contract,
            nonce=nonce,
            deadline=self.deadline,
            witness=self.funding,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedDeposit:
    """`authorization` is what the contract takes for this method. Raises `AllowanceIsNoAuthorization`."""

    deposit: Deposit
    method: Method
    authorization: bytes

    def __post_init__(self) -> None:
        if self.method is Method.ALLOWANCE:
            raise AllowanceIsNoAuthorization

    @property
    def calldata(self) -> tuple[int, int, int, bytes]:
        """As the contracts take it."""
        return self.method, self.deposit.funding.salt, self.deposit.deadline, self.authorization

    def to_json(self) -> dict[str, Any]:
        """All that the one who brings it needs."""
        deposit = self.deposit
        return {
            "channel": deposit.channel.to_json(),
            "chainId": str(deposit.domain.chain_id),
            "contract": deposit.domain.contract,
            "funding": deposit.funding.to_json(),
            "payer": deposit.payer,
            "amount": str(deposit.amount),
            "deadline": str(deposit.deadline),
            "method": self.method.to_json(),
            "authorization": "0x" + self.authorization.hex(),
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too. Raises `InvalidValue`, and what `Deposit` raises."""
        found = members("signed deposit", data, _MEMBERS)
        funding = Funding.from_json(found["funding"])
        kind = DuplexChannel if funding.kind == FundingKind.DEPOSIT else Channel
        chain_id, amount, deadline = (number.from_json(found[number.camel]) for number in _NUMBERS)
        _NUMBERS[0].check(chain_id)
        deposit = Deposit(
            channel=kind.from_json(found["channel"]),
            domain=Domain(chain_id, address(found["contract"])),
            funding=funding,
            payer=address(found["payer"]),
            amount=Amount(amount),
            deadline=Seconds(deadline),
        )
        method, authorization = Method.from_json(found["method"]), authorization_bytes(found["authorization"])
        return cls(deposit=deposit, method=method, authorization=authorization)


def _kinds(channel: Channel | DuplexChannel) -> tuple[FundingKind, ...]:
    one_way = isinstance(channel, Channel)
    return (FundingKind.OPEN, FundingKind.TOP_UP) if one_way else (FundingKind.DEPOSIT,)


def _require_payer(channel: Channel | DuplexChannel, payer: Address) -> None:
    if isinstance(channel, Channel):
        if payer != channel.payer:
            raise NotPayer(payer, channel.payer)
    elif payer not in (channel.party_a, channel.party_b):
        raise NotParty(payer)
