"""Changes to one row of a steering model's text that leave every other line as it stands, comments too.

The text is read as YAML nodes, which know where they begin and end; only those characters are replaced. What comes
out is read again and held against what was meant: a text that would say anything else is never given back.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from roder.steering.modelfile.faults import Path
from roder.steering.modelfile.model import SteeringModel
from roder.steering.modelfile.scalars import block, flow, indented, item, pair, plain
from roder.steering.modelfile.yamltext import read

GONE = object()
"""As a value: the key is taken away."""

Edit = tuple[int, int, str]


class SpliceError(ValueError):
    """The text is written in a way that cannot be changed row by row; it can be changed as a text."""


def data_of(text: str) -> Any:
    """The text as plain data, not to be changed; None when it cannot be read."""
    source = read(text)
    return None if source.faults else source.data


@dataclass(frozen=True)
class _Text:
    text: str
    root: MappingNode

    def node(self, path: Path) -> Node | None:
        """The node at a path, or None when there is nothing there."""
        found: Node | None = self.root
        for step in path:
            if isinstance(step, int):
                items = found.value if isinstance(found, SequenceNode) else []
                found = items[step] if step < len(items) else None
            else:
                pairs = found.value if isinstance(found, MappingNode) else []
                found = next((value for key, value in pairs if key.value == step), None)
        return found

    def end(self, node: Node) -> int:
        """Where the node's own text ends, without the comments and empty lines after it."""
        if isinstance(node, ScalarNode) or getattr(node, "flow_style", False) or not node.value:
            stop = int(node.end_mark.index)
            return len(self.text[:stop].rstrip()) if getattr(node, "style", None) in ("|", ">") else stop
        last = node.value[-1]
        return self.pair_end(*last) if isinstance(node, MappingNode) else self.end(last)

    def pair_end(self, key: Node, value: Node) -> int:
        """Where a key with its value ends; a key without a value ends at its colon."""
        if empty(value):
            return self.text.index(":", key.end_mark.index) + 1
        return self.end(value)

    def line_end(self, at: int) -> int:
        """The end of the line, before its line break."""
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def item_span(self, items: SequenceNode, index: int) -> tuple[int, int]:
        """The whole lines of an item of a list that is written with dashes."""
        dash = items.start_mark.column
        start = self.line_start(items.value[index].start_mark.index)
        while self.text[start : start + dash + 1].strip() != "-" and start:
            start = self.line_start(start - 1)  # the dash stands on a line of its own
        return start, self.line_end(self.end(items.value[index]))


def empty(node: Node) -> bool:
    """Whether nothing is written where a value should be."""
    return isinstance(node, ScalarNode) and node.start_mark.index == node.end_mark.index


@lru_cache(maxsize=2)  # a form is sent, corrected and sent again on the same text
def _compose(text: str) -> _Text:
    root = YAML(typ="safe", pure=True).compose(text)
    if not isinstance(root, MappingNode):
        raise SpliceError("texten är inte en styrmodell")
    return _Text(text, root)


def set_values(text: str, changes: dict[Path, Any], order: dict[Path, list[str]] | None = None) -> str:
    """The text with the values at some paths changed, added, or taken away (``GONE``). The last step of every path is
    a key. ``order``: in what order the keys of a group should stand, for those that are added."""
    if not changes:
        return text
    read_text = _compose(text)
    groups: dict[Path, dict[str, Any]] = {}
    for path, value in changes.items():
        groups.setdefault(path[:-1], {})[str(path[-1])] = value
    edits: list[Edit] = []
    for path, values in groups.items():
        edits += _group_edits(read_text, path, values, (order or {}).get(path, []))
    return _checked(text, edits, lambda data: _with(data, changes))


def add_item(text: str, path: Path, value: Any, order: list[str] | None = None) -> str:
    """The text with an item last in the list at ``path``, written as the item before it is. A list that is not there is
    made; ``order`` is that of the keys around it."""
    read_text = _compose(text)
    node = read_text.node(path)
    if not isinstance(node, SequenceNode) or not node.value:
        return set_values(text, {path: [value]}, {path[:-1]: order or []})
    last = node.value[-1]
    if node.flow_style:
        at = read_text.end(last)
        edit = (at, at, f", {flow(value)}")
    else:
        at = read_text.item_span(node, len(node.value) - 1)[1]
        edit = (at, at, "\n" + item(value, node.start_mark.column, on_a_line=bool(last.flow_style)))
    return _checked(text, [edit], lambda data: _at(data, path).append(plain(value)))


def remove_item(text: str, path: Path, index: int) -> str:
    """The text without one item of the list at ``path``. Without its last item the list goes, key and all."""
    read_text = _compose(text)
    node = read_text.node(path)
    if not isinstance(node, SequenceNode) or index >= len(node.value):
        raise SpliceError("raden finns inte")
    if len(node.value) == 1:
        return set_values(text, {path: GONE})
    if node.flow_style:
        spans = [(int(one.start_mark.index), read_text.end(one)) for one in node.value]
        edits = _cut_from_line(spans, {index})
    else:
        start, end = read_text.item_span(node, index)
        edits = [(start, min(end + 1, len(text)), "")]
    return _checked(text, edits, lambda data: _at(data, path).pop(index))


def move_item(text: str, path: Path, index: int, to: int) -> str:
    """The text with one item of the list at ``path`` in another place. Comments right above an item go with it."""
    read_text = _compose(text)
    node = read_text.node(path)
    if not isinstance(node, SequenceNode) or not (0 <= index < len(node.value) and 0 <= to < len(node.value)):
        raise SpliceError("raden finns inte")
    if node.flow_style:
        spans = [(int(one.start_mark.index), read_text.end(one)) for one in node.value]
    else:
        spans = _with_comments(read_text, node)
    texts = [text[start:end] for start, end in spans]
    texts.insert(to, texts.pop(index))
    edits = [(start, end, new) for (start, end), new in zip(spans, texts, strict=True)]

    def moved(data: Any) -> None:
        items = _at(data, path)
        items.insert(to, items.pop(index))

    return _checked(text, edits, moved)


def lines_of(text: str, path: Path) -> tuple[int, int]:
    """The first and last line, from 1, of what stands at a path (1 and 0 when nothing does)."""
    read_text = _compose(text)
    node = read_text.node(path)
    if node is None:
        return 1, 0
    return node.start_mark.line + 1, text.count("\n", 0, read_text.end(node)) + 1


def _with_comments(read_text: _Text, node: SequenceNode) -> list[tuple[int, int]]:
    """The items' lines, each with the comments that stand right above it."""
    spans: list[tuple[int, int]] = []
    for index in range(len(node.value)):
        start, end = read_text.item_span(node, index)
        floor = spans[-1][1] + 1 if spans else 0
        while start > floor:
            above = read_text.line_start(start - 1)
            if above < floor or not read_text.text[above:start].strip().startswith("#"):
                break
            start = above
        spans.append((start, end))
    return spans


def _group_edits(read_text: _Text, path: Path, values: dict[str, Any], order: list[str]) -> list[Edit]:
    """The edits of one group of keys."""
    node = read_text.node(path)
    if not isinstance(node, MappingNode):
        raise SpliceError("gruppen finns inte")
    start = int(node.start_mark.index)
    if node.flow_style and read_text.text[start] != "{":  # [handling: none] is a group without braces
        whole = copy.deepcopy(_at(data_of(read_text.text), path))
        _with(whole, {(key,): value for key, value in values.items()})
        return [(start, read_text.end(node), flow(whole))]
    pairs = {str(key.value): (key, value) for key, value in node.value}
    gone = {key for key, value in values.items() if value is GONE and key in pairs}
    kept = [key for key in pairs if key not in gone]
    new = {key: value for key, value in values.items() if value is not GONE and key not in pairs}
    if not kept:
        inner = block(new, node.start_mark.column) if new and not node.flow_style else flow(new)
        return [(start, read_text.end(node), inner)]
    edits = [
        _value_edit(read_text, node, *pairs[key], value)
        for key, value in values.items()
        if key in pairs and key not in gone
    ]
    edits += _cut(read_text, node, gone)
    return edits + _insertions(
        read_text, node, new, kept, order if path else list(SteeringModel.model_fields)
    )


def _value_edit(read_text: _Text, group: MappingNode, key: Node, value: Node, new: Any) -> Edit:
    """A value changed, written as the one before it was."""
    if empty(value):
        at = read_text.pair_end(key, value)
        return at, at, f" {flow(new)}"
    start, end = int(value.start_mark.index), read_text.end(value)
    if isinstance(value, SequenceNode) and not value.flow_style and isinstance(new, list) and new:
        return start, end, "\n".join(item(one, value.start_mark.column) for one in new).lstrip()
    if (
        isinstance(value, MappingNode | SequenceNode) and not value.flow_style
    ):  # below its key: there must be an indent
        column = max(value.start_mark.column, group.start_mark.column + 2)
        return read_text.line_start(start), end, indented(flow(new), column)
    return start, end, flow(new)


def _cut(read_text: _Text, node: MappingNode, gone: set[str]) -> list[Edit]:
    """Keys taken out of a group that keeps some."""
    spans = [(int(key.start_mark.index), read_text.pair_end(key, value)) for key, value in node.value]
    places = {place for place, (key, _) in enumerate(node.value) if str(key.value) in gone}
    if node.flow_style:
        return _cut_from_line(spans, places)
    first = min(place for place in range(len(spans)) if place not in places)
    edits: list[Edit] = [(spans[0][0], spans[first][0], "")] if first else []
    for place in places:
        if place > first:
            start, end = read_text.line_start(spans[place][0]), read_text.line_end(spans[place][1]) + 1
            edits.append((start, min(end, len(read_text.text)), ""))
    return edits


def _cut_from_line(spans: list[tuple[int, int]], places: set[int]) -> list[Edit]:
    """Things taken out from among others with commas between."""
    first = min(place for place in range(len(spans)) if place not in places)
    edits: list[Edit] = [(spans[0][0], spans[first][0], "")] if first else []
    return edits + [(spans[place - 1][1], spans[place][1], "") for place in places if place > first]


def _insertions(
    read_text: _Text, node: MappingNode, new: dict[str, Any], kept: list[str], order: list[str]
) -> list[Edit]:
    """New keys, each after the one it should follow."""
    by_name = {str(key.value): (key, value) for key, value in node.value}
    after: dict[str, dict[str, Any]] = {}
    for key in sorted(new, key=lambda key: order.index(key) if key in order else len(order)):
        before = order[: order.index(key)] if key in order else kept
        after.setdefault(next((one for one in reversed(before) if one in kept), kept[0]), {})[key] = new[key]
    edits: list[Edit] = []
    for name, values in after.items():
        at = read_text.pair_end(*by_name[name])
        if node.flow_style:
            edits.append((at, at, "".join(f", {key}: {flow(value)}" for key, value in values.items())))
            continue
        for key, value in values.items():
            edits.append(_new_line(read_text, node, key, value, read_text.line_end(at)))
    return edits


def _new_line(read_text: _Text, node: MappingNode, key: str, value: Any, at: int) -> Edit:
    column = node.start_mark.column
    if node is not read_text.root:
        return at, at, f"\n{' ' * column}{pair(key, value, column)}"
    named = f"\n# {key}:\n"  # a model with explanations names the sections it lacks
    found = read_text.text.find(named)
    if found >= 0:
        at = found + len(named) - 1
        return at, at, f"\n{pair(key, value, 0)}"
    return at, at, f"\n\n{pair(key, value, 0)}"


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _with(data: Any, changes: dict[Path, Any]) -> None:
    for path, value in changes.items():
        group = _at(data, path[:-1])
        if value is GONE:
            group.pop(path[-1], None)
        else:
            group[path[-1]] = plain(value)


def _checked(text: str, edits: list[Edit], meant: Any) -> str:
    """The text with the edits made, when it reads as what was meant."""
    new = text
    for _, (start, end, inner) in sorted(
        enumerate(edits), key=lambda one: (one[1][0], one[1][1], one[0]), reverse=True
    ):
        new = new[:start] + inner + new[end:]
    wanted = copy.deepcopy(data_of(text))
    meant(wanted)
    if data_of(new) != wanted:
        raise SpliceError("raden är skriven på ett sätt som inte går att ändra här; ändra den i hela texten")
    return new
