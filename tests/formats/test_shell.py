from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, said, written
from shipworthy.formats import shell
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable


def blocks(root: Block) -> list[str]:
    """The blocks in order of appearance: kind and name, indented as they are nested."""
    return [
        "  " * len([block for block in node.enclosing if block is not root and block.parent])
        + f"{node.kind} {node.name}"
        for node in root.walk()
        if isinstance(node, Block)
    ]


def commands(text: str) -> list[str]:
    return [node.name for node in shell.read(Source(text)).walk() if isinstance(node, Block) and node.kind == "command"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A=/x", [("variable", "A", "/x")], id="an assignment alone"),
        pytest.param("A=/x B=/y\nls", [("variable", "A", "/x"), ("variable", "B", "/y")], id="several on one line"),
        pytest.param("A=", [("variable", "A", "")], id="an empty assignment"),
        pytest.param("export A=/x B", [("variable", "A", "/x")], id="an exported assignment, and a name alone"),
        pytest.param("declare -r 'A=/x'", [("variable", "A", "/x")], id="a quoted declaration"),
        pytest.param("A+=/x", [("variable", "A", "/x")], id="an appended value"),
        pytest.param("A=(/x '/y z')", [("variable", "A", "/x"), ("variable", "A", "/y z")], id="one per array element"),
        pytest.param("A=([k]=/x)", [("variable", "A", "/x")], id="an element with its subscript"),
        pytest.param("A[1]=/x", [("variable", "A", "/x")], id="a single element"),
        pytest.param("A=\"/x/\"'y'$Z", [("variable", "A", "/x/y$Z")], id="adjacent strings are one value"),
        pytest.param(r'A="a\"b"', [("variable", "A", 'a"b')], id="escapes in double quotes"),
        pytest.param(r"A=a\ b", [("variable", "A", "a b")], id="escapes without quotes"),
        pytest.param("A=$B/$C.d", [("variable", "A", "$B/$C.d")], id="expansions stay as they are written"),
        pytest.param("A=$1$@$#x$$", [("variable", "A", "$1$@$#x$$")], id="special parameters stay too"),
        pytest.param("A=$(pwd)", [("variable", "A", "$(pwd)")], id="substitutions stay as they are written"),
        pytest.param("A=${B:-/x}", [("variable", "A", "${B:-/x}"), ("default", "B", "/x")], id="a default"),
        pytest.param(
            'A=${B-"/x y"}', [("variable", "A", '${B-"/x y"}'), ("default", "B", "/x y")], id="a quoted default"
        ),
        pytest.param(
            "A=${B:-${C:=/x}}",
            [("variable", "A", "${B:-${C:=/x}}"), ("default", "B", "${C:=/x}"), ("default", "C", "/x")],
            id="defaults inside one another",
        ),
        pytest.param("A=${B:?missing}${C#/x}", [("variable", "A", "${B:?missing}${C#/x}")], id="other expansions"),
        pytest.param("A={{ data_dir }}/x", [("variable", "A", "{{ data_dir }}/x")], id="a template mark in a value"),
        pytest.param("# A=/x", [], id="a comment"),
        pytest.param("f() { local a=/x; }", [("variable", "f.a", "/x")], id="a local variable belongs to its function"),
    ],
)
def test_variables(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(shell.read(Source(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("run /x y", [("operand", "/x"), ("operand", "y")], id="operands"),
        pytest.param("run --pid=/x", [("option pid", "/x")], id="an option with an equals sign"),
        pytest.param(
            "run --pid /x", [("option pid", "/x"), ("operand", "/x")], id="the next word is a value and an operand"
        ),
        pytest.param("run -o /x", [("option o", "/x"), ("operand", "/x")], id="a short option"),
        pytest.param("run -o -v --x", [("option o", ""), ("option v", ""), ("option x", "")], id="flags"),
        pytest.param("run -o -", [("option o", "-"), ("operand", "-")], id="a dash alone is a value"),
        pytest.param("run -I/x", [("option I", "/x")], id="a path behind a short option"),
        pytest.param("java -Da.b=/x", [("option a.b", "/x")], id="a property of java"),
        pytest.param("java -javaagent:/x.jar", [("option javaagent", "/x.jar")], id="an option with a colon"),
        pytest.param("run -- --x", [("operand", "--x")], id="operands only behind two dashes"),
        pytest.param("dd of=/x", [("operand", "of=/x")], id="an operand with an equals sign is whole"),
        pytest.param("A=/x run", [("variable A", "/x")], id="a variable before the command"),
        pytest.param("env A=/x run b", [("variable A", "/x"), ("operand", "b")], id="a variable that env sets"),
        pytest.param(
            'run > /x 2>> "/y" < /z',
            [("redirect >", "/x"), ("redirect 2>>", "/y"), ("redirect <", "/z")],
            id="redirects are named like their operators",
        ),
        pytest.param("run > /x a", [("operand", "a"), ("redirect >", "/x")], id="an operand behind a redirect"),
        pytest.param("a && run > /x", [("redirect >", "/x")], id="a redirect belongs to the last command of a list"),
        pytest.param("[ -e /x ]", [("option e", "/x"), ("operand", "/x")], id="a test in brackets"),
        pytest.param(
            "[ $a == /x ]", [("operand", "$a"), ("operand", "=="), ("operand", "/x")], id="a comparison in brackets"
        ),
        pytest.param(
            "[[ -f /x && $a =~ ^/y ]]",
            [("option f", "/x"), *(("operand", word) for word in ("/x", "&&", "$a", "=~", "^/y"))],
            id="a test in double brackets",
        ),
        pytest.param(': "${A:=/x}"', [("operand", "${A:=/x}"), ("default A", "/x")], id="a default is the command's"),
        pytest.param("run $'a\\tb' $\"c\"", [("operand", "a\tb"), ("operand", "c")], id="other kinds of quotes"),
        pytest.param("run ''", [("operand", "")], id="an empty word"),
        pytest.param("run a \\\n  /x", [("operand", "a"), ("operand", "/x")], id="a line that goes on in the next"),
        pytest.param("run /x\r\n", [("operand", "/x")], id="a carriage return"),
        pytest.param("run é /x", [("operand", "é"), ("operand", "/x")], id="characters outside of ASCII"),
    ],
)
def test_settings_of_a_command(text: str, expected: list[tuple[str, str]]) -> None:
    command = list(shell.read(Source(text)).blocks)[-1]
    found = [(f"{setting.kind} {setting.name}".strip(), setting.value) for setting in command.settings]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("/usr/sbin/nginx -g x", "nginx", id="the base name of a path"),
        pytest.param('"$JAVA_HOME"/bin/java x', "java", id="a path that starts with an expansion"),
        pytest.param("${JAVA:-/usr/bin/java} x", "${JAVA:-/usr/bin/java}", id="an expansion is kept whole"),
        pytest.param("sudo -u app -E nginx", "nginx", id="sudo with options"),
        pytest.param("exec env A=b nginx", "nginx", id="prefixes behind one another"),
        pytest.param("nohup nice -n 5 nginx &", "nginx", id="nice with its value"),
        pytest.param("exec gosu app nginx", "nginx", id="gosu with its user"),
        pytest.param("tini -- nginx", "nginx", id="two dashes behind a prefix"),
        pytest.param("timeout -k 5 10 nginx", "nginx", id="timeout with its duration"),
        pytest.param("find | xargs -n 1 rm", "rm", id="xargs"),
        pytest.param("command -v nginx", "command", id="command that only asks"),
        pytest.param("exec > /x", "exec", id="exec without a program"),
        pytest.param("! nginx", "nginx", id="a negated command"),
        pytest.param('"$@"', "$@", id="whatever the arguments say"),
    ],
)
def test_the_program_that_runs(text: str, name: str) -> None:
    assert commands(text)[-1] == name


def test_words_keep_the_prefix() -> None:
    (command,) = shell.read(Source("sudo -u app nginx -g 'a b'")).blocks
    assert command.words == ("sudo", "-u", "app", "nginx", "-g", "a b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a; b && c || d & e", ["a", "b", "c", "d", "e"], id="lists"),
        pytest.param("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"], id="conditions"),
        pytest.param("while a; do b; done; until c; do d; done", ["a", "b", "c", "d"], id="loops"),
        pytest.param("for x in $(a); do b; done; for ((i=0;;)); do c; done", ["a", "b", "c"], id="for loops"),
        pytest.param("case $(a) in x|y) b ;; *) c ;; esac", ["a", "b", "c"], id="cases"),
        pytest.param("(a; { b; })", ["a", "b"], id="groups"),
        pytest.param('A=$(a "$(b)"); c `d` <(e)', ["a", "b", "c", "d", "e"], id="substitutions behind their command"),
        pytest.param("A=1 B=2\nif a; then b; fi", ["a", "b"], id="a condition behind several assignments"),
        pytest.param(
            "[ x == 'y' ] && a\nb > /x < /y\nif [ 1 -gt 2 ]; then c; fi", ["[", "a", "b", "[", "c"], id="tests"
        ),
        pytest.param("{% if x %}\na\n{% endif %}\nb", ["a", "b"], id="lines of template marks"),
        pytest.param("a ${#b[@]} #}\nc", ["a", "c"], id="the length of an array is no template mark"),
        pytest.param("a; )\nb }\nfi\nc", ["a", "b", "c"], id="what is broken does not hide the rest"),
    ],
)
def test_commands_in_order_of_appearance(text: str, expected: list[str]) -> None:
    found = commands(text)
    assert [name for name in found if name in expected] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a | b | c", ["pipeline ", "  command a", "  command b", "  command c"], id="a pipeline"),
        pytest.param("f() { a; }; b", ["function f", "  command a", "command b"], id="a function"),
        pytest.param("function f { a; }", ["function f", "  command a"], id="a function with its keyword"),
        pytest.param("a $(b) | c", ["pipeline ", "  command a", "  command c", "command b"], id="a substitution"),
        pytest.param("sh -c 'a | b'", ["command sh", "  pipeline ", "    command a", "    command b"], id="a script"),
        pytest.param('bash -lc "a"', ["command bash", "  command a"], id="a script for a login shell"),
        pytest.param("su - app -c 'a'", ["command su", "  command a"], id="a script for another user"),
        pytest.param("sudo bash -o pipefail -c 'a' x", ["command bash", "  command a"], id="a script behind options"),
        pytest.param('sh -c "a $(b)"', ["command sh", "  command a", "  command b"], id="a substitution in a script"),
    ],
)
def test_blocks(text: str, expected: list[str]) -> None:
    assert blocks(shell.read(Source(text))) == expected


def test_redirects_of_a_loop_stand_in_the_block_around_it() -> None:
    root = shell.read(Source("f() { while a; do b; done > /x; }"))
    assert said(root) == [("redirect", "f.>", "/x")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("cat > /a.yaml <<EOF\npid: /x\nEOF\n", "/x", id="cat with a redirect"),
        pytest.param("cat <<EOF > /a.yaml\npid: /x\nEOF\n", "/x", id="the redirect behind the operator"),
        pytest.param("sudo tee -a /a.yaml <<'EOF' > /dev/null\npid: /x\nEOF\n", "/x", id="tee"),
        pytest.param("tee <<EOF /a.yaml\npid: /x\nEOF\n", "/x", id="an operand behind the operator"),
        pytest.param("cat <<EOF | tee /a.yaml\npid: /x\nEOF\n", "/x", id="tee at the end of a pipeline"),
        pytest.param("cat <<EOF |\npid: /x\nEOF\ntee /a.yaml", "/x", id="a pipeline that goes on behind the body"),
        pytest.param("cat <<-EOF > /a.yaml\n\tpid:\n\t  - /x\n\tEOF\n", "/x", id="tabs are removed"),
        pytest.param("cat <<EOF > /a.yaml && b\npid: /x\nEOF\n", "/x", id="a list goes on behind the operator"),
        pytest.param("cat > /a.yaml <<EOF; b\npid: /x\nEOF\n", "/x", id="a semicolon behind the operator"),
        pytest.param("if a; then\n  cat > /a.yaml <<EOF\npid: /x\nEOF\nfi", "/x", id="inside of a condition"),
        pytest.param("A=$(tee /a.yaml <<EOF\npid: /x\nEOF\n)", "/x", id="inside of a substitution"),
        pytest.param("cat > /a.yaml <<EOF\r\npid: /x\r\nEOF\r\n", "/x", id="carriage returns"),
        pytest.param("cat > /a.yaml <<EOF\npid: \\$X `x` \"' $(\nEOF\n", "$X `x` \"' $(", id="what shells would read"),
        pytest.param("cat > /a.yaml <<'EOF'\npid: \\$X\nEOF\n", "\\$X", id="escapes stay in a quoted document"),
        pytest.param("kubectl apply -f - <<EOF\npid: /x\nEOF\n", "/x", id="a manifest on the standard input"),
        pytest.param("bash <<EOF\ncat > /a.yaml <<END\npid: /x\nEND\nEOF\n", "/x", id="a document in a document"),
    ],
)
def test_here_documents_are_read_by_their_target(text: str, expected: str) -> None:
    root = shell.read(Source(text))
    values = [setting.value for setting in root.all_settings() if setting.name in ("pid", "0")]
    assert values == [expected]


def test_a_here_document_is_named_like_its_target() -> None:
    text = "cat > /etc/app.yaml <<EOF\npid: /x\nEOF\n"
    (document,) = (block for block in shell.read(Source(text)).walk() if block.name == "/etc/app.yaml")
    assert isinstance(document, Block)
    assert document.kind == "document"
    assert text[document.start : document.end] == "/etc/app.yaml"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ssh host <<EOF\na\nEOF\nb", ["command ssh", "  command a", "command b"], id="a remote shell"),
        pytest.param("sh -s x <<EOF\na\nEOF\n", ["command sh", "  command a"], id="a shell with arguments"),
        pytest.param(
            "cat <<EOF | bash\na\nEOF\n", ["pipeline ", "  command cat", "    command a", "  command bash"], id="cat"
        ),
        pytest.param("sh x.sh <<EOF\na\nEOF\n", ["command sh", "  document "], id="a shell that runs a file"),
        pytest.param("psql <<EOF\na\nEOF\n", ["command psql", "  document "], id="another program"),
        pytest.param("b # cat <<EOF\na\nEOF", ["command b", "command a", "command EOF"], id="an operator in a comment"),
        pytest.param("b '<<EOF'\na\nEOF", ["command b", "command a", "command EOF"], id="an operator in quotes"),
        pytest.param(
            'b "$(c "<<EOF")"\na\nEOF', ["command b", "command c", "command a", "command EOF"], id="nested quotes"
        ),
        pytest.param("b $((1<<EOF))\na\nEOF", ["command b", "command a", "command EOF"], id="a shift in arithmetic"),
        pytest.param("b <<A <<B\nc\nA\nd\nB\ne", ["command b", "  document ", "command e"], id="two for one command"),
    ],
)
def test_here_documents_that_are_no_file(text: str, expected: list[str]) -> None:
    assert blocks(shell.read(Source(text))) == expected


def test_positions_inside_a_script_in_a_document_are_those_of_the_file() -> None:
    text = 'cat <<-EOF | sh\n\tsh -c "run \\"--pid=/x/é.pid\\"" \n\tEOF\n'
    root = shell.read(Source(text))
    assert "/x/é.pid" in written(root, text)


def test_the_exec_form_is_a_command_too() -> None:
    words = [Source("sh", [(0, 10)]), Source("-c", [(0, 20)]), Source("exec run > /x", [(0, 30)])]
    command = shell.command(words)
    assert (command.name, command.words, command.start) == ("sh", ("sh", "-c", "exec run > /x"), 10)
    (run,) = command.blocks
    assert (run.name, run.start) == ("run", 35)
    assert [(setting.value, setting.start, setting.end) for setting in run.settings] == [("/x", 41, 43)]


def test_an_exec_form_without_words_is_an_empty_command() -> None:
    assert shell.command([]).children == []


def test_what_another_language_replaces_is_part_of_a_word() -> None:
    text = "run $(A B)/x"
    (command,) = shell.read(Source(text), [(4, 10)]).blocks
    assert [setting.value for setting in command.settings] == ["$(A B)/x"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("$(" * 2_000, id="substitutions without an end"),
        pytest.param("a " + "${A:-" * 2_000 + "}" * 2_000, id="defaults inside one another"),
        pytest.param("( " * 2_000 + "a" + " )" * 2_000, id="groups inside one another"),
        pytest.param("if a; then " * 2_000, id="conditions without an end"),
        pytest.param('sh -c "' * 500, id="scripts inside one another"),
        pytest.param(
            "".join(f"cat > {i}.sh <<E{i}\n" for i in range(400)) + "".join(f"E{i}\n" for i in reversed(range(400))),
            id="documents",
        ),
        pytest.param("cat <<E\n" * 2_000, id="documents without an end"),
    ],
)
def test_deep_nesting_ends(text: str) -> None:
    root = shell.read(Source(text))
    assert not misplaced(root, text)


def test_pipelines_that_would_take_the_parser_too_long_are_unreadable() -> None:
    with pytest.raises(Unreadable):
        shell.read(Source("a | " * 100_000))


@given(st.text(alphabet="ab=\"'`#\\ \n\r\t:${}()[]<>|&;-/xEO", max_size=80) | st.text(max_size=80))
def test_any_text_gives_nodes_that_stand_in_it(text: str) -> None:
    try:
        root = shell.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)


@given(st.lists(st.from_regex(r"[a-zA-Z0-9/_.,:@%+-]+", fullmatch=True), min_size=1, max_size=6))
def test_plain_words_are_enclosed_by_their_positions(words: list[str]) -> None:
    text = "run " + " ".join(words)
    root = shell.read(Source(text))
    assert written(root, text) == [setting.value for setting in root.all_settings()]
