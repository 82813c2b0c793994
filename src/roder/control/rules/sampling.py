"""The draw of a sample: how many, and which. Anybody with the frame, the seed and the size gets the same items.

Method ``sha256-rank-1``: every reference gets a rank, the SHA-256 sum (in hexadecimal) of the seed, a newline and the
reference in UTF-8. The references with the lowest ranks are the sample, in the order of their ranks. Neither the order
of the file nor the machine matters, and no program of ours is needed to check it (see ``recipe``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from hashlib import sha256

from roder.core.faults import UserFault
from roder.core.numbers import format_number

METHOD = "sha256-rank-1"
#: rule of the steering model (``control.sample_rounding``) -> how a share of a frame becomes a whole number
ROUNDINGS = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_UP, "up": ROUND_CEILING}
ROUNDING_WORDS = {
    "down": "avrundat nedåt",
    "nearest": "avrundat till närmaste heltal",
    "up": "avrundat uppåt",
}
DEFAULT_ROUNDING = "down"
LONGEST_SEED = 64
#: What a seed may hold: signs that stand unchanged in a shell command and on paper.
_SEED = re.compile(r"[0-9A-Za-zÅÄÖåäö._:/-]+")


class SampleFault(UserFault):
    """The sample cannot be drawn as asked. Swedish."""


def sample_size(
    frame: int, *, share: Decimal | None = None, number: int | None = None, rounding: str = DEFAULT_ROUNDING
) -> int:
    """How many of a frame of ``frame`` references: a ``share`` in per cent (0 < share <= 100) rounded as ``rounding``
    says, a ``number``, or all of them when neither is given. A share gives at least 1.

    10 % of 429 rounded down is 42. Raises SampleFault for an empty frame, for both a share and a number, for what is
    not a share or a number, and for more than the frame has (both numbers are said).
    """
    if frame < 1:
        raise SampleFault("Urvalsramen är tom. Det finns inget att dra ett stickprov ur.")
    if share is not None and number is not None:
        raise SampleFault("Ange antingen en andel eller ett antal, inte båda.")
    if rounding not in ROUNDINGS:
        raise SampleFault(f"Avrundningsregeln ”{rounding}” finns inte. Välj en av {', '.join(ROUNDINGS)}.")
    if share is not None:
        if not share.is_finite() or not 0 < share <= 100:
            raise SampleFault("Andelen ska vara mer än 0 och högst 100 procent.")
        exact = Decimal(frame) * share / 100
        return max(1, int(exact.to_integral_value(ROUNDINGS[rounding])))
    if number is None:
        return frame
    if number < 1:
        raise SampleFault("Stickprovet ska vara minst 1.")
    if number > frame:
        raise SampleFault(
            f"Stickprovet är större än ramen: {format_number(number)} av {format_number(frame)}. "
            f"Ange högst {format_number(frame)}."
        )
    return number


def seed_of(text: str) -> str:
    """A seed as it is used: without spaces around it. Raises SampleFault for one that is empty, too long, or has signs
    that would not survive on paper or in a command."""
    seed = text.strip()
    if not seed:
        raise SampleFault("Fröet är tomt. Lämna fältet så som det var, eller skriv ett eget.")
    if len(seed) > LONGEST_SEED:
        raise SampleFault(f"Fröet är {len(seed)} tecken; högst {LONGEST_SEED} ryms.")
    if not _SEED.fullmatch(seed):
        raise SampleFault(
            "Fröet får ha bokstäver, siffror, punkt, bindestreck, snedstreck, kolon och understreck."
        )
    return seed


def rank(reference: str, seed: str) -> str:
    """A reference's rank: 64 hexadecimal digits."""
    return sha256(f"{seed}\n{reference}".encode()).hexdigest()


def draw(references: Iterable[str], seed: str, size: int) -> tuple[str, ...]:
    """The sample in drawn order. Raises SampleFault when ``size`` is less than 1 or more than the references."""
    ranked = sorted((rank(one, seed), one) for one in references)
    sample_size(len(ranked), number=size)
    return tuple(one for _, one in ranked[:size])


def fingerprint(references: Sequence[str]) -> str:
    """The frame's SHA-256, whatever order it came in: of its references sorted by code point, a newline after each."""
    return sha256("".join(f"{one}\n" for one in sorted(references)).encode()).hexdigest()


def recipe_lines(seed: str, size: int, file: str = "ram.txt") -> tuple[str, str, str]:
    """The draw as three lines for any shell with ``sha256sum``: ``file`` has a reference on each line."""
    return (
        "while IFS= read -r rad; do",
        f"printf '%s %s\\n' \"$(printf '%s\\n%s' '{seed}' \"$rad\" | sha256sum | cut -c1-64)\" \"$rad\"",
        f"done < {file} | LC_ALL=C sort | head -n {size} | cut -c66-",
    )


def recipe(seed: str, size: int, file: str = "ram.txt") -> str:
    """``recipe_lines`` as one line."""
    begin, each, end = recipe_lines(seed, size, file)
    return f"{begin} {each}; {end}"


def share_words(part: int, whole: int, *, least: int = 20) -> str:
    """``6 av 42 (14 %)``. The per cent is left out where fewer than ``least`` were checked: there one item more or less
    would move it by more than five points."""
    if whole < 1:
        return "–"
    said = f"{format_number(part)} av {format_number(whole)}"
    if whole < least:
        return said
    percent = format_number(Decimal(part) * 100 / whole)
    if part and percent == "0":
        percent = "mindre än 1"
    elif part < whole and percent == "100":
        percent = "mer än 99"
    return f"{said} ({percent}\u00a0%)"
