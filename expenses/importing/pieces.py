"""The pieces of a draft's content, which are read one after the other."""

from expenses.importing.frame import Frame, is_frame
from expenses.importing.packing import PIECE, Piece, piece_of, unpack_reading, unpack_table, unpack_whole
from expenses.statements.part_readers import Place, read_part
from expenses.statements.statement import Reading, Table


class Pieces:
    """The content of a file in pieces. sheet: the chosen sheet of a workbook, or ""."""

    def __init__(self, content: bytes | None, sheet: str = "") -> None:
        self._frame = Frame(content) if is_frame(content) else None
        whole = unpack_whole(content) if self._frame is None else None
        self._whole = whole.of_sheet(sheet) if isinstance(whole, Table) else whole
        self.format: str = self._frame.head["format"] if self._frame else self._whole.format if self._whole else ""
        self.is_table = "header" in self._frame.head if self._frame else isinstance(self._whole, Table)

    def __len__(self) -> int:
        """How many pieces there are, at least one."""
        if self._frame:
            return len(self._frame)
        found = self._whole.rows if isinstance(self._whole, Table) else self._whole.entries if self._whole else ()
        return max(1, -(-len(found) // PIECE))

    def table(self, number: int) -> Piece:
        """A piece of a table."""
        if isinstance(self._whole, Table):
            return piece_of(self._whole, number)
        before, after, rows, lines = self._framed.part(number)
        return Piece(unpack_table(self._framed.head | {"rows": rows, "lines": lines}), before, after)

    def cells(self, place: int) -> set[str]:
        """The different cells of a column in all pieces; of one with many, those of the first piece."""
        if isinstance(self._whole, Table):
            return {row[place] for row in self._whole.rows}
        few = self._framed.head["cells"].get(str(place))
        return {*few} if few else {row[place] for row in self.table(0).table.rows}

    def reading(self, number: int, place: Place | None) -> tuple[Reading, Place | None]:
        """A piece of a file that is no table, and the place after it if the file is long.

        place: that before the piece; None before the first one. If the file isn't long, the first piece has all its
        problems.
        """
        if self._frame and "kind" in self._frame.head:
            head = self._frame.head
            return read_part(head["kind"], place or head["start"], self._frame.part(number))
        return self._cut_reading(number), None

    def _cut_reading(self, number: int) -> Reading:
        if isinstance(self._whole, Reading):
            found, entries = self._whole, self._whole.entries[number * PIECE : (number + 1) * PIECE]
        else:
            found = unpack_reading(self._framed.head | {"entries": self._framed.part(number)})
            entries = found.entries
        return Reading(entries, () if number else found.problems, found.gap, found.format)

    def accounts(self) -> set[str]:
        """The accounts that the entries of a file that is no table name."""
        if isinstance(self._whole, Reading):
            return {entry.account for entry in self._whole.entries}
        return {*self._framed.head["accounts"]}

    @property
    def _framed(self) -> Frame:
        if self._frame is None:
            raise TypeError("The content is not framed.")
        return self._frame
