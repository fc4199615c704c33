"""How Django itself prints numbers and days in Persian pages; Django's own ``fa`` leaves grouping off.

Days reach people only through the filters of ``iran`` (Solar Hijri). The date formats below are there so that a
forgotten ``|date`` prints a plainly Gregorian ISO day and not a Gregorian day with a Persian face.
"""

NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = "٬"
DECIMAL_SEPARATOR = "٫"

DATE_FORMAT = "Y-m-d"
SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "Y-m"
MONTH_DAY_FORMAT = "m-d"
FIRST_DAY_OF_WEEK = 6  # Saturday
DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M"]
