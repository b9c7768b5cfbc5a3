"""An endpoint, from its section of the worker's file."""

from collections.abc import Mapping
from pathlib import Path

from chain.errors import Malformed
from earnest.worker.errors import BadConfig, UnusableUrl
from earnest.worker.outside import outside
from earnest.worker.table import Table, checked
from earnest.worker.webhooks.endpoint import DAY, FINALITIES, Endpoint
from earnest.worker.webhooks.secret import Secret


def endpoint_of(table: Table, folder: Path, environment: Mapping[str, str]) -> Endpoint:
    """Raises `BadConfig`."""
    secrets = table.texts("secrets", least=1)
    facts = {
        "name": table.take("name", str),
        "url": outside(table.take("url", str), table.key("url"), folder, environment),
        "secrets": tuple(
            _secret(text, table.key(f"secrets[{place}]"), folder, environment) for place, text in enumerate(secrets)
        ),
        "finality": table.texts("finality", least=0) or FINALITIES,
        "internal": table.take("internal", bool, False),
        "allow_http": table.take("allow_http", bool, False),
        "answer_within": table.number("answer_within", 10.0, 0.1, 60.0),
        "give_up": table.number("give_up_days", 5.0, 0.01, 365.0) * DAY,
    }
    table.done()
    try:
        return Endpoint(**facts)  # type: ignore[arg-type]  # Names and values are checked there.
    except UnusableUrl as error:
        raise BadConfig(table.key("url"), error.why) from None
    except Malformed as error:
        raise BadConfig(table.key(error.what), error.why) from None


def _secret(text: str, key: str, folder: Path, environment: Mapping[str, str]) -> Secret:
    return checked(key, lambda: Secret(outside(text, key, folder, environment)))
