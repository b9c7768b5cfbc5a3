import json
from collections.abc import Callable
from importlib import import_module

PACKAGES = (
    "chain",
    "channels",
    "deploy",
    "earnest",
    "earnest.errors",
    "earnest.testing",
    "escrow",
    "escrow.conditions",
)


def test_public_names_change_only_on_purpose(snapshot: Callable[[str, str], None]) -> None:
    names = {package: sorted(import_module(package).__all__) for package in PACKAGES}

    snapshot("names.json", json.dumps(names, indent=2) + "\n")
