"""The reader of INI files, systemd units and properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, miswritten, said
from shipworthy.formats import ini
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable


def commands(root: Block) -> list[tuple[str, tuple[str, ...]]]:
    """The directives with the words of the commands that they hold."""
    return [
        (directive.name, node.words)
        for directive in root.walk()
        if isinstance(directive, Block) and directive.kind == "directive"
        for node in directive.walk()
        if isinstance(node, Block) and node.kind == "command"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[a]\nx = /y\n", [("value", "a.x", "/y")], id="an option of a section"),
        pytest.param(
            "x=/y\n[a]\nx=/z", [("value", "x", "/y"), ("value", "a.x", "/z")], id="an option before any section"
        ),
        pytest.param("[a]\nx: /y", [("value", "a.x", "/y")], id="a colon as separator"),
        pytest.param("[a]\nx = y: z=1", [("value", "a.x", "y: z=1")], id="separators inside a value"),
        pytest.param(
            "[a] ; b\nx=/y ; z\nw=/y # z",
            [("value", "a.x", "/y"), ("value", "a.w", "/y")],
            id="comments behind titles and values",
        ),
        pytest.param(";x=1\n# y=2\n\n", [], id="comment lines and blank lines"),
        pytest.param("[a]\nx=#1", [("value", "a.x", "#1")], id="a comment character right behind the separator"),
        pytest.param('[a]\nx = "y ; z" ; w', [("value", "a.x", "y ; z")], id="quotes around a value"),
        pytest.param(
            "[a]\nx=('/tmp/y.log',)", [("value", "a.x", "('/tmp/y.log',)")], id="an expression stays as written"
        ),
        pytest.param("[a]\nskip-networking\n", [("value", "a.skip-networking", "")], id="an option without a value"),
        pytest.param("[a]\n!includedir /etc/x.d/\n", [("value", "a.includedir", "/etc/x.d/")], id="an included folder"),
        pytest.param("[a]\nx=1\nx=2\n", [("value", "a.x", "1"), ("value", "a.x", "2")], id="a repeated option"),
        pytest.param("[a]\r\nx=1\r\n", [("value", "a.x", "1")], id="carriage returns"),
        pytest.param("[[a.b]]\nx=1", [("value", "a.b.x", "1")], id="doubled brackets"),
        pytest.param(
            "[a]\nphp_admin_value[error_log] = /x\nenv[TMP] = /y\npaths[] = /z\nm[k] = v",
            [
                ("value", "a.error_log", "/x"),
                ("variable", "a.TMP", "/y"),
                ("value", "a.paths", "/z"),
                ("value", "a.m[k]", "v"),
            ],
            id="names with brackets, as in PHP",
        ),
        pytest.param(
            "[a]\nx = ${DIR:-/y}/z",
            [("value", "a.x", "${DIR:-/y}/z"), ("default", "a.DIR", "/y")],
            id="a default inside a value",
        ),
        pytest.param(
            "[a]\nx =\n  1\n  b=2\ny = 3",
            [("value", "a.x", ""), ("value", "a.x", "1"), ("value", "a.x", "b=2"), ("value", "a.y", "3")],
            id="a value on deeper lines",
        ),
        pytest.param(
            "[a]\nx = 1\n  and more", [("value", "a.x", "1"), ("value", "a.x", "and more")], id="a value that goes on"
        ),
        pytest.param(
            "[a]\nx = 1\n  y = 2",
            [("value", "a.x", "1"), ("value", "a.y", "2")],
            id="options that are indented for looks alone",
        ),
        pytest.param(
            "[supervisord]\nenvironment=A=\"x,y\",B=z,\n  C='w'",
            [
                ("variable", "supervisord.A", "x,y"),
                ("variable", "supervisord.B", "z"),
                ("variable", "supervisord.C", "w"),
            ],
            id="a list of variables",
        ),
        pytest.param(
            "[testenv]\nsetenv =\n  A=/x",
            [("value", "testenv.setenv", ""), ("variable", "testenv.A", "/x")],
            id="variables on deeper lines",
        ),
        pytest.param("[uwsgi]\nenv = A=/x", [("variable", "uwsgi.A", "/x")], id="one variable"),
        pytest.param("[app]\nenv = production", [("value", "app.env", "production")], id="an environment's name"),
        pytest.param("[env:web]\nA = /x", [("variable", "env:web.A", "/x")], id="a section of variables"),
    ],
)
def test_settings(text: str, expected: list[tuple[str, str, str]]) -> None:
    root = ini.read(Source(text))
    assert said(root) == expected
    assert not miswritten(root, text)


def test_a_section_is_a_block_that_stands_at_its_title() -> None:
    text = "\n[program:web]\n"
    (section,) = ini.read(Source(text)).blocks
    assert (section.kind, text[section.start : section.end]) == ("section", "program:web")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[program:web]\ncommand=/srv/web --port 80 ; x",
            ("command", ("/srv/web", "--port", "80")),
            id="a program of Supervisor",
        ),
        pytest.param("[watcher:web]\ncmd = /srv/web", ("cmd", ("/srv/web",)), id="a watcher of Circus"),
        pytest.param("[uwsgi]\nattach-daemon = /srv/web", ("attach-daemon", ("/srv/web",)), id="a daemon of uWSGI"),
    ],
)
def test_commands(text: str, expected: tuple[str, tuple[str, ...]]) -> None:
    assert commands(ini.read(Source(text))) == [expected]


def test_an_option_called_command_elsewhere_is_a_value() -> None:
    assert said(ini.read(Source("[a]\ncommand = /x"))) == [("value", "a.command", "/x")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[Service]\nPIDFile=/run/x.pid", [("value", "Service.PIDFile", "/run/x.pid")], id="a setting"),
        pytest.param("[Service]\nUser = x", [("value", "Service.User", "x")], id="white space around the separator"),
        pytest.param(
            "[Unit]\nDescription=a # b ; c",
            [("value", "Unit.Description", "a # b ; c")],
            id="no comment behind a value",
        ),
        pytest.param("; x\n# y=1\n[Unit]", [], id="comment lines"),
        pytest.param(
            '[Service]\nEnvironment="A=b c" D=e \'F=g\' H="i j"',
            [
                ("variable", "Service.A", "b c"),
                ("variable", "Service.D", "e"),
                ("variable", "Service.F", "g"),
                ("variable", "Service.H", "i j"),
            ],
            id="variables with and without quotes",
        ),
        pytest.param(
            "[Service]\nEnvironment=A=1 \\\n  # x\n  B=2",
            [("variable", "Service.A", "1"), ("variable", "Service.B", "2")],
            id="a comment between joined lines",
        ),
        pytest.param(
            "[Service]\nEnvironmentFile=-/etc/x",
            [("value", "Service.EnvironmentFile", "-/etc/x")],
            id="a prefix stays where no command is read",
        ),
        pytest.param(
            "[Socket]\nListenStream=\nListenStream=/run/x",
            [("value", "Socket.ListenStream", ""), ("value", "Socket.ListenStream", "/run/x")],
            id="a list that is emptied and filled",
        ),
    ],
)
def test_settings_of_units(text: str, expected: list[tuple[str, str, str]]) -> None:
    root = ini.read(Source(text), "systemd")
    assert said(root) == expected
    assert not miswritten(root, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ExecStart=/srv/web --port 80", ("/srv/web", "--port", "80"), id="a program and its arguments"),
        pytest.param("ExecStartPre=-+/bin/mv a b", ("/bin/mv", "a", "b"), id="prefixes in front of the program"),
        pytest.param("ExecStart=/srv/web \\\n  # x\n  --port 80", ("/srv/web", "--port", "80"), id="joined lines"),
    ],
)
def test_commands_of_units(text: str, expected: tuple[str, ...]) -> None:
    root = ini.read(Source(f"[Service]\n{text}\n"), "systemd")
    assert commands(root) == [(text.partition("=")[0], expected)]


def test_settings_of_a_joined_command_point_at_the_file() -> None:
    text = "[Service]\nExecStart=/srv/web \\\n    --pid-file=/run/x.pid\n"
    (option,) = ini.read(Source(text), "systemd").all_settings()
    assert (option.name, text[option.start : option.end]) == ("pid-file", "/run/x.pid")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a.b=/x", [("a.b", "/x")], id="an equals sign"),
        pytest.param("a.b : /x", [("a.b", "/x")], id="a colon"),
        pytest.param("a.b /x y", [("a.b", "/x y")], id="white space"),
        pytest.param("a.b", [("a.b", "")], id="a key alone"),
        pytest.param("# a=1\n! b=2\n", [], id="comment lines"),
        pytest.param("a=1 # 2", [("a", "1 # 2")], id="no comment behind a value"),
        pytest.param("a=x\\\n   y\n# z", [("a", "xy")], id="joined lines lose their indentation"),
        pytest.param(r"a\:b\ c=d\u0041\n", [("a:b c", "dA\n")], id="escapes"),
        pytest.param("a=${B:/x}", [("a", "${B:/x}"), ("B", "/x")], id="a placeholder's default"),
    ],
)
def test_properties(text: str, expected: list[tuple[str, str]]) -> None:
    root = ini.read(Source(text), "properties")
    assert [(setting.name, setting.value) for setting in root.all_settings()] == expected


def test_a_template_is_left_to_who_hides_its_marks() -> None:
    with pytest.raises(Unreadable):
        ini.read(Source("[a]\nx={{ y }}"))


TEXTS = st.text(alphabet="ab=[]:;#\"'\\, \n\r${}-!", max_size=80) | st.text(max_size=80)


@given(TEXTS)
def test_any_text_gives_settings_that_stand_in_it(text: str) -> None:
    try:
        root = ini.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)
    assert not miswritten(root, text)


@pytest.mark.parametrize("dialect", ["systemd", "properties"])
@given(text=TEXTS)
def test_any_text_in_a_dialect_gives_settings_that_stand_in_it(dialect: str, text: str) -> None:
    try:
        root = ini.read(Source(text), dialect)
    except Unreadable:
        return
    assert not misplaced(root, text)
    assert not miswritten(root, text)


@pytest.mark.parametrize("title", ["program:x", "env", "uwsgi"])
@given(text=TEXTS)
def test_any_text_in_a_section_with_commands_gives_settings_that_stand_in_it(title: str, text: str) -> None:
    text = f"[{title}]\ncommand={text}"
    try:
        root = ini.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)
