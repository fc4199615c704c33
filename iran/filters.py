"""Admin list filter by Jalali year and month, by ranges on the stored day or moment."""

import re

from django.contrib.admin import FieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import DateTimeField, Max, Min
from django.utils.translation import gettext_lazy as _

from iran.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTH_NAMES,
    jalali_year,
    moments,
    month_range,
    tehran_day,
    year_range,
)
from iran.text import to_persian_digits

_CHOSEN = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")


class JalaliMonthListFilter(FieldListFilter):
    """``list_filter = [JalaliMonthListFilter("paid_on")]``: years from the first to the last row, then months.

    Called with a field's path it gives the pair that ``list_filter`` takes.
    Reads nothing but the smallest and the largest value of the queryset it is given (two looks at the column's index).
    """

    def __new__(cls, *args, **kwargs):
        if len(args) == 1 and isinstance(args[0], str) and not kwargs:
            return args[0], cls
        return super().__new__(cls)

    def __init__(self, field, request, params, model, model_admin, field_path):
        self.parameter_name = "jalali-" + field_path.replace("__", "-")
        super().__init__(field, request, params, model, model_admin, field_path)
        self.chosen_year, self.chosen_month = self._chosen()

    def expected_parameters(self):
        return [self.parameter_name]

    def _chosen(self) -> tuple[int | None, int | None]:
        """Year and month of the address, None for what is not chosen."""
        values = self.used_parameters.get(self.parameter_name)
        if not values:
            return None, None
        found = _CHOSEN.fullmatch(values[-1])
        year, month = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
        if not FIRST_YEAR <= year <= LAST_YEAR or month > 12:
            raise IncorrectLookupParameters(self.parameter_name)
        return year, month or None

    def queryset(self, request, queryset):
        if self.chosen_year is None:
            return queryset
        year, month = self.chosen_year, self.chosen_month
        first, last = month_range(year, month) if month else year_range(year)
        if not isinstance(self.field, DateTimeField):
            return queryset.filter(**{f"{self.field_path}__range": (first, last)})
        start, end = moments(first, last)
        return queryset.filter(**{f"{self.field_path}__gte": start, f"{self.field_path}__lt": end})

    def choices(self, changelist):
        yield self._choice(changelist, None, _("All"), self.chosen_year is None)
        for year in self._years(changelist.root_queryset):
            is_chosen = year == self.chosen_year
            yield self._choice(
                changelist, str(year), to_persian_digits(str(year)), is_chosen and self.chosen_month is None
            )
            if is_chosen:
                for month, name in enumerate(MONTH_NAMES, start=1):
                    label = f"{name} {to_persian_digits(str(year))}"
                    yield self._choice(changelist, f"{year}-{month:02d}", label, month == self.chosen_month)

    def _choice(self, changelist, value: str | None, label, selected: bool) -> dict:
        if value is None:
            query = changelist.get_query_string(remove=[self.parameter_name])
        else:
            query = changelist.get_query_string({self.parameter_name: value})
        return {"selected": selected, "query_string": query, "display": label}

    def _years(self, queryset) -> list[int]:
        """Jalali years from the latest to the earliest row."""
        ends = queryset.order_by().aggregate(first=Min(self.field_path), last=Max(self.field_path))
        if ends["first"] is None:
            return []
        if isinstance(self.field, DateTimeField):
            ends = {name: tehran_day(moment) for name, moment in ends.items()}
        return list(range(jalali_year(ends["last"]), jalali_year(ends["first"]) - 1, -1))
