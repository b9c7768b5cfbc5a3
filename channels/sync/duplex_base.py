# Generated from channels/aio/duplex_base.py by make fix; edit that one.
"""What every part of the two-way channels' client stands on: reading a channel, its fight and its reserves."""

from dataclasses import replace
from typing import TYPE_CHECKING

from channels.channel import ChannelId
from channels.duplex.chain_duplex import ChainDuplex, ChainDuplexReserve, ChainFight, Shares
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.fight import Fight
from channels.duplex.promise import DuplexPromise
from channels.duplex.reserve import DuplexReserve
from channels.sync.base import ChannelsClient

if TYPE_CHECKING:
    from chain.receipt import Receipt
    from chain.sync.chain import AsOf


class DuplexBase(ChannelsClient[DuplexChannel, DuplexPromise]):
    """Reads are of the final block, unless `as_of` says otherwise: the latest may still be undone."""

    contract = "DuplexChannels"

    def show(self, channel: DuplexChannel, *, as_of: "AsOf" = "final") -> ChainDuplex:
        """The present epoch's deposits."""
        return self._shown(channel, self.duplex(channel.id, as_of=as_of))

    def duplex(self, channel_id: ChannelId, *, as_of: "AsOf" = "final") -> Duplex:
        """What the chain keeps under an id: all that can be known without the descriptor."""
        deposit_a, deposit_b, epoch = self.chain.call(self.contract, "duplexOf", channel_id, as_of=as_of)
        return Duplex(deposit_a=deposit_a, deposit_b=deposit_b, epoch=epoch)

    def fight(self, channel: DuplexChannel, epoch: int, *, as_of: "AsOf" = "final") -> ChainFight:
        """The newest state that was posted in an epoch that has not ended."""
        net, version, deadline, promises = self.chain.call(self.contract, "fightOf", channel.id, epoch, as_of=as_of)
        found = Fight(net=net, version=version, deadline=deadline, promises=promises)
        return ChainFight.of(channel, epoch, found, self.chain.token(channel.token))

    def reserve(self, channel: DuplexChannel, epoch: int, *, as_of: "AsOf" = "final") -> ChainDuplexReserve:
        """What an ended epoch still keeps for its promises."""
        from_a, paid_from_a, from_b, paid_from_b, until, promises = self.chain.call(
            self.contract, "reserveOf", channel.id, epoch, as_of=as_of
        )
        found = DuplexReserve(
            from_a=from_a,
            paid_from_a=paid_from_a,
            from_b=from_b,
            paid_from_b=paid_from_b,
            until=until,
            promises=promises,
        )
        return ChainDuplexReserve.of(channel, epoch, found, self.chain.token(channel.token))

    def _shown(self, channel: DuplexChannel, duplex: Duplex) -> ChainDuplex:
        return ChainDuplex.of(channel, duplex, self.chain.token(channel.token))

    def _left(
        self, channel: DuplexChannel, duplex: Duplex, receipt: "Receipt", paid: tuple[int, int] | None = None
    ) -> ChainDuplex:
        shares = None if paid is None else Shares.of(self.chain.token(channel.token), *paid)
        return replace(self._shown(channel, duplex), paid=shares, receipt=receipt)
