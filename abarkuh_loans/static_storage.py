"""Static files with a fingerprint in their names, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

INCOMPLETE = "admin/jquery.ui.datepicker.jalali/"


class StaticStorage(CompressedManifestStaticFilesStorage):
    """The style sheet of django-jalali's date picker names pictures that its package leaves out; that is no reason to stop."""

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            if name.startswith(INCOMPLETE):
                return name
            raise
