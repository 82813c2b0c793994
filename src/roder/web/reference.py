"""The reference part of the handbook, written from the declarations themselves: imports, figures, reports and the
steering model's file. ``roder reference DIR`` writes it; a test sees to it that what lies in ``docs`` is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from roder.core.words import anchor

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
        lines += _table(
            ("Kolumn", "Vad som står där", "Behövs", "Exempel"),
            ((f"`{one.name}`", one.about, one.must, one.example) for one in asked(what)),
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
    """The steering model's file, key by key: what each means, what may stand there, and where."""
    from roder.steering.modelfile import json_schema  # noqa: PLC0415
    from roder.steering.modelfile.meanings import meaning  # noqa: PLC0415

    schema = json_schema()
    lines = ["# Styrmodellens fil, nyckel för nyckel", "", MADE, ""]
    lines += [
        "Filen heter `styrmodell.yaml` och granskas med `roder model check FIL`: varje fel visas med rad och plats. "
        "Hur man tänker när man skriver den står i [Styrmodellen](../handbok/styrmodell.md).",
        "",
        "En punkt i en nyckel betyder *under*: `accounts.rows` är listan `rows` under `accounts`. En del som kan stå "
        "på flera ställen beskrivs en gång.",
        "",
        "## Överst i filen",
        "",
    ]
    places = _places(schema)
    headings = {name: _heading(schema["$defs"][name], paths) for name, paths in places.items()}
    lines += _keys(schema, headings)
    for name, paths in places.items():
        part = schema["$defs"][name]
        if "enum" in part:
            continue
        lines += [f"## {headings[name]}", ""]
        if len(paths) > 1:
            also = ", ".join(f"`{path}`" for path in paths[1:])
            lines += [f"Står också under {also}.", ""]
        lines += _keys(part, headings)
    lines += ["## Koder som får stå", ""]
    for name, paths in places.items():
        part = schema["$defs"][name]
        if "enum" not in part:
            continue
        where = ", ".join(f"`{path}`" for path in paths)
        lines += [f"### {headings[name]}", "", f"Står vid {where}.", ""]
        lines += _table(("Kod", "Betydelse"), ((f"`{code}`", meaning(name, code)) for code in part["enum"]))
    return "\n".join(lines)


def _heading(part: dict[str, Any], paths: list[str]) -> str:
    """The heading of a part: the first place where it stands, and its kind where several kinds may stand there."""
    kind = part.get("properties", {}).get("kind", {}).get("const")
    return f"`{paths[0]}`, `kind: {kind}`" if kind else f"`{paths[0]}`"


def _places(schema: dict[str, Any]) -> dict[str, list[str]]:
    """Where each part of the schema stands, as paths of keys: part -> paths, in the order of the file."""
    found: dict[str, list[str]] = {}

    def walk(part: dict[str, Any], path: str) -> None:
        for key, one in part.get("properties", {}).items():
            here = f"{path}.{key}" if path else key
            for name in _refs(one):
                known = name in found
                if here not in found.setdefault(name, []):
                    found[name].append(here)
                if not known:
                    walk(schema["$defs"][name], here)

    walk(schema, "")
    return found


def _refs(one: Any) -> Iterator[str]:
    """The names of the parts that a key points at."""
    if isinstance(one, dict):
        if "$ref" in one:
            yield one["$ref"].rsplit("/", 1)[-1]
        for key, value in one.items():
            if key != "discriminator":  # says the same once more
                yield from _refs(value)
    elif isinstance(one, list):
        for value in one:
            yield from _refs(value)


def _keys(part: dict[str, Any], headings: dict[str, str]) -> Iterator[str]:
    required = set(part.get("required", ()))
    yield from _table(
        ("Nyckel", "Betydelse", "Vad som står där", "Måste finnas"),
        (
            (f"`{key}`", one.get("description", ""), _kind(one, headings), "ja" if key in required else "nej")
            for key, one in part.get("properties", {}).items()
        ),
    )


def _kind(one: dict[str, Any], headings: dict[str, str]) -> str:
    """What may stand at a key, in words."""
    if "$ref" in one:
        heading = headings[one["$ref"].rsplit("/", 1)[-1]]
        return f"[{heading}](#{anchor(heading)})"
    for choice in ("anyOf", "oneOf"):
        if choice in one:
            kinds = (_kind(part, headings) for part in one[choice] if part.get("type") != "null")
            return " eller ".join(dict.fromkeys(kinds))
    if "const" in one:
        return f"`{one['const']}`"
    if "enum" in one:
        return ", ".join(f"`{code}`" for code in one["enum"])
    if one.get("type") == "array":
        return f"lista av {_kind(one.get('items', {}), headings)}"
    if one.get("type") == "object":
        return f"nyckel: {_kind(one.get('additionalProperties') or {}, headings)}"
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
