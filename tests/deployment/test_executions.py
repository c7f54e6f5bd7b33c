"""What starts a committed file: first lines, modes, folders of scripts, and any text in their places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.config import Config
from shipworthy.deployment.base_images import lacks_interpreter
from shipworthy.deployment.executions import Executions
from shipworthy.deployment.executions.first_lines import FirstLine, first_line
from shipworthy.deployment.executions.hosts import Folders
from shipworthy.deployment.executions.images import started
from shipworthy.deployment.executions.permissions import gives_execution, may_make_executable
from shipworthy.deployment.executions.starters import Starters
from shipworthy.deployment.executions.suspects import Suspects
from shipworthy.deployment.image_references import parse
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import git, repository

PLAIN = FirstLine("sh", False, False)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"#!/bin/sh\necho\n", PLAIN, id="a path"),
        pytest.param(b"#! /bin/sh -e\n", PLAIN, id="a space and an option"),
        pytest.param(b"#!/usr/bin/env sh\n", PLAIN, id="env"),
        pytest.param(b"#!/usr/bin/env -S A=1 sh -e\n", PLAIN, id="env with options"),
        pytest.param(b"#!/bin/sh", PLAIN, id="no end of the line"),
        pytest.param(b"#!/bin/sh\r\necho\r\n", FirstLine("sh", True, False), id="a line end of Windows"),
        pytest.param(b"\xef\xbb\xbf#!/bin/sh\n", FirstLine("sh", False, True), id="a byte order mark"),
        pytest.param(b"echo\n", FirstLine("", False, False), id="none"),
        pytest.param(b"\n#!/bin/sh\n", FirstLine("", False, False), id="on the second line"),
        pytest.param(b"#!\n", FirstLine("", False, False), id="nothing behind it"),
        pytest.param(b"#!/usr/bin/env\n", FirstLine("", False, False), id="nothing behind env"),
        pytest.param(b"\x7fELF\x02\x01", None, id="a program"),
        pytest.param(b"MZ\x90\0", None, id="a program of Windows"),
        pytest.param(b"PK\x03\x04\0\0", None, id="another binary"),
        pytest.param(b"", None, id="an empty file"),
        pytest.param(b" \n", None, id="an all but empty file"),
    ],
)
def test_first_lines(data: bytes, expected: FirstLine | None) -> None:
    assert first_line(data) == expected


@given(st.binary())
def test_any_bytes_have_a_first_line_or_none(data: bytes) -> None:
    assert first_line(data) is None or isinstance(first_line(data), FirstLine)


@pytest.mark.parametrize("mode", ["+x", "a+x", "u+rwx", "755", "0755", "111", "a=rx", "ug+rX", "$MODE", "u=rwx,go=r"])
def test_modes_that_make_executable(mode: str) -> None:
    assert gives_execution(mode)


@pytest.mark.parametrize("mode", ["+r", "644", "0600", "-x", "a-x", "u=rw", "a", ""])
def test_modes_that_do_not(mode: str) -> None:
    assert not gives_execution(mode)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("chmod +x /app/run.sh", True),
        ("chmod +x run.sh other.sh", True),
        ("chmod +x *.sh", True),
        ("chmod -R 755 /srv/app", True),
        ("chmod -R a+x .", True),
        ("chmod +x $FILE", True),
        ("find /app -exec chmod +x {} +", True),
        ("xargs chmod 0755", True),
        ("chmod +x other.sh", False),
        ("chmod 755 /srv/app", False),
        ("chmod -R 755 /data", False),
        ("chmod 644 run.sh", False),
        ("chown app run.sh", False),
        ("chmod", False),
    ],
)
def test_what_a_chmod_may_be_told_of(command: str, expected: bool) -> None:
    assert may_make_executable(command.split(), "srv/app/run.sh") is expected


@pytest.mark.parametrize(
    ("words", "program", "has_shell"),
    [
        (["./run.sh", "--all"], "./run.sh", False),
        (["tini", "--", "/run.sh"], "/run.sh", True),
        (["gosu", "app", "/run.sh"], "/run.sh", True),
        (["sh", "-c", "/run.sh"], "sh", False),
        (["/usr/bin/env", "A=1", "/run.sh"], "/run.sh", True),
    ],
)
def test_the_program_of_a_list_of_words(words: list[str], program: str, has_shell: bool) -> None:
    found = started(words)
    assert found is not None
    assert (found.program, found.has_shell) == (program, has_shell)


@pytest.mark.parametrize("words", [[], [""]])
def test_no_words_start_nothing(words: list[str]) -> None:
    assert started(words) is None


def test_what_a_script_knows_of_folders() -> None:
    script = """\
DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT="$(cd "$DIR/../.." && pwd)"
PARENT="$(dirname "$DIR")"
HERE=$(dirname $0)
LIB="${0%/*}/lib"
UP="$(cd "$(dirname "$0")/.." && pwd)"
LINKED="$(dirname $(readlink -f $0))"
SELF=$(readlink -f "$0")
OF_SELF="$(dirname "$SELF")"
HOME_OF_USER="$HOME/x"
OUTSIDE="$DIR/../../.."
"""
    folders = Folders("deploy/scripts", script)
    assert folders.variables == {
        "DIR": "deploy/scripts",
        "ROOT": "",
        "PARENT": "deploy",
        "HERE": "deploy/scripts",
        "LIB": "deploy/scripts/lib",
        "UP": "deploy",
        "LINKED": "deploy/scripts",
        "SELF": "deploy/scripts/itself",
        "OF_SELF": "deploy/scripts",
    }
    assert folders.path("$DIR/x.sh") == "deploy/scripts/x.sh"
    assert folders.path("${ROOT}/a/b.sh") == "a/b.sh"
    assert folders.path('$(dirname "$0")/y.sh') == "deploy/scripts/y.sh"
    assert folders.path("$ELSEWHERE/x.sh") is None
    assert folders.path("./x.sh") is None


@given(st.text())
def test_any_text_knows_folders_or_none(text: str) -> None:
    assert all(isinstance(folder, str) for folder in Folders("a", text).variables.values())


@pytest.mark.parametrize(
    ("image", "program", "expected"),
    [
        ("alpine:3.22", "bash", True),
        ("node:22-alpine", "bash", True),
        ("node:22-alpine", "sh", False),
        ("postgres:17-alpine", "bash", False),
        ("debian:12-slim", "bash", False),
        ("debian:12-slim", "python3", True),
        ("debian:12-slim", "perl", False),
        ("python:3.13-slim", "python3", False),
        ("python:3.13-alpine", "node", False),
        ("gcr.io/distroless/python3-debian12", "python3", False),
        ("gcr.io/distroless/nodejs22-debian12", "sh", True),
        ("gcr.io/distroless/static-debian12:debug", "sh", False),
        ("scratch", "sh", True),
        ("acme/base:1", "bash", False),
    ],
)
def test_interpreters_that_images_are_known_to_lack(image: str, program: str, expected: bool) -> None:
    reference = parse(image)
    assert reference is not None
    assert lacks_interpreter(reference, program) is expected


LINES = st.lists(
    st.sampled_from(
        [
            "FROM a AS b",
            "FROM b",
            "FROM b AS b",
            "COPY . .",
            "COPY --from=b / /",
            "COPY --from=0 /app /app/",
            "COPY run.sh $X/",
            "WORKDIR $X",
            "WORKDIR ..",
            "ENV X=$X/y",
            "ARG X",
            "RUN ./run.sh",
            "RUN cd .. && /run.sh",
            "RUN chmod +x run.sh",
            'CMD ["./run.sh"]',
            'ENTRYPOINT ["tini", "--"]',
            "ENTRYPOINT run.sh",
            "HEALTHCHECK CMD ./run.sh",
        ]
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
def test_any_dockerfile_is_read(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    root = repository(tmp_path_factory.mktemp("any"), {"Dockerfile": "\n".join(lines) + "\n", "run.sh": "#!/bin/sh\n"})
    found = Executions(Project(Repository(str(root)), Config()))
    assert all(obstacle.path == "run.sh" for obstacle in found.obstacles)


@pytest.mark.parametrize(
    "dockerfile",
    [
        pytest.param("\n".join(f"FROM s{n} AS s{n + 1}" for n in range(5_000)), id="stages on stages"),
        pytest.param(
            "FROM a AS s0\n" + "\n".join(f"FROM a AS s{n + 1}\nCOPY --from=s{n} / /" for n in range(150)),
            id="copies of copies",
        ),
        pytest.param("FROM a\nCOPY . .\n" + "RUN ./x.sh\n" * 3_000, id="commands without end"),
        pytest.param("FROM a\n" + "COPY . .\n" * 3_000 + "RUN ./x.sh\n" * 400, id="copies without end"),
        pytest.param("FROM a\nCOPY . .\nRUN " + "chmod +x a && " * 3_000 + "./x.sh\nCMD ./x.sh\n", id="a long line"),
    ],
)
def test_hostile_dockerfiles_come_to_an_end(dockerfile: str, tmp_path: Path) -> None:
    files = {"Dockerfile": dockerfile + '\nCMD ["/run.sh"]\n', "run.sh": "#!/bin/sh\n", "x.sh": "#!/bin/sh\n"}
    root = repository(tmp_path, files)
    assert Executions(Project(Repository(str(root)), Config())).obstacles is not None


@pytest.mark.parametrize(
    ("text", "about", "expected"),
    [
        pytest.param("COPY plain.sh /run\n", "", True, id="a script without a bit, whatever it is called later"),
        pytest.param("COPY plain.sh.orig /run\n", "", False, id="a longer name"),
        pytest.param("COPY sound.sh /run\n", "from debian", False, id="an executable script for sh"),
        pytest.param("COPY sound.sh /run\n", "from scratch", True, id="an executable script in an image without sh"),
        pytest.param("COPY --chmod=644 sound.sh /\n", "copy --chmod=644", True, id="a mode on the way"),
        pytest.param("COPY bash.sh /run\n", "from debian", False, id="bash where it is"),
        pytest.param("COPY bash.sh /run\n", "from node:22-alpine", True, id="bash where it is not"),
        pytest.param("COPY tool.py /run\n", "from ubuntu:24.04", True, id="Python in a distribution"),
        pytest.param("COPY tool.py /run\n", "from python:3.13", False, id="Python in its own image"),
        pytest.param("COPY windows.sh /\n", "", True, id="a line end of Windows"),
        pytest.param("COPY mark.sh /\n", "", True, id="a byte order mark"),
        pytest.param("COPY bare.sh /\n", "", True, id="no first line"),
        pytest.param("COPY notes.txt /\n", "", False, id="a file that is no script"),
        pytest.param("COPY said.txt /\n", "", True, id="a script by its first line alone"),
        pytest.param("COPY link.sh /\n", "", True, id="a link"),
        pytest.param('CMD ["./a b.sh"]\n', "", True, id="a name with a space"),
        pytest.param("COPY start-${STAGE}.sh /\n", "", True, id="a name with a variable in it"),
        pytest.param("COPY ${STAGE}/sound.sh /\n", "", False, id="a folder of a variable"),
        pytest.param("", "", False, id="nothing"),
    ],
)
def test_which_texts_name_a_script_that_may_not_start(text: str, about: str, expected: bool, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "plain.sh": "#!/bin/sh\n",
        "sound.sh": "#!/bin/sh\n",
        "bash.sh": "#!/usr/bin/env bash\n",
        "tool.py": "#!/usr/bin/env python3\n",
        "windows.sh": "#!/bin/sh\r\n",
        "mark.sh": b"\xef\xbb\xbf#!/bin/sh\n",
        "bare.sh": "true\n",
        "notes.txt": "notes\n",
        "said.txt": "#!/bin/sh\n",
        "a b.sh": "#!/bin/sh\n",
    }
    root = repository(tmp_path, files)
    executable = ("sound.sh", "bash.sh", "tool.py", "windows.sh", "mark.sh", "bare.sh")
    git(root, "update-index", "--chmod=+x", *executable)
    (root / "link.sh").symlink_to("sound.sh")
    git(root, "add", "link.sh")
    suspects = Suspects(Project(Repository(str(root)), Config()))
    assert suspects.are_named(text, about) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('CMD ["./run.sh"]', True, id="an exec form"),
        pytest.param("ENTRYPOINT /srv/run.sh --serve", True, id="a shell form"),
        pytest.param("RUN make && scripts/run.sh", True, id="behind another command"),
        pytest.param('{"scripts": {"start": "./run.sh"}}', True, id="a script of a package"),
        pytest.param("web: bin/run.sh", True, id="a process"),
        pytest.param("all:\n\t@./run.sh\n", True, id="a target"),
        pytest.param("ExecStart=/srv/run.sh", True, id="a unit"),
        pytest.param("COPY run.sh /srv/", False, id="a copy"),
        pytest.param("RUN sh run.sh", False, id="an argument of a shell"),
        pytest.param('CMD ["bash", "/run.sh"]', False, id="an argument of a shell in a list"),
        pytest.param("CMD ./bare.sh", False, id="a script that is not sound"),
    ],
)
def test_which_texts_seem_to_start_a_sound_script(text: str, expected: bool, tmp_path: Path) -> None:
    root = repository(tmp_path, {"run.sh": "#!/bin/sh\n", "bare.sh": "true\n"})
    git(root, "update-index", "--chmod=+x", "run.sh", "bare.sh")
    assert Suspects(Project(Repository(str(root)), Config())).starts_sound(text) == expected


def test_no_starter_is_parsed_where_every_script_is_sound(tmp_path: Path) -> None:
    files = {
        "Dockerfile": 'FROM debian:12\nCOPY run.sh /\nCMD ["/run.sh"]\n',
        "compose.yaml": "services:\n  api:\n    build: .\n    command: /run.sh\n",
        "Makefile": "up:\n\t./run.sh\n",
        "k8s/api.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  containers: [{name: a, image: b, command: [/run.sh]}]\n",
        "api.service": "[Service]\nExecStart=/srv/app/run.sh\n",
        "run.sh": "#!/bin/sh\n",
    }
    root = repository(tmp_path, files)
    suspicious = Starters(Project(Repository(str(root)), Config()))
    assert (suspicious.dockerfiles, suspicious.on_hosts) == (["Dockerfile"], ["Makefile"])
    assert (suspicious.has_compose, suspicious.has_pods, suspicious.has_units) == (True, True, True)
    git(root, "update-index", "--chmod=+x", "run.sh")
    starters = Starters(Project(Repository(str(root)), Config()))
    assert (starters.dockerfiles, starters.on_hosts, starters.documented) == ([], [], [])
    assert (starters.has_compose, starters.has_pods, starters.has_units) == (False, False, False)
    assert starters.start_sound


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("./run.sh", True, id="by its path"),
        pytest.param("sh ./run.sh", False, id="by a shell"),
        pytest.param("bash -eu -o pipefail ./run.sh", True, id="by a shell with an option that has a value"),
        pytest.param("sh -c ./run.sh", True, id="by a command that a shell is given"),
        pytest.param("bash -lc './run.sh'", True, id="by a command that a shell of the user is given"),
        pytest.param("node --enable-source-maps src/main.js", False, id="by Node"),
        pytest.param("node src/main.js && ./run.sh", True, id="behind another command"),
        pytest.param("cd node && ./run.sh", True, id="in a folder that is called like an interpreter"),
        pytest.param("env MODE=sh ./run.sh", True, id="behind a variable whose value is a shell's name"),
    ],
)
def test_what_an_interpreter_is_handed_is_not_started_by_its_path(command: str, expected: bool, tmp_path: Path) -> None:
    files = {"package.json": f'{{"scripts": {{"start": "{command}"}}}}', "run.sh": "#!/bin/sh\n", "src/main.js": "1\n"}
    root = repository(tmp_path, files)
    assert bool(Starters(Project(Repository(str(root)), Config())).on_hosts) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("./scripts/run.sh", True, id="a command"),
        pytest.param("sudo nohup ./scripts/run.sh > log", True, id="behind programs that start it"),
        pytest.param('RUN="$ROOT/scripts/run.sh"', True, id="a variable that may be started"),
        pytest.param("echo starting; ./scripts/run.sh", True, id="behind a command that speaks"),
        pytest.param("echo $(./scripts/run.sh)", True, id="in what a command speaks"),
        pytest.param("cat list | ./scripts/run.sh", True, id="behind a pipe"),
        pytest.param("# ./scripts/run.sh starts it", False, id="a comment"),
        pytest.param('echo "now call ./scripts/run.sh"', False, id="what is only said"),
        pytest.param("chmod +x ./scripts/run.sh", False, id="a program that starts nothing"),
        pytest.param("./scripts/run.sh || true", False, id="a command that may fail"),
        pytest.param("if [ -f ./scripts/run.sh ]; then", False, id="a look whether it is there"),
        pytest.param('bash "$ROOT/scripts/run.sh"', False, id="a shell that is handed it by a variable"),
    ],
)
def test_which_lines_of_scripts_are_worth_parsing(line: str, expected: bool, tmp_path: Path) -> None:
    root = repository(tmp_path, {"up.sh": f"#!/bin/sh\n{line}\n", "scripts/run.sh": "#!/bin/sh\n"})
    assert Starters(Project(Repository(str(root)), Config())).on_hosts == (["up.sh"] if expected else [])


def test_a_script_that_only_speaks_of_a_suspect_still_starts_sound_ones(tmp_path: Path) -> None:
    up = "#!/bin/sh\necho ./scripts/run.sh\n./scripts/sound.sh\n"
    root = repository(tmp_path, {"up.sh": up, "scripts/run.sh": "#!/bin/sh\n", "scripts/sound.sh": "#!/bin/sh\n"})
    git(root, "update-index", "--chmod=+x", "scripts/sound.sh", "up.sh")
    starters = Starters(Project(Repository(str(root)), Config()))
    assert (starters.on_hosts, starters.start_sound) == ([], True)


@given(st.text())
def test_any_text_names_suspects_or_none(known: Suspects, text: str) -> None:
    assert known.are_named(text, text.lower()) in (True, False)
    assert known.starts_sound(text) in (True, False)


@given(
    st.lists(
        st.sampled_from(["run.sh", "go.sh", "a b", "0", "${A}", ".sh", "/", "CMD [", '"', "\n", " ", "COPY ", "text"])
    )
)
def test_lines_that_name_scripts_say_what_the_text_says(known: Suspects, parts: list[str]) -> None:
    text = "".join(parts)
    lines = known.lines_naming(text)
    assert known.are_named(lines, text.lower()) == known.are_named(text, text.lower())
    assert known.starts_sound(lines) == known.starts_sound(text)


@pytest.mark.parametrize("part", ["${a", "$a.", "a/", "node -", "services", "run.sh ", "2> ", "=", "\n", '"'])
def test_no_repetition_of_a_part_takes_long(known: Suspects, part: str, tmp_path: Path) -> None:
    text = part * 20_000
    assert known.are_named(known.lines_naming(text), text) == known.are_named(text, text)
    root = repository(tmp_path, {"up.sh": text, "compose.yaml": text, "Dockerfile": text, "run.sh": "#!/bin/sh\n"})
    assert isinstance(Starters(Project(Repository(str(root)), Config())).start_sound, bool)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Suspects:
    root = repository(
        tmp_path_factory.mktemp("suspects"), {"run.sh": "#!/bin/sh\n", "go.sh": "#!/bin/sh\n", "0": "", "a b": "x"}
    )
    git(root, "update-index", "--chmod=+x", "go.sh")
    return Suspects(Project(Repository(str(root)), Config()))
