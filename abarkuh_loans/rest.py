"""What every endpoint of the API shares: who may, what a query may say, how lists are cut, what a body may hold."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from drf_spectacular.authentication import BasicScheme
from rest_framework import exceptions, generics, serializers
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.views import APIView

MOST_ROWS = 100


class NamedBasicScheme(BasicScheme):
    """Signing in by HTTP Basic, as the schema says it."""

    target_class = "audit.authentication.NamedBasicAuthentication"


class HasPermissionOfMethod(BasePermission):
    """The user holds one of the permissions that the endpoint names for the method; none named, none let in."""

    def has_permission(self, request, view) -> bool:
        if not request.user.is_authenticated:
            return False
        method = {"HEAD": "GET"}.get(request.method, request.method)
        if method == "OPTIONS" or method not in view.permissions:
            return method in view.allowed_methods  # what the address does not take is answered with 405
        return any(request.user.has_perm(permission) for permission in view.permissions[method])


class Endpoint(APIView):
    """Base of all endpoints. ``permissions`` maps each method to the permissions of which one is enough."""

    permissions: Mapping[str, tuple[str, ...]] = {}
    permission_classes = [HasPermissionOfMethod]

    def permission_denied(self, request, message=None, code=None):
        if request.method not in self.allowed_methods:
            raise exceptions.MethodNotAllowed(request.method)
        super().permission_denied(request, message=message, code=code)


class StrictSerializer(serializers.Serializer):
    """A body or a query in which every name is known: what is misspelt or not the sender's to set is refused."""

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := [name for name in data if name not in writable]:
                faults = {name: [serializers.ErrorDetail(_("This is not known here."), "unknown")] for name in unknown}
                raise serializers.ValidationError(faults)
        return super().to_internal_value(data)


class Query(StrictSerializer):
    """Base of a list's query; the page's own names are part of every one."""

    cursor = serializers.CharField(required=False, max_length=200, help_text="as given in «next» and «previous»")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=MOST_ROWS)


class Pages(CursorPagination):
    """Newest first, at most a hundred rows; a row added meanwhile moves no page."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = MOST_ROWS
    invalid_cursor_message = _("This page is not there; begin with the first one.")

    def decode_cursor(self, request):
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not _is_key(cursor.position):
            raise exceptions.NotFound(self.invalid_cursor_message)
        return cursor


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


class ListEndpoint(Endpoint, generics.ListAPIView):
    """A list in pages. ``query_class`` says what may be asked of it; ``matching`` gives the rows."""

    query_class: type[Query] = Query
    pagination_class = Pages

    def get_queryset(self):
        query = self.query_class(data=self.request.query_params.dict())
        query.is_valid(raise_exception=True)
        return self.matching(query.validated_data)

    def matching(self, query: dict):
        raise NotImplementedError


class Nowhere(APIView):
    """Whatever else is asked for under the API's address."""

    schema = None
    permission_classes = []

    def initial(self, request, *args, **kwargs) -> None:
        raise exceptions.NotFound
