"""What a document says about the things it names: that they are there, that they are not, or nothing.

The nearest words decide: those of the same sentence, cell or item, then the items around it and the status of the
section, then the words that introduce the list, then the headings.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from shipworthy.deployment.documents import wording
from shipworthy.formats.prose import CODE, HEADING, ITEM, PARAGRAPH, ROW, Piece, Prose, Span, cells, spans
from shipworthy.patterns import lazy

DONE = "done"
"""The document says that it is there."""
QUIET = "quiet"
"""The document says that it is not there, or will be, or may be."""
PLAIN = "plain"
"""The document names it, as people name what is there."""

LONGEST = 20_000
"""Characters of a piece; a longer one is no prose, and is not looked at."""
_STATED = "stated"
"""As `DONE`, and whatever the headings say: a line gives the status of the section."""
_LONGEST_LEGEND = 2_000
_LONGEST_FIELD = 200
_BOUNDARY = lazy(
    r"(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<=[.!?。；])\s+|\n(?=[ \t>]{0,20}(?:[^\w\s`\"'(<\[]|\d{1,3}[.)]\s))"
    r"|\n(?=[^\n]*\n[ \t]*\n)|(?<![ \t])[ \t]{2,}\n"
)
"""Between two sentences, or two lines of which the second begins with a mark."""
_MARKED = lazy(r"`[^`\n]*`|\]\([^()\n]*\)|<[^<>\n]*>")
"""What is set as code or leads somewhere, which is not a word of the sentence."""
_LEGEND = lazy(
    rf"(?P<mark>[{wording.DONE_MARK}]|\[[xX]\])[`*\s]{{0,5}}(?:[=:：–—-]|\|){{1,3}}[*\s]{{0,5}}(?P<meaning>[^|\n,;·•/()]{{1,60}})"
)
_LEGEND_LINE = lazy(r"\b(?:legend|key|symbols?|notation|legende|förklaring|leyenda|légende)\b|图例|凡例", re.IGNORECASE)
_OF_READERS = lazy(r"[^\w\n]{0,20}(?:x\][^\w\n]{0,10})?(?:you|i)\b", re.IGNORECASE)
"""The beginning of an item that a reader ticks off: ``- [x] You've set the password``."""
_FIELD = r"[*_]*(?:files?|path|location|datei|fil|archivo|fichier|文件)[*_]*\s*[:：][\s*_`\[]*"
_BEGINNING = lazy(rf"[\s*_`\[\](\"'~]*[^\w\s]{{0,3}}\s*(?:{_FIELD})?", re.IGNORECASE)
_LABEL = lazy(r"[\s*_>+-]*[\w /&-]{1,40}[*_]*[:：][\s*_`\[]*")
_FIELD_ONLY = lazy(rf"[\s*_>+-]*{_FIELD}", re.IGNORECASE)


class _Words:
    """What the words of a sentence say, told when somebody asks: most sentences are quiet for the first reason."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def are_quiet(self) -> bool:
        """Whether something is not there, or is to come."""
        return wording.is_absent(self._text) or wording.is_intended(self._text)

    @cached_property
    def are_done(self) -> bool:
        """Whether something is done."""
        return wording.is_marked_done(self._text)

    @cached_property
    def are_instructions(self) -> bool:
        """Whether somebody is told to make something."""
        return wording.is_instructed(self._text)


class Context:
    """A document, asked what it says about one of its places."""

    def __init__(self, document: Prose, *, has_conventions: bool = False) -> None:
        """``has_conventions`` tells that marks in the document tell good from bad."""
        self.document = document
        self._has_conventions = has_conventions
        self._words_at: dict[tuple[int, int], _Words] = {}
        self._spans: dict[int, list[Span]] = {}
        self._items: dict[int, str] = {}
        self._rows: dict[int, tuple[list[tuple[int, int]], _Words]] = {}
        self._boundaries: dict[int, list[tuple[int, int]]] = {}
        self._headings: dict[int, str] = {}
        self._contrasts: dict[int, bool] = {}

    def state(self, piece: Piece, start: int) -> str:
        """What the document says about what stands at an offset of a piece: `DONE`, `QUIET` or `PLAIN`."""
        if piece.kind != CODE and piece.end - piece.start > LONGEST:
            return QUIET
        own = self._own(piece, start)
        if own:
            return own
        around = next((stated for parent in piece.parents if (stated := self._of_item(parent))), "")
        around = around or self._surroundings(piece, start)
        if around == _STATED:
            return DONE
        if around == QUIET or self._above(piece) == QUIET:
            return QUIET
        return around or PLAIN

    def pieces_with(self, marks: Iterable[str], text: str = "") -> list[Piece]:
        """The pieces in which one of some texts stands, in order; ``text`` is looked at in place of the document's.

        Finding plain texts is many times faster than a regular expression, and a repository may hold thousands of
        documents.
        """
        text = text or self.document.text
        found: set[int] = set()
        for mark in marks:
            at = text.find(mark)
            while at >= 0:
                number = bisect_right(self._starts, at) - 1
                if number >= 0 and at < self.document.pieces[number].end:
                    found.add(number)
                following = self._starts[number + 1] if number + 1 < len(self._starts) else len(text)
                at = text.find(mark, max(following, at + 1))
        return [self.document.pieces[number] for number in sorted(found)]

    def pieces_at(self, offsets: Iterable[int]) -> list[Piece]:
        """The pieces in which some places of the text are, in order."""
        numbers = {bisect_right(self._starts, offset) - 1 for offset in offsets}
        pieces = self.document.pieces
        return [pieces[number] for number in sorted(numbers) if number >= 0]

    @cached_property
    def lowered(self) -> str:
        """The text in small letters, or as it is where some are longer than their capitals: offsets would not fit."""
        lowered = self.document.text.lower()
        return lowered if len(lowered) == len(self.document.text) else self.document.text

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.document.pieces]

    def spans(self, piece: Piece) -> list[Span]:
        """What stands in a piece: code spans, links, files taken in."""
        if piece.start not in self._spans:
            self._spans[piece.start] = [*spans(self.document, piece)]
        return self._spans[piece.start]

    def own_state(self, piece: Piece, start: int) -> str:
        """What the nearest words alone say; `PLAIN` where they say nothing."""
        return self._own(piece, start) or PLAIN

    def section_state(self, heading: Piece) -> str:
        """What a heading, and the status below it, say about what it names."""
        stated = self._of_section(heading)
        if stated == _STATED:
            return DONE
        return QUIET if stated == DONE and self._above(heading) == QUIET else stated or PLAIN

    def denies(self, piece: Piece, start: int) -> bool:
        """Whether the document says that a command does not work, or does not do so yet."""
        if piece.kind != CODE and piece.end - piece.start > LONGEST:
            return True
        units = [] if piece.kind == CODE else [(piece, *self.unit(piece, start))]
        introducing = [piece.lead] if piece.lead is not None and piece.kind != PARAGRAPH else []
        units += [(around, *self.unit(around, around.end)) for around in (*piece.parents, *introducing)]
        for around, first, last in units:
            text = self._plain(first, last)
            if around.checked is False or wording.is_absent(text) or wording.is_planned(text):
                return True
            if piece.kind == CODE and wording.is_file_to_write(self.document.text[first:last]):
                return True
        return self._above(piece) == QUIET

    def refuses(self, piece: Piece, start: int) -> bool:
        """Whether the document says that what a link leads to is not there yet, or not any more."""
        if piece.end - piece.start > LONGEST or piece.checked is False:
            return True
        units = [self.unit(piece, start)]
        units += [self.unit(around, around.end) for around in piece.parents]
        units += [(section.start, section.end) for section in piece.sections]
        if piece.lead is not None and piece.kind != PARAGRAPH:
            units.append(self.unit(piece.lead, piece.lead.end))
        texts = (self._plain(*unit) for unit in units)
        return any(wording.is_gone(text) or wording.is_planned(text) for text in texts)

    def _tells_good_from_bad(self, piece: Piece) -> bool:
        if self._has_conventions:
            return True
        for section in piece.sections:
            if section.start not in self._contrasts:
                self._contrasts[section.start] = wording.contrasts(self.document.of(section))
            if self._contrasts[section.start]:
                return True
        return False

    def _own(self, piece: Piece, start: int) -> str:
        """What the nearest words say; "" where they say nothing."""
        if piece.kind == ROW:
            return self._of_row(piece, start)
        first, last = self.unit(piece, start)
        words = self._words(first, last)
        if words.are_quiet or piece.checked is False:
            return QUIET
        if piece.checked is True and self.boxes_mean_done:
            return QUIET if _OF_READERS.match(self.document.text, first, last) else DONE
        if words.are_done and self.marks_mean_done and not self._tells_good_from_bad(piece):
            return DONE
        if words.are_instructions and not wording.is_added_to(self.document.text[max(first, start - LONGEST) : start]):
            return QUIET
        return ""

    def _of_row(self, row: Piece, start: int) -> str:
        if row.start not in self._rows:
            self._rows[row.start] = cells(self.document, row), self._words(row.start, row.end)
        spans, words = self._rows[row.start]
        titles = self._titles(row)
        own = next((number for number, (first, last) in enumerate(spans) if first <= start <= last), 0)
        if own < len(titles) and wording.is_quiet_heading(titles[own]):
            return QUIET
        if words.are_quiet:
            return QUIET
        for number, (first, last) in enumerate(spans):
            cell = self.document.text[first:last]
            if number == own or row.first is row or not self.marks_mean_done or not wording.is_done_cell(cell):
                continue
            if len(cell) > len("✅️") or (number < len(titles) and wording.is_status_header(titles[number])):
                return DONE
        return ""

    def _titles(self, row: Piece) -> list[str]:
        """The cells of the first row of the table; none for that row itself."""
        if row.first is None or row.first is row:
            return []
        if row.first.start not in self._rows:
            self._rows[row.first.start] = cells(self.document, row.first), self._words(row.first.start, row.first.end)
        return [self.document.text[first:last] for first, last in self._rows[row.first.start][0]]

    def _of_item(self, item: Piece) -> str:
        """What an item says about those that stand in it."""
        if item.start not in self._items:
            self._items[item.start] = self._own(item, item.start)
        return self._items[item.start]

    def _surroundings(self, piece: Piece, start: int) -> str:
        """What introduces a list, a table or a field says, and the status of the section."""
        begins_item = piece.kind == ITEM and self._begins(piece, start)
        is_field = self._is_field(piece, start)
        lead = piece.lead
        if lead is not None and (piece.kind != PARAGRAPH or (is_field and self._ends_in_colon(lead))):
            words = self._words(*self.unit(lead, lead.end))
            if self._introduces(lead):
                if words.are_quiet or words.are_instructions:
                    return QUIET
                if begins_item and (words.are_done or wording.is_made_heading(self.document.of(lead))):
                    return DONE
        stated = self._of_section(piece.section) if piece.section is not None else ""
        is_listed = begins_item or is_field or (stated == _STATED and self._before(piece, start, _LABEL))
        return stated if stated == QUIET or is_listed else ""

    def _above(self, piece: Piece) -> str:
        """What the headings above say: `QUIET` where what stands below one of them may be missing."""
        for section in piece.sections:
            if section.start not in self._headings:
                text = self._plain(section.start, section.end)
                is_quiet = wording.is_quiet_heading(text) and not wording.is_finished(text)
                self._headings[section.start] = QUIET if is_quiet else PLAIN
            if self._headings[section.start] == QUIET:
                return QUIET
        return PLAIN

    def _of_section(self, section: Piece) -> str:
        """What a section's heading, or a line with its status, says about the files listed in it."""
        status = self._statuses.get(section.start, "")
        if status:
            if wording.is_absent(status) or wording.is_intended(status):
                return QUIET
            if wording.is_done_cell(status) or wording.is_marked_done(status):
                return _STATED
        words = self._words(section.start, section.end)
        if words.are_quiet:
            return QUIET
        is_done = words.are_done or wording.is_made_heading(self.document.of(section))
        return DONE if is_done and self.marks_mean_done else ""

    @cached_property
    def _statuses(self) -> dict[int, str]:
        """The status that each section gives, by where its heading begins: the last one counts."""
        found: dict[int, str] = {}
        for piece in self.pieces_with(wording.STATUSES, self.lowered):
            if piece.kind in (ITEM, PARAGRAPH) and piece.section is not None and piece.end - piece.start <= LONGEST:
                for status in wording.statuses(self.document.of(piece)):
                    found[piece.section.start] = status
        return found

    @cached_property
    def _legend(self) -> dict[str, bool]:
        """What marks mean where the document says so: whether they say that something is done."""
        found: dict[str, bool] = {}
        for piece in self.pieces_with(("✅", "[x]", "[X]")):
            if piece.kind == CODE or piece.end - piece.start > _LONGEST_LEGEND:
                continue
            text = self.document.of(piece)
            section = self.document.of(piece.section) if piece.section is not None else ""
            if _LEGEND_LINE.search(text) or _LEGEND_LINE.search(section):
                for given in _LEGEND.finditer(text):
                    mark = "[x]" if given["mark"].startswith("[") else "✅"
                    found[mark] = wording.is_done_cell(given["meaning"])
        return found

    @property
    def marks_mean_done(self) -> bool:
        """Whether a tick says that something is done: a document may give it another meaning."""
        return self._legend.get("✅", True)

    @property
    def boxes_mean_done(self) -> bool:
        """Whether a ticked box says so."""
        return self._legend.get("[x]", True)

    def unit(self, piece: Piece, offset: int) -> tuple[int, int]:
        """The sentence, or the line of its own, around an offset of a piece."""
        first, last = piece.start, piece.end
        if piece.kind in (HEADING, ROW):
            return first, last
        if last - first > LONGEST:
            return max(first, offset - _LONGEST_FIELD), min(last, offset + _LONGEST_FIELD)
        if first not in self._boundaries:
            self._boundaries[first] = [found.span() for found in _BOUNDARY.finditer(self.document.text, first, last)]
        known = self._boundaries[first]
        following = bisect_right(known, (offset, -1))
        if following and known[following - 1][1] <= offset:
            first = known[following - 1][1]
        return first, known[following][0] if following < len(known) else last

    def _words(self, start: int, end: int) -> _Words:
        """What the words between two offsets say."""
        if (start, end) not in self._words_at:
            self._words_at[start, end] = _Words(self._plain(start, end))
        return self._words_at[start, end]

    def _plain(self, start: int, end: int) -> str:
        """The text between two offsets without what is set as code or leads somewhere."""
        return _MARKED.sub(" ", self.document.text[start:end])

    def _introduces(self, lead: Piece) -> bool:
        return self._ends_in_colon(lead) or "\n" not in self.document.text[lead.start : lead.end]

    def _ends_in_colon(self, piece: Piece) -> bool:
        return self.document.text[max(piece.start, piece.end - 10) : piece.end].rstrip(" *_\n").endswith((":", "："))

    def _begins(self, piece: Piece, start: int) -> bool:
        """Whether nothing but markup stands before an offset of a piece, or the name of a field."""
        before = self.document.text[piece.start : start]
        return len(before) <= _LONGEST_FIELD and _BEGINNING.fullmatch(before) is not None

    def _is_field(self, piece: Piece, start: int) -> bool:
        """Whether what stands there is the value of a field: ``**File**: `x` ``."""
        return self._before(piece, start, _FIELD_ONLY)

    def _before(self, piece: Piece, start: int, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern is all that stands before an offset on its line."""
        line = max(self.document.text.rfind("\n", max(piece.start, start - LONGEST), start) + 1, piece.start)
        before = self.document.text[line:start]
        return len(before) <= _LONGEST_FIELD and pattern.fullmatch(before) is not None
