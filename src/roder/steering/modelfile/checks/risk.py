"""Risk scales: steps without holes, a matrix of the right shape, and a handling rule for every risk value."""

from __future__ import annotations

from collections.abc import Iterator

from roder.core.words import joined
from roder.steering.modelfile.checks.look import Look, Remark
from roder.steering.modelfile.view import View


def steps(look: Look) -> Iterator[Remark]:
    """The steps of an axis are unique and follow each other."""
    for scale in look.root["risk_scales"]:
        for axis in (scale["likelihood"], scale["impact"]):
            seen: set[int] = set()
            for step in axis["steps"]:
                value = step["value"].number
                if value is None or not 0 <= value <= 100:
                    continue  # said by the schema
                if value in seen:
                    yield Remark(
                        step["value"].path, f"Värdet {value} står två gånger i skalan; ta bort det ena."
                    )
                seen.add(value)
            holes = sorted(set(range(min(seen), max(seen) + 1)) - seen) if seen else []
            if holes:
                yield Remark(
                    axis["steps"].path, f"Skalan hoppar över {_listed(holes)}; lägg till det som saknas."
                )


def matrix(look: Look) -> Iterator[Remark]:
    """The matrix has a row for each likelihood, each as long as there are steps of impact, with known
    levels."""
    for scale in look.root["risk_scales"]:
        rows = list(scale["matrix"])
        if not rows:
            continue
        wanted = _values(scale["likelihood"])
        given = [row["likelihood"].number for row in rows]
        lacking = sorted(set(wanted) - {one for one in given if one is not None})
        if lacking:
            yield Remark(
                scale["matrix"].path,
                f"Matrisen saknar rad för sannolikhet {_listed(lacking)}; lägg till den.",
            )
        width = len(_values(scale["impact"]))
        for row in rows:
            number = row["likelihood"].number
            if number is not None and (number not in wanted or given.count(number) > 1):
                yield Remark(
                    row["likelihood"].path,
                    f"Sannolikhet {number} står två gånger eller finns inte i skalan; rätta den.",
                )
            cells = list(row["levels"])
            if cells and len(cells) != width:
                yield Remark(
                    row["levels"].path,
                    f"Raden har {len(cells)} nivåer men konsekvensen har {width} steg; gör dem lika många.",
                )
            for cell in cells:
                yield from look.unknown(cell, scale["levels"].codes(), "risk_scales", "nivån")


def handling(look: Look) -> Iterator[Remark]:
    """Every risk value that can occur has exactly one handling rule (a scale without rules has none to
    check)."""
    for scale in look.root["risk_scales"]:
        bands = [(band, band["lowest"].number, band["highest"].number) for band in scale["handling"]]
        whole = [(band, low, high) for band, low, high in bands if low is not None and high is not None]
        for band, low, high in whole:
            if low > high:
                yield Remark(
                    band["highest"].path,
                    f"Regeln slutar vid {high} men börjar vid {low}; lowest ska vara minst.",
                )
        yield from _proposals(scale)
        if not bands or len(whole) != len(bands):
            continue
        values = sorted(
            {one * other for one in _values(scale["likelihood"]) for other in _values(scale["impact"])}
        )
        uncovered = [value for value in values if not any(low <= value <= high for _, low, high in whole)]
        if uncovered:
            yield Remark(
                scale["handling"].path,
                f"Riskvärde {_listed(uncovered)} kan förekomma men saknar hanteringsregel; utvidga en "
                "regel eller lägg till en.",
            )
        for index, (band, low, high) in enumerate(whole):
            twice = [
                value
                for value in values
                if low <= value <= high and any(a <= value <= b for _, a, b in whole[:index])
            ]
            if twice:
                yield Remark(
                    band["lowest"].path,
                    f"Riskvärde {_listed(twice)} har redan en hanteringsregel; rätta gränserna.",
                )


def _proposals(scale: View) -> Iterator[Remark]:
    known = _values(scale["likelihood"])
    for band in scale["handling"]:
        for proposal in band["proposals"]:
            most = proposal["likelihood_at_most"]
            if most.number is not None and known and most.number not in known:
                yield Remark(most.path, f"Sannolikheten {most.number} finns inte i skalan; rätta den.")


def _values(axis: View) -> list[int]:
    return [value for step in axis["steps"] if (value := step["value"].number) is not None]


def _listed(numbers: list[int]) -> str:
    return joined([str(number) for number in numbers])


CHECKS = (steps, matrix, handling)
