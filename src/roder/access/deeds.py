"""The deeds of the trail in words, for those who read it."""

from __future__ import annotations

from django.apps import apps

#: deed -> what somebody did, in Swedish
WORDS = {
    "action.added": "lade till åtgärd",
    "action.done": "genomförde åtgärd",
    "action.dropped": "strök åtgärd",
    "action.effect_stated": "bedömde åtgärds effekt",
    "added": "lade till",
    "api_token.made": "gjorde API-nyckel",
    "api_token.revoked": "återkallade API-nyckel",
    "budget_adopted": "fastställde budget",
    "calendar.address_closed": "stängde kalenderadress",
    "calendar.address_made": "gjorde kalenderadress",
    "changed": "ändrade",
    "complaint.acknowledged": "bekräftade klagomål eller synpunkt",
    "complaint.action_noted": "skrev in vad som gjordes",
    "complaint.answered": "besvarade klagomål eller synpunkt",
    "complaint.assigned": "gav klagomål till enhet",
    "complaint.closed": "avslutade klagomål eller synpunkt",
    "complaint.contact_erased": "raderade namn och kontakt",
    "complaint.linked": "kopplade klagomål till avvikelse",
    "complaint.registered": "registrerade klagomål eller synpunkt",
    "complaint.reopened": "öppnade klagomål igen",
    "complaint.sorted": "ändrade uppgifter om klagomål",
    "lex_maria.analysed": "skrev händelseanalys",
    "lex_maria.closed": "avslutade lex Maria-ärende",
    "lex_maria.decided": "beslutade om anmälan enligt lex Maria",
    "lex_maria.opened": "öppnade lex Maria-ärende",
    "lex_maria.outcome_noted": "skrev in IVO:s beslut",
    "lex_sarah.closed": "avslutade lex Sarah-ärende",
    "lex_sarah.decided": "beslutade enligt lex Sarah",
    "lex_sarah.investigated": "gjorde klart lex Sarah-utredning",
    "lex_sarah.investigation_saved": "sparade lex Sarah-utredning",
    "lex_sarah.ivo_answered": "skrev in IVO:s svar",
    "lex_sarah.notified": "anmälde till IVO enligt lex Sarah",
    "lex_sarah.reported": "rapporterade enligt lex Sarah",
    "provider.quarter_corrected": "rättade kvartalsrapport",
    "provider.quarter_left": "lämnade kvartalsrapport",
    "provider.quarter_opened": "öppnade kvartal för utförare",
    "provider.quarter_saved": "sparade kvartalsrapport",
    "deputy.appointed": "utsåg ersättare",
    "deputy.ended": "avslutade ersättare",
    "deviation.action_done": "genomförde åtgärd i avvikelse",
    "deviation.action_dropped": "strök åtgärd i avvikelse",
    "deviation.action_evaluated": "bedömde åtgärds effekt i avvikelse",
    "deviation.action_planned": "lade till åtgärd i avvikelse",
    "deviation.analysed": "analyserade avvikelse",
    "deviation.assessed": "bedömde avvikelse",
    "deviation.classified": "klassificerade avvikelse",
    "deviation.closed": "avslutade avvikelse",
    "deviation.conference_noted": "antecknade om patientkonferens",
    "deviation.decided": "beslutade om allvarlig avvikelse",
    "deviation.facts_given": "lämnade uppgifter om avvikelse",
    "deviation.followed_up": "följde upp avvikelse",
    "deviation.handed_over": "lämnade över avvikelse",
    "deviation.investigated": "utredde avvikelse",
    "deviation.merged": "förde samman avvikelse",
    "deviation.reopened": "öppnade avvikelse igen",
    "deviation.reported": "rapporterade avvikelse",
    "deviation.reviewed": "gjorde översyn av avvikelse",
    "deviation.split": "delade avvikelse",
    "setup.loaded": "läste in exempel",
    "exported": "hämtade ut som fil",
    "file.read": "hämtade fil",
    "file.removed": "tog bort fil",
    "file.renamed": "ändrade filens titel",
    "file.stored": "sparade fil",
    "file.version_added": "sparade ny version av fil",
    "file.version_restored": "återställde version av fil",
    "forecast_removed": "tog bort prognos",
    "forecast_saved": "sparade prognos",
    "import.committed": "läste in fil",
    "import.undone": "ångrade inläsning",
    "investment_saved": "sparade investering",
    "mandate ended": "avslutade mandat",
    "mandate given": "gav mandat",
    "person added": "lade till person",
    "person.mandate_given": "gav mandat",
    "report.locked": "låste rapport",
    "report.opened": "öppnade rapport",
    "report.unlocked": "låste upp rapport",
    "snapshot.taken": "tog ut uttag",
    "steering.model_loaded": "läste in styrmodell",
    "task.begun": "öppnade uppgift som väntade",
    "task.cancelled": "strök uppgift",
    "task.completed": "gjorde klart uppgift",
    "task.escalated": "förde vidare försenad uppgift",
    "task.handed_over": "lämnade över uppgift",
    "task.marked_ready": "klarmarkerade uppgift",
    "task.opened": "öppnade uppgift",
    "task.paused": "pausade uppgift",
    "task.rescheduled": "ändrade tiden för uppgift",
    "task.resumed": "återupptog uppgift",
    "task.returned": "lämnade tillbaka uppgift",
    "trail verified": "kontrollerade spåret",
    "unit placed": "placerade enhet",
}


def words(deed: str) -> str:
    """The deed in Swedish; a deed without words is shown as it is written."""
    return WORDS.get(deed, deed)


def subject_words(subject: str) -> str:
    """``steering.goal:12`` as ``mål 12``; what is not a record as it is written."""
    kind, colon, number = subject.partition(":")
    try:
        model = apps.get_model(kind) if colon else None
    except (LookupError, ValueError):
        model = None
    return f"{model._meta.verbose_name} {number}" if model is not None else subject
