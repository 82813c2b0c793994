"""What is sent is written down only when it may be."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory


@pytest.mark.parametrize(
    ("cookies", "size"), [({}, 0), ({settings.SESSION_COOKIE_NAME: "abcdefgh"}, 3_000_000)]
)
def test_a_file_from_somebody_who_is_not_logged_in_is_read_past(cookies: dict[str, str], size: int) -> None:
    maker = RequestFactory()
    maker.cookies.load(cookies)
    form: dict[str, Any] = {"login": "a@x.example", "fil": SimpleUploadedFile("stor.bin", b"x" * 3_000_000)}
    request = maker.post("/konto/login/", form)
    assert request.POST["login"] == "a@x.example"
    assert sum(one.size or 0 for one in request.FILES.values()) == size
