"""``roder demo``: the real figures of three municipalities and an invented fourth, their reports, people to log in as,
and the web.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import string
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roder.core.examples import FOLDERS, examples_dir
from roder.core.faults import UserFault
from roder.core.paths import data_dir

if TYPE_CHECKING:
    from roder.organisation.models import Body, Person

DOMAIN = "demo.roder.example"
INVENTED = "exempelkoping.example"  # the people of the invented municipality
HOME = "alingsas-von"  # the committee that every role has a mandate in
SINCE = date(2021, 1, 1)

#: Roles with a mandate in every committee of the examples.
EVERYWHERE = ("controller", "secretary")
#: Roles whose mandate is a unit of the home committee, not the whole committee.
IN_UNITS = {
    "head_department": "aldreboende",
    "unit_manager": "81132",
    "care_staff": "81132",
    "provider": "privat-hemtjanst",
}


@click.command()
@click.option("--serve/--no-serve", default=True, help="Starta webben när allt är på plats.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Adress att lyssna på; bara den egna datorn."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Antal webbprocesser."
)
@click.option(
    "--out",
    default="out",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Rapporternas mapp.",
)
def demo(serve: bool, host: str, port: int, workers: int, out: Path) -> None:
    """Visa Roder med tre kommuners riktiga siffror: läs in, skriv rapporterna och starta webben. Kan köras om."""
    require_local(host)
    examples = examples_dir()
    from roder.core.cli import setup_django  # noqa: PLC0415

    with _timed("Databasen är redo"):
        setup_django()
    refuse_real_data()
    load_examples(examples)
    password, new_password = demo_password()
    with _timed("Personerna är upplagda"):
        people = add_people(password, reset=new_password)
    load_events()
    load_comparisons(examples)
    load_forms(examples)
    load_control(examples)
    load_round(examples)
    people += load_invented(examples, password, reset=new_password)
    with _timed("Rapporterna är skrivna"):
        made = write_reports(out, examples)
    click.echo("\n".join(f"  {path}" for path in made))
    load_meetings(examples)
    with _timed("Kallelsen, protokollet och registren är skrivna"):
        papers = write_papers(out)
    click.echo("\n".join(f"  {path}" for path in papers))
    click.echo("\n" + printed_sums(examples))
    click.echo("\n" + login_list(people, password))
    if serve:
        _serve(host, port, workers)


def require_local(host: str) -> None:
    """Raise UserFault unless the address reaches only this computer: the demo's password is printed for all to see."""
    if host == "localhost":
        return
    try:
        local = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        local = False
    if not local:
        raise UserFault(
            f"demonstrationen lyssnar bara på den egna datorn (127.0.0.1), inte på {host}. "
            "För en riktig installation: roder setup MAPP och roder serve."
        )


def refuse_real_data() -> None:
    """Raise UserFault when the database has people of its own: the demo never mixes with a real installation."""
    from django.db.models import Q  # noqa: PLC0415

    from roder.organisation.models import Person  # noqa: PLC0415

    ours = Q(email__endswith=f"@{DOMAIN}") | Q(email__endswith=f"@{INVENTED}")
    if Person.objects.exclude(ours).exists():
        raise UserFault(
            f"datakatalogen {data_dir()} har en riktig installation. "
            "Ange en annan i RODER_DATA_DIR för demonstrationen."
        )


def load_examples(examples: Path) -> None:
    """Load the three folders through the same services as a person's files, and say what came."""
    from roder.imports.examples import load_folder  # noqa: PLC0415

    for name in FOLDERS:
        with _timed(f"Mappen {name} är inläst"):
            loaded = load_folder(examples / name)
        click.echo("\n".join(f"  {line}" for line in loaded.lines))


def load_invented(examples: Path, password: str, *, reset: bool) -> list[tuple[Person, str]]:
    """Set up the invented municipality as ``roder init`` does, and say what came. Gives whom one can log in as."""
    from roder.setup.demo import give_password, load  # noqa: PLC0415

    with _timed("Exempelköping är uppsatt"):
        lines = load(examples)
        people = give_password(password, reset=reset)
    click.echo("\n".join(f"  {line}" for line in lines))
    return people


def load_events() -> None:
    """Read in synthetic events for the home committee, once, and say what came: their totals are the printed ones."""
    from roder.imports.demo import load_quality  # noqa: PLC0415
    from roder.imports.demo_cases import ROLES, living_cases  # noqa: PLC0415
    from roder.organisation.models import Body, Person  # noqa: PLC0415

    with _timed("Syntetiska händelser är inlästa"):
        home = Body.objects.get(slug=HOME)
        lines = load_quality(home)
        people = {role: Person.objects.get(email=f"{role}@{DOMAIN}") for role in ROLES}
        lines.append(f"ärenden att arbeta med: {living_cases(home, people)}")
    click.echo("\n".join(f"  {line}" for line in lines))


def load_forms(examples: Path) -> None:
    """Load the question sets for the home committee, with synthetic answers and a quality plan, and say what came."""
    from roder.organisation.models import Body, Person  # noqa: PLC0415
    from roder.questionnaires.demo import load  # noqa: PLC0415

    people = {
        role: Person.objects.get(email=f"{role}@{DOMAIN}") for role in ("unit-manager", "quality-strategist")
    }
    with _timed("Frågeformulären är inlästa"):
        lines = load(
            examples, Body.objects.get(slug=HOME), people["unit-manager"], people["quality-strategist"]
        )
    click.echo("\n".join(f"  {line}" for line in lines))


def load_control(examples: Path) -> None:
    """Carry out the internal control of the examples: analyses, plans, samples, follow-up, factors and audits."""
    from roder.control.demo import ELSEWHERE, LEADER, load  # noqa: PLC0415
    from roder.organisation.models import Person  # noqa: PLC0415

    people = {role: Person.objects.get(email=f"{role}@{DOMAIN}") for role in (LEADER, ELSEWHERE)}
    with _timed("Den interna kontrollen är inläst"):
        lines = load(examples, people)
    click.echo("\n".join(f"  {line}" for line in lines))


def load_comparisons(examples: Path) -> None:
    """Fetch comparisons for the home committee from recorded answers of Kolada, once. They are marked as examples."""
    from roder.kolada.asking import Ask  # noqa: PLC0415
    from roder.kolada.client import Client  # noqa: PLC0415
    from roder.kolada.models import Fetch  # noqa: PLC0415
    from roder.kolada.services import fetch  # noqa: PLC0415
    from roder.kolada.stub import serving  # noqa: PLC0415
    from roder.organisation.models import Body  # noqa: PLC0415

    home = Body.objects.select_related("municipality").get(slug=HOME)
    if Fetch.objects.filter(municipality=home.municipality).exists():
        return
    with _timed("Jämförelser är hämtade ur inspelade svar"), serving(examples / "kolada") as running:
        ask = Ask(home.municipality, (home,), tuple(range(2018, 2023)))
        done = fetch(ask, Client(running.url, each_second=1000), example=True)
    click.echo(f"  {done.values} exempelvärden för {len(done.fetch.kpis)} nyckeltal")


def load_round(examples: Path) -> None:
    """Write what the units reported at an occasion, with those who never did."""
    from roder.followup.demo import HEAD, LEADER, MANAGER, load  # noqa: PLC0415
    from roder.organisation.models import Person  # noqa: PLC0415

    people = {role: Person.objects.get(email=f"{role}@{DOMAIN}") for role in (LEADER, MANAGER, HEAD)}
    with _timed("Uppföljningsomgången är inläst"):
        lines = load(examples, people)
    click.echo("\n".join(f"  {line}" for line in lines))


def demo_password() -> tuple[str, bool]:
    """The password of all demo people, made once for this data directory and kept where only its owner can read;
    and whether it was made now."""
    path = data_dir() / "demo-password"
    if path.is_file():
        return path.read_text(encoding="utf-8").strip(), False
    letters = string.ascii_lowercase.replace("l", "")
    password = "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(password)
    return password, True


def add_people(password: str, *, reset: bool = False) -> list[tuple[Person, str]]:
    """One person for each role, with a mandate in the home committee; controller and secretary in all committees.

    ``reset`` gives people who are there already the password. Gives the people with what their mandates are, in the
    order of the roles.
    """
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    from roder.organisation.models import Body, Mandate, Role  # noqa: PLC0415
    from roder.organisation.people import add_mandate, add_person  # noqa: PLC0415

    home = Body.objects.get(slug=HOME)
    committees = list(
        Body.objects.filter(kind=Body.Kind.COMMITTEE, municipality__slug__in=FOLDERS).order_by("slug")
    )
    found: list[tuple[Person, str]] = []
    hashed = ""  # one hash for all: they share the password, and hashing is made to be slow
    with transaction.atomic():
        for role in Role:
            email = f"{role.value.replace('_', '-')}@{DOMAIN}"
            person, made = add_person(email, f"{str(role.label).capitalize()} (demo)", None)
            if made or reset:
                person.password = hashed = hashed or make_password(password)
                person.save(update_fields=["password"])
            if role.value in IN_UNITS:
                add_mandate(person, role.value, unit=home.units.get(code=IN_UNITS[role.value]), since=SINCE)
            else:
                for body in committees if role in EVERYWHERE else [home]:
                    add_mandate(person, role.value, body=body, since=SINCE)
            mandates = Mandate.objects.filter(person=person).select_related("body__municipality", "unit")
            where = ", ".join(str(mandate.body or mandate.unit) for mandate in mandates)
            found.append((person, f"{role.label}: {where}"))
    return found


def write_reports(out: Path, examples: Path) -> list[Path]:
    """Lock every report that there are figures for, each with its snapshot, and write the files to ``out``."""
    from roder.organisation.models import Person, Role  # noqa: PLC0415
    from roder.reports.demo import write_all  # noqa: PLC0415

    def by(committee: Body) -> Person:
        own = {"mandates__role": Role.CONTROLLER, "mandates__body": committee}
        return Person.objects.filter(**own).order_by("email")[0]

    return write_all(out, by, examples)


def load_meetings(examples: Path) -> None:
    """Hold the examples' meetings and load the registers, and say what came."""
    from roder.meetings.demo import load  # noqa: PLC0415

    with _timed("Sammanträdena är hållna"):
        lines = load(examples, _by_role())
    click.echo("\n".join(f"  {line}" for line in lines))


def write_papers(out: Path) -> list[Path]:
    """Write the summons, the minutes, the balance list and the table of grants to ``out``."""
    from roder.meetings.demo import write_documents  # noqa: PLC0415

    return write_documents(out, _by_role())


def _by_role() -> dict[str, Person]:
    """The demonstration's people by role, as it stands in their addresses (``head-administration``)."""
    from roder.organisation.models import Person  # noqa: PLC0415

    people = Person.objects.filter(email__endswith=f"@{DOMAIN}")
    return {person.email.partition("@")[0]: person for person in people}


def printed_sums(examples: Path) -> str:
    """How the sources' printed sums agree with their own figures; those that do not, each on a line."""
    from roder.imports import printed  # noqa: PLC0415

    lines = ["Stämmer källornas tryckta summor?"]
    off: list[printed.PrintedSum] = []
    for name in FOLDERS:
        path = examples / name / "tryckta-summor.yaml"
        if not path.is_file():
            continue
        sums = printed.check(printed.load(path))
        differ = printed.not_exact(sums)
        wrong = sum(item.verdict == "wrong" for item in differ)
        lines.append(
            f"  {name}: {len(sums)} kontrollerade, {len(sums) - len(differ)} stämmer, "
            f"{len(differ) - wrong} avrundade, {wrong} fel i källan"
        )
        off += differ
    if off:
        lines += ["", printed.as_text(off).rstrip()]
    return "\n".join(lines)


def login_list(people: list[tuple[Person, str]], password: str) -> str:
    """Who one can log in as."""
    width = max(len(person.email) for person, _ in people)
    lines = [f"Logga in med någon av dessa. Lösenordet är {password} för alla."]
    return "\n".join([*lines, *(f"  {person.email:<{width}}  {role}" for person, role in people)])


def _serve(host: str, port: int, workers: int) -> None:
    """Become ``roder serve``. A new program: web processes forked from this one would inherit the locks of the threads
    that the snapshots and documents were made with, and could hang at their first request.
    """
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    click.echo("")
    sys.stdout.flush()
    os.environ.setdefault(
        "RODER_SMTP", "console"
    )  # letters are shown in the terminal; nobody here has an address
    os.environ.setdefault("RODER_BASE_URL", f"http://{host}:{port}")
    options = ["--host", host, "--port", str(port), "--workers", str(workers), "--jobs"]
    os.execv(sys.executable, [sys.executable, "-m", "roder.core.cli", "serve", *options])  # noqa: S606 - our own


@contextmanager
def _timed(done: str, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Say what is done and how long it took."""
    start = clock()
    yield
    click.echo(f"{done} ({clock() - start:.1f} s)".replace(".", ","))
