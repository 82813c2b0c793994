"""The address that those who watch over the server ask: is the database there, and does somebody work off the queue?"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from roder.core.postgres import PostgresError

ALIVE = 60  # seconds since a worker was heard of

_STATE = """
    SELECT (SELECT count(*) FROM procrastinate_workers
            WHERE last_heartbeat > now() - make_interval(secs => %s)),
           (SELECT count(*) FROM procrastinate_jobs
            WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')
"""


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 when it does not. Without login; says nothing about anybody.

    ``worker`` is ``ok`` or ``missing``; ``waiting`` and ``failed`` are numbers of jobs.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(_STATE, [ALIVE])
            workers, waiting, failed = cursor.fetchone()
    except (DatabaseError, PostgresError):
        return JsonResponse({"status": "down", "database": "missing"}, status=503)
    state = {
        "status": "ok",
        "database": "ok",
        "worker": "ok" if workers else "missing",
        "waiting": waiting,
        "failed": failed,
    }
    return JsonResponse(state)
