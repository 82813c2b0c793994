"""Files of every kind, made small."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
DOCM = "application/vnd.ms-word.document.macroEnabled.main+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def zipped(entries: Mapping[str, str | bytes]) -> bytes:
    """A zip file of the entries."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def types(main: str) -> str:
    """The part of an Office document that says what it is."""
    return f'<?xml version="1.0"?><Types><Override PartName="/x.xml" ContentType="{main}"/></Types>'


def docx(text: str, main: str = DOCX, **more: str | bytes) -> bytes:
    """A Word document with one paragraph."""
    body = f'<?xml version="1.0"?><w:document xmlns:w="w"><w:p><w:t>{text}</w:t></w:p></w:document>'
    return zipped({"[Content_Types].xml": types(main), "word/document.xml": body, **more})


def xlsx(text: str) -> bytes:
    """A workbook with one word."""
    strings = f'<?xml version="1.0"?><sst><si><t>{text}</t></si><si><t>nästa</t></si></sst>'
    return zipped({"[Content_Types].xml": types(XLSX), "xl/sharedStrings.xml": strings})


def pptx(text: str) -> bytes:
    """A presentation with one slide."""
    slide = f'<?xml version="1.0"?><p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>{text}</a:t></a:p></p:sld>'
    return zipped({"[Content_Types].xml": types(PPTX), "ppt/slides/slide1.xml": slide})


def odf(text: str, kind: str = "text") -> bytes:
    """An OpenDocument."""
    content = f'<?xml version="1.0"?><office:body xmlns:office="o" xmlns:text="t"><text:p>{text}</text:p></office:body>'
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content})


def pdf(text: str = "Protokoll") -> bytes:
    """A PDF of one page with a line of text."""
    stream = f"BT /F1 24 Tf 20 100 Td ({text}) Tj ET".encode("latin-1")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    whole, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        whole
        + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            len(whole),
        )
    )


def png(width: int = 4, height: int = 3) -> bytes:
    """A grey picture."""
    raw = (b"\0" + b"\x80" * width) * height

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    )


def bomb() -> bytes:
    """A Word document that unpacks to 40 MB."""
    return docx("x", **{"word/media/big.xml": b"\0" * (40 * 1024 * 1024)})
