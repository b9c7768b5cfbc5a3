import re
from collections.abc import Iterator

import typer

from earnest.cli.app import app
from tests.docs.pages import text

Command = tuple[str, ...]
_TABLE = re.compile(r"^\| (`earnest [^|]+) \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", re.MULTILINE)


def there_are(command: object, path: Command = ()) -> Iterator[Command]:
    """The app's commands, without the groups."""
    parts = getattr(command, "commands", None)
    if parts is None:
        yield path
        return
    for name, part in parts.items():
        yield from there_are(part, (*path, name))


def words(ticked: str) -> Command:
    """Without options and what stands for a value."""
    return tuple(re.findall(r"(?<!\S)[a-z][a-z0-9-]*(?!\S)", ticked))


def named() -> Iterator[Command]:
    """In the first cells of the page's tables; `condition after`, `vesting` are two commands of one group."""
    for head, rows in _TABLE.findall(text("command-line.md")):
        groups = [words(ticked)[1:] for ticked in re.findall("`(.+?)`", head)]
        group = groups[0] if len(groups) == 1 else ()
        for cell in re.findall(r"^\| (.+?) \|", rows, re.MULTILINE):
            within: Command = ()
            for ticked in re.findall("`(.+?)`", cell):
                path = words(ticked)
                within = path[:-1] or within
                yield (*group, *within, *path[-1:])


def test_the_page_names_every_command_and_no_other() -> None:
    commands = set(there_are(typer.main.get_command(app)))
    told = {next((path[:n] for n in range(1, len(path) + 1) if path[:n] in commands), path) for path in named()}

    assert told == commands
