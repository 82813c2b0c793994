"""A file that is too large is not written down on its way in: what comes over the limit is read past."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest


class Limited(FileUploadHandler):
    """Stands before the handler that writes. ``request.file_too_large`` is the name of what was refused."""

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.most, self.size = most, 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Let it through, until it is too much."""
        self.size += len(raw_data)
        if self.size > self.most:
            self.request.file_too_large = self.file_name  # type: ignore[union-attr]  # read by the view
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The next handler has the file."""
        return None


class NotForStrangers(Limited):
    """The first of the handlers that every page has: a form is read for its token before the page asks who somebody is,
    so what comes without a login's cookie is read past and never written down. No page takes files without login."""

    def __init__(self, request: HttpRequest) -> None:
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        super().__init__(request, sys.maxsize if known else 0)


def limit(request: HttpRequest, most: int) -> None:
    """Receive the request's files to disk, and none that is larger than ``most`` bytes."""
    request.upload_handlers = [Limited(request, most), TemporaryFileUploadHandler(request)]
