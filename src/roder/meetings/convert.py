"""Word and other documents made into PDF by LibreOffice, when it is installed: each time in a process and with a
profile of its own, within a time limit, killed whole. No Django, no database.

What comes from outside is not to be trusted: macros are refused when the file comes in, and the profile made here turns
off macros, links that fetch things, and Java.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from roder.core.faults import UserFault

#: kinds of file (``files.kinds``) that LibreOffice makes into PDF
CONVERTIBLE = {
    "docx": "writer_pdf_Export",
    "odt": "writer_pdf_Export",
    "txt": "writer_pdf_Export",
    "xlsx": "calc_pdf_Export",
    "ods": "calc_pdf_Export",
    "pptx": "impress_pdf_Export",
    "odp": "impress_pdf_Export",
    "png": "draw_pdf_Export",
    "jpeg": "draw_pdf_Export",
}
SECONDS = 120.0
MOST = 500 * 1024 * 1024  # bytes of a made PDF
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Java/VirtualMachine"><prop oor:name="Enable"><value>false</value></prop></item>
</oor:items>
"""  # noqa: E501 - the program's own form
INSTALL = (
    "LibreOffice saknas på servern, så dokumentet kan inte göras om till PDF. Spara det som PDF och lägg in det som en "
    "ny version, eller be systemförvaltaren installera LibreOffice (Debian och Ubuntu: apt install libreoffice-core "
    "libreoffice-writer libreoffice-calc libreoffice-impress) och försök sedan igen."
)


class ConversionFault(UserFault):
    """The document could not be made into PDF. The message is Swedish and says what to do."""


class MissingProgramFault(ConversionFault):
    """LibreOffice is not installed."""


def program() -> str | None:
    """Where LibreOffice is: RODER_SOFFICE, else what the PATH has; None when it is not installed."""
    chosen = os.environ.get("RODER_SOFFICE", "")
    return shutil.which(chosen) if chosen else shutil.which("soffice") or shutil.which("libreoffice")


def cannot(kind: str) -> str:
    """What to say of a kind of file that cannot be made into PDF."""
    return f"Filer av slaget {kind} kan inte göras om till PDF. Spara filen som PDF och lägg in den som en ny version."


def to_pdf(path: Path, kind: str, seconds: float = SECONDS) -> bytes:
    """The document as PDF. Raises ConversionFault: not of a kind that can be converted, took more than ``seconds``,
    failed; MissingProgramFault without LibreOffice."""
    if kind not in CONVERTIBLE:
        raise ConversionFault(cannot(kind))
    found = program()
    if found is None:
        raise MissingProgramFault(INSTALL)
    with tempfile.TemporaryDirectory(prefix="roder-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"handling.{kind}"
        shutil.copyfile(path, source)
        profile = folder / "profil" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        out = folder / "ut"
        _run(
            [
                found, f"-env:UserInstallation={(folder / 'profil').as_uri()}", "--headless", "--norestore",
                "--nologo", "--nodefault", "--nolockcheck", "--convert-to", f"pdf:{CONVERTIBLE[kind]}",
                "--outdir", str(out), str(source),
            ],
            folder,
            seconds,
        )  # fmt: skip
        made = out / "handling.pdf"
        if not made.is_file() or not 0 < made.stat().st_size <= MOST:
            raise ConversionFault(
                "LibreOffice kunde inte läsa dokumentet. Öppna det, kontrollera att det är helt, spara det som PDF och "
                "lägg in det som en ny version."
            )
        return made.read_bytes()


def _run(command: list[str], home: Path, seconds: float) -> None:
    """Run to the end or to the limit; then the process and everything that it started is killed."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TZ") if key in os.environ}
    with subprocess.Popen(  # noqa: S603 - the program that the administrator installed; no shell
        command,
        cwd=home,
        env={**kept, "HOME": str(home), "TMPDIR": str(home), "SAL_USE_VCLPLUGIN": "svp"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise ConversionFault(
                f"Omvandlingen till PDF tog mer än {seconds:.0f} sekunder och avbröts. Spara dokumentet som PDF och "
                "lägg in det som en ny version."
            ) from None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
