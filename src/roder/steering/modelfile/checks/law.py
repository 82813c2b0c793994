"""Laws: references that exist, and periods that follow each other without holes or overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from roder.steering.modelfile.checks.look import Look, Remark
from roder.steering.modelfile.view import View


def laws_known(look: Look) -> Iterator[Remark]:
    """Whatever names a law names one of the file."""
    root = look.root
    references = [law["replaced_by"] for law in root["laws"]]
    references += [deadline["law"] for deadline in root["deadlines"]]
    references += [category["law"] for category in root["delegation"]["categories"]]
    references += [row["law"] for row in root["supports"]["rows"]]
    references += [section["law"] for rule in root["legal_references"] for section in rule["sections"]]
    for reference in references:
        yield from look.unknown(reference, root["laws"].codes(), "laws", "lagen")


def periods(look: Look) -> Iterator[Remark]:
    """A law ends after it begins, its successor begins the day after, and no two of one name hold at once."""
    laws = list(look.root["laws"])
    by_code = {law["code"].text: law for law in laws}
    for index, law in enumerate(laws):
        start, end = law["valid_from"].day, law["valid_to"].day
        if start and end and start > end:
            yield Remark(
                law["valid_to"].path, f"Lagen slutar gälla ({end}) innan den börjar ({start}); rätta datumen."
            )
        successor = by_code.get(law["replaced_by"].text) if law["replaced_by"].text else None
        if successor is not None:
            yield from _succession(law, successor)
        for other in laws[:index]:
            if law["short"].text and law["short"].text == other["short"].text and _both_hold(law, other):
                yield Remark(
                    law.path,
                    f"Två lagar med förkortningen ”{law['short'].text}” gäller samtidigt; ange "
                    "valid_to och valid_from.",
                )


def _succession(law: View, successor: View) -> Iterator[Remark]:
    if law["valid_to"].missing:
        yield Remark(
            law["replaced_by"].path, "Lagen ersätts men saknar valid_to; ange sista dagen den gäller."
        )
        return
    end, start = law["valid_to"].day, successor["valid_from"].day
    if end and start and start > end + timedelta(days=1):
        yield Remark(
            law["valid_to"].path,
            f"Ingen av lagarna gäller mellan {end} och {start}; den nya ska börja dagen efter.",
        )


def _both_hold(one: View, other: View) -> bool:
    def span(law: View) -> tuple[date, date]:
        return law["valid_from"].day or date.min, law["valid_to"].day or date.max

    (start, end), (other_start, other_end) = span(one), span(other)
    return start <= other_end and other_start <= end


CHECKS = (laws_known, periods)
