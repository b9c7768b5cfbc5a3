"""Lives that end in one place, by the blows of that place, and how many ended how."""

from collections import Counter
from collections.abc import Callable

from tests.crash.life import Life, Say, Word
from tests.crash.place import ANY_MOMENT, Place

PATIENCE = 600.0
"""Seconds for a life that nothing ends but its work."""


class Deaths:
    """`kills` by kind, and what befell the place `besides`."""

    def __init__(self, place: Place, hear: Callable[[Word], None]) -> None:
        self._place, self._tell = place, hear
        self.kills, self.besides = Counter[str](), Counter[str]()

    def one(self, work: Callable[[Say], None]) -> None:
        """A life that ends by the place's next blow, unless its store can't be opened."""
        blow = self._place.blow()
        supervisor = self._place.supervisor(blow)

        def live(say: Say) -> None:
            blow.prepare()
            work(say)

        life = Life(live, traced=blow.traced, supervisor=supervisor)
        try:
            done = self._hear(life, blow.after / 2)
            blow.strike()
            done = self._hear(life, blow.after / 2) or done
            life.kill()
            done = self._hear(life, PATIENCE) or done
        finally:
            life.close()
        if not done:
            in_time = blow.fault is None or supervisor.trouble.happened
            self.kills[blow.kind if in_time else ANY_MOMENT] += 1
        self.besides.update(self._place.clear())

    def whole(self, work: Callable[[Say], None]) -> None:
        """A life that nobody ends."""
        life = Life(work)
        try:
            assert self._hear(life, PATIENCE), "it came to its end"
        finally:
            life.close()

    def _hear(self, life: Life, seconds: float) -> bool:
        """Whether the work is done."""
        done = False
        for word in life.words(seconds):
            self._tell(word)
            done = done or "done" in word
        return done
