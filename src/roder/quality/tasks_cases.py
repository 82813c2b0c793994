"""The kinds of task of lex Sarah, lex Maria, complaints and providers' quarters."""

from __future__ import annotations

from datetime import timedelta

from roder import tasks

_DAY = timedelta(days=1)
_TO_HEAD = ((_DAY, "head_administration"),)

tasks.kind("quality.lex_sarah_investigate", label="Utred enligt lex Sarah", remind=(3 * _DAY,), escalate=())
tasks.kind("quality.lex_sarah_decide", label="Besluta enligt lex Sarah", escalate=(), tells=False)
tasks.kind("quality.lex_sarah_notify", label="Anmäl till IVO enligt lex Sarah", escalate=_TO_HEAD, clock=True)
tasks.kind("quality.lex_sarah_taken_over", label="Ta över från lex Sarah", by_hand=True, escalate=())
tasks.kind(
    "quality.lex_maria_notify",
    label="Ta ställning till anmälan enligt lex Maria",
    remind=(30 * _DAY, 14 * _DAY, 3 * _DAY),
    escalate=_TO_HEAD,
)
tasks.kind("quality.complaint_receive", label="Bekräfta klagomål eller synpunkt", remind=(_DAY,), escalate=())
tasks.kind("quality.complaint_answer", label="Besvara klagomål eller synpunkt", remind=(7 * _DAY, _DAY))
tasks.kind("quality.provider_quarter", label="Rapportera kvartalets avvikelser", remind=(5 * _DAY,), escalate=(
    (_DAY, "quality_strategist"), (14 * _DAY, "sas"),
))  # fmt: skip

tasks.place("quality.lexsarahcase", lambda one: ("quality:lex_sarah", [one.pk]))
tasks.place("quality.lexmariacase", lambda one: ("quality:lex_maria", [one.pk]))
tasks.place("quality.complaint", lambda one: ("quality:complaint", [one.pk]))
tasks.place("quality.providerreport", lambda one: ("quality:provider_quarter", [one.pk]))
