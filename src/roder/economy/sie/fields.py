"""The fields of a line: apart by spaces or tabs, in quotes when they hold spaces, an object list within braces."""

from __future__ import annotations

import re
from datetime import date

#: A field of a line: a text, or the texts of an object list.
Field = str | tuple[str, ...]

_QUOTED = r'"((?:[^"\\]|\\"|\\(?!"))*)"'
_FIELD = re.compile(
    rf'[ \t]*(?:{_QUOTED}|(\{{[^{{}}"]*(?:"(?:[^"\\]|\\"|\\(?!"))*"[^{{}}"]*)*\}})|([^ \t"{{}}]+))(?=[ \t{{}}]|$)'
)
_BLANK = " \t\r\n\x0b\x0c"
_AMOUNT = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?", re.ASCII)
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)


class FieldError(Exception):
    """A line or a field that cannot be read: what, and what to do about it."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.what, self.do = what, do


def split(text: str) -> list[Field]:
    """The fields of a line, the label first. Raises FieldError when quotes or braces do not match."""
    found: list[Field] = []
    place, end = 0, len(text.rstrip(_BLANK))
    while place < end:
        match = _FIELD.match(text, place, end)
        if match is None:
            raise FieldError(
                "raden har citationstecken eller måsvingar som inte går ihop",
                'Ett citationstecken i en text skrivs \\", och en objektlista står inom { och }.',
            )
        quoted, objects, bare = match.groups()
        if objects is not None:
            found.append(tuple(one for one in split(objects[1:-1]) if isinstance(one, str)))
        else:
            found.append(quoted.replace('\\"', '"') if quoted is not None else bare)
        place = match.end()
    return found


def quote(text: str) -> str:
    """A text as a field: in quotes, with quotes inside it marked. Line breaks become spaces."""
    plain = re.sub(r"[\x00-\x1f\x7f]", " ", text)
    # A backslash at the end, or before a quote, would be read as the mark of a quote.
    return '"' + re.sub(r'\\+(?="|$)', lambda run: "/" * len(run.group()), plain).replace('"', '\\"') + '"'


def ore(text: Field) -> int:
    """An amount in öre. Raises FieldError: the format has a point, at most two decimals and no spaces."""
    match = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise FieldError(
            f"beloppet ”{shown(text)}” kan inte läsas",
            "Skriv det med punkt och högst två decimaler, till exempel -1250.50.",
        )
    sign, whole, part = match.groups()
    value = int(whole) * 100 + int((part or "").ljust(2, "0"))
    return -value if sign else value


def amount_text(value: int) -> str:
    """An amount in öre as the format writes it."""
    return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"


def day(text: Field) -> date:
    """A day such as 20220131. Raises FieldError."""
    match = _DAY.fullmatch(text) if isinstance(text, str) else None
    try:
        if match is not None:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    raise FieldError(
        f"datumet ”{shown(text)}” kan inte läsas", "Skriv det med åtta siffror, till exempel 20220131."
    )


def shown(value: Field) -> str:
    """A field as a person wrote it."""
    return value if isinstance(value, str) else "{" + " ".join(value) + "}"
