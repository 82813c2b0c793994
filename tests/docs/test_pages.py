"""What the documentation names is there: pages, files, commands, options, variables, figures, menus, rights."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from roder.access.matrix import RIGHTS, Action, Resource
from roder.core.cli import roder
from tests.docs.reading import (
    DOCS,
    HANDBOOK,
    PAGES,
    ROOT,
    Command,
    code_lines,
    commands,
    inline_code,
    links,
    name_of,
)

pages = pytest.mark.parametrize("page", PAGES, ids=name_of)


@pages
def test_every_link_inside_leads_somewhere(page: Path) -> None:
    broken = [
        link
        for link in links(page)
        if not re.match(r"(https?|mailto):|#", link) and not (page.parent / link.split("#")[0]).exists()
    ]
    assert broken == []


@pages
def test_every_file_named_is_there(page: Path) -> None:
    named = [
        word
        for word in inline_code(page)
        if re.fullmatch(r"(src|docs|tests|examples|bench|scripts|requirements)/[\w./-]*[\w/]", word)
    ]
    assert [word for word in named if not (ROOT / word).exists()] == []


#: Commands that the documentation says do not exist yet. When they do, its words must change.
ABSENT = {"backup", "restore"}


def _fault(command: Command) -> str:
    """What is wrong with a command, or nothing."""
    here: click.Command | None = roder
    words = list(command.words)
    if words[:1] and words[0] in ABSENT:
        return (
            f"{words[0]} finns numera: {command.line}"
            if roder.get_command(click.Context(roder), words[0])
            else ""
        )
    while isinstance(here, click.Group) and words:
        try:
            _, here, words = here.resolve_command(click.Context(here), words)
        except click.UsageError as error:
            return f"{error.message}: {command.line}"
    if here is None or here.context_settings.get("ignore_unknown_options"):
        return "" if here else command.line
    known = {
        "--help",
        *(name for parameter in here.params for name in (*parameter.opts, *parameter.secondary_opts)),
    }
    unknown = [option for option in command.options if option.split("=")[0] not in known]
    return f"{', '.join(unknown)} finns inte: {command.line}" if unknown else ""


@pages
def test_every_command_and_option_exists(page: Path) -> None:
    assert [fault for command in commands(page) if (fault := _fault(command))] == []


def test_commands_are_found_at_all() -> None:
    assert sum(len(commands(page)) for page in PAGES) > 40


@pages
def test_every_make_target_exists(page: Path) -> None:
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {
        word
        for line in code_lines(page)
        for words in re.findall(r"(?:^|\s)make ((?:[a-z.][\w./-]*\s?)+)", line)
        for word in words.split()
    }
    targets = set(re.findall(r"^([\w.$()/-]+):", made, re.MULTILINE)) | {".venv/.base", ".venv/.dev"}
    assert named - targets == set()


def _variables_of_the_program() -> set[str]:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    return {name for text in sources for name in re.findall(r'"(RODER_[A-Z_]+|DATABASE_URL)"', text)}


@pages
def test_every_variable_named_is_read_by_the_program(page: Path) -> None:
    named = set(re.findall(r"\b(RODER_[A-Z]+(?:_[A-Z]+)*|DATABASE_URL)\b", page.read_text(encoding="utf-8")))
    assert named - _variables_of_the_program() == set()


def test_every_variable_of_the_program_is_documented() -> None:
    text = (DOCS / "drift.md").read_text(encoding="utf-8")
    assert [name for name in sorted(_variables_of_the_program()) if f"`{name}`" not in text] == []


@pages
def test_every_figure_named_is_in_the_catalogue(page: Path) -> None:
    from roder.figures.registry import catalogue

    rooms = r"ekonomi\.(?:drift|verksamhet|investeringar)|volymer|personal|matt|mal|uppdrag|moten\.uppdrag"
    pattern = rf"(?:{rooms})\.[a-z_]+"
    named = {
        found
        for line in code_lines(page)
        for found in re.findall(rf"(?<![\w./-]){pattern}(?![\w.]*\.(?:yaml|csv))", line)
        if not found.endswith((".yaml", ".csv"))
    }
    assert named - set(catalogue()) == set()


def test_the_handbook_tells_of_every_figure() -> None:
    from roder.figures.registry import catalogue

    text = (DOCS / "referens" / "siffror.md").read_text(encoding="utf-8")
    assert [name for name in catalogue() if f"### `{name}`" not in text] == []
    assert "(../referens/siffror.md)" in (HANDBOOK / "siffror.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(HANDBOOK.glob("*.md")), ids=name_of)
def test_every_menu_named_is_in_the_menu(page: Path) -> None:
    from roder.web.urls import entries

    there = {(entry.block, entry.label) for entry in entries()}
    text = page.read_text(encoding="utf-8")
    named = {
        (parts[0].strip(), parts[1].strip())
        for found in re.findall(r"\*\*([^*\n]+→[^*\n]+)\*\*", text)
        if len(parts := found.split("→")) > 1
    }
    assert named - there == set()


LETTERS = {
    Action.VIEW: "s", Action.COMMENT: "k", Action.EDIT: "ä", Action.IMPORT: "l", Action.DECIDE: "b",
    Action.ADMINISTER: "f", Action.REPORT: "r",
}  # fmt: skip


def test_the_table_of_rights_is_the_programs_own() -> None:
    from roder.organisation.models import Role

    text = (HANDBOOK / "systemforvaltare.md").read_text(encoding="utf-8")
    resources = list(Resource)
    for role in Role:
        cells = [
            "".join(
                letter
                for action, letter in LETTERS.items()
                if action in RIGHTS[role.value].get(resource, set())
            )
            for resource in resources
        ]
        for part in (
            cells[:10],
            cells[10:20],
            cells[20:29],
            cells[29:],
        ):  # one table would be too wide to read
            assert f"| {role.label} | " + " | ".join(cell or "–" for cell in part) + " |" in text
        assert f"`{role.value}`" in text
