"""Pages of frames and samples: take a frame, draw from it, and what the sample shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from roder import access
from roder.access.matrix import Action, Resource
from roder.control.models import ControlRound, ControlSample, SampleFrame, SampleItem
from roder.control.pages.sample_forms import DrawForm, FrameFileForm, FrameRegisterForm
from roder.control.pages.sample_rows import exported
from roder.control.papers import sample as paper
from roder.control.registers_frames import REGISTERS
from roder.control.rules import sampling
from roder.control.rules.sampling import SampleFault
from roder.control.services import frames, samples
from roder.control.services.sample_answers import outcome
from roder.control.services.samples import told
from roder.files.views import receives_file
from roder.reports.render import MEDIA_TYPES
from roder.web.scope import CommitteeRequest, committee_page

ROUND = "control__point__plan", "control__question_set", "control__unit", "committee", "occasion"


def find_round(request: CommitteeRequest, pk: int) -> ControlRound:
    """The committee's round, if the person may see it. Raises Http404."""
    rows = ControlRound.objects.filter(committee=request.scope.committee).select_related(*ROUND)
    return get_object_or_404(access.visible(request.user, rows), pk=pk)


def _found(request: CommitteeRequest, rows: Any, to_round: str, pk: int) -> Any:
    mine = rows.filter(**{f"{to_round}__committee": request.scope.committee})
    related = [f"{to_round}__{one}" for one in ROUND]
    return get_object_or_404(access.visible(request.user, mine).select_related(*related), pk=pk)


def require_performer(request: CommitteeRequest, made: ControlRound) -> None:
    """Raises NotAllowedError unless the person may make the control."""
    if not frames.may_sample(made, request.user):
        raise access.NotAllowedError("Dina mandat ger inte rätt att göra den här kontrollen.")


# --- a frame ---------------------------------------------------------------------------------------------------------


@receives_file
@committee_page(Resource.SAMPLES, Action.COMMENT)
def frame_new(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Take a frame: from a file, or from one of Roder's registers."""
    made = find_round(request, pk)
    require_performer(request, made)
    deed = request.POST.get("deed") if request.method == "POST" else ""
    first = {"name": made.control.frame_text[: frames.LONGEST_NAME]}
    by_file = FrameFileForm(
        request.POST if deed == "file" else None, request.FILES if deed == "file" else None, initial=first,
        prefix="f",
    )  # fmt: skip
    period = {"first": made.period_from, "last": made.period_to}
    by_register = FrameRegisterForm(
        request.POST if deed == "register" else None, initial=first | period, prefix="r"
    )
    if deed in ("file", "register"):
        frame = (
            _from_file(request, made, by_file)
            if deed == "file"
            else _from_register(request, made, by_register)
        )
        if frame is not None:
            return redirect(request.scope.url("control:frame", frame.pk))
    context = {
        "made": made, "by_file": by_file, "by_register": by_register, "deed": deed,
        "registers": [(one.label, one.help) for one in REGISTERS.values()],
    }  # fmt: skip
    status = 400 if by_file.errors or by_register.errors else 200
    return render(request, "control/sample/frame_new.html", context, status=status)


def _from_file(request: CommitteeRequest, made: ControlRound, form: FrameFileForm) -> SampleFrame | None:
    if name := getattr(request, "file_too_large", ""):
        form.too_large(name, settings.FILE_MAX_BYTES)
        return None
    taken: list[SampleFrame] = []

    def take(given: dict[str, Any]) -> None:
        chosen = form.chosen(given)
        source = given["file"].name[:200]
        frame = frames.take_frame(made, request.user, given["name"], rows=chosen.rows, source=source)
        taken.append(frame)
        if chosen.heading is not None:
            messages.info(request, f"Den första raden, ”{chosen.heading}”, lästes som rubrik.")

    return taken[0] if form.try_to(take) else None


def _from_register(
    request: CommitteeRequest, made: ControlRound, form: FrameRegisterForm
) -> SampleFrame | None:
    taken: list[SampleFrame] = []

    def take(given: dict[str, Any]) -> None:
        period = given["first"], given["last"]
        taken.append(
            frames.take_frame(made, request.user, given["name"], register=given["register"], period=period)
        )

    return taken[0] if form.try_to(take) else None


@committee_page(Resource.SAMPLES)
def frame_page(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """A frame with its seed, and the draw. One that is drawn leads to its sample."""
    frame: SampleFrame = _found(request, SampleFrame.objects.all(), "round", pk)
    sample = ControlSample.objects.filter(frame=frame).first()
    if sample is not None and request.method != "POST":
        return redirect(request.scope.url("control:sample", sample.pk))
    made = frame.round
    draws = frames.may_sample(made, request.user) and made.state == ControlRound.State.OPEN
    form = DrawForm(request.POST or None, initial={"seed": frame.seed}) if draws else None
    if request.method == "POST":
        require_performer(request, made)
        if form is None:
            messages.error(request, f"Kontrollen är {made.get_state_display()}. Stickprovet är inte draget.")
            return redirect(request.scope.url("control:round", made.pk))
        if (drawn := _draw(request, frame, form)) is not None:
            return redirect(request.scope.url("control:sample", drawn.pk))
    context = {
        "frame": frame, "made": made, "form": form, "planned": _planned(frame), "shown": frame.refs[:10],
        "method": sampling.METHOD,
    }  # fmt: skip
    return render(request, "control/sample/frame.html", context, status=form.status if form else 200)


def _planned(frame: SampleFrame) -> samples.Size | str:
    try:
        return samples.size_for(frame.round.control, frame.size)
    except SampleFault as fault:
        return str(fault)


def _draw(request: CommitteeRequest, frame: SampleFrame, form: DrawForm) -> ControlSample | None:
    drawn: list[ControlSample] = []

    def draw(given: dict[str, Any]) -> None:
        before = ControlSample.objects.filter(frame=frame).exists()
        drawn.append(samples.draw_sample(frame, request.user, seed=given["seed"], **form.asked()))
        if before:
            messages.info(request, "Stickprovet var redan draget. Det här är det.")
        else:
            messages.success(request, f"Stickprovet är draget: {drawn[0].size} av {frame.size}.")

    return drawn[0] if form.try_to(draw) else None


@committee_page(Resource.SAMPLES)
def frame_file(request: CommitteeRequest, pk: int) -> HttpResponse:
    """The frame as a text file, a reference on each line: what is needed to draw the sample again."""
    frame: SampleFrame = _found(request, SampleFrame.objects.all(), "round", pk)
    access.record(request.user, "exported", frame, format="txt")
    text = "".join(f"{one}\n" for one in frame.refs)
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="ram.txt"'
    return answer


# --- a sample --------------------------------------------------------------------------------------------------------


@committee_page(Resource.SAMPLES)
def sample_page(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A sample: its items with outcomes, what they add up to, and how anybody can draw it again."""
    sample: ControlSample = _found(
        request, ControlSample.objects.select_related("drawn_by"), "frame__round", pk
    )
    made = sample.frame.round
    result = samples.result_of(sample)
    performs = made.state == ControlRound.State.OPEN and frames.may_sample(made, request.user)
    items = list(SampleItem.objects.filter(sample=sample).select_related("checked_by"))
    context = {
        "sample": sample, "frame": sample.frame, "made": made, "result": result,
        "lines": [{"item": one, "word": outcome(one)[0], "tone": outcome(one)[1]} for one in items],
        "questions": [{"asked": one, "told": told(one)} for one in result.questions],
        "next": next((one for one in items if one.checked_at is None), None) if performs else None,
        "recipe": sampling.recipe(sample.seed, sample.size), "method": sampling.METHOD,
        "agrees": samples.agrees_with(sample, [one.reference for one in items]),
    }  # fmt: skip
    return render(request, "control/sample/sample.html", context)


@committee_page(Resource.SAMPLES)
def sample_file(request: CommitteeRequest, pk: int, form: str) -> HttpResponseBase:
    """The sample as a file: its items as csv or xlsx, or its protocol as pdf or docx."""
    sample: ControlSample = _found(
        request, ControlSample.objects.select_related("drawn_by"), "frame__round", pk
    )
    if form not in ("csv", "xlsx", *paper.FORMATS):
        raise Http404("Formatet finns inte.")
    access.record(request.user, "exported", sample, format=form)
    if form in ("csv", "xlsx"):
        return exported(sample, form)
    answer = HttpResponse(paper.render(sample, form), content_type=MEDIA_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="stickprov-{sample.pk}.{form}"'
    return answer
