"""The result of checking a list, collected column by column."""

from dataclasses import dataclass, field

from applicants.importing.cells import Reader, Reading
from applicants.importing.findings import CORRECTED, FAULT, Finding, shown
from applicants.importing.headings import Table


@dataclass
class Result:
    """A checked list. ``columns`` hold the stored values of every row, faulty ones too; ``sound`` says which are not."""

    table: Table
    findings: list[Finding] = field(default_factory=list)
    columns: dict[str, list] = field(default_factory=dict)
    faulty_rows: set[int] = field(default_factory=set)
    corrected_rows: set[int] = field(default_factory=set)
    committed: int = 0

    @property
    def read(self) -> int:
        return len(self.table.rows)

    @property
    def faulty(self) -> int:
        return len(self.faulty_rows)

    @property
    def valid(self) -> int:
        return self.read - self.faulty

    @property
    def corrected(self) -> int:
        """Rows in which something was put right."""
        return len(self.corrected_rows)

    @property
    def sound(self) -> list[int]:
        """Positions of the rows without a fault, from top to bottom."""
        return [position for position in range(self.read) if position not in self.faulty_rows]

    def take(self, name: str, reader: Reader, *, absent: object = None) -> list:
        """Read a column and keep its values; a column that the list does not have gives ``absent`` in every row."""
        cells = self.table.values(name)
        stored = [absent] * self.read if cells is None else self._read(name, cells, reader)
        self.columns[name] = stored
        return stored

    def _read(self, name: str, cells: list, reader: Reader) -> list:
        known: dict[object, Reading] = {}
        stored = []
        for position, cell in enumerate(cells):
            key = cell if cell.__class__ is not bool else (cell,)
            reading = known.get(key)
            if reading is None:
                reading = known[key] = reader(cell)
            stored.append(reading[0])
            if reading[1]:
                self.note(position, name, reading[1], reading[2], reading[3])
        return stored

    def note(self, position: int, name: str, level: str, code: str, details: tuple = ()) -> None:
        """Write down a finding at a row's cell."""
        table = self.table
        place = table.places[name]
        self.findings.append(
            Finding(
                table.numbers[position], table.letter(name), table.headings[place], shown(table.rows[position][place]),
                level, code, details,
            )
        )  # fmt: skip
        if level == FAULT:
            self.faulty_rows.add(position)
        elif level == CORRECTED:
            self.corrected_rows.add(position)

    def fault(self, position: int, name: str, code: str, **details) -> None:
        self.note(position, name, FAULT, code, tuple(details.items()))

    def finish(self) -> "Result":
        """Put the findings in the order of the list."""
        places = {self.table.letter(name): place for name, place in self.table.places.items()}
        self.findings.sort(key=lambda finding: (finding.row, places[finding.column]))
        return self

    def as_json(self) -> dict:
        return {
            "read": self.read,
            "valid": self.valid,
            "faulty": self.faulty,
            "corrected": self.corrected,
            "committed": self.committed,
            "rows": [finding.as_json() for finding in self.findings],
        }


def mark_repeated(result: Result, name: str) -> None:
    """A person's number stands once in a list: every later row with it is faulty."""
    first: dict[str, int] = {}
    for position, number in enumerate(result.columns[name]):
        if number is None:
            continue
        earlier = first.setdefault(number, position)
        if earlier != position:
            result.fault(position, name, "nid_duplicate_in_file", row=result.table.numbers[earlier])
