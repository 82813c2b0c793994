"""The API: its operations under /api/v1/, and their description (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from roder.api import cases, control, deviations, documents, meetings, numbers, problems


class RoderApi(NinjaAPI):
    """Answers are never kept by anybody on the way; problems are described with their own media type."""

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        """The answer, not to be stored."""
        answer = super().create_response(request, data, **options)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, with what may go wrong as problem JSON."""
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].setdefault(405, {"description": "Method Not Allowed"})
                for status, answer in operation["responses"].items():
                    content = answer.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        answer["content"] = {problems.MEDIA: content["application/json"]}
        return schema


DESCRIPTION = """\
Samma uppgifter och samma behörighet som på sidorna. Varje anrop görs med en nyckel i huvudet
`Authorization: Bearer rdr_…`. Nyckeln gäller som sin ägare: den ser det som ägarens mandat ger, begränsat till det som
nyckeln får användas till. Fel svaras med problem-JSON (RFC 9457) på svenska. Listor ges i sidor: följ `next`."""

api = RoderApi(
    title="Roder",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api:v1",
)
problems.install(api)
api.add_router("/deviations", deviations.router)
api.add_router("/lex-sarah", cases.lex_sarah)
api.add_router("/complaints", cases.complaints)
api.add_router("", numbers.router)
api.add_router("", numbers.measured)
api.add_router("", numbers.own)
api.add_router("/cases", documents.cases)
api.add_router("/documents", documents.documents)
api.add_router("/meetings", meetings.meetings)
api.add_router("/paragraphs", meetings.paragraphs)
api.add_router("/watches", meetings.watches)
api.add_router("", control.router)
