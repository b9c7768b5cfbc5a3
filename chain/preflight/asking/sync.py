"""Asking within a time, without coroutines."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Answer = TypeVar("Answer")


def answer_within(seconds: float, ask: Callable[[], Answer]) -> Answer:
    """Raises `TimeoutError`, and what `ask` raises; the thread of one that hangs doesn't keep the process alive."""
    answer: Future[Answer] = Future()
    threading.Thread(target=_settle, args=(answer, ask), daemon=True).start()
    return answer.result(seconds)


def _settle(answer: "Future[Answer]", ask: Callable[[], Answer]) -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:  # noqa: BLE001  # whoever waits gets it
        answer.set_exception(error)
