"""What names say: made up at run time, scratch space, a folder that is needed empty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.host.kinds import is_made_up, is_needed_empty, is_passing, whose_scratch


@pytest.mark.parametrize(
    "name",
    "tmp.2NEXGM1UIJ tmpabcd1234 tmp_x9y8z7w6 .tmpQ1w2E3 foo-Ab3C12xy job_08df0584-c5bb-4a90-8b51-d2205b817a77 go-exec123456"
    " build-3f2a9c1e8d7b6a50 bench-ab12cd3x upload.K3jd92Ls java-17023412345678".split(),
)
def test_names_that_were_made_up(name: str) -> None:
    assert is_made_up(name)


@pytest.mark.parametrize(
    "name",
    "whisper-env my-app production-data faster-whisper-env transcription-palantir api.pid unified-api-system whisper-models"
    " 140509_01 postgres16 Postgres16 MyApp_Release2024 node-v20.11.0-linux-x64 Python-3.11.7 backup-20261120 app_v2 template temporary orders.sqlite3 mithrandir-admin".split(),
)
def test_names_that_somebody_gave(name: str) -> None:
    assert not is_made_up(name)


@pytest.mark.parametrize(
    ("name", "whose"),
    [("pip-req-build-ab12cd34", "pip"), ("go-build1234", "Go"), ("pytest-of-root", "pytest"), ("npm-123-abc", "npm and yarn"),
     ("ccAbC123.o", "GCC"), ("v8-compile-cache-1000", "Node.js"), ("pip", ""), ("my-go-build1", ""), ("whisper-env", "")],
)  # fmt: skip
def test_scratch_space_of_programs(name: str, whose: str) -> None:
    assert whose_scratch(name) == whose


@pytest.mark.parametrize(
    ("inside", "expected"),
    [("download-cache/x", True), ("a/tmp.2NEXGM1UIJ/x", True), ("ssh-AbCdEf/agent.1", True), ("my-app/src/x", False),
     ("systemd-private-1-api.service-x/tmp/a", True), ("snap-private-tmp/a", True), ("run/api.sock", False)],
)  # fmt: skip
def test_paths_that_say_of_themselves_that_they_pass(inside: str, expected: bool) -> None:
    assert is_passing(inside) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [(".X11-unix", True), ("tomcat.8080.123", True), ("undertow.8080.1", True), ("app.lock", True), ("hsperfdata_root", True),
     ("old-results", False), ("abc", False), ("spring-release", True), ("playground", False)],
)  # fmt: skip
def test_empty_folders_that_somebody_may_need(name: str, expected: bool) -> None:
    assert is_needed_empty(name) == expected


@given(st.text(max_size=300))
def test_any_name_is_judged(name: str) -> None:
    is_passing(name)
    is_needed_empty(name)


@pytest.mark.parametrize("name", ["-" * 255, "a-" * 127, "1" * 255, "_" * 255, "a1-" * 85])
def test_hostile_names_take_no_time(name: str) -> None:
    for _ in range(1_000):
        is_made_up(name)
