"""Which temporary paths the command line of a process names, and what each is for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.host.command_line import named_paths


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("/tmp/whisper-env/bin/python3 -m uvicorn main:app", [("/tmp/whisper-env/bin/python3", "venv", True)],
                     id="an interpreter of a virtual environment"),
        pytest.param("/tmp/api/serve --port 80", [("/tmp/api/serve", "code", True)], id="a program"),
        pytest.param("python3 /tmp/api/main.py", [("/tmp/api/main.py", "code", False)], id="a script"),
        pytest.param("python3 -u main.py", [("/tmp/here/main.py", "code", False)], id="a script beside the process"),
        pytest.param("node --enable-source-maps /tmp/web/server.js", [("/tmp/web/server.js", "code", False)], id="options before it"),
        pytest.param("java -Xmx1g -jar /tmp/app.jar", [("/tmp/app.jar", "code", False)], id="an archive of Java"),
        pytest.param("/bin/bash /tmp/run.sh", [("/tmp/run.sh", "code", False)], id="a shell's script"),
        pytest.param("python3 -m http.server", [], id="a module"),
        pytest.param("python3 -c pass /tmp/a.py", [("/tmp/a.py", "", False)], id="a program on the command line"),
        pytest.param("/usr/sbin/nginx -c /tmp/nginx.conf", [("/tmp/nginx.conf", "", False)], id="an option of one letter"),
        pytest.param("serve --config=/tmp/serve.yaml", [("/tmp/serve.yaml", "", False)], id="a configuration"),
        pytest.param("postgres --data-dir /tmp/pgdata", [("/tmp/pgdata", "data", False)], id="a data folder"),
        pytest.param("redis-server --pidfile /tmp/redis.pid --unixsocket /tmp/redis.sock",
                     [("/tmp/redis.pid", "pid", False), ("/tmp/redis.sock", "socket", False)], id="a PID file and a socket"),
        pytest.param("gunicorn --bind unix:/tmp/api.sock app", [("/tmp/api.sock", "socket", False)], id="an address"),
        pytest.param("serve --cache-dir /tmp/cache", [("/tmp/cache", "", False)], id="a cache"),
        pytest.param("python3.12 -c pass --data /tmp/orders", [("/tmp/orders", "data", False)], id="a version in the name"),
        pytest.param("vim /tmp/notes.txt", [], id="an editor"),
        pytest.param("tail -f /tmp/api.log", [], id="somebody who looks"),
        pytest.param("serve --data /srv/data", [], id="another directory"),
        pytest.param("serve /tmp", [], id="the directory itself"),
        pytest.param("", [], id="no command line"),
    ],
)  # fmt: skip
def test_named_paths(words: str, expected: list[tuple[str, str, bool]]) -> None:
    assert [tuple(named) for named in named_paths(words.split(), "/tmp/here", ["/tmp"])] == expected


def test_text_that_only_mentions_a_path_names_none() -> None:
    arguments = ["/usr/bin/serve", "--message", "look into /tmp/a.log, please"]
    assert list(named_paths(arguments, "/", ["/tmp"])) == []


@given(st.lists(st.text() | st.text("/tmp.-=ajr "), max_size=6), st.text("/tmp.", max_size=6))
def test_any_command_line_may_be_read(arguments: list[str], here: str) -> None:
    for named in named_paths(arguments, here, ["/tmp"]):
        assert named.path.startswith("/tmp/")


def test_many_arguments_take_no_time() -> None:
    assert len(list(named_paths(["serve", *(f"/tmp/{number}" for number in range(100_000))], "/", ["/tmp"]))) == 199
