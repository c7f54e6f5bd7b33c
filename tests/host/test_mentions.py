"""Which committed lines name a path of the host."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.host.mentions import Mention, Mentions, mentions
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rules import ids
from support import repository

FILES: dict[str, str | bytes] = {
    "deploy/api.service": "[Service]\nPIDFile=/tmp/api.pid\nExecStart=/tmp/whisper-env/bin/python3 /opt/api/main.py\n",
    "README.md": "The PID file is /tmp/api.pid.\n",
    "clean.sh": "rm -rf /tmp/whisper-env /tmp/api.pid\n",
    "src/app.py": "# /var/tmp/a\n",
    "broken.yml": "a: [\n/tmp/api.pid\n",
    "binary": b"/tmp/api.pid\0",
}


@pytest.fixture
def named(tmp_path: Path) -> Mentions:
    root = repository(tmp_path, FILES)
    config = load(str(root), None, ids())
    return mentions(Project(Repository(str(root)), config), {"/tmp": "/private/tmp"})


def test_settings_come_first(named: Mentions) -> None:
    found = named.of("/private/tmp/api.pid")
    assert [mention.place for mention in found] == ["deploy/api.service:2", "README.md:1", "broken.yml:2", "clean.sh:1"]
    assert found[0] == Mention("/private/tmp/api.pid", "deploy/api.service", 2, "pid", "/run/api/api.pid")
    assert [mention.is_setting for mention in found] == [True, False, False, False]


def test_what_names_something_in_a_folder_names_the_folder(named: Mentions) -> None:
    assert [mention.place for mention in named.of("/private/tmp/whisper-env")] == ["deploy/api.service:3", "clean.sh:1"]


def test_other_paths_are_named_by_nobody(named: Mentions) -> None:
    assert named.of("/private/tmp/whisper") == []
    assert named.of("/var/tmp/a") == []
