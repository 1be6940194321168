"""Receiving files: in memory, and no more of them than may be read."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from expenses.statements.statement import MAX_BYTES

MOST_RECEIVED = 10 * MAX_BYTES  # to say kindly that a file is too large; beyond that the connection is closed


class UploadHandler(FileUploadHandler):
    """Of a file that is too large only the size is kept, for the form to say so; it never fills memory or disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept, self.received = BytesIO(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > MOST_RECEIVED:
            raise StopUpload(connection_reset=True)
        if self.received <= MAX_BYTES:
            self.kept.write(raw_data)
        else:
            self.kept = BytesIO()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        about = self.field_name, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        return InMemoryUploadedFile(self.kept, *about)
