"""A merchant that is killed again and again; each life is asked what is in doubt, what was answered, and new things."""

import random
from itertools import cycle

from tests.crash.answered import Answered
from tests.crash.deaths import Deaths
from tests.crash.market import Market, Request
from tests.crash.merchant import serving, till_in
from tests.crash.place import Place

NEW, REPEATED, LONGEST = 60, 10, 80


class Campaign:
    """One market, one place, one seed: the requests and the blows are the seed's, the moments are the kernel's."""

    def __init__(self, market: Market, place: Place, chance: random.Random) -> None:
        self._market, self._chance = market, chance
        self._store = place.store
        self.answered = Answered()
        self.deaths = Deaths(place, self.answered.hear)

    def run(self, kills: int) -> None:
        """Until so many lives have ended by SIGKILL; then one more is asked everything."""
        while self.deaths.kills.total() < kills:
            self.deaths.one(serving(self._market, self._store, cycle(self._asked())))
        everything = list(self.answered.asked.values())
        self._chance.shuffle(everything)
        self.deaths.whole(serving(self._market, self._store, everything))
        self.answered.settle()

    def claim(self) -> None:
        """The chain pays all that was accepted, to the last unit."""
        with till_in(self._store, self._market) as till:
            accepted = till.books()[self._market.usdc].accepted
            assert till.claim().paid == (accepted,)

    def _asked(self) -> list[Request]:
        doubt = list(self.answered.in_doubt.values())[:LONGEST]
        known = list(self.answered.delivered)
        repeated = [self.answered.asked[key] for key in self._chance.sample(known, min(REPEATED, len(known)))]
        new = self._market.requests(max(NEW - len(doubt), 4), self._chance)
        asked = [*doubt, *repeated, *new]
        self._chance.shuffle(asked)
        self.answered.ask(asked)
        return asked
