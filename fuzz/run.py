"""Feeds bytes that a coverage-guided fuzzer makes up to the readers, to the file rules or to the whole command.

The readers are those of the formats, of the functions in program code, of prose, and of the earlier reports that
``shipworthy report --compare`` takes.

    pip install atheris && pip install -e .
    python -X dev fuzz/run.py readers -max_total_time=300
    python -X dev fuzz/run.py functions -max_total_time=300
    python -X dev fuzz/run.py prose -max_total_time=300
    python -X dev fuzz/run.py rules -max_total_time=300
    python -X dev fuzz/run.py command -max_total_time=300
    python -X dev fuzz/run.py comparison -max_total_time=300

What follows the target are options of libFuzzer. The first inputs are the files of `tests/examples`. It ends with a
traceback at the first input that does what no input may do: raise something else than `Unreadable` or `NotAReport`, put
a node outside of the text, bring a control character into a report, take more than ten seconds, end in exit code 2.
Such an input is written to the working directory. In Python's development mode, ``-X dev``, the command lets faults
through; without it, they would be messages.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["shipworthy"]):
    import shipworthy

    for module in pkgutil.walk_packages(shipworthy.__path__, "shipworthy."):
        if not module.name.endswith("__main__"):  # most readers are imported when they are needed, which is too late
            importlib.import_module(module.name)
    from shipworthy.cli import main as run_command
    from shipworthy.file import File
    from shipworthy.formats import decode, functions, prose, read
    from shipworthy.formats.prose.diagrams import diagrams
    from shipworthy.formats.source import Source
    from shipworthy.formats.syntax import SyntaxTree
    from shipworthy.formats.unreadable import Unreadable
    from shipworthy.readiness.comparison import Before, Comparison, NotAReport
    from shipworthy.readiness.model import COMPONENTS, STATUSES, VERDICTS, Readiness
    from shipworthy.reporting import FORMATS, readiness
    from shipworthy.rule import FILE, SEVERITIES
    from shipworthy.rules import ids, load

EXAMPLES = Path(__file__).resolve().parent.parent / "tests" / "examples"
NAMES = (
    "compose.yaml .env.production Dockerfile deploy/api.service nginx.conf k8s/deployment.yaml "
    ".github/workflows/ci.yml package.json tsconfig.json pyproject.toml main.tf config.ini log4j.xml Makefile Procfile "
    "crontab deploy.sh kustomization.yaml chart/templates/api.yaml chart/Chart.yaml chart/values.yaml app.conf "
    "application.properties playbook.yml .gitlab-ci.yml server.js app.ts app.tsx settings.py main.go Main.java "
    "index.php app.rb README.md .shipworthy.yaml .shipworthy-baseline .dockerignore .gitignore "
    "supervisord.conf values.json5 Jenkinsfile"
).split()
"""A file of each format and of each dialect, and the files that are known by their names."""
EARLIER = {
    "version": 1,
    "verdict": VERDICTS[0],
    "percent": 61,
    "components": [
        {"id": id, "status": status, "percent": 7} for id, status in zip(COMPONENTS, STATUSES, strict=False)
    ],
    "services": [{"name": "api"}, {"name": "api"}],
    "gaps": [
        {
            "component": id,
            "rule": "backups",
            "severity": severity,
            "path": "a/b",
            "line": 3,
            "message": "none",
            "fix": None,
        }
        for id, severity in zip(COMPONENTS, SEVERITIES, strict=False)
    ],
}
"""An earlier report, as far as it is read."""
LONGEST = 20_000
"""Bytes of an input: enough for everything but what is too large, which needs no fuzzer."""
_SEPARATOR = b"\0\0"
"""What stands between the files of an input for the command."""


def named(data: bytes) -> tuple[str, bytes]:
    """The first byte of an input chooses the file's name, the others are its content."""
    return NAMES[(data or b"\0")[0] % len(NAMES)], data[1:]


def readers(data: bytes) -> None:
    """One file by its format."""
    path, content = named(data)
    try:
        text = decode(content)
        document = read(path, text)
        nodes = list(document.root.walk())
    except Unreadable:
        return
    for node in nodes:
        if not 0 <= node.start <= node.end <= len(text):
            raise AssertionError(f"{path}: {node!r} is outside of the text")


def functions_of_code(data: bytes) -> None:
    """The functions of one file of program code."""
    language = sorted(functions.LANGUAGES)[(data or b"\0")[0] % len(functions.LANGUAGES)]
    try:
        text = decode(data[1:])
        found = functions.read(SyntaxTree(language, Source(text)), language, range(text.count("\n") + 1))
    except Unreadable:
        return
    for function in found:
        if not 0 <= function.start <= len(text):
            raise AssertionError(f"{language}: {function.name} is outside of the text")


def document(data: bytes) -> None:
    """The pieces of one document, what stands in them, and the trees that it draws."""
    ending = prose.ENDINGS[(data or b"\0")[0] % len(prose.ENDINGS)]
    try:
        text = decode(data[1:])
    except Unreadable:
        return
    read_document = prose.prose("a" + ending, text)
    for piece in read_document.pieces:
        spans = [(piece.start, piece.end), *((span.start, span.end) for span in prose.spans(read_document, piece))]
        if not all(0 <= start <= end <= len(text) for start, end in spans):
            raise AssertionError(f"{ending}: {piece!r} is outside of the text")
        prose.cells(read_document, piece)
    list(diagrams(read_document))


def rules(data: bytes) -> None:
    """One file by all file rules, whatever their filters and triggers say."""
    path, content = named(data)
    file = File(path, content)
    for id in ids():
        module = load(id)
        if module.RULE.scope == FILE:
            try:
                list(module.check(file))
            except Unreadable:
                continue


def command(data: bytes) -> None:
    """A repository of a few files by ``shipworthy check``, in one of the formats."""
    written = dict(map(named, data.split(_SEPARATOR)[:4]))
    for path in NAMES:
        Path(path).unlink(missing_ok=True)
    for path, content in written.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)
    subprocess.run(["git", "add", "--all", "--force"], check=True, capture_output=True)
    code = run_command(["check", "--format", FORMATS[len(data) % len(FORMATS)]])
    is_stated = {".shipworthy.yaml", ".shipworthy-baseline"} & set(written)
    if code not in (0, 1) and not is_stated:  # a wrong configuration is exit code 2
        raise AssertionError(f"exit code {code}")


def comparison(data: bytes) -> None:
    """An earlier report, compared with one of which nothing is known, in all formats."""
    now = Readiness(1, ids())
    try:
        now.comparison = Comparison(Before(data), now)
    except NotAReport:
        return
    for format in readiness.FORMATS:
        text = readiness.render(now, format)
        text.encode("utf-8", "surrogateescape")  # as it is written to a file
        if any(char < " " and char != "\n" for char in text):
            raise AssertionError(f"{format}: a control character")


TARGETS = {
    "readers": readers,
    "functions": functions_of_code,
    "prose": document,
    "rules": rules,
    "command": command,
    "comparison": comparison,
}


def write_seeds(corpus: Path, target: str) -> None:
    """The files of the examples, each under the name that is most like its own; for the command, whole examples."""
    if target == "comparison":
        (corpus / "report").write_text(json.dumps(EARLIER), encoding="utf-8")
        return
    if target in ("functions", "prose"):  # the same files, each as every language and as every kind of document
        kinds = len(functions.LANGUAGES) if target == "functions" else len(prose.ENDINGS)
        wanted = (".md", ".rst", ".adoc") if target == "prose" else (".py", ".ts", ".go", ".java", ".sh", ".php", ".rb")
        for number, file in enumerate(path for path in sorted(EXAMPLES.rglob("*")) if path.suffix in wanted):
            for kind in range(kinds):
                (corpus / f"{number}-{kind}").write_bytes(bytes([kind]) + file.read_bytes())
        return
    for case in sorted(EXAMPLES.glob("*/*/*")):
        inputs = []
        for file in sorted(path for path in case.rglob("*") if path.is_file()):
            alike = [name for name in NAMES if name.rpartition("/")[2] == file.name]
            alike += [name for name in NAMES if os.path.splitext(name)[1] == file.suffix != ""]
            if alike:
                inputs.append(bytes([NAMES.index(alike[0])]) + file.read_bytes())
        joined = [_SEPARATOR.join(inputs)] if target == "command" else inputs
        for number, content in enumerate(joined):
            name = "-".join((*case.relative_to(EXAMPLES).parts, str(number)))
            (corpus / name).write_bytes(content)


def main() -> None:
    """Fuzz one target until libFuzzer has had enough."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        raise SystemExit(f"usage: python -X dev fuzz/run.py {'|'.join(TARGETS)} [options of libFuzzer]")
    target = sys.argv.pop(1)
    corpus = tempfile.TemporaryDirectory(prefix="shipworthy-corpus-")
    write_seeds(Path(corpus.name), target)
    options = [f"-artifact_prefix={os.getcwd()}/", "-timeout=10", f"-max_len={LONGEST}"]
    if target == "command":
        repository = tempfile.TemporaryDirectory(prefix="shipworthy-fuzz-")
        os.chdir(repository.name)
        subprocess.run(["git", "init", "--quiet"], check=True)
        for stream in ("stdout", "stderr"):  # libFuzzer writes to the descriptors themselves
            setattr(sys, stream, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 -- open until the end
    atheris.Setup([sys.argv[0], *options, *sys.argv[1:], corpus.name], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
