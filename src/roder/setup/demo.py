"""The invented municipality in the demonstration: set up by the same steps as ``roder init``, its control carried out.

lines = load(examples)                       # once; nothing the next time
people = give_password(password)             # who one can log in as
"""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.hashers import make_password

from roder.control import demo as control_demo
from roder.organisation.models import Body, Mandate, Municipality, Person, Role
from roder.setup.services import run

FOLDER, DOMAIN = "exempelkoping", "exempelkoping.example"


def load(examples: Path) -> list[str]:
    """Carry out the folder's ``setup.yaml``, and what it tells of internal control. Gives a line for each step; one
    line when the municipality is there already. Raises UserFault.
    """
    if Municipality.objects.filter(slug=FOLDER).exists():
        return ["Exempelköping är uppsatt sedan tidigare"]
    folder = examples / FOLDER
    return [*run(folder / "setup.yaml"), *load_control(folder)]


def load_control(folder: Path) -> list[str]:
    """What each committee's ``internkontroll.yaml`` tells was decided. Gives a line for each."""
    lines: list[str] = []
    for committee in Body.objects.filter(municipality__slug=FOLDER, kind=Body.Kind.COMMITTEE).order_by(
        "slug"
    ):
        leads = _first(Role.QUALITY_STRATEGIST, committee)
        people = {control_demo.LEADER: leads, control_demo.ELSEWHERE: leads}
        lines += control_demo.load(folder, people, [committee.slug.removeprefix(f"{FOLDER}-")])
    return lines


def _first(role: Role, committee: Body) -> Person:
    return Person.objects.filter(mandates__role=role, mandates__body=committee).order_by("email")[0]


def give_password(password: str, *, reset: bool = False) -> list[tuple[Person, str]]:
    """One person for each role may log in with the password (again when ``reset``). Gives them with their mandates."""
    found: dict[str, tuple[Person, str]] = {}
    hashed = ""  # one hash for all: they share the password, and hashing is made to be slow
    rows = Mandate.objects.filter(person__email__endswith=f"@{DOMAIN}").select_related(
        "person", "body__municipality", "unit"
    )
    order = list(Role)
    for mandate in sorted(rows, key=lambda one: (order.index(Role(one.role)), one.person.email)):
        if mandate.role in found:
            continue
        person = mandate.person
        if reset or not person.has_usable_password():
            person.password = hashed = hashed or make_password(password)
            person.save(update_fields=["password"])
        found[mandate.role] = (person, f"{Role(mandate.role).label}: {mandate.body or mandate.unit}")
    return list(found.values())
