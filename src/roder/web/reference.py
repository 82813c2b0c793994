"""The reference part of the handbook, written from the declarations themselves: imports, figures, reports and the
steering model's file. ``roder reference DIR`` writes it; a test sees to it that what lies in ``docs`` is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from roder.core.words import capital_first

MADE = (
    "Sidan skrivs av `roder reference docs/referens` ur Roders egna deklarationer. Ändra inte i den för hand."
)
TYPES = {
    "string": "text",
    "integer": "heltal",
    "number": "tal",
    "boolean": "ja eller nej (true, false)",
    "null": "tom",
}


def _table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(heading)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        cells = (" ".join(cell.replace("|", "\\|").split()) for cell in row)
        yield f"| {' | '.join(cells)} |"
    yield ""


def imports_page() -> str:
    """Every kind of file that can be read in, with its columns."""
    from roder.imports.blank import asked  # noqa: PLC0415
    from roder.imports.kinds import KINDS  # noqa: PLC0415

    lines = ["# Filer att läsa in", "", MADE, ""]
    lines += [
        "Rubrikerna skrivs som här; stora bokstäver, mellanslag och å, ä, ö går också bra. En tom "
        "fil att fylla i ger `roder template SLAG --format xlsx -o FIL` eller knappen *Hämta en Excelmall* på sidan "
        "*Inläsning av filer*. Kolumner som inte behövs får saknas.",
        "",
    ]
    for what in KINDS.values():
        lines += [f"## {what.title} (`{what.kind}`)", "", what.about, ""]
        if what.opens is not None:
            lines += ["Filen är ingen tabell: se [handboken](../handbok/bokforing-sie.md).", ""]
            continue
        required = set(what.required_columns)
        needed = {name for column in what.columns if column.filled for name in column.sources}
        lines += _table(
            ("Kolumn", "Vad som står där", "Behövs", "Exempel"),
            (
                (
                    f"`{one.name}`",
                    one.about,
                    "varje rad" if one.name in needed else "kolumnen" if one.name in required else "nej",
                    one.example,
                )
                for one in asked(what)
            ),
        )
    return "\n".join(lines)


def figures_page() -> str:
    """Every figure of the catalogue, with the sentence that defines it."""
    from roder.figures.registry import catalogue  # noqa: PLC0415

    lines = ["# Siffror", "", MADE, ""]
    lines += [
        "Varje siffra räknas av sitt uttryck, lika på de levande uppgifterna och på ett låst underlag. "
        "`roder figure NAMN` visar den; på webben finns den under *Siffror*.",
        "",
    ]
    room = ""
    for name, one in sorted(catalogue().items()):
        first = name.split(".")[0]
        if first != room:
            room = first
            lines += [f"## {room}", ""]
        lines += [f"### `{name}`", "", f"**{one.label}.** {one.sentence}", ""]
        per = ", ".join(one.per) or "nämnd"
        note = f" Källa: {one.source_note}" if one.source_note else ""
        guarded = " Små tal döljs för den som inte får se ärendena." if one.guarded else ""
        lines += [f"Räknas i {one.unit.value}, per {per}.{guarded}{note}", ""]
    return "\n".join(lines)


def reports_page() -> str:
    """Every report with its sections, and the occasions it is made for."""
    from roder.reports.kinds import all_reports  # noqa: PLC0415
    from roder.steering.models import Occasion  # noqa: PLC0415

    labels = dict(Occasion.Kind.choices)
    lines = ["# Rapporter", "", MADE, ""]
    lines += [
        "En rapport skrivs som webbsida, PDF, Word och Excel med `roder report` eller på sidan *Rapporter*.",
        "",
    ]
    for slug, one in sorted(all_reports().items(), key=lambda pair: pair[1].title):
        kinds = ", ".join(labels[kind] for kind in labels if kind in one.kinds)
        lines += [f"## {one.title} (`{slug}`)", "", f"Görs vid: {kinds}.", ""]
        lines += [f"1. {section.title}" for section in one.sections]
        lines.append("")
    return "\n".join(lines)


def model_page() -> str:
    """The steering model's file, key by key."""
    from roder.steering.modelfile import json_schema  # noqa: PLC0415

    schema = json_schema()
    lines = ["# Styrmodellens fil, nyckel för nyckel", "", MADE, ""]
    lines += [
        "Filen heter `styrmodell.yaml` och granskas med `roder model check FIL`: varje fel visas med rad och plats. "
        "Hur man tänker när man skriver den står i [Styrmodellen](../handbok/styrmodell.md).",
        "",
        "## Överst i filen",
        "",
    ]
    called = _called(schema)
    lines += _keys(schema, called)
    parts = {name: part for name, part in schema["$defs"].items() if "enum" not in part}
    for name, part in sorted(parts.items(), key=lambda pair: called.get(pair[0], pair[0]).casefold()):
        lines += [f'<a id="{name.lower()}"></a>', "", f"## {capital_first(called.get(name, name))}", ""]
        lines += _keys(part, called)
    lines += ["## Koder som får stå", ""]
    lists = {name: part for name, part in schema["$defs"].items() if "enum" in part}
    for name, part in sorted(lists.items(), key=lambda pair: called.get(pair[0], pair[0]).casefold()):
        codes = ", ".join(f"`{code}`" for code in part["enum"])
        lines += [
            f'<a id="{name.lower()}"></a>',
            "",
            f"**{capital_first(called.get(name, name))}**: {codes}",
            "",
        ]
    return "\n".join(lines)


def _called(schema: dict[str, Any]) -> dict[str, str]:
    """What each part of the schema is called in Swedish: by the first key that it stands at."""
    found: dict[str, str] = {}

    def refs(one: Any) -> Iterator[str]:
        if isinstance(one, dict):
            if "$ref" in one:
                yield one["$ref"].rsplit("/", 1)[-1]
            for value in one.values():
                yield from refs(value)
        elif isinstance(one, list):
            for value in one:
                yield from refs(value)

    for part in (schema, *schema["$defs"].values()):
        for one in part.get("properties", {}).values():
            for name in refs(one):
                found.setdefault(name, one.get("title", name))
    return found


def _keys(part: dict[str, Any], called: dict[str, str]) -> Iterator[str]:
    required = set(part.get("required", ()))
    yield from _table(
        ("Nyckel", "Betydelse", "Vad som står där", "Måste finnas"),
        (
            (f"`{key}`", one.get("title", ""), _kind(one, called), "ja" if key in required else "nej")
            for key, one in part.get("properties", {}).items()
        ),
    )


def _kind(one: dict[str, Any], called: dict[str, str]) -> str:
    """What may stand at a key, in words."""
    if "$ref" in one:
        name = one["$ref"].rsplit("/", 1)[-1]
        return f"[{called.get(name, name)}](#{name.lower()})"
    for choice in ("anyOf", "oneOf"):
        if choice in one:
            kinds = (_kind(part, called) for part in one[choice] if part.get("type") != "null")
            return " eller ".join(dict.fromkeys(kinds))
    if "const" in one:
        return f"`{one['const']}`"
    if "enum" in one:
        return ", ".join(f"`{code}`" for code in one["enum"])
    if one.get("type") == "array":
        return f"lista av {_kind(one.get('items', {}), called)}"
    if one.get("type") == "object":
        return f"nyckel: {_kind(one.get('additionalProperties') or {}, called)}"
    if one.get("format") == "date":
        return "datum (2022-03-31)"
    return TYPES.get(one.get("type", ""), "text") + _limits(one)


def _limits(one: dict[str, Any]) -> str:
    low, high = one.get("minimum"), one.get("maximum")
    if low is not None and high is not None:
        return f" {low}–{high}"
    longest = one.get("maxLength")
    return f", högst {longest} tecken" if longest else ""


PAGES: dict[str, Callable[[], str]] = {
    "inlasningar.md": imports_page,
    "siffror.md": figures_page,
    "rapporter.md": reports_page,
    "styrmodellens-fil.md": model_page,
}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def reference(folder: Path) -> None:
    """Skriv handbokens referenssidor i FOLDER: filer att läsa in, siffror, rapporter, styrmodellens fil."""
    from roder.core.cli import setup_django  # noqa: PLC0415

    setup_django(migrated=False)
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page().rstrip("\n") + "\n", encoding="utf-8")
        click.echo(str(folder / name))
