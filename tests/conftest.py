"""Keeps the tests apart from the machine they run on."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

collect_ignore = ["examples"]

settings.register_profile("shipworthy", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("shipworthy")


@pytest.fixture(scope="session", autouse=True)
def neutral_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The user's git configuration, and what git, CI and hook managers put into the environment, have no effect."""
    configuration = tmp_path_factory.mktemp("git") / "config"
    configuration.write_text(
        "[user]\n\tname = Test\n\temail = test@example.com\n"
        "[init]\n\tdefaultBranch = main\n"
        "[core]\n\tautocrlf = false\n"
        "[commit]\n\tgpgSign = false\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("GIT_", "PRE_COMMIT", "PREK_", "GITHUB_")) or name == "SKIP":
                patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield
