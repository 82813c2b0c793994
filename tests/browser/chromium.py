"""Where Debian's Chromium is, and how it is started."""

from __future__ import annotations

import shutil

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """Its path. Raises RuntimeError when it is missing: ``scripts/install-test-tools`` installs it."""
    for name in ("chromium", "chromium-browser"):
        if found := shutil.which(name):
            return found
    raise RuntimeError("Chromium saknas: kör scripts/install-test-tools")
