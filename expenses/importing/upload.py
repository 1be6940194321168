"""Receiving files, by whom ever they come: in memory, one a request, and no more of it than may be read."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from expenses.statements.statement import MAX_BYTES

# In a request, to say kindly that a file is too large; beyond that no more is read.
_MOST_RECEIVED = 10 * MAX_BYTES


class UploadHandler(FileUploadHandler):
    """The first file of a request, for no form has two.

    Of one that is too large only the size is kept, for the form to say so; it never fills memory or disk.
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
