"""What the builds of Maven and Gradle name, as far as it is written out and no program has to be run for it.

Sources: https://maven.apache.org/pom.html , https://docs.gradle.org/current/userguide/plugins.html ,
https://docs.gradle.org/current/userguide/version_catalogs.html
"""

from __future__ import annotations

from shipworthy.deployment.evidence import line_at, text_of, tree_of
from shipworthy.deployment.stack.model import Statements, of_name, of_package
from shipworthy.deployment.stack.technologies import MAVEN
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_PROPERTY = lazy(r"<(?P<name>[\w.-]{1,80})>(?P<value>[^<>\n]{1,100})</")
_ARTIFACT = lazy(
    r"<groupId>\s*(?P<group>[\w.-]+)\s*</groupId>\s*<artifactId>\s*(?P<name>[\w.-]+)\s*</artifactId>\s*"
    r"<version>\s*(?P<version>[^<>\s]{1,100})\s*</version>"
)
_JAVA = frozenset({"java.version", "maven.compiler.release", "maven.compiler.target", "maven.compiler.source"})
_VARIABLE = lazy(r"\$\{([\w.-]+)\}")
_OLD_JAVA = lazy(r"^1\.(?=[5-8]$)")
_PLUGIN = lazy(
    r"\bid[ (]*[\"'](?P<name>[\w.-]+)[\"']\)?[ \t]+version[ \t]*\(?[\"'](?P<version>[\w.-]+)[\"']"
    r"|\bkotlin\([\"'](?:jvm|multiplatform)[\"']\)[ \t]+version[ \t]+[\"'](?P<kotlin>[\w.-]+)[\"']"
)
_KOTLIN = "org.jetbrains.kotlin.jvm"
_GRADLE_JAVA = lazy(
    r"(?:JavaLanguageVersion\.of\(|(?:source|target)Compatibility[ \t]*=?[ \t]*(?:JavaVersion\.\w+[_(])?)"
    r"[\"']?(?:1[._])?(?P<version>\d+)"
)


def read_pom(project: Project, path: str) -> Statements:
    """What a `pom.xml` says: the version of Java, and the artifacts with a version."""
    text = text_of(project, path)
    properties = {found["name"]: found["value"].strip() for found in _PROPERTY.finditer(text)}
    for found in _PROPERTY.finditer(text):
        if found["name"] in _JAVA and "$" not in found["value"]:
            version = _OLD_JAVA.sub("", found["value"].strip())
            yield from of_name(project, "Java", version, path, line_at(text, found.start()))
    for found in _ARTIFACT.finditer(text):
        version = _VARIABLE.sub(lambda name: properties.get(name[1], name[0]), found["version"])
        package = f"{found['group']}:{found['name']}"
        yield from of_package(project, MAVEN, package, version, path, line_at(text, found.start("version")))


def read_gradle(project: Project, path: str) -> Statements:
    """What a `build.gradle` says: the version of Java, and plugins with a version."""
    text = text_of(project, path)
    for found in _GRADLE_JAVA.finditer(text):
        yield from of_name(project, "Java", found["version"], path, line_at(text, found.start()))
    for found in _PLUGIN.finditer(text):
        name, version = (found["name"], found["version"]) if found["name"] else (_KOTLIN, found["kotlin"])
        yield from of_package(project, MAVEN, name, version, path, line_at(text, found.start()))


def read_catalog(project: Project, path: str) -> Statements:
    """What a `libs.versions.toml` says of plugins and libraries."""
    tree = tree_of(project, path)
    for top in tree.tops[:1]:
        versions = top.block("versions")
        for table, key in (("plugins", "id"), ("libraries", "module")):
            entries = top.block(table)
            for entry in entries.blocks if entries is not None else ():
                reference = entry.block("version")
                version = entry.value("version")
                if reference is not None and versions is not None:
                    version = versions.value(reference.value("ref"))
                yield from of_package(project, MAVEN, entry.value(key), version, path, tree.line(entry))
