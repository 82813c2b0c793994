"""The steering model file, ``styrmodell.yaml``: read, checked, compared, dumped. No Django, no database.

One file holds how one committee steers one year. :func:`check_file` gives either the model or all its faults;
loading it into the database is another module's work.
"""

from __future__ import annotations

from roder.steering.modelfile.check import Checked, check_file, check_text
from roder.steering.modelfile.compare import Change, ChangeKind, diff
from roder.steering.modelfile.dump import from_data, from_json, json_schema, to_data, to_json
from roder.steering.modelfile.faults import Fault
from roder.steering.modelfile.model import SteeringModel
from roder.steering.modelfile.start import BLANK, UNNAMED, Names, code_for, for_another_year, new_text
from roder.steering.modelfile.written import write_commented

__all__ = [
    "BLANK",
    "UNNAMED",
    "Change",
    "ChangeKind",
    "Checked",
    "Fault",
    "Names",
    "SteeringModel",
    "check_file",
    "check_text",
    "code_for",
    "diff",
    "for_another_year",
    "from_data",
    "from_json",
    "json_schema",
    "new_text",
    "to_data",
    "to_json",
    "write_commented",
]
