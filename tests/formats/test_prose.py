from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.formats.prose import CODE, HEADING, ITEM, LINK, PARAGRAPH, ROW, SPAN, Piece, Prose, cells, prose, spans
from shipworthy.formats.prose.diagrams import diagrams


def outline(path: str, text: str) -> list[tuple[str, str]]:
    document = prose(path, text)
    return [(piece.kind, document.of(piece)) for piece in document.pieces]


def named(path: str, text: str) -> list[tuple[str, str]]:
    document = prose(path, text)
    return [
        (span.kind, span.text) for piece in document.pieces if piece.kind != CODE for span in spans(document, piece)
    ]


PIECES = [
    pytest.param("a.md", "# A #\n\nwords\nmore\n", [(HEADING, "A"), (PARAGRAPH, "words\nmore")], id="Markdown: heading and paragraph"),
    pytest.param("a.md", "A\n===\nB\n---\nc\n", [(HEADING, "A"), (HEADING, "B"), (PARAGRAPH, "c")], id="Markdown: underlined headings"),
    pytest.param("a.md", "- a\n- [x] b\n  more\n", [(ITEM, "a"), (ITEM, "b\n  more")], id="Markdown: items, one with a box"),
    pytest.param("a.md", "```sh\nmake\n```\nafter\n", [(CODE, "make"), (PARAGRAPH, "after")], id="Markdown: a fence"),
    pytest.param("a.md", "~~~\na\n\nb\n~~~\n", [(CODE, "a\n\nb")], id="Markdown: another fence, with a blank line"),
    pytest.param("a.md", "- a\n\n  ```\n  make\n  ```\n", [(ITEM, "a"), (CODE, "  make")], id="Markdown: a fence in an item"),
    pytest.param("a.md", "a\n\n    make\n    make b\n\nc\n", [(PARAGRAPH, "a"), (CODE, "    make\n    make b"), (PARAGRAPH, "c")], id="Markdown: indented code"),
    pytest.param("a.md", "| a | b |\n|---|---|\n| c | d |\n", [(ROW, "| a | b |"), (ROW, "| c | d |")], id="Markdown: a table"),
    pytest.param("a.md", "a | b\n--- | ---\nc | d\n", [(ROW, "a | b"), (ROW, "c | d")], id="Markdown: a table without outer bars"),
    pytest.param("a.md", "> - a\n> - b\n", [(ITEM, "a"), (ITEM, "b")], id="Markdown: a quotation"),
    pytest.param("a.md", "---\ntitle: a\n---\nb\n", [(PARAGRAPH, "b")], id="Markdown: front matter"),
    pytest.param("a.md", "<!-- a\nb -->\nc\n", [(PARAGRAPH, "c")], id="Markdown: a comment"),
    pytest.param("a.md", "a\n\n---\n\nb\n", [(PARAGRAPH, "a"), (PARAGRAPH, "b")], id="Markdown: a ruler"),
    pytest.param("a.md", "# A\r\n\r\nb\r\n", [(HEADING, "A"), (PARAGRAPH, "b")], id="Markdown: carriage returns"),
    pytest.param("a.rst", "Title\n=====\n\nPart\n----\n\nwords\n", [(HEADING, "Title"), (HEADING, "Part"), (PARAGRAPH, "words")], id="reStructuredText: headings"),
    pytest.param("a.rst", "Run::\n\n   make\n   make b\n\nafter\n", [(PARAGRAPH, "Run::"), (CODE, "   make\n   make b"), (PARAGRAPH, "after")], id="reStructuredText: a literal block"),
    pytest.param("a.rst", ".. code-block:: sh\n   :linenos:\n\n   make\n", [(CODE, "   make")], id="reStructuredText: a block of code with options"),
    pytest.param("a.rst", "* a\n* b\n", [(ITEM, "a"), (ITEM, "b")], id="reStructuredText: items"),
    pytest.param("a.rst", ".. a comment\n\nb\n", [(PARAGRAPH, "b")], id="reStructuredText: a comment"),
    pytest.param("a.adoc", "= A\n\n== B\n\nwords\n", [(HEADING, "A"), (HEADING, "B"), (PARAGRAPH, "words")], id="AsciiDoc: headings"),
    pytest.param("a.adoc", "[source,bash]\n----\nmake\n----\n", [(CODE, "make")], id="AsciiDoc: a listing"),
    pytest.param("a.adoc", "* [x] a\n** b\n. c\n", [(ITEM, "a"), (ITEM, "b"), (ITEM, "c")], id="AsciiDoc: items"),
    pytest.param("a.adoc", "|===\n|a |b\n|c |d\n|===\n", [(ROW, "|a |b"), (ROW, "|c |d")], id="AsciiDoc: a table"),
    pytest.param("a.adoc", "// a comment\n:attribute: b\nwords\n", [(PARAGRAPH, "words")], id="AsciiDoc: comments and attributes"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), PIECES)
def test_pieces(path: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert outline(path, text) == expected


SPANS = [
    pytest.param("a.md", "see `a` and ``b ` c``\n", [(SPAN, "a"), (SPAN, "b ` c")], id="Markdown: code spans"),
    pytest.param("a.md", "`a\n", [], id="Markdown: a lone backtick"),
    pytest.param("a.md", "[a](b.md) ![c](d.png \"e\") [f](<g h.md>)\n", [(LINK, "b.md"), (LINK, "d.png"), (LINK, "g h.md")], id="Markdown: links"),
    pytest.param("a.md", "[a](b_(c).md)\n", [(LINK, "b_(c).md")], id="Markdown: a link with brackets"),
    pytest.param("a.md", "`[a](b.md)`\n", [(SPAN, "[a](b.md)")], id="Markdown: a link in a code span"),
    pytest.param("a.md", "[a]: b.md 'c'\n", [(LINK, "b.md")], id="Markdown: a definition"),
    pytest.param("a.md", "[^1]: Words of a note.\n", [], id="Markdown: a footnote"),
    pytest.param("a.md", "~~`a`~~\n", [(SPAN, "a"), ("struck", "`a`")], id="Markdown: struck words"),
    pytest.param("a.md", '<a href="b.md">c</a>\n', [(LINK, "b.md")], id="Markdown: a tag"),
    pytest.param("a.rst", "``a`` `b <c.rst>`_ :doc:`d` :file:`e`\n", [(SPAN, "a"), ("page", "d"), (SPAN, "e"), (LINK, "c.rst")], id="reStructuredText"),
    pytest.param("a.rst", ".. image:: a.png\n", [("include", "a.png")], id="reStructuredText: an image"),
    pytest.param("a.rst", ".. toctree::\n   :maxdepth: 2\n\n   a\n   B <b>\n", [("page", "a"), ("page", "b")], id="reStructuredText: a table of contents"),
    pytest.param("a.adoc", "`a` link:b[c] xref:d.adoc[] include::e.adoc[] <<f.adoc#g,h>>\n", [(SPAN, "a"), (LINK, "b"), (LINK, "d.adoc"), ("include", "e.adoc"), (LINK, "f.adoc")], id="AsciiDoc"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), SPANS)
def test_spans(path: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert named(path, text) == expected


def piece_of(document: Prose, text: str) -> Piece:
    return next(piece for piece in document.pieces if document.of(piece) == text)


def test_a_piece_knows_what_is_above_it() -> None:
    document = prose("a.md", "# A\n\n## B\n\nFiles:\n\n- a\n  - b\n\n```\nc\n```\n")
    item, code = piece_of(document, "b"), piece_of(document, "c")
    assert [document.of(section) for section in item.sections] == ["B", "A"]
    assert [document.of(parent) for parent in item.parents] == ["a"]
    assert item.lead is not None
    assert document.of(item.lead) == "Files:"
    assert code.parent is None


def test_a_paragraph_ends_a_list() -> None:
    document = prose("a.md", "- a\n\nb\n")
    assert piece_of(document, "b").parent is None


@pytest.mark.parametrize(
    ("box", "checked"), [("[x] ", True), ("[X] ", True), ("[ ] ", False), ("", None), ("[y] ", None)]
)
def test_boxes(box: str, checked: bool | None) -> None:
    assert prose("a.md", f"- {box}a\n").pieces[0].checked is checked


def test_cells() -> None:
    document = prose("a.md", "| a | `b | c` | d \\| e |\n|---|---|---|\n")
    found = [document.text[first:last] for first, last in cells(document, document.pieces[0])]
    assert found == ["a", "`b | c`", "d \\| e"]


TREES = [
    pytest.param("```\na/\n├── b/\n│   └── c.ts\n└── d.ts\n```\n", ["a", "a/b", "a/b/c.ts", "a/d.ts"], id="drawn"),
    pytest.param("```\n.\n├── b/  # words\n│   └── c.ts (words)\n└── d.ts\n```\n", ["", "b", "b/c.ts", "d.ts"], id="with remarks"),
    pytest.param("```\na\n|-- b\n|   `-- c.ts\n`-- d.ts\n```\n", ["a", "a/b", "a/b/c.ts", "a/d.ts"], id="in ASCII"),
    pytest.param("a/\n├── b.ts\n└── c.ts\n", ["a", "a/b.ts", "a/c.ts"], id="in a paragraph"),
    pytest.param("```\na/\n  b/\n    c.ts\n  d.ts\n```\n", ["a", "a/b", "a/b/c.ts", "a/d.ts"], id="by indentation"),
    pytest.param("- a/\n  - b/\n    - `c.ts` - words\n  - d.ts\n", ["a", "a/b", "a/b/c.ts", "a/d.ts"], id="nested lists"),
    pytest.param("```\na/\n├── 📁 b/\n│   └── **c.ts**\n```\n", ["a", "a/b", "a/b/c.ts"], id="with pictures and bold names"),
    pytest.param("```\na/\n├── b.ts\n├── ├── c.ts\n│       └── d.ts\n```\n", ["a", "a/b.ts", "a/c.ts", "a/d.ts"], id="with broken bars"),
    pytest.param("```\n+---+\n| a |\n+---+\n```\n", None, id="a box is no tree"),
    pytest.param("```\nkey:\n  a: 1\n  b: 2\n```\n", None, id="YAML is no tree"),
    pytest.param("- see a/\n- run b\n", None, id="a list of sentences is no tree"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TREES)
def test_trees(text: str, expected: list[str] | None) -> None:
    found = [[node.path for node in diagram.nodes] for diagram in diagrams(prose("a.md", text))]
    assert found == ([expected] if expected else [])


def test_a_node_points_at_its_name() -> None:
    text = "```\na/\n├── b/\n│   └── c.ts # d\n```\n"
    (diagram,) = diagrams(prose("a.md", text))
    assert [text[node.start : node.end] for node in diagram.nodes] == ["a/", "b/", "c.ts"]
    assert diagram.nodes[-1].remark == " # d"


MARKS = st.sampled_from(
    ["`", "```", "~~~", "\n", "\r\n", "\t", "    ", "- ", "* [ ] ", "# ", "==", "---", "| ", "|--|", "> ", "<!--", "-->", "[a](", ")", "├── ", "│   ", "`-- ", "a/", ".. ", "::", "|===", "----", "[source]", "``", ":doc:`a`"]
)  # fmt: skip


@given(
    text=st.lists(st.one_of(MARKS, st.text(max_size=6)), max_size=60).map("".join),
    path=st.sampled_from(["a.md", "a.rst", "a.adoc"]),
)
def test_any_text_gives_pieces_that_lie_in_it(text: str, path: str) -> None:
    document = prose(path, text)
    last = 0
    for piece in document.pieces:
        assert 0 <= piece.start <= piece.end <= len(text)
        assert piece.start >= last or piece.kind == CODE
        last = piece.start
        for span in spans(document, piece):
            assert text[span.start : span.end] == span.text
        if piece.kind == ROW:
            assert all(piece.start <= first <= end <= piece.end for first, end in cells(document, piece))
    for diagram in diagrams(document):
        for node in diagram.nodes:
            assert text[node.start : node.end] == node.name
