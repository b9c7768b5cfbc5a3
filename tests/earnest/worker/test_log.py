import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from earnest.worker.log import configure, secrets_in

SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What others have set up is put back."""
    root = logging.getLogger()
    before = root.handlers, root.level
    yield io.StringIO()
    root.handlers, root.level = before
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_event_is_one_line_of_json_with_its_facts(stream: io.StringIO) -> None:
    log = configure([], stream)

    log.info("lease taken", fence=3)
    log.warning("delivery failed", reason="500", text="two\nlines")

    first, second = lines(stream)
    assert (first["event"], first["fence"], first["level"]) == ("lease taken", 3, "info")
    assert (second["level"], second["text"]) == ("warning", "two\nlines")
    assert first["timestamp"].endswith("Z")


def test_other_libraries_warn_in_the_same_log(stream: io.StringIO) -> None:
    configure([], stream)

    logging.getLogger("aiohttp").warning("odd %s", "answer")
    logging.getLogger("aiohttp").info("nothing")

    assert [line["event"] for line in lines(stream)] == ["odd answer"]


def test_no_secret_is_written_wherever_it_comes_from(stream: io.StringIO) -> None:
    log = configure([SECRET, 'with "quotes" and \n'], stream)

    log.info("delivery failed", why=f"at {SECRET}", nested={"a": [SECRET]}, quoted='with "quotes" and \n')
    logging.getLogger("web3").warning("can't reach https://node/%s", SECRET)
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.exception("round failed")

    text = stream.getvalue()
    assert SECRET not in text
    assert "quotes" not in text
    assert text.count("[secret]") == 4
    assert lines(stream)[-1]["error"] == "ValueError"


def test_a_secret_that_holds_another_leaves_nothing_of_itself(stream: io.StringIO) -> None:
    log = configure(["secret", "secret-and-more"], stream)

    log.info("round failed", why="secret-and-more")

    assert "more" not in stream.getvalue()


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("https://node.example", ()),
        ("https://node.example/v2/key", ("v2/key",)),
        ("https://me:word@node.example/?key=1", ("me", "word", "key=1")),
    ],
)
def test_of_a_url_all_but_scheme_and_host_is_a_secret(url: str, secrets: tuple[str, ...]) -> None:
    assert secrets_in(url) == secrets
