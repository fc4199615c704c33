"""Signing in at the programming interface, where it happens after the middleware has named the acting user."""

from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import AuthenticationFailed

from audit.acting import tell_database
from audit.middleware import SAFE_METHODS


class NamedBasicAuthentication(BasicAuthentication):
    """HTTP Basic that names the user to the database, as the middleware does for those with a session.

    The middleware, which stands around the whole request, takes the name back at the end.
    """

    www_authenticate_realm = "abarkuh-loans"

    def authenticate_credentials(self, userid, password, request=None):
        if "\0" in userid:
            raise AuthenticationFailed
        user, way = super().authenticate_credentials(userid, password, request)
        if request is not None and request.method not in SAFE_METHODS:
            tell_database(actor_id=user.pk, context=f"{request.method} {request.path}")
        return user, way
