"""What went wrong, as problem JSON in Swedish (RFC 9457): what, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as InputError
from pydantic import BaseModel

from roder.core.faults import UserFault

MEDIA = "application/problem+json"
TITLES = {
    400: "Frågan går inte att läsa",
    401: "Nyckel saknas",
    403: "Inte tillåtet",
    404: "Finns inte",
    405: "Går inte att göra här",
    409: "Redan gjort",
    422: "Något i frågan är fel",
    429: "För många frågor",
}
#: type of pydantic's fault -> Swedish; its values are put in
MESSAGES = {
    "missing": "Fältet saknas.",
    "extra_forbidden": "Fältet finns inte. Ta bort det eller rätta namnet.",
    "string_type": "Ska vara en text.",
    "string_unicode": "Texten innehåller ett halvt tecken som inte går att spara. Ta bort det.",
    "string_too_long": "För lång: högst {max_length} tecken.",
    "string_too_short": "För kort: minst {min_length} tecken.",
    "string_pattern_mismatch": "Har inte den form som krävs.",
    "int_type": "Ska vara ett heltal.",
    "int_parsing": "Ska vara ett heltal.",
    "int_from_float": "Ska vara ett heltal.",
    "bool_type": "Ska vara true eller false.",
    "bool_parsing": "Ska vara true eller false.",
    "list_type": "Ska vara en lista.",
    "too_long": "För många: högst {max_length}.",
    "too_short": "För få: minst {min_length}.",
    "model_attributes_type": "Ska vara ett objekt.",
    "model_type": "Ska vara ett objekt.",
    "enum": "Ska vara något av {expected}.",
    "literal_error": "Ska vara något av {expected}.",
    "greater_than_equal": "Ska vara minst {ge}.",
    "less_than_equal": "Ska vara högst {le}.",
    "timezone_aware": "Tidpunkten ska ha tidszon, till exempel 2022-05-03T21:40:00+02:00.",
    "value_error": "{error}",
}
_DATES = "Ska vara ett datum eller en tidpunkt, till exempel 2022-05-03 eller 2022-05-03T21:40:00+02:00."


class FieldFault(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldFault]


class Refused(Exception):  # noqa: N818 - an answer, not an error in the program
    """An answer other than the one that was asked for."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


def problem(status: int, detail: str, faults: Sequence[FieldFault] = (), **headers: str) -> HttpResponse:
    """An answer with a problem."""
    body = Problem(
        type="about:blank", title=TITLES.get(status, "Fel"), status=status, detail=detail, errors=list(faults)
    )
    answer = HttpResponse(body.model_dump_json(), status=status, content_type=MEDIA)
    answer.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return answer


def _message(fault: dict[str, Any]) -> str:
    kind = fault["type"]
    if kind.startswith(("date", "time")) and kind not in MESSAGES:
        return _DATES
    try:
        return MESSAGES[kind].format(**fault.get("ctx", {}))
    except KeyError:
        return "Värdet går inte att använda."


def _place(fault: dict[str, Any]) -> str:
    """The field's name, without the parts that tell how the program reads it."""
    parts = [str(part) for part in fault["loc"]]
    return ".".join(parts[2:] if parts[:1] == ["body"] and len(parts) > 2 else parts[1:] or parts)


def from_input(request: HttpRequest, error: InputError) -> HttpResponse:
    """422: the question is not as the description says."""
    faults = [FieldFault(field=_place(one), message=_message(one)) for one in error.errors]
    detail = "Rätta det som står under errors och försök igen."
    return problem(422, detail, faults)


def from_rules(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: the question is well formed, but the rules refuse it."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    faults = [
        FieldFault(field="" if field == NON_FIELD_ERRORS else field, message=message)
        for field, messages in by_field.items()
        for message in messages
    ]
    return problem(422, " ".join(one.message for one in faults if not one.field) or "Rätta fälten.", faults)


def install(api: NinjaAPI) -> None:
    """See to it that the API says everything that goes wrong as a problem."""
    missing = "Skicka en giltig nyckel i huvudet Authorization: Bearer. Nycklar görs på sidan API-nycklar."
    handlers: dict[type[Exception], Any] = {
        InputError: from_input,
        ValidationError: from_rules,
        Refused: lambda _, error: problem(error.status, error.detail, **error.headers),
        PermissionDenied: lambda _, error: problem(403, str(error) or TITLES[403]),
        Http404: lambda _, error: problem(404, str(error) or TITLES[404]),
        UserFault: lambda _, error: problem(422, str(error)),
        AuthenticationError: lambda _, error: problem(401, missing, WWW_Authenticate="Bearer"),
        HttpError: lambda _, error: problem(
            error.status_code, "Frågan går inte att läsa: kontrollera att den är JSON."
        ),
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """404 for an address that the API does not have."""
    return problem(404, "Adressen finns inte. Vad som finns står i /api/v1/openapi.json.")
