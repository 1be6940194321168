"""Hebrew date formats: days as in the lists, times by the 24-hour clock."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j בF Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j בF Y, H:i"
MONTH_DAY_FORMAT = "j בF"
