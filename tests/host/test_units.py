"""Which unit or container a process belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.host.units import Membership, membership

ID = "3f2a9c1e8d7b" + "0" * 52


@pytest.mark.parametrize(
    ("cgroup", "expected"),
    [
        pytest.param("0::/system.slice/transcription.service\n", Membership("transcription.service"), id="a service"),
        pytest.param("0::/system.slice/system-api.slice/api@2.service", Membership("api@2.service"), id="an instance"),
        pytest.param(r"0::/system.slice/my\x2dapi.service", Membership("my-api.service"), id="an escaped name"),
        pytest.param("0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service", Membership("web.service"),
                     id="a user's service"),
        pytest.param("0::/user.slice/user-1000.slice/session-3.scope", Membership("session-3.scope"), id="a session"),
        pytest.param("0::/user.slice/user-1000.slice/user@1000.service/init.scope", Membership(), id="a user's manager"),
        pytest.param("0::/init.scope\n", Membership(), id="the first process"),
        pytest.param("0::/\n", Membership(), id="the root"),
        pytest.param(f"0::/system.slice/docker-{ID}.scope", Membership("", "3f2a9c1e8d7b"), id="Docker with systemd"),
        pytest.param(f"12:pids:/docker/{ID}\n0::/docker/{ID}\n", Membership("", "3f2a9c1e8d7b"), id="Docker without systemd"),
        pytest.param(f"0::/machine.slice/libpod-{ID}.scope/container", Membership("", "3f2a9c1e8d7b"), id="Podman"),
        pytest.param(f"0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-{ID}.scope", Membership("", "3f2a9c1e8d7b"),
                     id="Kubernetes"),
        pytest.param("9:name=systemd:/system.slice/old.service\n8:pids:/\n", Membership("old.service"), id="the first version"),
        pytest.param("", Membership(), id="nothing"),
    ],
)  # fmt: skip
def test_membership(cgroup: str, expected: Membership) -> None:
    assert membership(cgroup) == expected


def test_what_is_a_service() -> None:
    assert Membership("api.service").is_service
    assert Membership("", "3f2a9c1e8d7b").is_service
    assert not Membership("session-3.scope").is_service
    assert not Membership().is_service


@given(st.text() | st.text("0:/.a\\xservicope\n-"))
def test_any_text_may_be_read(text: str) -> None:
    membership(text)
