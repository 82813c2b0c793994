"""The demonstration's question sets, with some answers, and a quality plan with rounds. Synthetic; can be run again."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from django.utils import timezone

from roder import questionnaires
from roder.organisation.models import Body, Person
from roder.quality.models import QualityPlan, SelfCheckRound
from roder.quality.selfchecks import services as checks
from roder.questionnaires.models import Answer

YEAR = 2022
#: What the sampled lists show: the number of doses without a signature, round by round.
SAMPLES = ((0, 2, 0, 0, 1), (0, 0, 1, 0, 0))
REVIEW = {
    "81132": {"kanda": "ja", "samtal": "delvis", "tva": "ja", "bisysslor": "ja", "vart": "delvis"},
    "myndighetsavdelningen": {
        "kanda": "ja",
        "samtal": "ja",
        "tva": "nej",
        "bisysslor": "delvis",
        "vart": "ja",
    },
}


def load(examples: Path, committee: Body, manager: Person, strategist: Person) -> list[str]:
    """Load every set of ``formular``, answer one, and make and carry out a unit's plan. Gives what was done."""
    paths = sorted((examples / "formular").glob("*.yaml"))
    for path in paths:
        questionnaires.load_set(path, committee)
    _review(committee, strategist)
    _plan(committee, manager)
    return [
        f"{len(paths)} frågeformulär, svar på ett av dem och en kvalitetsplan med egenkontroller (syntetiska)"
    ]


def _review(committee: Body, by: Person) -> None:
    version = questionnaires.current(committee, "korruption-genomgang")
    for code, values in REVIEW.items():
        unit = committee.units.filter(code=code).first()
        if unit is None:
            continue
        answer = questionnaires.open_answer(version, by, unit=unit, year=YEAR)
        if answer.state == Answer.State.DRAFT:
            given = {**values, "behov": "En genomgång på en arbetsplatsträff."}
            questionnaires.save_answer(answer, by, given, expected_revision=answer.revision, final=True)


def _plan(committee: Body, by: Person) -> None:
    unit = committee.units.filter(code="81132").first()
    if unit is None or QualityPlan.objects.filter(unit=unit, year=YEAR).exists():
        return
    plan = checks.make_plan(
        unit, YEAR, by, "Inga missade doser, och planer som följs upp när behoven ändras."
    )
    missed = checks.add_risk(
        plan, by, step="carry_out", what="Doser signeras inte på kvällen", likelihood=3, consequence=3
    )
    stale = checks.add_risk(
        plan,
        by,
        step="follow_up",
        what="Planen följs inte upp när behoven ändras",
        likelihood=2,
        consequence=3,
    )
    forms = {one.code: one for one in checks.question_sets_of(committee.pk)}
    checks.add_check(
        plan, by, title="Signering av läkemedel", question_set=forms["egenkontroll-lakemedel"], risk=missed,
        method="Slumpvis valda signeringslistor för en månad", sample=5, sample_of="listor", interval="quarter",
        first_on=date(YEAR, 3, 31),
    )  # fmt: skip
    checks.add_check(
        plan, by, title="Genomförandeplaner", question_set=forms["egenkontroll-genomforandeplan"], risk=stale,
        method="Slumpvis valda akter", sample=5, sample_of="akter", interval="half_year", role="care_staff",
        first_on=date(YEAR, 5, 31),
    )  # fmt: skip
    checks.decide_plan(plan, by, plan.revision, today=date(YEAR, 2, 1))
    rounds = SelfCheckRound.objects.filter(control__plan=plan, control__title="Signering av läkemedel")
    for made, sample in zip(rounds.order_by("due_on"), SAMPLES, strict=False):
        _carry_out(made, by, sample)


def _carry_out(made: SelfCheckRound, by: Person, sample: tuple[int, ...]) -> None:
    for number, unsigned in enumerate(sample, start=1):
        answer = checks.answer_item(made, by, number)
        values = {
            "referens": f"Lista {made.number}-{number}", "granskad": made.due_on.isoformat(), "ordination": "ja",
            "signerad": "nej" if unsigned else "ja", "delegering": "ja", "narkotika": "ja", "forvaring": "ja",
        }  # fmt: skip
        if unsigned:
            values |= {"osignerade": str(unsigned), "brist": "Kvällsdosen är inte signerad."}
        checks.save_item(answer, by, values, expected_revision=answer.revision, final=True)
    checks.close_round(
        made,
        by,
        method_followed="yes",
        outcome="Signering missas vid kvällens byte.",
        expected_revision=made.revision,
    )
    then = timezone.make_aware(datetime.combine(made.due_on, time(12)))
    SelfCheckRound.objects.filter(pk=made.pk).update(done_at=then)
    if made.number == 1:
        checks.add_action(
            made, by, finding="Signering missas vid byte", what="Påminnelse i signeringssystemet vid passets slut",
            due=date(YEAR, 6, 30), expected_effect="Inga osignerade doser i nästa omgång",
        )  # fmt: skip
