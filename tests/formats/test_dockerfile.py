from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, said, written
from shipworthy.formats import dockerfile
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable


def instruction(text: str) -> Block:
    """The last instruction of a Dockerfile."""
    blocks = (node for node in dockerfile.read(Source(text)).walk() if isinstance(node, Block))
    return [block for block in blocks if block.kind == "instruction"][-1]


def test_stages_hold_their_instructions() -> None:
    root = dockerfile.read(Source("ARG V=1\nFROM node:$V AS build\nRUN a\nFROM scratch\nCOPY --from=build a b\n"))
    assert [(block.kind, block.name, block.words) for block in root.blocks] == [
        ("instruction", "ARG", ("ARG", "V=1")),
        ("stage", "build", ("node:$V",)),
        ("stage", "1", ("scratch",)),
    ]
    assert [[block.name for block in stage.blocks] for stage in list(root.blocks)[1:]] == [
        ["FROM", "RUN"],
        ["FROM", "COPY"],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "FROM --platform=$P a:1 AS b",
            [("option", "platform", "$P"), ("value", "image", "a:1"), ("value", "alias", "b")],
            id="FROM with everything",
        ),
        pytest.param("ENV A=/x B=/y", [("variable", "A", "/x"), ("variable", "B", "/y")], id="ENV with two variables"),
        pytest.param("env A=/x", [("variable", "A", "/x")], id="an instruction in small letters"),
        pytest.param("ENV A /x y", [("variable", "A", "/x y")], id="ENV with a blank"),
        pytest.param("ENV A=\"/x y\" B='z'", [("variable", "A", "/x y"), ("variable", "B", "z")], id="quoted values"),
        pytest.param(r"ENV A=/x\ y", [("variable", "A", "/x y")], id="an escaped blank"),
        pytest.param("ENV A=${B:-/x}", [("variable", "A", "${B:-/x}"), ("default", "B", "/x")], id="a default"),
        pytest.param(
            "ENV A=/x \\\n  # no\n\n  B=/y", [("variable", "A", "/x"), ("variable", "B", "/y")], id="several lines"
        ),
        pytest.param(
            "# escape=`\nENV A=/x `\n  B=C:\\", [("variable", "A", "/x"), ("variable", "B", "C:\\")], id="escape"
        ),
        pytest.param("ARG A=/x B", [("variable", "A", "/x")], id="ARG with and without a default"),
        pytest.param('LABEL "a.b"="c d"', [("variable", "a.b", "c d")], id="LABEL with a quoted name"),
        pytest.param(
            "COPY --from=b --chown=c:d a /x/",
            [("option", "from", "b"), ("option", "chown", "c:d"), ("operand", "", "a"), ("operand", "", "/x/")],
            id="COPY with options",
        ),
        pytest.param('COPY ["a b", "/x"]', [("operand", "", "a b"), ("operand", "", "/x")], id="COPY in its exec form"),
        pytest.param("VOLUME /x /y", [("operand", "", "/x"), ("operand", "", "/y")], id="VOLUME"),
        pytest.param('VOLUME ["/x"]', [("operand", "", "/x")], id="VOLUME with a list"),
        pytest.param("HEALTHCHECK NONE", [("operand", "", "NONE")], id="no HEALTHCHECK"),
        pytest.param("WORKDIR /x", [("operand", "", "/x")], id="WORKDIR"),
        pytest.param("FOO bar", [("operand", "", "bar")], id="an instruction that is not known"),
        pytest.param("EXPOSE {{ port }}", [("operand", "", w) for w in ("{{", "port", "}}")], id="a template mark"),
    ],
)
def test_settings_of_an_instruction(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(setting.kind, setting.name, setting.value) for setting in instruction(text).settings]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "kinds", "value"),
    [
        pytest.param("RUN run /x", ["script", "command"], "/x", id="RUN in its shell form"),
        pytest.param('RUN ["run", "/x"]', ["command"], "/x", id="RUN in its exec form"),
        pytest.param('CMD ["sh", "-c", "run /x"]', ["command", "command"], "/x", id="a script in an exec form"),
        pytest.param('CMD ["run", "\\"\\u002fx"]', ["command"], '"/x', id="escapes in an exec form"),
        pytest.param("CMD ['run', '/x']", ["script", "command"], "/x]", id="single quotes are no exec form"),
        pytest.param("ENTRYPOINT exec run /x", ["script", "command"], "/x", id="ENTRYPOINT in its shell form"),
        pytest.param("RUN a && \\\n # b\n\n run \\\n  /x", ["script", "command", "command"], "/x", id="several lines"),
        pytest.param("RUN a; \\\r\n run /x\r\n", ["script", "command", "command"], "/x", id="carriage returns"),
        pytest.param("RUN <<EOF\nrun /x\nEOF", ["script", "command"], "/x", id="a script in a here-document"),
        pytest.param("RUN <<EOF\nrun /x\nEOF\nUSER y", [], "y", id="what stands behind a here-document"),
        pytest.param("RUN sh <<EOF\nrun /x\nEOF", ["script", "command", "command"], "/x", id="a shell of its own"),
        pytest.param("RUN a <<EOF\nUSER y", [], "y", id="a here-document without an end"),
        pytest.param("HEALTHCHECK --timeout=3s CMD run /x", ["script", "command"], "/x", id="HEALTHCHECK"),
        pytest.param('HEALTHCHECK CMD ["run", "/x"]', ["command"], "/x", id="HEALTHCHECK in its exec form"),
        pytest.param("ONBUILD RUN run /x", ["script", "command"], "/x", id="ONBUILD"),
        pytest.param("{{ if a }}\nRUN run /x\n{{ end }}", ["script", "command"], "/x", id="lines of template marks"),
    ],
)
def test_commands_of_an_instruction(text: str, kinds: list[str], value: str) -> None:
    found = instruction(text)
    assert [block.kind for block in found.walk() if isinstance(block, Block)] == kinds
    assert list(found.all_settings())[-1].value == value


def test_options_of_an_instruction_stand_before_its_command() -> None:
    assert said(dockerfile.read(Source("RUN --mount=type=cache,target=/x run"))) == [
        ("option", "RUN.mount", "type=cache,target=/x")
    ]


def test_an_exec_form_that_is_empty_runs_nothing() -> None:
    assert instruction("CMD []").children == []


def test_an_instruction_behind_onbuild_is_a_block_of_its_own() -> None:
    (delayed,) = dockerfile.read(Source("ONBUILD USER x")).blocks
    (inner,) = delayed.blocks
    assert (delayed.name, inner.kind, inner.name) == ("ONBUILD", "instruction", "USER")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("COPY <<EOF /etc/app.yaml\npid: /x\nEOF", "/etc/app.yaml", id="a file"),
        pytest.param('COPY <<"app.yaml" /etc/\npid: /x\napp.yaml', "/etc/app.yaml", id="a folder"),
        pytest.param("ADD <<-EOF /a.yaml\n\tpid: /x\n\tEOF", "/a.yaml", id="tabs are removed"),
        pytest.param("COPY <<A <<EOF /etc/b.yaml\na: b\nA\npid: /x\nEOF", "/etc/b.yaml", id="two documents"),
    ],
)
def test_here_documents_of_copy_are_read_by_their_target(text: str, path: str) -> None:
    blocks = (node for node in dockerfile.read(Source(text)).walk() if isinstance(node, Block))
    documents = [block for block in blocks if block.kind == "document"]
    assert documents[-1].name == path
    assert [setting.value for setting in documents[-1].all_settings()][-1] == "/x"


def test_positions_lead_through_continued_lines_and_escapes() -> None:
    text = 'FROM a\nRUN a=/w && \\\n  # b\n  run --pid=/x\nCMD ["sh", "-c", "echo \\"c\\" > /y"]\n'
    root = dockerfile.read(Source(text))
    assert written(root, text) == ["a", "/w", "/x", "", "c", "/y"]
    assert not misplaced(root, text)


def test_documents_inside_one_another_end() -> None:
    count = 300
    opened = "".join(f"COPY <<E{number} /Dockerfile\n" for number in range(count))
    closed = "".join(f"E{number}\n" for number in reversed(range(count)))
    root = dockerfile.read(Source(opened + closed))
    assert not misplaced(root, opened + closed)


@given(
    st.lists(
        st.sampled_from(["FROM", "RUN", "ENV", "COPY", "CMD", "ONBUILD", "HEALTHCHECK", "#", "{{ x }}"])
        | st.text(alphabet="ab=\"'\\ \n\r\t[]<>,$-/EO`", max_size=12),
        max_size=12,
    ).map(" ".join)
    | st.text(max_size=80)
)
def test_any_text_gives_nodes_that_stand_in_it(text: str) -> None:
    try:
        root = dockerfile.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)


@given(st.lists(st.from_regex(r"[a-zA-Z0-9/_.,:@%+-]+", fullmatch=True), min_size=1, max_size=6))
def test_plain_words_are_enclosed_by_their_positions(words: list[str]) -> None:
    text = "RUN run \\\n " + " \\\n ".join(words)
    root = dockerfile.read(Source(text))
    assert written(root, text) == [setting.value for setting in root.all_settings()]
