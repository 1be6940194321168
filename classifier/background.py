"""Start a training outside the web process, which must not load scikit-learn or block for a minute."""

import subprocess
import sys

from django.conf import settings


def start_training() -> None:
    """Start `manage.py retrain --no-activate` without waiting. It ends at once if a training is already running."""
    subprocess.Popen(  # noqa: S603 - no argument comes from a request
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "retrain", "--no-activate", "--verbosity=0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
