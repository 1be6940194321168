"""Read what is stored, whichever release stored it.

Documents of an older release lack the newest columns, those of a newer one may hold other values, and MongoDB checks no
types. So a value that its field can't hold is read as the field's default, or else as an empty value of its type.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, partial
from math import isfinite
from typing import Any, TypeVar, cast

from bson import Decimal128, ObjectId
from django.db import models
from django_mongodb_backend.fields import ObjectIdField

from finbrain.core.decimals import decimal_of

Document = TypeVar("Document", bound=Mapping[str, Any])
_Fits = Callable[[Any], bool]

# What is read instead of a missing day or time. Nothing that FinBrain stores is that old.
NO_TIME = datetime(1900, 1, 1)
END_OF_TIME = datetime(3000, 1, 1)


def mend_value(field: models.Field, value: Any) -> Any:
    """Return the stored value if `field` can hold it, else the field's default or empty value, as MongoDB stores it."""
    kind, fits, blank = _rule_of(field)
    if isinstance(field, models.DecimalField) and isinstance(value, int | float) and not isinstance(value, bool):
        value = Decimal128(str(value))
    if (isinstance(value, kind) and (fits is None or fits(value))) or (value is None and field.null):
        return value
    # A missing truth is the default of its field, a damaged one grants nothing.
    if isinstance(field, models.BooleanField) and value is not None:
        return False
    return blank() if callable(blank) else blank


def reader(model: type[models.Model], columns: Iterable[str]) -> Callable[[Document], Document]:
    """Return a function that mends these columns of a stored document. Columns that aren't fields stay as they are."""
    known = {field.column: field for field in model._meta.concrete_fields if not field.primary_key}
    rules = [(name, known[name], *_rule_of(known[name])[:2]) for name in columns if name in known]

    def read(document: Document) -> Document:
        values = cast(dict[str, Any], document)
        for name, field, kind, fits in rules:
            value = values.get(name)
            if type(value) is kind and fits is None:
                continue
            if value is None and field.null:
                values[name] = None
            elif not isinstance(value, kind) or (fits and not fits(value)):
                values[name] = mend_value(field, value)
        return document

    return read


def text(value: Any) -> str:
    """Return a stored text, "" for anything else."""
    return value if isinstance(value, str) else ""


@cache
def _rule_of(field: models.Field) -> tuple[type, _Fits | None, Any]:
    """Return the type that a field stores, a further check if there is one, and the value to read for all others."""
    kind, fits, empty = _kind_of(field)
    if field.null:
        return kind, fits, None
    usable_default = field.has_default() and not callable(field.default)
    return kind, fits, field.get_default() if usable_default else empty


def _kind_of(field: models.Field) -> tuple[Any, _Fits | None, Any]:
    """Return the type of a kind of field, a check, and the kind's empty value or a function that makes it."""
    match field:
        case models.DecimalField():
            return Decimal128, partial(_is_amount, 10 ** (field.max_digits - field.decimal_places)), Decimal128("0")
        case models.DateField():  # and DateTimeField, which Django derives from it
            return datetime, _is_time, NO_TIME
        case models.BooleanField():
            return bool, None, False
        case models.IntegerField():
            return int, None, 0
        case models.FloatField():
            return int | float, isfinite, 0.0
        case models.JSONField():
            made = type(field.get_default()) if field.has_default() else dict | list
            return made, None, made if isinstance(made, type) else dict
        case models.BinaryField():
            return bytes, None, b""
        case ObjectIdField() | models.ForeignKey():
            return ObjectId, None, None
    return str, None, ""


def _is_amount(limit: int, value: Decimal128) -> bool:
    """Whether a stored decimal is a number with no more digits than its field allows."""
    number = decimal_of(value)
    return number.is_finite() and -limit < number < limit


def _is_time(value: datetime) -> bool:
    return NO_TIME <= value < END_OF_TIME
