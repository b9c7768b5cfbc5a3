# Generated from channels/aio/payer_ticking.py by make fix; edit that one.
"""Ticks on the payer's side: a promise that is revealed one hash at a time."""

import secrets
from dataclasses import replace

from chain.hash_chain import MAX_STEPS, Ticks
from chain.money import Money
from chain.units import NO_HASH, Hash32, Seconds, within
from channels.channel import Channel
from channels.edge import LaneRef, units_of
from channels.payer_session import Effects, PayerSession
from channels.stores.book import ChainRow
from channels.sync.base import DAY
from channels.sync.payer_base import PayerBase
from channels.ticks.fold import Fold
from channels.ticks.left import ticks_left
from channels.ticks.opening import TicksOpening
from channels.ticks.seed import TickSeed, seed_of
from channels.ticks.stretch import Stretch
from channels.ticks.tick_chain import TickChain
from channels.ticks.tick_payer import FOLD_EVERY, TickPayer


class PayerTicking(PayerBase):
    """All ticks of a chain count against the limits when they are promised; a fold promises nothing more."""

    def ticks(
        self, lane: LaneRef, *, each: Money, count: int, expiry: Seconds | None = None, every: int = FOLD_EVERY
    ) -> TickPayer:
        """Promises `count` ticks until the second `expiry`, by default for a day, or half of both the lane's windows
        where that is shorter: a payee takes none that a close would outrun. `next` reveals one.

        Its `opening` is for the payee. Nothing but this key makes the chain: the store holds no secret. A million ticks
        take a second. Raises as `promise`, and `OutOfRange`.
        """
        within("every", every, 1, MAX_STEPS)
        session, salt = self._session(lane), Hash32(secrets.token_bytes(32))
        channel, until = session.channel, expiry
        if until is None:
            until = Seconds(self.chain.now() + min(DAY, (channel.window + channel.promise_window) // 2))
        else:
            self._require_in_time(channel, until)
        draft = Stretch(each=units_of(each, channel.token, self.chain.chain_id), count=count, anchor=NO_HASH)
        self._call(channel, each.token.units(draft.amount))
        session.offer(draft.promise(until, salt))  # What would be refused is refused before a long chain is made.
        chain = self._chain(channel, salt, count)
        stretch = replace(draft, anchor=chain.tip(0))
        self._wallet.add_chain(channel.id, ChainRow(salt=salt, each=stretch.each, count=count))
        (voucher,) = self._keep(lane, lambda session: session.offer(stretch.promise(until, salt)))
        return TickPayer(chain, TicksOpening(voucher=voucher, ticks=stretch), every=every)

    def ticks_left(self, lane: LaneRef, *, every: int = FOLD_EVERY) -> list[TickPayer]:
        """Every chain that is still promised, from where the newest voucher has folded it, after a restart.

        What was revealed beyond that is not known here: the payee's reading tells it (`catch_up`).
        """
        session = self._session(lane)
        found, newest = list[TickPayer](), session.newest
        for made in self._wallet.chains(session.channel.id) if newest else ():
            chain = self._chain(session.channel, made.salt, made.count)
            stretch = ticks_left(chain, made.each, made.salt, session.promises)
            if newest and stretch:
                voucher = self._signed(session.channel, newest, session.promises)
                found.append(TickPayer(chain, TicksOpening(voucher=voucher, ticks=stretch), every=every))
        return found

    def fold_ticks(self, ticks: TickPayer, expiry: Seconds | None = None) -> TicksOpening:
        """A voucher with all that is revealed in its amount, for `meter.fold`; the rest is promised until `expiry`.

        Without one it is promised as long as before. Raises `TicksNotPromised` where the promise has been folded,
        `PromiseExpired`, `ExpiryTooLate`.
        """
        if expiry is not None:
            self._require_in_time(ticks.opening.voucher.channel, expiry)
        folds = list[Fold]()

        def step(session: PayerSession) -> tuple[PayerSession, Effects]:
            folds.append(ticks.fold(session.promised, session.promises, expiry))
            return session.renew(folds[-1].voucher.cumulative_amount, folds[-1].promises)

        (voucher,) = self._keep(ticks.opening.voucher.channel, step)
        opening = folds[-1].opening(voucher)
        ticks.folded(opening)
        return opening

    def _chain(self, channel: Channel, salt: Hash32, count: int) -> TickChain:
        signed = self.signer.sign(self._lanes.domain, TickSeed(channel_id=channel.id, salt=salt))
        return TickChain(Ticks(seed_of(signed), count))
