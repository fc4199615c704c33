"""Who somebody is. What he may do is said by his roles alone (:meth:`accounts.models.User.has_perm`)."""

from django.contrib.auth.backends import ModelBackend


class RoleBackend(ModelBackend):
    """User name and password; no permissions of its own, because Django's permission tables are not used."""

    def get_user_permissions(self, user_obj, obj=None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj, obj=None) -> set[str]:
        return set()
