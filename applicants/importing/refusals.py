"""Why a whole file is refused. Stable codes; one sentence each, with the remedy."""

from django.utils.translation import gettext_lazy as _

from abarkuh_loans.errors import RuleError


class FileRefusedError(RuleError):
    """Nothing in this file can be used as it is."""

    field = "file"

    def __init__(self, code: str, message=None) -> None:
        self.code = code
        super().__init__(MESSAGES[code] if message is None else message)


class FileAlreadyImportedError(FileRefusedError):
    """The same file, byte by byte, was registered in this programme before."""

    def __init__(self, message) -> None:
        super().__init__("file_already_imported", message)


MESSAGES = {
    "file_empty": _("The file is empty. Send a list with a row of headings and at least one person."),
    "file_too_large": _("The file is larger than the system reads. Split the list into several files."),
    "file_too_many_rows": _("The list has too many rows for one file. Split it into several files."),
    "file_too_many_columns": _("The list is too wide. Delete everything to the left of the last column."),
    "file_sparse": _("A cell stands far away from the list. Copy the list into a new file and send that."),
    "file_encrypted": _("The file has a password. Take the password off and send it again."),
    "file_old_xls": _("This is the old Excel format (xls). Save it as «xlsx» and send it again."),
    "file_not_excel": _("This is not an Excel file. Save the list as «xlsx» and send it again."),
    "file_broken": _(
        "The file is damaged and cannot be read. Open it in Excel, save it again as «xlsx» and send that."
    ),
    "file_macros": _("The file carries a macro. Save it as «xlsx» without macros and send it again."),
    "file_external_links": _(
        "The file is linked to another file. Copy the values alone into a new file and send that."
    ),
    "file_doctype": _("The file has parts that an Excel list never has. Copy the list into a new file and send that."),
    "file_headings_missing": _("No row with the headings of the list was found in the first 20 rows."),
}
