"""The process that trains the built-in model, with low priority: `python -m finbrain.operations.training_process`."""

import os

_PRIORITY = 10


def main() -> None:
    import django

    os.nice(_PRIORITY)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")
    django.setup()
    from classifier import training

    training.ensure_model()


if __name__ == "__main__":
    main()
