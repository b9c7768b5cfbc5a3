from collections.abc import Callable, Iterator

import typer
from typer.testing import CliRunner

from earnest.cli.app import app


def commands(command: typer.core.TyperGroup, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command and group by its words."""
    yield path
    for name, inner in command.commands.items():
        if isinstance(inner, typer.core.TyperGroup):
            yield from commands(inner, *path, name)
        else:
            yield (*path, name)


def help_of(path: tuple[str, ...]) -> str:
    answer = CliRunner().invoke(app, [*path, "--help"], terminal_width=100, prog_name="earnest")
    assert answer.exit_code == 0
    return answer.stdout.strip()


def test_the_command_line_changes_only_on_purpose(snapshot: Callable[[str, str], None]) -> None:
    root = typer.main.get_command(app)
    assert isinstance(root, typer.core.TyperGroup)

    snapshot("help.txt", "\n\n\n".join(help_of(path) for path in commands(root)) + "\n")
