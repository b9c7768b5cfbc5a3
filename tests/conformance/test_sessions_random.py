"""Payers and payees over machine, contract and store: what is delivered can be settled on chain to the last unit, or is
within the limits that were set. Deposits and claims are undone by reorganisations, payers sign what they like.
"""

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from chain.errors import EarnestError
from chain.signing import Signed, compact
from chain.units import Amount, Seconds
from channels import CancelClose, Channel, Claim, PayerSession, RequestClose, Voucher, Withdraw
from channels.actions import Action
from channels.burst import receive_all
from channels.errors import ChainWentBack
from channels.exposure import Limits
from channels.lane import Lane
from channels.stores.book import Newer, Order, Seen
from channels.stores.opening import MemoryStore
from tests.conformance.lane_deposits import Depositing
from tests.conformance.lane_people import CHANNELS, SIGNERS, mostly
from tests.conformance.lane_world import HOME

SHOPS = [channel for channel in CHANNELS if channel.payee in SIGNERS and channel.signer == channel.payer]
PER_CHANNEL, IN_ALL = Amount(40), Amount(60)
LIMITS = Limits(at_risk=Amount(400), unconfirmed=IN_ALL, unconfirmed_per_channel=PER_CHANNEL)
some = st.sampled_from(SHOPS)
units = st.integers(1, 120)


class Shops(Depositing):
    """The shop's till, the payers' sessions, and how far the chain can be undone."""

    @initialize()
    def start(self) -> None:
        self.begin_anew()
        self.till = MemoryStore().till(HOME)
        self.payers = {channel: PayerSession(channel=channel, lane=Lane()) for channel in SHOPS}
        self.sent: list[Signed[Voucher]] = []
        self.keys, self.looks = 0, 0
        self.finalise()

    def teardown(self) -> None:
        """Everything that is owed is claimed: what is missing was counted on before it was final."""
        if hasattr(self, "till"):
            for channel in SHOPS:
                self.claim(channel)
            self.what_is_delivered_can_be_settled()
            self.till.close()

    @rule(channel=some, amount=st.sampled_from([50, 200, 1_000]))
    def deposit(self, channel: Channel, amount: int) -> None:
        number = CHANNELS.index(channel)
        self.put_in(number, amount, None, contrary=False, slip=0, by_sig=False)

    @rule()
    def finalise(self) -> None:
        """What is there now stays for ever."""
        self.final = self.world.mark(), dict(self.books), self.moved.copy(), list(self.used)

    @rule()
    def reorganise(self) -> None:
        """The chain goes back to what is final."""
        mark, books, moved, used = self.final
        self.world.go_back(mark)
        self.books, self.moved, self.used = dict(books), moved.copy(), list(used)
        self.finalise()

    @rule(channel=some)
    def look(self, channel: Channel) -> None:
        self.looks += 1
        final, latest = self.final[1][channel].lane, self.books[channel].lane
        seen = Seen.of(final, latest, self.looks, LIMITS.unconfirmed_per_channel)
        with suppress(ChainWentBack):
            self.till.see(channel, seen, self.till.find(channel.id))

    @rule(channel=some, deposit=st.sampled_from([100, 300]), amount=units, is_final=st.booleans())
    def trade(self, channel: Channel, deposit: int, amount: int, is_final: bool) -> None:
        """What mostly happens: money is put in, looked at, promised, accepted and spent."""
        self.deposit(channel, deposit)
        if is_final:
            self.finalise()
        self.look(channel)
        self.pay(channel, amount)
        self.receive([len(self.sent) - 1])
        self.deliver(channel, 3)

    @rule(channel=some, amount=units)
    def pay(self, channel: Channel, amount: int) -> None:
        """An honest payer, who believes the latest block."""
        try:
            session = self.payers[channel].see(self.books[channel].lane)
            self.payers[channel], effects = session.pay(Amount(amount))
        except EarnestError:
            return
        voucher = effects[-1].voucher
        assert voucher.cumulative_amount <= self.books[channel].lane.deposit
        self.sent.append(SIGNERS[channel.signer].sign(HOME, voucher))

    @rule(channel=some, amount=st.integers(1, 1_500), epoch=mostly(0, st.sampled_from([-1, 1])))
    def promise_anything(self, channel: Channel, amount: int, epoch: int) -> None:
        """A payer that signs what it likes, of any epoch."""
        number = max(self.books[channel].lane.epoch + epoch, 0)
        voucher = Voucher(channel_id=channel.id, epoch=number, cumulative_amount=Amount(amount))
        self.sent.append(SIGNERS[channel.signer].sign(HOME, voucher))

    @rule(places=st.lists(st.integers(0, 99), min_size=1, max_size=4))
    def receive(self, places: list[int]) -> None:
        """Some of what was ever sent, old or new, together."""
        chosen = [self.sent[place % len(self.sent)] for place in places] if self.sent else []
        newer = []
        for channel in SHOPS:
            mine = [(signed, ()) for signed in chosen if signed.message.channel_id == channel.id]
            book = self.till.find(channel.id)
            if not mine or book is None:
                continue
            after, _ = receive_all(book.session, mine)
            if after.newest and after is not book.session:
                newer.append(Newer(book.session, after, after.newest, Seconds(0)))
        if newer:
            self.till.keep(newer, {channel.token: LIMITS for channel in SHOPS})

    @rule(channel=some, share=st.integers(1, 4))
    def deliver(self, channel: Channel, share: int) -> None:
        """A part of what is left, or more than that."""
        book = self.till.find(channel.id)
        if book:
            self.keys += 1
            price = Amount(max(book.session.left * share // 3, 1))
            (answer,) = self.till.deliver([Order(channel.id, {str(self.keys): price}, Seconds(0))])
            assert isinstance(answer, EarnestError) == (price > book.session.left)

    @rule(channel=some)
    def claim(self, channel: Channel) -> None:
        """By what the store holds, on the real contract."""
        book = self.till.find(channel.id)
        voucher = book.voucher(HOME) if book else None
        if not book or not voucher:
            return
        epoch, amount = voucher.voucher.epoch, voucher.voucher.cumulative_amount
        action = Claim(channel=channel, epoch=epoch, cumulative_amount=amount, signer=channel.signer)
        self.both(action, channel.calldata, epoch, amount, *compact(voucher.signature))

    @rule(channel=some, verb=st.sampled_from([RequestClose, CancelClose]))
    def ask(self, channel: Channel, verb: type[Action]) -> None:
        self.both(verb(channel=channel, caller=channel.payer), channel.calldata, caller=channel.payer)  # type: ignore[call-arg]

    @rule(seconds=st.sampled_from([1, 899, 900, 3_600]))
    def wait(self, seconds: int) -> None:
        """Blocks grow old and final. The payee keeps watch: it claims where a window ends."""
        self.finalise()
        for channel in SHOPS:
            lane = self.books[channel].lane
            if lane.closes_at and lane.closes_at <= self.now + seconds:
                self.look(channel)
                self.claim(channel)
        self.finalise()
        self.now = Seconds(self.now + seconds)

    @precondition(lambda self: any(books.lane.closes_at for books in self.books.values()))
    @rule(channel=some)
    def withdraw(self, channel: Channel) -> None:
        book, lane = self.till.find(channel.id), self.books[channel].lane
        done = self.both(Withdraw(channel=channel), channel.calldata) is None
        if done and book and book.session.lane.epoch == lane.epoch:
            assert min(book.session.accepted, lane.deposit) <= lane.settled, "a close took what was accepted"

    @invariant()
    def what_is_delivered_can_be_settled(self) -> None:
        missing = 0
        for book in self.till.books() if hasattr(self, "till") else []:
            session = book.session
            lane = self.books[session.channel].lane
            if lane.epoch == session.lane.epoch:
                short = max(session.accepted - max(lane.deposit, lane.settled), 0)
                assert short <= PER_CHANNEL
                missing += short
            assert session.delivered <= session.accepted
        assert missing <= IN_ALL

    @invariant()
    def the_exposure_is_the_sum(self) -> None:
        books = self.till.all_newest() if hasattr(self, "till") else []
        for token, kept in (self.till.exposure() if books else {}).items():
            mine = [book.session.exposure for book in books if book.session.channel.token == token]
            assert (kept.at_risk, kept.unconfirmed) == (sum(at for at, _ in mine), sum(part for _, part in mine))


TestShops = Shops.TestCase
TestShops.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
