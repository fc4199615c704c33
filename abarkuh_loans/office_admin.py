"""What every list and form of the office's desk shares: Jalali days, Persian counts, one page size."""

from collections.abc import Callable, Iterator
from functools import cache, wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Sum
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.desk import (
    MOST_COUNTED,
    AsParent,
    CappedPaginator,
    NothingLost,
    RefusalAtField,
    TolerantSearch,
    filters_of,
)
from abarkuh_loans.shown import shown, shown_field, with_names, with_relations
from abarkuh_loans.templatetags.ui import STATUS_FIELDS, status_tag
from iran.forms import JalaliDateField
from iran.money import rial
from iran.templatetags.iran import group_fa
from iran.text import to_persian_digits
from iran.widgets import AdminNumericTextInput, JalaliDateWidget

FORMFIELD_OVERRIDES = {
    models.DateField: {"form_class": JalaliDateField, "widget": JalaliDateWidget(attrs={"class": "jalali-day"})},
    models.DecimalField: {"widget": AdminNumericTextInput(attrs={"inputmode": "decimal"}), "localize": True},
    models.IntegerField: {"widget": AdminNumericTextInput},
    models.BigIntegerField: {"widget": AdminNumericTextInput},
    models.PositiveIntegerField: {"widget": AdminNumericTextInput},
    models.PositiveSmallIntegerField: {"widget": AdminNumericTextInput},
}


def field_column(field: models.Field) -> Callable[[models.Model], SafeString]:
    """A column of a list that shows a field as the office reads it and sorts by the stored value."""
    shape = "nw" if isinstance(field, models.DateField | models.IntegerField) else ""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(record: models.Model) -> SafeString:
        return format_html('<span class="{}">{}</span>', shape, shown_field(record, field))

    column.__name__ = field.name
    return column


def method_column(method: Callable[[models.Model], Any]) -> Callable[[models.Model], Any]:
    """A column of an admin's own; plain words get Persian digits."""

    @wraps(method)
    def column(record: models.Model) -> Any:
        value = method(record)
        return to_persian_digits(value) if type(value) is str else value

    return column


def status_column(name: str, label: str) -> Callable[[models.Model], SafeString]:
    """A column of a list that shows the status as the coloured tag and sorts by the stored value."""

    @admin.display(description=label, ordering=name)
    def column(record: models.Model) -> SafeString:
        return status_tag(record, "office")

    column.__name__ = name
    return column


class NamedRelationFilter(admin.RelatedFieldListFilter):
    """The stock filter by a related record, with all the names in one query."""

    def field_choices(self, field: models.Field, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        rows = with_names(field.remote_field.model._default_manager.all())
        ordering = self.field_admin_ordering(field, request, model_admin)
        return [(row.pk, str(row)) for row in (rows.order_by(*ordering) if ordering else rows)]


admin.FieldListFilter.register(lambda field: field.many_to_one, NamedRelationFilter, take_priority=True)


class _Choosing:
    """Lists of choices begin with «choose», not with a row of dashes, and carry no icons to other records."""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **{"empty_label": _("Choose"), **kwargs})
        if field is not None:
            field.queryset = with_names(field.queryset)
        return field

    def formfield_for_choice_field(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if "choices" not in kwargs and db_field.name not in self.radio_fields:
            with_empty = db_field.blank or not db_field.has_default()
            kwargs["choices"] = db_field.get_choices(include_blank=with_empty, blank_choice=[("", _("Choose"))])
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class OfficeModelAdmin(_Choosing, TolerantSearch, RefusalAtField, NothingLost, admin.ModelAdmin):
    """Base of every ``ModelAdmin`` of the desk.

    ``list_display`` may name fields: days appear in Jalali, amounts grouped, codes left to right, ``status`` as a tag.
    ``summed_field`` is added up over the rows that the filters leave.
    ``changelist_view(extra_context={"chips": […], "list_note": "…"})`` puts ready-made filters and a sum over the list.
    """

    formfield_overrides = FORMFIELD_OVERRIDES
    summed_field = ""
    list_per_page = 50
    paginator = CappedPaginator
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = "—"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        answer = super().changelist_view(request, {"title": title, **(extra_context or {})})
        changelist = getattr(answer, "context_data", {}).get("cl")
        if self.summed_field and changelist is not None and "list_note" not in answer.context_data:
            answer.context_data["list_note"] = self._sum_of(changelist)
        return answer

    def _sum_of(self, changelist: Any) -> str:
        """The sum of the rows that the filters leave, while they are few enough to be added up on the way."""
        if not 0 < changelist.result_count < MOST_COUNTED:
            return ""
        total = changelist.queryset.order_by().aggregate(total=Sum(self.summed_field))["total"]
        words = _("%(count)s rows – sum %(total)s")
        return words % {"count": group_fa(changelist.result_count), "total": rial(int(total or 0))}

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> list[tuple[str, Any]]:
        return super().get_action_choices(request, default_choices or [("", _("Choose"))])

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """One column object per field for the life of the admin: sorting compares them by identity."""
        return [self._column(name) for name in super().get_list_display(request)]

    @cache  # noqa: B019  one admin object per model, for the life of the process
    def _column(self, name: Any) -> Any:
        if isinstance(name, str) and hasattr(self, name):
            return method_column(getattr(self, name))
        if not isinstance(name, str):
            return name
        try:
            field = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return name
        if name == STATUS_FIELDS.get(self.opts.label_lower, "status") and field.choices:
            return status_column(name, field.verbose_name)
        return field_column(field)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), *filters_of(self.model)]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context.get("subtitle"):
            context["subtitle"] = shown(context["subtitle"])
        return super().render_change_form(request, context, *args, **kwargs)


class SharedChoices(ModelChoiceIterator):
    """The rows of a choice, read once for all the forms of a page."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        if not self.field.read_rows:
            self.field.read_rows.extend(self.queryset)
        yield from map(self.choice, self.field.read_rows)


class _OfficeInline(_Choosing, AsParent):
    """Rows within a record. Every row offers the same choices."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Whoever may only read sees the names of related records in place of the choices."""
        return with_relations(super().get_queryset(request))

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.iterator, field.read_rows = SharedChoices, []
            field.queryset = field.queryset  # the widget takes the new iterator
        return field


class OfficeTabularInline(_OfficeInline, admin.TabularInline):
    formfield_overrides = FORMFIELD_OVERRIDES
    extra = 0


class OfficeStackedInline(_OfficeInline, admin.StackedInline):
    formfield_overrides = FORMFIELD_OVERRIDES
    extra = 0
