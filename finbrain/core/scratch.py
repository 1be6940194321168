"""Folders for temporary files, in DATA_DIR instead of the system's /tmp, which others may fill."""

import errno
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

# A file is not begun with less free space, because the rest of the machine needs some, too.
FREE_BYTES = 64 * 1024 * 1024
_PREFIX = "scratch-"
# No request takes as long. What is older was left by a process that was killed.
_OLD_SECONDS = 3600


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Context manager with an empty folder, deleted at the end. Raises OSError if the disk is nearly full.

    A file that is still open then can be read until it is closed.
    """
    parent = Path(settings.DATA_DIR)
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _delete_old(parent)
    if shutil.disk_usage(parent).free < FREE_BYTES:
        raise OSError(errno.ENOSPC, "No space left for temporary files", str(parent))
    with TemporaryDirectory(dir=parent, prefix=_PREFIX) as folder:
        yield Path(folder)


def _delete_old(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            if folder.stat().st_mtime < time.time() - _OLD_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            continue  # another process was faster
