"""Start a training outside of the web process, which must not load scikit-learn nor block for a minute."""

import subprocess
import sys

from django.conf import settings


def start_training() -> None:
    """Run `manage.py retrain --no-activate` and do not wait. A second one finds the lock taken and ends."""
    subprocess.Popen(  # noqa: S603 - nothing of it comes from a request
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "retrain", "--no-activate", "--verbosity=0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
