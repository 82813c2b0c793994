"""Account rows and their sums, services, investments, supports, grading and good economic management."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from roder.steering.modelfile.checks.look import Look, Remark
from roder.steering.modelfile.staff import EMPLOYMENT_ENDINGS
from roder.steering.modelfile.view import View


def sums(look: Look) -> Iterator[Remark]:
    """A sum adds rows that exist, never itself, and counts no group twice; a group has no ``sum_of``."""
    rows = look.root["accounts"]["rows"]
    parts = {row["code"].text or "": [one.text or "" for one in row["sum_of"]] for row in rows}
    for row in rows:
        kind, code = row["kind"].text, row["code"].text or ""
        terms = list(row["sum_of"])
        if kind == "sum" and not terms:
            yield Remark(
                row.path, f"Summaraden ”{code}” saknar sum_of; räkna upp koderna för de rader som ingår."
            )
        if kind == "group" and terms:
            yield Remark(
                row["sum_of"].path,
                f"”{code}” är en kontogrupp (group) och kan inte vara en summa; ta bort sum_of.",
            )
        for term in terms:
            yield from look.unknown(term, rows.codes(), "accounts", "raden")
            if term.text and term.text in parts and _reaches(term.text, code, parts):
                yield Remark(
                    term.path, f"Summan ”{code}” räknar in sig själv genom ”{term.text}”; ta bort den."
                )
        twice = [one for one, times in _groups(code, parts, ()).items() if times > 1]
        if twice and kind == "sum":
            named = ", ".join(f"”{one}”" for one in twice)
            yield Remark(
                row["sum_of"].path, f"Summan ”{code}” räknar {named} mer än en gång; ta bort den ena."
            )


def _reaches(start: str, goal: str, parts: dict[str, list[str]], seen: tuple[str, ...] = ()) -> bool:
    if start == goal:
        return True
    return start not in seen and any(
        _reaches(one, goal, parts, (*seen, start)) for one in parts.get(start, [])
    )


def _groups(code: str, parts: dict[str, list[str]], seen: tuple[str, ...]) -> Counter[str]:
    """How many times each group is added into a row."""
    if code in seen:
        return Counter()
    terms = parts.get(code, [])
    if not terms:
        return Counter([code])
    total: Counter[str] = Counter()
    for term in terms:
        total += _groups(term, parts, (*seen, code))
    return total


def ledger(look: Look) -> Iterator[Remark]:
    """Accounts stand on groups, in ranges that go upwards, and no account in two places."""
    accounts = look.root["accounts"]
    taken: list[tuple[str, str, str]] = []
    places = [(row["accounts"], f"raden ”{row['code'].text}”") for row in accounts["rows"]]
    places.append((accounts["ledger"]["outside"], "outside"))
    for row in accounts["rows"]:
        if row["kind"].text == "sum" and list(row["accounts"]):
            yield Remark(
                row["accounts"].path, "En summarad har inga egna konton; lägg dem på raderna som ingår."
            )
    for listed, where in places:
        for item in listed:
            first, _, last = (item.text or "").partition("-")
            last = last or first
            if len(first) != len(last) or (first.isdigit() and first > last):
                yield Remark(
                    item.path,
                    f"”{item.text}” är inget intervall: skriv det lägsta kontot först, "
                    "med lika många siffror.",
                )
                continue
            for low, high, other in taken:
                if _meet(first, last, low, high):
                    yield Remark(
                        item.path,
                        f"Kontona {item.text} står redan på {other}; ett konto kan bara höra till en rad.",
                    )
                    break
            taken.append((first, last, where))
    one = accounts["ledger"]
    if list(one["internal_counterparts"]) and one["counterpart_dimension"].missing:
        yield Remark(
            one.path,
            "internal_counterparts behöver counterpart_dimension: vilken dimension motparten står i.",
        )


def _meet(first: str, last: str, low: str, high: str) -> bool:
    """Whether two ranges of accounts share any; shorter numbers stand for all that begin so."""
    width = max(len(first), len(low))
    return first.ljust(width, "0") <= high.ljust(width, "9") and low.ljust(width, "0") <= last.ljust(
        width, "9"
    )


def rows_known(look: Look) -> Iterator[Remark]:
    """References to account rows, investment categories, supports, areas and ways of provision."""
    root = look.root
    for table in root["services"]["tables"]:
        yield from look.unknown(table, root["accounts"]["rows"].codes(), "accounts", "raden")
    categories = root["investments"]["categories"]
    for item in [
        *(one["parent"] for one in categories),
        *(one["category"] for one in root["investments"]["projects"]),
    ]:
        yield from look.unknown(item, categories.codes(), "investments", "kategorin")
    for category in categories:
        if category["parent"].text is not None and category["parent"].text == category["code"].text:
            yield Remark(
                category["parent"].path, "Kategorin kan inte vara en del av sig själv; rätta parent."
            )
    supports = root["supports"]
    for row in supports["rows"]:
        yield from look.unknown(row["area"], supports["areas"].codes(), "supports", "området")
        for provision in row["provisions"]:
            yield from look.unknown(provision, supports["provisions"].codes(), "supports", "regiformen")
    for total in supports["sums"]:
        for term in total["sum_of"]:
            yield from look.unknown(term, supports["rows"].codes(), "supports", "insatsen")


def grading(look: Look) -> Iterator[Remark]:
    """A grading rule gives statuses of its scale, in bands that rise and end open."""
    scales = look.root["status_scales"]
    by_code = {scale["code"].text: scale["statuses"].codes() for scale in scales}
    for rule in look.root["grading_rules"]:
        yield from look.unknown(rule["scale"], scales.codes(), "status_scales", "skalan")
        small = rule["small_unit"]
        given = [rule[key] for key in ("higher", "equal", "lower", "missing")]
        given += [band["status"] for band in [*rule["bands"], *small["bands"]]]
        if rule["scale"].text in by_code:
            for status in given:
                yield from look.unknown(status, by_code[rule["scale"].text], "status_scales", "statusen")
        for bands in (rule["bands"], small["bands"]):
            yield from _bands(bands)


def _bands(bands: View) -> Iterator[Remark]:
    items = list(bands)
    highest = None
    for position, band in enumerate(items):
        limit, last = band["up_to"].decimal, position == len(items) - 1
        if not isinstance(band.value, dict) or (limit is None and not band["up_to"].missing):
            continue
        if last and limit is not None:
            yield Remark(
                band.path, f"Värden över {limit:f} får ingen status; avsluta med ett band utan up_to."
            )
        if not last and limit is None:
            yield Remark(band.path, "Bara det sista bandet får sakna up_to; ange var det här bandet slutar.")
        if limit is not None and highest is not None and limit <= highest:
            yield Remark(
                band["up_to"].path,
                f"Bandet slutar vid {limit:f}, inte över bandet före ({highest:f}); sätt dem i "
                "stigande ordning.",
            )
        highest = limit if limit is not None else highest


def good_economy(look: Look) -> Iterator[Remark]:
    """A goal has something to be compared with; ``at_least`` goes with its rule and with how many goals
    there are."""
    for group in look.root["good_economy"]["groups"]:
        goals, least = list(group["goals"]), group["at_least"]
        for goal in goals:
            if isinstance(goal.value, dict) and goal["target"].missing and goal["basis"].missing:
                yield Remark(goal.path, "Målet saknar både target och basis; ange vad utfallet jämförs med.")
        if group["rule"].text == "at_least" and least.missing:
            yield Remark(
                group.path, "Regeln ”at_least” behöver at_least: hur många mål som ska vara uppfyllda."
            )
        if least.number is not None and (group["rule"].text != "at_least" or least.number > len(goals)):
            yield Remark(
                least.path,
                f"at_least: {least.number} stämmer inte med regeln eller med gruppens {len(goals)} "
                "mål; rätta.",
            )


def staff(look: Look) -> Iterator[Remark]:
    """A part about staff says something, and no measure is named as if it were one form of employment's."""
    part = look.root["staff"]
    if isinstance(part.value, dict) and not any(
        list(part[key]) for key in ("measures", "hire_reasons", "departure_reasons")
    ):
        yield Remark(
            part.path,
            "Personaldelen är tom; lägg till mått (measures) eller orsaker (hire_reasons, departure_reasons), "
            "eller ta bort den.",
        )
    for measure in part["measures"]:
        code = measure["code"].text or ""
        ending = next((one for one in EMPLOYMENT_ENDINGS if code.endswith(one)), None)
        if ending is not None:
            yield Remark(
                measure["code"].path,
                f"Måttet ”{code}” slutar som en anställningsform; skriv ”{code.removesuffix(ending)}”, och "
                "anställningsformen i personalfilen.",
            )


CHECKS = (sums, ledger, rows_known, grading, good_economy, staff)
