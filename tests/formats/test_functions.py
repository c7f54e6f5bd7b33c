"""Functions, in one model for all languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.formats.functions import LANGUAGES, Function, Statement, read
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import SyntaxTree
from shipworthy.formats.unreadable import Unreadable


def functions(language: str, text: str, rows: list[int] | None = None) -> list[Function]:
    return read(SyntaxTree(language, Source(text)), language, range(text.count("\n") + 1) if rows is None else rows)


def outline(statement: Statement) -> str:
    """A statement's kind, with what is inside of it."""
    inside = [
        f"{branch.label or 'else' if statement.kind == 'branch' else branch.label}: {' '.join(map(outline, branch.statements))}"
        for branch in statement.branches
    ]
    return f"{statement.kind}({'; '.join(inside)})" if inside else statement.kind


# language, text, name, owner, parameters, statements
OUTLINES = [
    pytest.param(
        "typescript",
        "@Controller()\nexport class Api {\n  @Get('/x')\n  async run(@Body() input: string, { a, b }: T, n = 3) {\n"
        "    const y = await load(input);\n    if (n) throw new Error('x'); else return y;\n  }\n}\n",
        "run", "Api", ("input", "a", "b", "n"), ["declaration", "branch((n): throw; else: return)"],
        id="typescript",
    ),
    pytest.param(
        "javascript", "const run = async (a, ...rest) => `x ${a}`;\n", "run", None, ("a", "rest"), ["return"],
        id="javascript, an arrow function by its variable",
    ),
    pytest.param(
        "python",
        '@app.get("/x")\nasync def run(a: str, n: int = 3, *args, **named) -> str:\n    """Doc."""\n    try:\n        work(a)\n'
        "    except E as error:\n        log(error)\n    match n:\n        case 1:\n            return a\n        case _:\n            pass\n",
        "run", None, ("a", "n", "args", "named"),
        ["nothing", "try(: call; except E as error:\n        log(error): call)", "branch(case 1: return; case _: nothing)"],
        id="python",
    ),
    pytest.param(
        "go",
        'package a\n\nfunc (s *Server) Run(ctx context.Context, a, b string) (*R, error) {\n\tx, err := load(a)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n'
        '\tswitch b {\n\tcase "x":\n\t\tpanic("no")\n\tdefault:\n\t}\n\treturn x, nil\n}\n',
        "Run", "Server", ("ctx", "a", "b"),
        ["declaration", "branch(err != nil: return)", 'branch(case "x": throw; default: )', "return"],
        id="go",
    ),
    pytest.param(
        "java",
        "@Service\nclass Api implements A<B> {\n  @Override\n  public R run(@P String a, int n) throws E {\n    int x = n;\n"
        "    for (int i : all) { log.info(a); }\n    return switch (n) { case 1 -> a(); default -> throw new E(); };\n  }\n}\n",
        "run", "Api", ("a", "n"), ["declaration", "loop(: call)", "branch(case 1: return; default: throw)"],
        id="java",
    ),
    pytest.param(
        "kotlin",
        'class Api(val db: Db) : Base() {\n  suspend fun run(a: String, n: Int = 3): R {\n    val x = db.load(a)\n    when (n) { 1 -> return x; else -> TODO("later") }\n  }\n}\n',
        "run", "Api", ("a", "n"), ["declaration", "branch(1: return; else: throw)"],
        id="kotlin",
    ),
    pytest.param(
        "csharp",
        "class Api : IApi {\n  public async Task<R> Run(string a, int n = 3) {\n    var x = await db.Load(a);\n    if (n > 3) throw new E(); \n    return x;\n  }\n}\n",
        "Run", "Api", ("a", "n"), ["declaration", "branch(n > 3: throw)", "return"],
        id="csharp",
    ),
    pytest.param(
        "rust",
        "impl Api for Db {\n    async fn run(&self, a: &str, n: u32) -> Result<R> {\n        let x = self.load(a)?;\n        match n { 1 => return Ok(x), _ => todo!() }\n        Ok(x)\n    }\n}\n",
        "run", "Db", ("a", "n"), ["declaration", "branch(1: return; _: throw)", "return"],
        id="rust",
    ),
    pytest.param(
        "ruby",
        "class Api < Base\n  def run(a, n: 3)\n    x = load(a)\n    raise NotImplementedError if n > 3\n    x.to_s\n  end\nend\n",
        "run", "Api", ("a", "n"), ["declaration", "branch(n > 3: throw)", "return"],
        id="ruby",
    ),
    pytest.param(
        "php",
        "<?php\nclass Api implements A {\n  public function run(string $a, int $n = 3): array {\n    $x = $this->load($a);\n    if ($n) { throw new E('x'); }\n    return ['a' => $x];\n  }\n}\n",
        "run", "Api", ("a", "n"), ["declaration", "branch(($n): throw)", "return"],
        id="php",
    ),
    pytest.param(
        "bash", 'run() {\n  local a="$1"\n  if test -n "$a"; then echo "$a"; else exit 1; fi\n}\n',
        "run", None, (), ["declaration", 'branch(test -n "$a": call; else: call)'],
        id="bash",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "name", "owner", "parameters", "statements"), OUTLINES)
def test_functions_are_read(
    language: str, text: str, name: str, owner: str | None, parameters: tuple[str, ...], statements: list[str]
) -> None:
    found = next(one for one in functions(language, text) if one.name == name)
    assert (found.owner.name if found.owner is not None else None) == owner
    assert found.parameters == parameters
    assert [outline(statement) for statement in found.statements] == statements
    assert text[found.start :].startswith(name)


def test_every_language_has_an_outline() -> None:
    assert {row.values[0] for row in OUTLINES} == set(LANGUAGES) - {"tsx"}


# language, text, what the only statement calls, reads and says
EXPRESSIONS = [
    pytest.param(
        "typescript", "f(x) { return this.log.info(`a ${x.y}`).then(() => z + 1); }", ["this.log.info().then", ".info"],
        ["x.y", "z"], ["a ${x.y}"], id="a chain, a template and an arrow function",
    ),
    pytest.param("python", "def f(x):\n    return {'a': [len(x)], 'b': f'{x.y}'}\n", ["len"], ["x", "x.y"], ["{x.y}"], id="keys are no texts"),
    pytest.param("go", 'package a\nfunc f(x T) R {\n\treturn &R{A: fmt.Sprint(x.Y), B: "b"}\n}\n', ["fmt.Sprint"], ["x.Y"], ["b"], id="fields are no names"),
    pytest.param("java", 'class A { R f(X x) { return R.builder().a(x.b).build(); } }', ["R.builder().a().build", ".a", ".builder"], ["x.b"], [], id="a builder"),
    pytest.param("kotlin", 'fun f(x: X) = R(a = x.b, "c $x")', ["R"], ["x.b", "x"], ["c $x"], id="named arguments and templates without braces"),
    pytest.param("csharp", 'class A { R F(X x) => new R { A = $"b {x.C}" }; }', ["R"], ["x.C"], ["b {x.C}"], id="an initializer"),
    pytest.param("rust", 'fn f(x: X) -> R { R { a: format!("b {x}", x.c) } }', ["format!"], ["x"], ["b {x}"], id="a macro"),
    pytest.param("ruby", "def f(x)\n  R.new(a: x, b: \"c #{x}\")\nend\n", ["R.new"], ["x", "x"], ["c #{x}"], id="a hash of arguments"),
    pytest.param("php", "<?php function f($x) { return R::make(['a' => $x->b, 'c' => \"d $x\"]); }", ["R::make"], ["x->b", "x"], ["d $x"], id="an array"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "calls", "reads", "texts"), EXPRESSIONS)
def test_expressions_are_what_they_are_composed_of(
    language: str, text: str, calls: list[str], reads: list[str], texts: list[str]
) -> None:
    source = f"class A {{ {text} }}" if language == "typescript" else text
    found = next(one for one in functions(language, source) if one.name in ("f", "F"))
    expression = found.statements[-1].expression
    assert [call.path for call in expression.calls] == calls
    assert expression.reads[: len(reads)] == reads
    assert [one.value for one in expression.texts] == texts


def test_only_functions_around_the_lines_are_made() -> None:
    text = "function a() { return 1; }\nfunction b() {\n  return () => 2;\n}\n"
    assert [one.name for one in functions("javascript", text, [0])] == ["a"]
    assert [one.name for one in functions("javascript", text, [1])] == ["b"]
    assert [one.name for one in functions("javascript", text, [2])] == ["b", ""]
    assert functions("javascript", text, []) == []


def test_comments_above_belong_to_the_function_that_they_touch() -> None:
    text = "// far\n\n// near\n@Get()\nexport function a() {\n  // inside\n}\n"
    (found,) = functions("typescript", text, [2])
    assert [one.text for one in found.above] == ["// near"]
    assert [one.text for one in found.comments] == ["// inside"]


def test_what_a_parser_lost_its_way_in_is_left_out() -> None:
    text = "class A : B {\n  void x( { }\n  public int F(int a) { return 1; }\n"
    assert all(one.owner is not None for one in functions("csharp", text))


def test_a_nameless_function_knows_the_call_that_it_is_given_to() -> None:
    (found,) = functions("javascript", "app.get('/x', auth, (req, res) => res.send(1));\n")
    assert (found.name, found.given_to) == ("", "app.get /x")


def test_the_heading_of_a_function_at_the_end_of_a_text_of_many_bytes_ends_there() -> None:
    (found,) = functions("ruby", "# " + "\N{GRINNING FACE}" * 200 + "\nrt {}")
    assert found.heading == "{}"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@settings(max_examples=25, deadline=None)
@given(
    text=st.text(alphabet=st.sampled_from(list("abf(){}[]<>=:;,.'\"`$#@!?|&\n \tx1")) | st.characters(), max_size=200)
)
def test_any_text_is_read(language: str, text: str) -> None:
    try:
        for found in functions(language, text):
            for statement in found:
                assert statement.start <= statement.end
    except Unreadable:
        pass


NESTED = {
    "python": ("def f(a):\n    return " + "(" * 3_000 + "a" + ")" * 3_000 + "\n"),
    "typescript": "function f(a) {" + "{" * 3_000 + "}" * 3_000 + "}\n",
    "javascript": "a => " * 3_000 + "1\n",
    "java": "class A { int f() { " + "if (a) { " * 3_000 + "}" * 3_000 + " } }\n",
    "ruby": "def f(a)\n  a" + ".b(1)" * 3_000 + "\nend\n",
}


@pytest.mark.parametrize("language", sorted(NESTED))
def test_deep_nesting_is_survived(language: str) -> None:
    functions(language, NESTED[language])
