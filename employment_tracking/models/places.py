"""The form in which two addresses are compared."""

from iran.text import SearchKey

# What one clerk writes and another leaves out: spaces and marks between the words of an address.
_MARKS = ' ،؛,;.:/-–_()«»"#*'


class PlaceKey(SearchKey):
    """``PlaceKey("address")``: an address without spaces and marks, letters and digits folded as for a search.

    Empty for an address that names no house: the name of a village alone is everybody's address. IMMUTABLE, so that it
    can stand in a generated column.
    """

    @staticmethod
    def folded_sql(column_sql: str) -> str:
        key = f"translate({SearchKey.folded_sql(column_sql)}, '{_MARKS}', '')"
        return f"CASE WHEN {key} ~ '[0-9]' THEN {key} ELSE '' END"
