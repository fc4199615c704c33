"""Check an agency's Excel list of applicants and, with --commit, register its valid rows."""

from applicants.importing.command import ImportCommand
from applicants.models import ImportedList


class Command(ImportCommand):
    help = __doc__
    kind = ImportedList.Kind.APPLICANTS.value
