"""Workers never search what they have loaded for garbage, and search what they make less often."""

import gc

from finbrain.core.garbage import keep_what_is_loaded


def test_what_is_loaded_is_kept():
    usual, kept = gc.get_threshold(), gc.get_freeze_count()
    try:
        keep_what_is_loaded()
        assert gc.get_freeze_count() > kept
        assert gc.get_threshold() > usual
        assert gc.get_threshold()[1:] == usual[1:]
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)
