"""Program code: the settings, defaults and calls that each language writes in its own way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reading import misplaced, miswritten, said
from shipworthy.formats import CODE, code
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable


def read(language: str, text: str) -> Block:
    """The tree of a piece of code, put where the language wants it; positions are those of the piece."""
    around = {
        "go": ("package p\nfunc f() {\n", "\n}"),
        "java": ("class C { void f() {\n", "\n} }"),
        "php": ("<?php\n", ""),
    }
    before, behind = around.get(language, ("", ""))
    root = code.read(Source(before + text + behind), language)
    while len(root.children) == 1 and before and isinstance(root.children[0], Block) and root.children[0].name in "Cf":
        root = root.children[0]
        root.parent, root.name = None, ""
    for node in root.walk():
        node.start, node.end = node.start - len(before), node.end - len(before)
    return root


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(
            "python", "a = 'x'\nself.b = 'y'\nc['D'] = 'z'", [("a", "x"), ("b", "y"), ("D", "z")], id="Python"
        ),
        pytest.param(
            "python",
            "a, b = 'x', 'y'\nif (c := 'z'): pass",
            [("a", "x"), ("b", "y"), ("c", "z")],
            id="Python: several names at once",
        ),
        pytest.param(
            "javascript",
            "const a = 'x'; this.b = `y`; c['D'] = \"z\"",
            [("a", "x"), ("b", "y"), ("D", "z")],
            id="JavaScript",
        ),
        pytest.param(
            "typescript",
            "class A { static b: string = 'x'; #c = 'y' }\nenum D { E = 'z' }",
            [("A.b", "x"), ("A.c", "y"), ("D.E", "z")],
            id="TypeScript: fields and enumerations",
        ),
        pytest.param("tsx", "const a: T = <const>'x' as string; b = ('y')!;", [("a", "x"), ("b", "y")], id="casts"),
        pytest.param(
            "java", 'final String a = "x", b = "y"; this.c = "z";', [("a", "x"), ("b", "y"), ("c", "z")], id="Java"
        ),
        pytest.param(
            "go",
            'const A = "x"\nvar b string = `y`\nc, d := "z", "w"\ne.F["G"] = "v"',
            [("A", "x"), ("b", "y"), ("c", "z"), ("d", "w"), ("G", "v")],
            id="Go",
        ),
        pytest.param(
            "php",
            "const A = 'x'; $b = \"y\"; $this->c = 'z'; $d['e'] = 'w';",
            [("A", "x"), ("b", "y"), ("c", "z"), ("e", "w")],
            id="PHP",
        ),
        pytest.param(
            "ruby",
            "A = 'x'\n@b = \"y\"\nc.d = 'z'\ne[:f] = %q(w)",
            [("A", "x"), ("b", "y"), ("d", "z"), ("f", "w")],
            id="Ruby",
        ),
    ],
)
def test_an_assignment_goes_by_its_last_name(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    root = read(language, text)
    assert said(root) == [("value", keys, value) for keys, value in expected]
    assert not miswritten(root, text)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(
            "python",
            "a = {'b': 'x', 'c': {'d': 'y'}, 'e': ['z'], 1: 'w', **f}",
            [("a.b", "x"), ("a.c.d", "y"), ("a.e.0", "z"), ("a.1", "w")],
            id="Python",
        ),
        pytest.param(
            "javascript",
            "a = { b: 'x', 'c': { d: `y` }, e: ['z'], [f]: 'w', ...g }",
            [("a.b", "x"), ("a.c.d", "y"), ("a.e.0", "z"), ("a.f", "w")],
            id="JavaScript",
        ),
        pytest.param(
            "javascript",
            "module.exports = { apps: [{ out: 'x' }] }",
            [("exports.apps.0.out", "x")],
            id="JavaScript: a configuration module",
        ),
        pytest.param(
            "go",
            'a := &B{C: "x", D: E{F: "y"}, G: []string{"z"}}',
            [("a.C", "x"), ("a.D.F", "y"), ("a.G.0", "z")],
            id="Go",
        ),
        pytest.param(
            "php",
            "$a = ['b' => 'x', 'c' => ['d' => 'y'], 'e' => array('z')]; return ['f' => 'w'];",
            [("a.b", "x"), ("a.c.d", "y"), ("a.e.0", "z"), ("f", "w")],
            id="PHP",
        ),
        pytest.param(
            "ruby",
            "a = { b: 'x', 'c' => { :d => 'y' }, e: %w[z] }",
            [("a.b", "x"), ("a.c.d", "y"), ("a.e.0", "z")],
            id="Ruby",
        ),
        pytest.param("java", 'String[] a = {"x"};', [("a.0", "x")], id="Java: an array"),
    ],
)
def test_objects_and_lists_are_blocks(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    root = read(language, text)
    assert said(root) == [("value", keys, value) for keys, value in expected]
    assert not miswritten(root, text)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        pytest.param("python", "a = '/x' + b + '.pid'", "/x{b}.pid", id="Python: a sum"),
        pytest.param("python", "a = f'/x/{b.c!r}{{}}'", "/x/{b.c}{}", id="Python: a formatted string"),
        pytest.param("python", "a = '/x' \"/y\"", "/x/y", id="Python: strings side by side"),
        pytest.param("python", "a = r'\\d' b'e'", "\\de", id="Python: prefixes"),
        pytest.param("python", "a = os.path.join(b, 'x', 'y')", "{b}/x/y", id="Python: os.path.join"),
        pytest.param("python", "a = os.path.join('x', '/y')", "/y", id="Python: an absolute part begins the path anew"),
        pytest.param("python", "a = Path('/x') / 'y' / b", "/x/y/{b}", id="Python: pathlib"),
        pytest.param("python", "a = str(Path('/x').joinpath('y').resolve())", "/x/y", id="Python: methods of paths"),
        pytest.param("python", "a = '%s/x' % b", "{b}/x", id="Python: the operator %"),
        pytest.param("python", "a = '{}/x/{}'.format(b, 'c')", "{b}/x/c", id="Python: format"),
        pytest.param(
            "python", "a = tempfile.gettempdir()", "{tempfile.gettempdir()}", id="Python: the temporary directory"
        ),
        pytest.param("javascript", "a = path.join(os.tmpdir(), 'x')", "{os.tmpdir()}/x", id="JavaScript: path.join"),
        pytest.param("javascript", "a = `${b.c()}/x\\n`", "{b.c()}/x\n", id="JavaScript: a template"),
        pytest.param("java", 'a = Paths.get("/x", b).resolve("y").toString();', "/x/{b}/y", id="Java: paths"),
        pytest.param("java", 'a = new File("/x", "y");', "/x/y", id="Java: files"),
        pytest.param(
            "java",
            'a = System.getProperty("java.io.tmpdir") + "/x";',
            '{System.getProperty("java.io.tmpdir")}/x',
            id="Java: the temporary directory",
        ),
        pytest.param("java", 'a = String.format("/x/%s", b);', "/x/{b}", id="Java: format"),
        pytest.param("go", 'a := filepath.Join(os.TempDir(), "x")', "{os.TempDir()}/x", id="Go: filepath.Join"),
        pytest.param("go", 'a := fmt.Sprintf("%s/x%%", b)', "{b}/x%", id="Go: Sprintf"),
        pytest.param("go", "a := []byte(`\\x`)", "\\x", id="Go: raw strings know no escapes"),
        pytest.param("php", "$a = sys_get_temp_dir() . '/x';", "{sys_get_temp_dir()}/x", id="PHP: the operator ."),
        pytest.param("php", '$a = "/x/$b/{$c->d}/y";', "/x/{$b}/{$c->d}/y", id="PHP: variables in a string"),
        pytest.param("php", "$a = 'C:\\tmp\\'s';", "C:\\tmp's", id="PHP: single quotes"),
        pytest.param("php", "$a = <<<X\nb $c\nX;", "b {$c}", id="PHP: a here-document"),
        pytest.param("ruby", 'a = File.join(Dir.tmpdir, "x#{b}")', "{Dir.tmpdir}/x{b}", id="Ruby: File.join"),
        pytest.param("ruby", "a = 'x\\n'", "x\\n", id="Ruby: single quotes"),
        pytest.param("ruby", "a = Rails.root.join('tmp', 'x')", "tmp/x", id="Ruby: below the application"),
    ],
)
def test_the_value_of_an_expression(language: str, text: str, value: str) -> None:
    assert [setting.value for setting in read(language, text).settings] == [value]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("python", '"""A docstring."""\n"alone"\na = 1\nb = c\nd = e.f(g)\nassert h == "x"', id="Python"),
        pytest.param("python", "a = tempfile.mkdtemp()\nb = os.getenv('X')\nimport c", id="Python: calls"),
        pytest.param(
            "typescript", "import a from 'x'; type B = 'y'; if (c === 'z') {} const d = e + f;", id="TypeScript"
        ),
        pytest.param("go", 'import "x"\nif a == "y" { }', id="Go"),
        pytest.param("javascript", "const a = process.env.B; // 'c'", id="JavaScript: a variable without a default"),
    ],
)
def test_what_says_nothing_is_no_setting(language: str, text: str) -> None:
    assert said(read(language, text)) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param("python", "BASE = '/x'\nPID = BASE + '/y.pid'", ("PID", "/x/y.pid"), id="Python"),
        pytest.param("python", "BASE = '/x'\nf = f'{BASE}/y'", ("f", "/x/y"), id="Python: in a formatted string"),
        pytest.param(
            "python", "self.base = '/x'\na = os.path.join(self.base, 'y')", ("a", "/x/y"), id="Python: an attribute"
        ),
        pytest.param("java", 'String base = "/x"; String a = base + "/y";', ("a", "/x/y"), id="Java"),
        pytest.param("go", 'const base = "/x"\na := base + "/y"', ("a", "/x/y"), id="Go"),
        pytest.param("php", "$base = '/x'; $a = \"{$base}/y\";", ("a", "/x/y"), id="PHP"),
        pytest.param("ruby", "BASE = '/x'\na = \"#{BASE}/y\"", ("a", "/x/y"), id="Ruby"),
        pytest.param(
            "python", "BASE = '/x'\nupload_dir = BASE", ("upload_dir", "/x"), id="a name alone, under another name"
        ),
        pytest.param(
            "python", "BASE = '/x'\nBASE = '/z'\na = BASE + '/y'", ("a", "{BASE}/y"), id="a name assigned twice"
        ),
        pytest.param("python", "BASE = '/x'\ndef f(BASE): a = BASE + '/y'", ("f.a", "{BASE}/y"), id="also a parameter"),
        pytest.param("python", "A = '/x'\nB = A + '/y'\nc = B + '/z'", ("c", "{A}/y/z"), id="one level deep"),
    ],
)
def test_a_constant_stands_for_its_value(language: str, text: str, expected: tuple[str, str]) -> None:
    assert said(read(language, text))[-1][1:] == expected


def test_a_constant_is_not_said_again_under_its_own_name() -> None:
    assert said(read("python", "PID_FILE = '/x'\nrun(PID_FILE, pidfile=PID_FILE)\nreturn_it = PID_FILE")) == [
        ("value", "PID_FILE", "/x"),
        ("value", "return_it", "/x"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param("python", "f('a', b, c='d')", [("operand", "f", "a"), ("value", "f.c", "d")], id="Python"),
        pytest.param(
            "python", "logging.FileHandler('a')", [("operand", "logging.FileHandler", "a")], id="a dotted name"
        ),
        pytest.param("python", "f(g('a'))", [("operand", "f.g", "a")], id="a call in a call"),
        pytest.param("python", "@f('a')\ndef g(): pass", [("operand", "f", "a")], id="Python: a decorator"),
        pytest.param(
            "javascript", "new F('a', { b: 'c' })", [("operand", "F", "a"), ("value", "F.b", "c")], id="JavaScript"
        ),
        pytest.param("javascript", "f(x).g('a')", [("operand", "f().g", "a")], id="a chain"),
        pytest.param(
            "javascript", "(async () => { f('a') })()", [("operand", "f", "a")], id="a function called at once"
        ),
        pytest.param("javascript", "f(() => { g = 'a' })", [("value", "f.g", "a")], id="a function as an argument"),
        pytest.param("java", 'a.b("c"); new D("e");', [("operand", "a.b", "c"), ("operand", "D", "e")], id="Java"),
        pytest.param("go", 'a.B("c")', [("operand", "a.B", "c")], id="Go"),
        pytest.param(
            "php",
            "a('b', c: 'd'); E::f('g'); $h->i('j');",
            [("operand", "a", "b"), ("value", "a.c", "d"), ("operand", "E::f", "g"), ("operand", "$h->i", "j")],
            id="PHP",
        ),
        pytest.param(
            "ruby", "pidfile '/x'\na b: 'c'", [("operand", "pidfile", "/x"), ("value", "a.b", "c")], id="Ruby"
        ),
        pytest.param(
            "php",
            "define('A', 'b'); ini_set('c.d', 'e');",
            [("value", "define.A", "b"), ("value", "ini_set.c.d", "e")],
            id="PHP: functions that set",
        ),
        pytest.param("ruby", "set :deploy_to, '/x'", [("value", "set.deploy_to", "/x")], id="Ruby: a method that sets"),
        pytest.param("java", 'p.put(Config.STATE_DIR, "/x");', [("value", "p.put.STATE_DIR", "/x")], id="Java: a map"),
    ],
)
def test_calls(language: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    root = read(language, text)
    assert said(root) == expected
    assert all(block.kind in ("call", "object", "function") for block in root.walk() if isinstance(block, Block))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(
            "python",
            "class A:\n b = 'x'\n def c(self):\n  return f'y'",
            [("A.b", "x"), ("A.c.return", "y")],
            id="Python",
        ),
        pytest.param("python", "a = lambda: 'x'", [("a.return", "x")], id="Python: a lambda"),
        pytest.param(
            "typescript",
            "class A { b() { return 'x' } }\nconst c = () => 'y'",
            [("A.b.return", "x"), ("c.return", "y")],
            id="TypeScript",
        ),
        pytest.param("javascript", "f = function () { return { a: 'x' } }", [("f.a", "x")], id="JavaScript"),
        pytest.param("go", 'return "x", nil', [("return", "x")], id="Go"),
        pytest.param(
            "php",
            "class A { const B = 'x'; function c() { return self::B . 'y'; } }",
            [("A.B", "x"), ("A.c.return", "xy")],
            id="PHP",
        ),
        pytest.param(
            "ruby", "class A\n B = 'x'\n def c; return 'y'; end\nend", [("A.B", "x"), ("A.c.return", "y")], id="Ruby"
        ),
    ],
)
def test_classes_and_functions_enclose(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert said(read(language, text)) == [("value", keys, value) for keys, value in expected]


@pytest.mark.parametrize(
    ("language", "text", "name", "value"),
    [
        pytest.param("python", "a = os.getenv('X', '/v')", "X", "/v", id="Python: getenv"),
        pytest.param("python", "a = os.environ.get('X', '/v')", "X", "/v", id="Python: environ.get"),
        pytest.param("python", "a = os.environ.get('X') or '/v'", "X", "/v", id="Python: or"),
        pytest.param("python", "os.environ.setdefault('X', '/v')", "X", "/v", id="Python: setdefault"),
        pytest.param(
            "python", "a = os.environ['X'] if 'X' in os.environ else '/v'", "X", "/v", id="Python: a condition"
        ),
        pytest.param("python", "B = '/v'\ndel B\na = os.getenv('X', B)", "X", "/v", id="Python: a constant as default"),
        pytest.param("python", "a = env('X', default='/v')", "X", "/v", id="Python: environs"),
        pytest.param("python", "a = env.str('X', '/v')", "X", "/v", id="Python: environs, typed"),
        pytest.param("python", "a = config('X', default='/v')", "X", "/v", id="Python: decouple"),
        pytest.param("python", "def f(x='/v'): pass", "f.x", "/v", id="Python: a parameter"),
        pytest.param("python", "class S(BaseSettings):\n x: str = '/v'", "S.x", "/v", id="Python: a settings class"),
        pytest.param("python", "class S(B):\n x: str = Field('/v')", "S.x", "/v", id="Python: Field"),
        pytest.param(
            "python", "class S(B):\n a: str = Field(default='/v', env='X')", "S.X", "/v", id="Python: Field, named"
        ),
        pytest.param(
            "python",
            "p.add_argument('-x', '--pid-file', default='/v', help='h')",
            "pid-file",
            "/v",
            id="Python: argparse",
        ),
        pytest.param(
            "python",
            "@click.option('--pid-file', 'p', default='/v')\ndef f(p): pass",
            "pid-file",
            "/v",
            id="Python: click",
        ),
        pytest.param("python", "def f(x: str = typer.Option('/v', '--y')): pass", "f.x", "/v", id="Python: typer"),
        pytest.param("python", "a = c.get('paths', 'x', fallback='/v')", "x", "/v", id="Python: configparser"),
        pytest.param("python", "a = getattr(settings, 'X', '/v')", "X", "/v", id="Python: getattr"),
        pytest.param("javascript", "a = process.env.X || '/v'", "X", "/v", id="JavaScript: ||"),
        pytest.param("javascript", "a = process.env['X'] ?? `/v`", "X", "/v", id="JavaScript: ??"),
        pytest.param("javascript", "a = process.env.X?.trim() || '/v'", "X", "/v", id="JavaScript: a method before ||"),
        pytest.param("javascript", "a = process.env.X || process.env.Y || '/v'", "X", "/v", id="JavaScript: several"),
        pytest.param("javascript", "a = process.env.X ? process.env.X : '/v'", "X", "/v", id="JavaScript: a condition"),
        pytest.param("javascript", "const { X = '/v' } = process.env", "X", "/v", id="JavaScript: a pattern"),
        pytest.param(
            "javascript", "const { X: a = '/v' } = process.env", "X", "/v", id="JavaScript: a renamed property"
        ),
        pytest.param("javascript", "a = import.meta.env.X ?? '/v'", "X", "/v", id="JavaScript: a module's environment"),
        pytest.param("typescript", "a = Deno.env.get('X') ?? '/v'", "X", "/v", id="TypeScript: Deno"),
        pytest.param(
            "typescript",
            "a = z.object({ X: z.string().optional().default('/v') })",
            "z.object.X",
            "/v",
            id="TypeScript: zod",
        ),
        pytest.param("javascript", "a = Joi.object({ X: Joi.string().default('/v') })", "Joi.object.X", "/v", id="joi"),
        pytest.param(
            "javascript",
            "a = cleanEnv(process.env, { X: str({ default: '/v' }) })",
            "cleanEnv.str.X.X",
            "/v",
            id="JavaScript: envalid",
        ),
        pytest.param("javascript", "a = { b: { default: '/v', env: 'X' } }", "a.b.X", "/v", id="JavaScript: convict"),
        pytest.param("javascript", "a.option('x', { default: '/v' })", "a.option.x.x", "/v", id="JavaScript: yargs"),
        pytest.param("javascript", "a.option('-p, --pid-file <file>', 'help', '/v')", "pid-file", "/v", id="commander"),
        pytest.param(
            "typescript",
            "class A { constructor(private x = '/v') {} }",
            "A.constructor.x",
            "/v",
            id="TypeScript: a parameter",
        ),
        pytest.param("javascript", "a = options.x || '/v'", "x", "/v", id="JavaScript: an option that is not given"),
        pytest.param("java", 'a = System.getenv().getOrDefault("X", "/v");', "X", "/v", id="Java: getOrDefault"),
        pytest.param("java", 'a = System.getProperty("x.y", "/v");', "x.y", "/v", id="Java: a property"),
        pytest.param(
            "java", 'a = Optional.ofNullable(System.getenv("X")).orElse("/v");', "X", "/v", id="Java: Optional"
        ),
        pytest.param("java", 'a = System.getenv("X") != null ? System.getenv("X") : "/v";', "X", "/v", id="Java: ?:"),
        pytest.param("java", 'a = x != null ? x : "/v";', "x", "/v", id="Java: what is not null"),
        pytest.param("java", '@Value("${x.y:/v}") String a;', "x.y", "/v", id="Java: Spring"),
        pytest.param(
            "java", '@ConfigProperty(name = "x", defaultValue = "/v") String a;', "x", "/v", id="MicroProfile"
        ),
        pytest.param("go", 'a := getEnv("X", "/v")', "X", "/v", id="Go: a helper"),
        pytest.param("go", 'viper.SetDefault("x.y", "/v")', "x.y", "/v", id="Go: viper"),
        pytest.param("go", 'a := flag.String("x", "/v", "help")', "x", "/v", id="Go: flag.String"),
        pytest.param("go", 'flag.StringVar(&a, "x", "/v", "help")', "x", "/v", id="Go: flag.StringVar"),
        pytest.param("go", 'cmd.Flags().StringVarP(&a, "x", "s", "/v", "help")', "x", "/v", id="Go: pflag"),
        pytest.param("go", 'a := &cli.StringFlag{Value: "/v", Name: b}', "a.a", "/v", id="Go: urfave/cli"),
        pytest.param(
            "go", 'type T struct { D string `env:"X,required" envDefault:"/v"` }', "X", "/v", id="Go: envconfig"
        ),
        pytest.param("go", 'type T struct { D string `default:"/v"` }', "D", "/v", id="Go: a tag without a name"),
        pytest.param("php", "$a = env('X', '/v');", "X", "/v", id="PHP: env"),
        pytest.param("php", "$a = getenv('X') ?: '/v';", "X", "/v", id="PHP: ?:"),
        pytest.param("php", "$a = $_ENV['X'] ?? '/v';", "X", "/v", id="PHP: ??"),
        pytest.param("php", "function f($x = '/v') {}", "x", "/v", id="PHP: a parameter"),
        pytest.param("ruby", "a = ENV.fetch('X', '/v').to_s", "X", "/v", id="Ruby: fetch"),
        pytest.param("ruby", "a = ENV.fetch('X') { '/v' }", "X", "/v", id="Ruby: fetch with a block"),
        pytest.param("ruby", "a = ENV['X'] || '/v'", "X", "/v", id="Ruby: ||"),
        pytest.param("ruby", "ENV['X'] ||= '/v'", "X", "/v", id="Ruby: ||="),
        pytest.param("ruby", "def f(x: '/v'); end", "f.x", "/v", id="Ruby: a parameter"),
    ],
)
def test_defaults(language: str, text: str, name: str, value: str) -> None:
    root = read(language, text)
    assert [setting for setting in said(root) if setting[0] == "default"] == [("default", name, value)]
    assert not miswritten(root, text) or "B = " in text
    default = next(setting for setting in root.all_settings() if setting.kind == "default")
    assert text[default.start : default.end] in (value, "B")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("python", "os.environ['X'] = '/v'", id="Python"),
        pytest.param("javascript", "process.env.X = '/v'", id="JavaScript"),
        pytest.param("go", 'os.Setenv("X", "/v")', id="Go"),
        pytest.param("php", "$_ENV['X'] = '/v';", id="PHP"),
        pytest.param("ruby", "ENV['X'] = '/v'", id="Ruby"),
    ],
)
def test_what_sets_the_environment_is_a_variable(language: str, text: str) -> None:
    assert said(read(language, text)) == [("variable", "X", "/v")]


def test_a_condition_on_another_variable_gives_no_default() -> None:
    text = "dir = process.env.NODE_ENV === 'production' ? '/var/x' : '/tmp/x'"
    assert said(read("javascript", text)) == [("value", "dir", "/var/x"), ("value", "dir", "/tmp/x")]


def test_a_default_inside_a_longer_value_is_said_too() -> None:
    assert said(read("python", "a = os.getenv('X', '/v') + '/sub'")) == [
        ("value", "a", "{os.getenv('X', '/v')}/sub"),
        ("default", "X", "/v"),
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("a = b + '/x' + c", "/x", id="the first literal part"),
        pytest.param("a = os.path.join(tempfile.gettempdir(), 'x')", "tempfile.gettempdir()", id="a call that counts"),
        pytest.param("B = '/x'\na = B + '/y'", "/y", id="what is written rather than a name for it"),
        pytest.param("é = 'é'\na = 'ü'", "ü", id="behind other characters than ASCII"),
    ],
)
def test_a_composed_value_stands_where_its_first_part_does(text: str, part: str) -> None:
    last = list(read("python", text).all_settings())[-1]
    assert text[last.start : last.end] == part
    assert text[last.key :].startswith("a")


def test_positions_are_those_of_the_file_around_the_code() -> None:
    text = "cat > x.py <<EOF\na = '/x'\nEOF\n"
    (setting,) = code.read(Source(text).part(17, 25), "python").settings
    assert text[setting.start : setting.end] == "/x"


def test_a_template_of_a_program_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="a template"):
        code.read(Source("{% if a %}\nb = 'c'\n{% endif %}\n"), "python")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("python", "x = " + "f(" * 20_000, id="open calls"),
        pytest.param("python", "x = 'a'" + " + b" * 20_000, id="a long sum"),
        pytest.param("javascript", "x = a" + ".b('c')" * 10_000, id="a long chain"),
        pytest.param("javascript", "x = " + "a || " * 10_000 + "'b'", id="many alternatives"),
        pytest.param("javascript", "x = " + "{a: " * 10_000, id="deep objects"),
        pytest.param("javascript", "x = " + "`${" * 5_000, id="deep templates"),
        pytest.param("php", '<?php $x = "' + "{$a}" * 10_000 + '";', id="many variables in a string"),
    ],
)
def test_hostile_code_is_read_in_one_go(language: str, text: str) -> None:
    assert not misplaced(code.read(Source(text), language), text)


_PIECES = st.sampled_from(
    "a b X self. this. $a @a :a 'x' \"é\" `y` f' r\" ${a} #{a} {a} ( ) [ ] { } , . = := == || ?? or + / % ? : => ; "
    "\n os.getenv( process.env. ENV[ env( path.join( Path( return def function func class default: .default( <?php "
    'package const @Value( tempfile.gettempdir() \\ # // """ 1'.split(" ")
)


@pytest.mark.parametrize("language", sorted(CODE))
@hypothesis_settings(max_examples=40)
@given(st.text() | st.lists(_PIECES).map(" ".join) | st.lists(_PIECES).map("".join))
def test_any_text_is_read_or_unreadable(language: str, text: str) -> None:
    try:
        root = code.read(Source(text), language)
    except Unreadable:
        return
    assert not misplaced(root, text)


@given(st.text(st.characters(exclude_characters="\\'\n\r", codec="utf-8")))
def test_a_plain_string_is_read_as_it_is_written(value: str) -> None:
    text = f"a = '{value}'\n"
    root = code.read(Source(text), "python")
    if "\0" not in value:
        assert [setting.value for setting in root.settings] == [value]
    assert not miswritten(root, text)
