"""What `sources-parse` finds, and what it leaves alone."""

from __future__ import annotations

import pytest

from shipworthy.file import File
from shipworthy.formats.leftovers import leftovers
from shipworthy.hook import has_trigger
from shipworthy.rules.sources_parse import RULE, check

CONFLICT = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> main\n"


def found(path: str, text: str) -> list[tuple[int, object]]:
    """Line and kind of each finding in a file."""
    return [(finding.line, finding.details["kind"]) for finding in check(File(path, text.encode()))]


# path, content, line and kind of each finding
FIRES = [
    pytest.param("a.py", "```python\nx = 1\n```\n", [(1, "fence")], id="Python in a fence"),
    pytest.param("a.py", "x = 1\n\n```\n", [(3, "fence")], id="the end of a fence alone"),
    pytest.param("a.ts", "```typescript\nexport const a = 1;\n```\n", [(1, "fence")], id="TypeScript in a fence"),
    pytest.param("a.js", "```\nlet a = 1;\n```\n", [(1, "fence")], id="JavaScript for which the fence is a template"),
    pytest.param("a.tsx", "const a = <p/>;\n```\n", [(2, "fence")], id="the end of a fence below JSX"),
    pytest.param("a.go", "```go\npackage main\n```\n", [(1, "fence")], id="Go in a fence"),
    pytest.param("A.java", "```java\nclass A {}\n```\n", [(1, "fence")], id="Java in a fence"),
    pytest.param("a.rb", "```ruby\nputs 1\n```\n", [(1, "fence")], id="Ruby in a fence"),
    pytest.param("a.php", "```php\n<?php\necho 1;\n```\n", [(1, "fence")], id="PHP in a fence"),
    pytest.param("a.sh", "```bash\necho hi\n```\n", [(1, "fence")], id="a shell script in a fence"),
    pytest.param("a.rs", "\n```rust\nfn main() {}\n```\n", [(2, "fence")], id="Rust in a fence"),
    pytest.param("a.css", "```css\na {}\n```\n", [(1, "fence")], id="a style sheet in a fence"),
    pytest.param("a.py", "Sure! Here is the code.\nx = 1\n", [(1, "chat")], id="a sentence before the code"),
    pytest.param(
        "a.ts",
        "Here's the updated component:\n\nimport a from 'b';\n",
        [(1, "chat")],
        id="a sentence with an apostrophe",
    ),
    pytest.param(
        "a.py",
        "class A:\n    def f(self):\n        pass\n\n    ... rest of the code remains unchanged\n",
        [(5, "chat")],
        id="code that was left out of a Python class",
    ),
    pytest.param(
        "a.ts", "function f() {\n  ... existing code ...\n}\n", [(2, "chat")], id="code that was left out of a function"
    ),
    pytest.param("a.sh", "Here is the updated script:\necho hi\n", [(1, "chat")], id="a sentence that is a command"),
    pytest.param(
        "a.py",
        "Here is the complete implementation:\n\n```python\nx = 1\n```\n",
        [(3, "fence"), (1, "chat")],
        id="a whole answer",
    ),
    pytest.param("a.py", CONFLICT, [(1, "conflict")], id="a conflict in Python"),
    pytest.param(
        "a.vue", "<template>\n" + CONFLICT + "</template>\n", [(2, "conflict")], id="a conflict in a component"
    ),
    pytest.param("a.rs", CONFLICT.replace("\n", "\r\n"), [(1, "conflict")], id="a conflict with line ends of Windows"),
]

SILENT = [
    pytest.param(
        "a.py", f'x = """\n```python\nHere is the updated code:\n```\n{CONFLICT}"""\n', id="a string of Python"
    ),
    pytest.param("a.py", 'def f():\n    """Sums.\n\n    ```\n    f()\n    ```\n    """\n', id="a docstring"),
    pytest.param(
        "a.py", "# Here is the updated code\n# ... rest of the code remains unchanged\nx = 1\n", id="comments"
    ),
    pytest.param("a.ts", "const a = `\nHere is the updated code:\n\\`\\`\\`\n`;\n", id="a template literal"),
    pytest.param("a.ts", f"/*\n```ts\nx\n```\n{CONFLICT}*/\nexport {{}};\n", id="a comment of several lines"),
    pytest.param("a.tsx", "const a = (\n  <p>\n    Here is the updated list\n  </p>\n);\n", id="text in JSX"),
    pytest.param(
        "a.sh", "cat > x.md <<'EOF'\n```bash\nfoo\n```\nHere is the updated code\nEOF\n", id="a here-document"
    ),
    pytest.param("a.rb", "x = <<~MD\n  ```\n  x\n  ```\nMD\n=begin\n```\n=end\n__END__\n```\n", id="texts of Ruby"),
    pytest.param("a.php", "<p>\n```\n</p>\n<?php\n/**\n```\n*/\n$x = <<<MD\n```\nMD;\n", id="texts of PHP"),
    pytest.param("A.java", 'class A { String s = """\n```\nfoo\n```\n"""; }\n', id="a text block of Java"),
    pytest.param("a.rs", "/// ```\n/// f()\n/// ```\nfn f() {}\n", id="documentation of Rust"),
    pytest.param("a.rs", 'const T: &str = r"\n```\nfoo\n```\n";\n', id="a string of a language without a parser here"),
    pytest.param(
        "a.py",
        "def f(:\n    '''\n    ```\n    '''\ntype X[**T = [int]] = unknown syntax\n",
        id="syntax the parser cannot read",
    ),
    pytest.param("a.py", "<<<<<<< HEAD\nx = 1\n", id="a single marker"),
    pytest.param("a.py", "x = 1\n=======\n", id="a line of equals signs"),
    pytest.param("tests/data/conflict.py", CONFLICT, id="test data"),
    pytest.param("docs/a.py", "```python\nx = 1\n```\n", id="documentation"),
]

TAKES = ["src/a.py", "a.ts", "a.tsx", "a.mjs", "web/App.vue", "main.go", "lib.rs", "A.java", "x.SH", "a.kt"]
LEAVES = ["README.md", "a.json", "a.yaml", "a.txt", "Dockerfile", "a.py.md", "py", "a.ipynb", "a.diff"]


@pytest.mark.parametrize(("path", "text", "expected"), FIRES)
def test_it_reports_what_is_no_code(path: str, text: str, expected: list[tuple[int, object]]) -> None:
    assert found(path, text) == expected
    assert has_trigger(RULE, text.encode())


@pytest.mark.parametrize(("path", "text"), SILENT)
def test_it_leaves_alone(path: str, text: str) -> None:
    assert found(path, text) == []


def test_the_finding_shows_the_mark_and_names_the_other_lines() -> None:
    (finding,) = check(File("a.py", b"```python\nx = 1\n```\n"))
    assert finding.message == "this is a Markdown fence, not code: ```python (also in line 3)"
    assert finding.column == 1


@pytest.mark.parametrize("text", ["`" * 20_000, "rest of the code" + "." * 20_000 + "x", "<<<<<<< \n" * 5_000])
def test_long_marks_take_little_time(text: str) -> None:
    assert leftovers("a.rs", text) == {}
