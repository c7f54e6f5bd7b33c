"""Docker Compose as the rules see it: files, the sets they form, and services after merging.

``project.model(compose)`` gives the repository's `Compose`. A merged `Value` knows the file and the node it comes
from, so a finding stands where the user would change it: ``RULE.finding(value.file, value.node, ...)``.
"""

from __future__ import annotations

from shipworthy.deployment.compose.commands import ComposeCommand
from shipworthy.deployment.compose.files import ComposeFile
from shipworthy.deployment.compose.resolve import CYCLE, EXTENDS, INCLUDE, SECTIONS, Missing
from shipworthy.deployment.compose.services import Build, Dependency, EnvFile, Mount, Service
from shipworthy.deployment.compose.sets import (
    CANDIDATE,
    DEVELOPMENT,
    PRODUCTION,
    ROLES,
    TEST,
    Compose,
    ComposeSet,
    compose,
)
from shipworthy.deployment.compose.values import Layer, Pair, Value

__all__ = [
    "CANDIDATE",
    "CYCLE",
    "DEVELOPMENT",
    "EXTENDS",
    "INCLUDE",
    "PRODUCTION",
    "ROLES",
    "SECTIONS",
    "TEST",
    "Build",
    "Compose",
    "ComposeCommand",
    "ComposeFile",
    "ComposeSet",
    "Dependency",
    "EnvFile",
    "Layer",
    "Missing",
    "Mount",
    "Pair",
    "Service",
    "Value",
    "compose",
]
