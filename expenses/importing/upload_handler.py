"""Receives uploads from anyone: in memory, one file per request, and no more bytes than FinBrain reads."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from expenses.statements.statement import MAX_BYTES

# Bytes of a request. Up to this size a form explains that the file is too large; beyond it the connection is closed.
_MOST_RECEIVED = 4 * MAX_BYTES


class UploadHandler(FileUploadHandler):
    """Keeps the first file of a request, because no form has two.

    Of a file that is too large it keeps only the size, so that the form can say so without filling memory or disk.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept, self.files, self.received = BytesIO(), 0, 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > _MOST_RECEIVED:
            raise StopUpload(connection_reset=True)
        if self.files > 1:
            return
        if self.received <= MAX_BYTES:
            self.kept.write(raw_data)
        else:
            self.kept = BytesIO()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if self.files > 1:
            return None
        self.kept.seek(0)
        about = self.field_name, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        return InMemoryUploadedFile(self.kept, *about)
