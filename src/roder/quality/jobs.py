"""The quality room's jobs, which are read when the program starts."""

from __future__ import annotations

from roder.quality import (
    jobs_cases,  # noqa: F401 - declares the providers' quarters and the public form's forgetting
    jobs_selfchecks,  # noqa: F401 - opens the rounds of self-checks
)
