from typing import Any

import pytest

from chain.errors import Malformed
from earnest.worker.errors import UnusableUrl
from earnest.worker.webhooks.secret import Secret
from tests.earnest.worker.values import SECRET, endpoint


@pytest.mark.parametrize(
    ("url", "facts"),
    [
        ("http://shop.example/", {}),
        ("http://shop.example/", {"allow_http": True}),
        ("http://127.0.0.1/", {}),
        ("http://10.0.0.1/", {"allow_http": True, "internal": True}),
        ("https://127.0.0.1/", {}),
        ("https://10.0.0.1/", {}),
        ("https://169.254.169.254/latest", {"internal": True}),
        ("https://[::ffff:10.0.0.1]/", {}),
        ("https://[fe80::1]/", {"internal": True}),
        ("https://user:password@shop.example/", {}),
        ("https://user@shop.example/", {}),
        ("https://shop.example/#part", {}),
        ("https://shop.example:port/", {}),
        ("https://[shop/", {}),
        ("https:///hook", {}),
        ("ftp://shop.example/", {}),
        ("file:///etc/passwd", {}),
    ],
)
def test_deliveries_go_only_where_nothing_inside_can_be_reached(url: str, facts: dict[str, Any]) -> None:
    with pytest.raises(UnusableUrl) as refused:
        endpoint(url, **facts)

    assert url not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "facts"),
    [
        ("https://shop.example:8443/hook?key=1", {}),
        ("http://127.0.0.1:8000/", {"allow_http": True}),
        ("http://localhost:8000/", {"allow_http": True}),
        ("https://10.0.0.1/", {"internal": True}),
        ("https://8.8.8.8/", {}),
    ],
)
def test_what_the_merchant_has_chosen_is_allowed(url: str, facts: dict[str, Any]) -> None:
    assert endpoint(url, **facts).url == url


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "No Name"},
        {"name": ""},
        {"secrets": ()},
        {"finality": ()},
        {"finality": ("sure",)},
        {"finality": ("latest", "final")},
        {"answer_within": 0},
        {"give_up": 0},
    ],
)
def test_an_endpoint_is_whole_or_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        endpoint(**facts)


@pytest.mark.parametrize(
    "text", ["", "whsec_", "c2VjcmV0", SECRET[6:], "whsec_c2hvcnQ=", "whsec_!" + SECRET[7:], SECRET * 3]
)
def test_a_secret_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        Secret(text)

    assert text == "" or text.removeprefix("whsec_") == "" or text not in str(refused.value)


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret(SECRET)

    assert SECRET[6:] not in f"{secret} {secret!r} {endpoint()!r}"
    assert secret.reveal() == SECRET
