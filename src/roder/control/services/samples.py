"""Drawing a sample, checking its items, and what the control found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from roder import access, questionnaires
from roder.access import Action
from roder.control.models import Control, ControlRound, ControlSample, SampleFrame, SampleItem
from roder.control.rules import sampling
from roder.control.rules.sampling import SampleFault
from roder.control.services.frames import require_open
from roder.control.services.rounds import counted
from roder.control.services.tallies import Tally, tally_of
from roder.core.numbers import format_number
from roder.organisation.models import Person
from roder.questionnaires.compiling import Counted, compile_answers
from roder.questionnaires.models import Answer
from roder.steering.services import current_version, parsed


@dataclass(frozen=True)
class Size:
    """How large a sample will be, and by which rule. ``from_model``: the steering model says how shares are rounded."""

    size: int
    share: Decimal | None
    number: int | None
    rounding: str
    from_model: bool

    @property
    def words(self) -> str:
        """The rule in words: ``10 %, avrundat nedåt``."""
        if self.share is not None:
            share = format_number(self.share, max(0, -int(self.share.normalize().as_tuple().exponent)))
            said = f"{share}\u00a0%, {sampling.ROUNDING_WORDS[self.rounding]}"
            return said if self.from_model else f"{said} (styrmodellen säger inget om avrundning)"
        return f"antal: {format_number(self.number)}" if self.number is not None else "samtliga"


def rounding_of(committee_id: int, year: int) -> tuple[str, bool]:
    """The rounding rule of the committee's steering model for the year, and whether the model says it."""
    version = current_version(committee_id, year)  # type: ignore[arg-type]  # the key is all that is asked for
    control = parsed(version).control if version else None
    if control is None or control.sample_rounding is None:
        return sampling.DEFAULT_ROUNDING, False
    return str(control.sample_rounding.value), True


def size_for(
    control: Control, frame: int, *, share: Decimal | None = None, number: int | None = None
) -> Size:
    """How many to draw of ``frame`` references: by ``share`` or ``number``, else as the control's scope says.

    Raises SampleFault as ``rules.sampling.sample_size``.
    """
    if share is None and number is None:
        share, number = control.scope_share, control.scope_number
    rounding, from_model = rounding_of(control.committee_id, control.point.plan.year)
    size = sampling.sample_size(frame, share=share, number=number, rounding=rounding)
    return Size(size, share, number, rounding, from_model)


@transaction.atomic
def draw_sample(
    frame: SampleFrame,
    by: Person | None,
    *,
    seed: str | None = None,
    share: Decimal | None = None,
    number: int | None = None,
) -> ControlSample:
    """Draw the frame's sample. Without ``seed`` the frame's own is used, made when the frame was.

    A frame has one sample: who draws at the same time, or again, gets the one that is there. ``by`` None is the
    operator. Raises NotAllowedError; SampleFault: larger than the frame (both numbers are said), an unusable seed, the
    round is not open, or the frame was drawn with another seed or size than is asked for here.
    """
    made = ControlRound.objects.select_related("control__point__plan").get(pk=frame.round_id)
    if by is not None:
        access.require(by, Action.COMMENT, frame)
    locked = SampleFrame.objects.select_for_update(of=("self",)).get(pk=frame.pk)
    used = sampling.seed_of(seed) if seed is not None else locked.seed
    asked = size_for(made.control, locked.size, share=share, number=number)
    if there := ControlSample.objects.filter(frame=locked).first():
        return _same_as(there, locked, used if seed is not None else None, asked.size)
    require_open(made)
    rule = {
        "method": sampling.METHOD, "rounding": asked.rounding, "rounding_from_model": asked.from_model,
        "share": None if asked.share is None else str(asked.share), "number": asked.number,
        "seed_given": used != locked.seed, "words": asked.words,
    }  # fmt: skip
    try:
        with transaction.atomic():
            sample = ControlSample.objects.create(
                frame=locked, seed=used, size=asked.size, rule=rule, drawn_by=by
            )
    except IntegrityError as error:
        raise SampleFault(
            f"Stickprovet är större än ramen: {asked.size} av {locked.size}. Ange ett mindre antal."
        ) from error
    drawn = sampling.draw(locked.refs, used, asked.size)
    SampleItem.objects.bulk_create(
        SampleItem(sample=sample, position=at, reference=one) for at, one in enumerate(drawn, start=1)
    )
    access.record(by, "sample.drawn", sample, frame=locked.pk, of=locked.size, size=asked.size, seed=used)
    return sample


def _same_as(there: ControlSample, frame: SampleFrame, seed: str | None, size: int) -> ControlSample:
    if there.size != size or (seed is not None and there.seed != seed):
        raise SampleFault(
            f"Ramen ”{frame.name}” har redan ett stickprov: {there.size} av {frame.size}, frö {there.seed}. "
            "En ram har ett stickprov, så att ingen kan dra om."
        )
    return there


def agrees(sample: ControlSample) -> bool:
    """Whether the kept items are those that the frame, the seed and the size give: the draw is done again."""
    return agrees_with(sample, sample.items.order_by("position").values_list("reference", flat=True))


def agrees_with(sample: ControlSample, references: Iterable[str]) -> bool:
    """Whether these references, in order, are what the sample's frame, seed and size give."""
    return sampling.draw(sample.frame.refs, sample.seed, sample.size) == tuple(references)


# --- items -----------------------------------------------------------------------------------------------------------


def _may_check(item: SampleItem, by: Person) -> ControlRound:
    """The item's round, held until the transaction ends: what it counts follows its items. Raises NotAllowedError;
    PlanFault when the round is no longer open."""
    access.require(by, Action.COMMENT, item)
    made = ControlRound.objects.select_for_update(of=("self",)).get(pk=round_of(item).pk)
    require_open(made)
    return made


def round_of(item: SampleItem) -> ControlRound:
    """The round that an item belongs to."""
    return item.sample.frame.round


@transaction.atomic
def check_item(
    item: SampleItem,
    by: Person,
    deviates: bool | None,
    note: str = "",
    *,
    expected_revision: int | None = None,
) -> SampleItem:
    """Write down whether an item deviates, and what was seen. It may be changed as long as the round is open.

    Raises NotAllowedError; ValidationError at the field (no answer; a deviation without a note; the control has a
    checklist); UserFault when the round is closed; StaleRecordError when somebody else has saved meanwhile.
    """
    made = _may_check(item, by)
    if item.sample.frame.round.control.question_set_id:
        raise ValidationError("Kontrollen har en checklista. Fyll i den i stället.")
    errors: dict[str, list[str]] = {}
    if deviates is None:
        errors["deviates"] = ["Välj om posten har en brist."]
    if deviates and not note.strip():
        errors["note"] = ["Skriv vad som brister. Skriv referenser, aldrig namn."]
    if errors:
        raise ValidationError(errors)
    revision = item.revision if expected_revision is None else expected_revision
    item.save_over(revision, deviates=deviates, note=note.strip(), checked_at=timezone.now(), checked_by=by)
    _count(made)
    access.record(by, "sample.item_checked", item, deviates=deviates)
    return item


def answer_of(item: SampleItem, by: Person) -> Answer:
    """The item's checklist, begun if need be. Raises NotAllowedError; ValidationError when the control has none or it
    is closed; UserFault when the round is not open."""
    access.require(by, Action.COMMENT, item)
    made = round_of(item)
    require_open(made)
    control = made.control
    if control.question_set is None:
        raise ValidationError("Kontrollen har ingen checklista.")
    version = questionnaires.current(made.committee_id, control.question_set.code)
    return questionnaires.open_answer(version, by, subject=item, year=made.due_on.year)


@transaction.atomic
def save_checklist(
    item: SampleItem,
    answer: Answer,
    by: Person,
    values: Mapping[str, Any],
    *,
    expected_revision: int,
    final: bool,
) -> Answer:
    """Save an item's checklist. Handed in, the item is checked: it deviates when some answer is a shortcoming.

    Raises as ``questionnaires.save_answer``, and UserFault when the round is not open any more.
    """
    made = _may_check(item, by)
    saved = questionnaires.save_answer(answer, by, values, expected_revision=expected_revision, final=final)
    if final:
        _set(item, by, deviates=saved.remarks > 0)
        _count(made)
        access.record(by, "sample.item_checked", item, deviates=saved.remarks > 0)
    return saved


@transaction.atomic
def reopen_item(item: SampleItem, by: Person, reason: str) -> Answer:
    """Open an item's checklist for correction: until it is handed in again the item counts as not checked.

    Raises NotAllowedError; ValidationError without a reason, or when it is not handed in; UserFault when the round is
    closed.
    """
    made = _may_check(item, by)
    answer = questionnaires.of(item).first()
    if answer is None:
        raise ValidationError("Checklistan är inte ifylld än.")
    opened = questionnaires.reopen(answer, by, reason)
    _set(item, None, deviates=None)
    _count(made)
    access.record(by, "sample.item_reopened", item)
    return opened


def _set(item: SampleItem, by: Person | None, *, deviates: bool | None) -> None:
    now = SampleItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    at = None if deviates is None else timezone.now()
    item.save_over(now.revision, deviates=deviates, checked_at=at, checked_by=by)


# --- what was found --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SampleResult:
    """What a sample showed: its tally, and how the answers to each chosen question of the checklist are distributed."""

    tally: Tally
    questions: tuple[Counted, ...]


def result_of(sample: ControlSample) -> SampleResult:
    """The sample's tally and the checklist's counts (42 checked, 6 deviate; of those 4 have a dated motive)."""
    items = SampleItem.objects.filter(sample=sample)
    question_set = sample.frame.round.control.question_set
    if question_set is None:
        return SampleResult(tally_of(items), ())
    answers = Answer.objects.filter(
        subject_kind=SampleItem.record_kind(), subject_id__in=items.order_by().values("pk")
    )
    compiled = compile_answers(question_set, answers)
    return SampleResult(
        tally_of(items), tuple(one for one in compiled.counted if one.options and one.answered)
    )


def told(one: Counted) -> list[tuple[str, int]]:
    """The answers that somebody gave to a question, in the question's order: (label, how many)."""
    return [(label, one.count(code)) for code, label, _ in one.options if one.count(code)]


def _count(made: ControlRound) -> None:
    """Write the items' counts on the round. Its revision stays: nobody who is writing the result is disturbed."""
    if found := counted(made):
        ControlRound.objects.filter(pk=made.pk).update(checked=found.checked, deviating=found.deviating)


def next_item(sample: ControlSample, after: int = 0) -> SampleItem | None:
    """The next item that is not checked: after position ``after``, else from the beginning."""
    left = list(SampleItem.objects.filter(sample=sample, checked_at=None).order_by("position"))
    return next((one for one in left if one.position > after), left[0] if left else None)
