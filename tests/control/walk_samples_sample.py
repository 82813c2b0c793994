"""What the addresses of rounds, frames, samples and items are opened with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from roder import questionnaires
from roder.control.models import Control, ControlPlan, ControlPoint, ControlRound
from roder.control.services import frames
from roder.control.services import samples as sampling
from roder.organisation.models import Body, Person

FORMS = Path(__file__).parents[2] / "examples" / "formular"


def samples(body: Body, people: dict[str, Person]) -> dict[str, list[Any]]:
    """One of each, which exists: a round under way with a frame that is not drawn yet, and a sample of one item."""
    by = people["quality_strategist"]
    plan, _ = ControlPlan.objects.get_or_create(
        committee=body, year=2022, defaults={"title": "Internkontrollplan"}
    )
    point = ControlPoint.objects.create(committee=body, plan=plan, number="S1", title="Beslut", position=91)
    version = questionnaires.load_set(FORMS / "stickprov-bistandsbeslut.yaml", body)
    control = Control.objects.create(
        committee=body, point=point, what="Att besluten följer riktlinjerna", responsible="Kvalitetsstrateg",
        owner_role="quality_strategist", question_set=version.question_set,
    )  # fmt: skip
    made = ControlRound.objects.create(committee=body, control=control, number=1, due_on=date(2022, 8, 31))
    waiting = frames.take_frame(made, by, "Inte dragen", references=["A-1", "A-2"])
    sample = sampling.draw_sample(frames.take_frame(made, by, "Dragen", references=["B-1"]), by)
    item = sample.items.get()
    answer = sampling.answer_of(item, by)
    sampling.save_checklist(
        item, answer, by, {"foljer_norm": "ja"}, expected_revision=answer.revision, final=True
    )
    return {
        "control:rounds": [], "control:round": [made.pk], "control:frame_new": [made.pk],
        "control:frame": [waiting.pk], "control:frame_file": [waiting.pk], "control:sample": [sample.pk],
        "control:sample_file": [sample.pk, "csv"], "control:item": [item.pk], "control:item_reopen": [item.pk],
    }  # fmt: skip
