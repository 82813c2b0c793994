"""YAML text to plain data that remembers where everything stands.

A syntax fault stops a YAML reader. So that one does not hide all the others, the text is then read section by
section (a section begins with a key in the first column), and only the broken sections are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.tokens import AliasToken, AnchorToken

from roder.steering.modelfile.faults import Fault, Path, path_text

Place = tuple[int, int]  # line and column, from 1

_SECTION = re.compile(r"^[A-Za-z_åäöÅÄÖ\"'][^\n:]*:(?=\s|$)", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_UNFINISHED = re.compile("stream end|end of stream")
_DEEP = re.compile(r"(?:[\[{]\s*){20}")
_SHORTCUT = re.compile(r"(?<!\w)[&*](?!\s)")
"""Where an anchor or an alias could stand. A hit may be a comment or a quoted text: the scanner says which."""
_LEADING_ZERO = re.compile(r"0[0-9]")
_TAG = "tag:yaml.org,2002:"
_TOO_LONG = 2_000_000
_KEPT_BELOW = 200_000

_READER_FAILS = (YAMLError, ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""What the YAML reader raises: its own errors, and others for odd escapes and directives."""

_SYNTAX = (  # part of the reader's message -> what a person needs to hear
    (
        "mapping values are not allowed",
        "kolon där det inte går; sätt texten inom citattecken, eller rätta indraget",
    ),
    (r"'\t'", "en tabb används som indrag; använd mellanslag"),
    (
        "cannot start any token",
        "texten börjar med ett tecken som betyder något i YAML; sätt den inom citattecken",
    ),
    ("unexpected end of stream", "citattecknet avslutas aldrig; sätt dit det som saknas"),
    (
        "but got ':'",
        "kolon där det inte går; sätt texten inom citattecken, eller avsluta gruppen med } eller ]",
    ),
    ("expected ',' or ']'", "listan inom [ ] avslutas aldrig eller saknar komma; sätt dit det som saknas"),
    ("expected ',' or '}'", "gruppen inom { } avslutas aldrig eller saknar komma; sätt dit det som saknas"),
    ("expected <block end>", "indraget stämmer inte; raden ska börja rakt under de andra på samma nivå"),
    ("could not find expected ':'", "kolon saknas efter nyckeln; skriv ”nyckel: värde”"),
    ("another document", "filen innehåller en ny början (---); en styrmodell är ett enda stycke"),
    ("undefined alias", "genvägen (*) pekar ingenstans; skriv ut värdet"),
)


@dataclass
class Source:
    """What was read: plain data, where each value and key stands, and the faults found on the way."""

    data: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    """Sections left out because their YAML is broken."""
    pending: list[tuple[Place, Path, str]] = field(default_factory=list)
    """Faults whose path can be written out only when everything has been read."""

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where a path stands; for what is not in the text, where the nearest thing around it stands."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))


def read(text: str) -> Source:
    """Read YAML text. Never raises for what is in the text: everything wrong becomes a fault.

    What was read last is kept, since a page asks for the same text several times and reading a long one takes tenths of
    a second: what is given back is not to be changed.
    """
    return _read_lately(text) if len(text) < _KEPT_BELOW else _read(text)


def _read(text: str) -> Source:
    source = Source()
    _read_into(source, text)
    source.faults += [
        Fault(*place, path_text(source.data, path), told) for place, path, told in source.pending
    ]
    source.pending.clear()
    return source


_read_lately = lru_cache(maxsize=8)(_read)


def _read_into(source: Source, text: str) -> None:
    if _refused(text, source):
        return
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        _too_deep(source)
        return
    except _READER_FAILS as error:
        _read_sections(text, source, error)
        return
    if root is None:
        source.faults.append(
            Fault(1, 1, "", "Filen är tom; en styrmodell behöver minst format, year, municipality …")
        )
        return
    if not isinstance(root, MappingNode):
        place = _place(root)
        source.faults.append(
            Fault(*place, "", "Filen ska bestå av nycklar med värden (”year: 2022”), inte en lista.")
        )
        return
    _Builder(source).build_root(root)


def _refused(text: str, source: Source) -> bool:
    """True, with the reason as a fault, for text that is not even tried."""
    if len(text) > _TOO_LONG:
        message = "Filen är för stor för att vara en styrmodell (mer än 2 miljoner tecken)."
        source.faults.append(Fault(1, 1, "", message))
    elif _DEEP.search(text):
        _too_deep(source)
    elif _printable(text, source):
        _without_shortcuts(text, source)
    return bool(source.faults)


def _too_deep(source: Source) -> None:
    source.faults.append(Fault(1, 1, "", "Filen har för många nivåer i varandra för att kunna läsas."))


def _printable(text: str, source: Source) -> bool:
    for found in _CONTROL.finditer(text):
        line, column = (
            text.count("\n", 0, found.start()) + 1,
            found.start() - text.rfind("\n", 0, found.start()),
        )
        message = f"Otillåtet styrtecken (U+{ord(found[0]):04X}); ta bort det."
        source.faults.append(Fault(line, column, "", message))
    return not source.faults


def _without_shortcuts(text: str, source: Source) -> None:
    """Anchors and aliases would let a small file unfold to a huge one, and people cannot follow them."""
    if not _SHORTCUT.search(text):
        return
    try:
        for token in YAML(typ="safe", pure=True).scan(text):
            if isinstance(token, AliasToken | AnchorToken):
                place = token.start_mark.line + 1, token.start_mark.column + 1
                message = (
                    "Genvägar (& och *) används inte här; skriv ut värdet, inom citattecken om det är text."
                )
                source.faults.append(Fault(*place, "", message))
    except (*_READER_FAILS, RecursionError):
        pass  # the syntax fault itself is reported when the text is composed


def _read_sections(text: str, source: Source, first: Exception) -> None:
    starts = [found.start() for found in _SECTION.finditer(text)]
    source.data = {}
    builder = _Builder(source)
    nodes: list[tuple[Node, Node]] = []
    before = len(source.faults)
    for start, end in pairwise([*starts, len(text)]):
        lines_above = text.count("\n", 0, start)
        try:
            part = YAML(typ="safe", pure=True).compose("\n" * lines_above + text[start:end])
        except RecursionError:
            part = None
        except _READER_FAILS as error:
            name = text[start:end].split(":", 1)[0].strip("\"' ")
            source.unreadable.add(name)
            source.faults.append(_syntax_fault(error, name))
            continue
        if isinstance(part, MappingNode):
            nodes += part.value
    if len(source.faults) == before:  # each section is fine by itself: what is wrong lies between them
        source.faults.append(_syntax_fault(first, ""))
    builder.build_pairs(nodes, ())


def _syntax_fault(error: Exception, section: str) -> Fault:
    line, column, problem = 1, 1, str(error)
    if isinstance(error, ReaderError):
        problem = error.reason
    if isinstance(error, MarkedYAMLError):
        problem = error.problem or ""
        mark = error.problem_mark or error.context_mark
        opened = error.context_mark
        if (
            mark
            and opened
            and (_UNFINISHED.search(problem) or ("expected ','" in problem and opened.line < mark.line))
        ):
            mark = opened  # something opened there is never closed: that is the place to look at
            problem = problem.split(", but got")[0]
        if mark:
            line, column = mark.line + 1, mark.column + 1
    plain = next(
        (swedish for part, swedish in _SYNTAX if part in problem), f"YAML kan inte läsas här ({problem})"
    )
    rest = f" Resten av avsnittet ”{section}” granskas när det är rättat." if section else ""
    return Fault(line, column, section, f"Skrivfel: {plain}.{rest}")


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


class _Builder:
    """Nodes to plain data, marking places and duplicate keys."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def build_root(self, root: MappingNode) -> None:
        self.source.values[()] = _place(root)
        self.source.data = {}
        self.build_pairs(root.value, ())

    def build_pairs(self, pairs: list[tuple[Node, Node]], path: Path) -> None:
        target = self.source.data
        for step in path:
            target = target[step]
        self._fill(target, pairs, path)

    def _fill(self, target: dict[str, Any], pairs: list[tuple[Node, Node]], path: Path) -> None:
        for key_node, value_node in pairs:
            if not isinstance(key_node, ScalarNode):
                self._fault(key_node, path, "En nyckel ska vara ett enda ord.")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if here in self.source.keys:
                first = self.source.keys[here][0]
                message = f"Nyckeln ”{key}” står två gånger (första gången på rad {first}); ta bort den ena."
                self._fault(key_node, here, message)
                continue
            self.source.keys[here] = _place(key_node)
            target[key] = self._value(value_node, here)
            if target[key] is None:  # nothing is written: the key is where to look
                self.source.values[here] = _place(key_node)

    def _value(self, node: Node, path: Path) -> Any:
        self.source.values[path] = _place(node)
        if isinstance(node, MappingNode):
            mapping: dict[str, Any] = {}
            self._fill(mapping, node.value, path)
            return mapping
        if isinstance(node, SequenceNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _scalar(self, node: Node, path: Path) -> Any:
        text = str(node.value)
        kind = str(node.tag).removeprefix(_TAG)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        try:
            if kind == "int":
                return text if _LEADING_ZERO.match(text) else int(text)  # 0481 is a code, not a number
            if kind == "float":
                return Decimal(text)
        except (ValueError, InvalidOperation):
            return text  # such as 0x1F or .inf: no number in a steering model, said where it is used
        if kind not in ("str", "timestamp"):
            self._fault(node, path, f"Taggen ”{node.tag}” används inte i en styrmodell; ta bort den.")
        return text

    def _fault(self, node: Node, path: Path, message: str) -> None:
        self.source.pending.append((_place(node), path, message))
