import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT

PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "contracts" / "README.md"])


@cache
def _anchors(page: Path) -> frozenset[str]:
    """Of headings, as renderers of Markdown make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


def _links(page: Path) -> Iterator[tuple[Path, str]]:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" not in target:
            place, _, anchor = target.partition("#")
            yield ((page.parent / place).resolve() if place else page), anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for place, anchor in _links(page):
        assert place.exists(), place
        assert not anchor or anchor in _anchors(place), f"{place}#{anchor}"


def test_the_map_leads_to_every_page() -> None:
    mapped = {place for place, _ in _links(DOCS / "README.md")}

    assert {page for page in DOCS.glob("*.md") if page.name != "README.md"} <= mapped
    assert {folder / "README.md" for folder in DOCS.iterdir() if folder.is_dir()} <= mapped
