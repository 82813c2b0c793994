"""The WSGI entry that granian serves."""

from __future__ import annotations

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roder.core.settings")
application = get_wsgi_application()


def _warm_up() -> None:
    """Load what takes a second to load, so that the first person to ask for a chart or a figure need not wait."""
    import ibis  # noqa: F401, PLC0415

    from roder.reports.charts import warm_up  # noqa: PLC0415

    warm_up()


threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
