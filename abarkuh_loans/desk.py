"""How the office's desk behaves: tolerant search, refusals at their field, nothing deleted, the trail as history."""

from typing import Any

from django.contrib.admin.utils import lookup_spawns_duplicates, unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.db.models import Q
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from abarkuh_loans.errors import RuleError
from iran.text import search_key

MOST_COUNTED = 20_000

_added_filters: dict[str, list] = {}


def add_list_filter(model_label: str, list_filter: Any) -> None:
    """A higher floor adds its filter to a list of a lower one: ``add_list_filter("applicants.application", …)``."""
    _added_filters.setdefault(model_label, []).append(list_filter)


class CappedPaginator(Paginator):
    """Counts no further than 20,000 rows: beyond that nobody leafs, and counting costs more than the page."""

    @cached_property
    def count(self) -> int:
        if isinstance(self.object_list, models.QuerySet):
            return self.object_list.order_by().values("pk")[:MOST_COUNTED].count()
        return super().count


class TolerantSearch:
    """Finds «علي كريمي» for «علی کریمی», whatever the digits and the half-spaces.

    ``folded_fields`` hold a search key (``iran.text.SearchKey``); ``code_fields`` hold codes and numbers in ASCII.
    """

    folded_fields: tuple[str, ...] = ()
    code_fields: tuple[str, ...] = ()

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.folded_fields, *self.code_fields)

    def get_search_results(self, request: HttpRequest, queryset: models.QuerySet, search_term: str) -> tuple:
        for word in search_key(search_term).split():
            queryset = queryset.filter(self._matches(word))
        return queryset, any(lookup_spawns_duplicates(self.opts, field) for field in self.code_fields)

    def _matches(self, word: str) -> Q:
        """A word of Persian letters can stand in no code: then the index of the search key is enough."""
        lookups = [f"{field}__contains" for field in self.folded_fields]
        if any(character.isascii() for character in word) or not lookups:
            lookups += [f"{field}__icontains" for field in self.code_fields]
        found = Q()
        for lookup in lookups:
            found |= Q(**{lookup: word})
        return found


# Guards of the database that a form can meet, in the officer's words. The rest are races: somebody was first.
_SAID_BY_DATABASE = {
    "loanterm_covers_applications": _lazy(
        "Live applications of this year ask for more than this ceiling. Return or reject them first, then lower it."
    ),
}


def refused_by_database(error: IntegrityError) -> RuleError:
    """The refusal of a constraint as a sentence; a constraint that no rule speaks for was met in a race."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    by_race = _("Somebody recorded the same in the meantime. Look at the present state and try again.")
    return RuleError(_SAID_BY_DATABASE.get(constraint, by_race))


class RefusalAtField:
    """A rule that says no while a form is saved becomes an error of the form: nothing is written, nothing typed is lost."""

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RuleError as refusal:
            request.refusal = refusal
        except IntegrityError as error:
            request.refusal = refused_by_database(error)
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        answer.status_code = 422
        return answer

    def get_form(self, request: HttpRequest, obj=None, change=False, **kwargs: Any) -> type[BaseForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return form if refusal is None else _refused(form, refusal)


def _refused(form_class: type[BaseForm], refusal: RuleError) -> type[BaseForm]:
    class Refused(form_class):
        def _post_clean(self) -> None:
            super()._post_clean()
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    return Refused


class NothingLost:
    """Records are never deleted here; the database's own trail, and no other log, tells what happened to them."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The trail is written by the database."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The trail is written by the database."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": None,
            "object": record,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """A record that does not exist and one that belongs to others look the same: not found."""
        raise Http404


class ReadOnly:
    """A list and records that are only looked at; their changes have pages of their own."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AsParent:
    """Rows inside a record's page may be read and written by whoever may read and write the record."""

    can_remove = False

    def _may(self, request: HttpRequest, verb: str) -> bool:
        opts = self.parent_model._meta
        return request.user.has_perm(f"{opts.app_label}.{verb}_{opts.model_name}")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view") or self._may(request, "change")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.can_remove and self._may(request, "change")


def filters_of(model: type[models.Model]) -> list:
    return _added_filters.get(model._meta.label_lower, [])
