"""The walk: every page that each role of a running demonstration can reach, looked at in every way.

    roder demo --port 8475 &
    python -m tests.browser.walk http://127.0.0.1:8475 LÖSENORD --out MAPP [--roles care-staff,mas]

From the start page every link is followed, only reading: a few examples of every kind of page. What is wrong is
written to ``walk.json`` as it is found and to ``walk.txt`` as a table; the exit code says whether something was wrong.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser.looking import DESKTOP, Look, deep, listen, visit

DOMAIN = "demo.roder.example"
HOME = "alingsas-von"
YEAR = 2022
#: Kinds that are many of the same: their words do not make them kinds of their own.
MANY = ("figures:figure", "figures:history", "imports:upload", "reports:file", "reports:report")
#: Addresses that are not pages, or that end the visit.
NOT = ("/konto/logout", "/api/", "/static/")
#: What everybody reaches without logging in, and no menu leads to.
PUBLIC = ("/konto/login/", "/konto/password/reset/", f"/synpunkter/{HOME}/", f"/anslag/{HOME}/")


def kind_of(address: str) -> str | None:
    """What kind of page an address is: its name, with the words that choose between its forms (``klassificera``).
    None for what is not a page of Roder."""
    from django.urls import Resolver404, resolve

    path = urlsplit(address).path
    if path.startswith(NOT):
        return None
    try:
        found = resolve(path)
    except Resolver404:
        return f"okänd: {path}"
    words = [
        str(value)
        for key, value in found.kwargs.items()
        if isinstance(value, str) and key not in ("committee",) and not any(sign.isdigit() for sign in value)
    ]
    if found.view_name in MANY:
        words = []
    return " ".join([found.view_name or path, *words])


Row = dict[str, object]  # what was seen of one page, as it is written to the file
#: The shapes of each kind of page that have been looked at in every way, by whoever walked.
Looks = defaultdict[str, set[str]]


class Walk:
    """One role's walk. Every page is opened; those of a shape that nobody has seen are looked at in every way."""

    def __init__(self, page: Page, base: str, looks: Looks, examples: int) -> None:
        self.page, self.base, self.looks, self.examples = page, base, looks, examples
        self.said = listen(page)
        self.seen: set[str] = set()
        self.kinds: Counter[str] = Counter()

    def pages(self, starts: list[str]) -> Iterator[tuple[str, Look]]:
        """Every kind of page from these on, with what was seen of it."""
        queue = deque(f"{self.base}{one}" for one in starts)
        while queue:
            address = queue.popleft().partition("#")[0]
            kind = kind_of(address)
            if kind is None or address in self.seen or self.kinds[kind] >= self.examples:
                continue
            if urlsplit(address).netloc != urlsplit(self.base).netloc:
                continue
            self.seen.add(address)
            self.kinds[kind] += 1
            try:
                look = visit(self.page, address, self.said)
            except Error as error:
                if "Download is starting" in str(error):
                    continue
                yield kind, Look(address, 0, [f"gick inte att öppna: {str(error).splitlines()[0]}"])
                continue
            queue.extend(look.links)
            if look.whole and look.shape not in self.looks[kind] and len(self.looks[kind]) < self.examples:
                self.looks[kind].add(look.shape)
                look.faults += deep(self.page)
            yield kind, look


def log_in(page: Page, base: str, role: str, password: str) -> None:
    """As one of the demonstration's people. Raises RuntimeError when it is refused."""
    page.goto(f"{base}/konto/login/")
    page.fill("input[name=login]", f"{role}@{DOMAIN}")
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    if "/konto/login" in page.url:
        raise RuntimeError(f"{role} kommer inte in: fel lösenord?")


def walk(browser: Browser, base: str, password: str, roles: list[str], out: Path, examples: int) -> list[Row]:
    """Walk as each role; ``ingen`` is somebody who has not logged in. Everything is written to ``out`` as it comes."""
    looks: Looks = defaultdict(set)
    rows: list[Row] = []
    with (out / "walk.jsonl").open("w", encoding="utf-8") as file:
        for role in roles:
            context = browser.new_context(viewport=DESKTOP, locale="sv-SE", color_scheme="light")  # type: ignore[arg-type]
            page = context.new_page()
            if role == "ingen":
                starts = list(PUBLIC)
            else:
                log_in(page, base, role, password)
                starts = ["/", f"/{HOME}/{YEAR}/", "/konto/password/change/", "/konto/2fa/", "/finns-inte/"]
            started = time.monotonic()
            for kind, look in Walk(page, base, looks, examples).pages(starts):
                faults = [one for one in look.faults if "finns-inte" not in look.address or "404" not in one]
                row = {"role": role, "page": kind, "address": look.address.removeprefix(base), "status": look.status,
                       "faults": faults, **look.weight}  # fmt: skip
                rows.append(row)
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()
            click.echo(
                f"{role}: {sum(one['role'] == role for one in rows)} sidor, {time.monotonic() - started:.0f} s"
            )
            context.close()
    return rows


def table(rows: list[Row]) -> str:
    """A line for each role, then what was wrong (each thing once, with where it was seen first), then what is heavy."""
    lines = [f"{'roll':<22}{'sidor':>6}{'med fel':>8}{'kB i snitt':>12}{'kB mest':>9}{'svar ms':>9}"]
    for role in dict.fromkeys(str(row["role"]) for row in rows):
        own = [row for row in rows if row["role"] == role and "bytes" in row]
        weights = [int(str(row["bytes"])) for row in own] or [0]
        answers = [int(str(row["answer"])) for row in own] or [0]
        wrong = sum(bool(row["faults"]) for row in rows if row["role"] == role)
        lines.append(
            f"{role:<22}{len(own):>6}{wrong:>8}{sum(weights) / len(own or [0]) / 1000:>12.0f}"
            f"{max(weights) / 1000:>9.0f}{sum(answers) / len(own or [0]):>9.0f}"
        )
    lines += ["", "Fel:"]
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        for fault in row["faults"]:  # type: ignore[attr-defined]
            first.setdefault((str(row["page"]), fault), row)
    lines += [f"  {row['role']} {row['address']}\n      {fault}" for (_, fault), row in first.items()] or [
        "  inga"
    ]
    lines += ["", "Tyngst (kB, begäranden, svar i ms):"]
    heavy = sorted((row for row in rows if "bytes" in row), key=lambda row: -int(str(row["bytes"])))
    lines += [
        f"  {int(str(row['bytes'])) / 1000:>6.0f}{row['requests']:>4}{row['answer']:>6}  {row['role']} {row['address']}"
        for row in heavy[:20]
    ]
    return "\n".join(lines) + "\n"


ROLES = (
    "head-administration quality-strategist controller secretary mas sas unit-manager care-staff licensed "
    "casework-manager head-department member chair auditor provider central-office administrator ingen"
)


@click.command()
@click.argument("base")
@click.argument("password")
@click.option(
    "--out", default="out/walk", show_default=True, type=click.Path(file_okay=False, path_type=Path)
)
@click.option("--examples", default=2, show_default=True, help="Hur många av varje slag av sida.")
@click.option("--roles", default=ROLES.replace(" ", ","), help="Vilka som går, med komma emellan.")
def main(base: str, password: str, out: Path, roles: str, examples: int) -> None:
    """Gå igenom en demonstration som är igång."""
    from roder.core.cli import setup_django
    from tests.browser.chromium import FLAGS, chromium

    setup_django(migrated=False)
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        rows = walk(browser, base.rstrip("/"), password, roles.split(","), out, examples)
        browser.close()
    (out / "walk.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    text = table(rows)
    (out / "walk.txt").write_text(text, encoding="utf-8")
    click.echo(text)
    raise SystemExit(any(row["faults"] for row in rows))


if __name__ == "__main__":
    main()
