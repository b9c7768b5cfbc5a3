"""A party's authorization of its deposit, as the contract takes it."""

from typing import Any

from chain import Signer
from chain.erc3009 import ReceiveWithAuthorization
from chain.typed_data import Domain
from chain.units import Seconds
from channels.duplex.channel import DuplexChannel
from channels.funding import Funding, FundingKind


def authorization(
    home: Domain,
    channel: DuplexChannel,
    payer: Signer,
    epoch: int,
    amount: int,
    salt: int,
    before: int,
    kind: FundingKind = FundingKind.DEPOSIT,
) -> tuple[Any, ...]:
    """Salt, second and signature of an ERC-3009 transfer, whose nonce says what it is for."""
    funding = Funding(kind=int(kind), channel_id=channel.id, epoch=epoch, salt=salt)
    transfer = ReceiveWithAuthorization(
        from_=payer.address,
        to=home.contract,
        value=amount,
        valid_before=Seconds(before),
        nonce=home.digest(funding),
    )
    tokens = Domain(home.chain_id, channel.token, "Test USD Coin", "1")
    return salt, before, payer.sign(tokens, transfer).signature
