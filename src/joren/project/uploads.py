"""A file that is larger than this installation takes is thrown away while it arrives."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from joren.plumbing.access import TOO_LARGE


class LimitHandler(FileUploadHandler):
    """Stands before the handlers that keep; the view hears of it by ``refuse_too_large``."""

    def new_file(self, *args: object, **named: object) -> None:
        super().new_file(*args, **named)  # type: ignore[arg-type]  # handed on as Django gave it
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 (Django's words)
        self.seen += len(raw_data)
        if self.seen > settings.JOREN_UPLOAD_LIMIT:
            if self.request is not None:
                self.request.META[TOO_LARGE] = self.file_name or "the file"
            # The rest is read and thrown away, so that the browser hears the answer.
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 (Django's words)
        return None
