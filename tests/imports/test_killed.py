"""The process is killed while a file is read in: nothing of it is there, and the next attempt goes through."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from django.db import connection

from roder.access.models import AuditRecord
from roder.core.models import ImportBatch
from roder.economy.models import ForecastLine
from roder.imports.cells import Context
from roder.imports.kinds import KINDS
from roder.imports.services import commit
from tests.imports.conftest import build_committee

KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from pathlib import Path
from roder import access
from roder.imports import services
from roder.imports.cells import Context
from roder.imports.kinds import KINDS
from roder.organisation.models import Body

def die(*args, **detail):
    os.kill(os.getpid(), signal.SIGKILL)

access.record = die
services.commit(KINDS["prognos"], Context(Body.objects.get(slug="provby-on")), Path(sys.argv[2]), "fil.csv")
"""


def test_killed_while_reading_in(committed: None, tmp_path: Path) -> None:
    committee = build_committee()
    path = tmp_path / "fil.csv"
    path.write_text("tillfalle;kontogrupp;belopp\n2022-05;personal;-10\n2022-05;ovriga;-20\n")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, connection.settings_dict["NAME"], str(path)],
        env={**os.environ},
        check=False,
        capture_output=True,
        timeout=120,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert not ForecastLine.objects.exists()
    assert not ImportBatch.objects.exists()
    assert not AuditRecord.objects.filter(deed="import.committed").exists()
    assert commit(KINDS["prognos"], Context(committee), path, "fil.csv").counts.new == 2
