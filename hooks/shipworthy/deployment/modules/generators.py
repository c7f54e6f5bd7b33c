"""Modules that nobody writes: a program makes them, so they need not be committed."""

from __future__ import annotations

import re
from functools import cached_property

from shipworthy.deployment.evidence import text_of
from shipworthy.formats import CODE, format_of
from shipworthy.patterns import lazy
from shipworthy.places import GENERATED as GENERATED_PLACE
from shipworthy.places import VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from shipworthy.deployment.modules.model import Missing
    from shipworthy.project import Project

_GENERATED = lazy(
    r"(?:^|/)(?:\.[\w-]+|_?_?(?:auto[-_]?)?gen(?:erated)?_?_?|codegen|generated[-_]\w+|[\w-]+[-_.](?:gen|generated|codegen)"
    r"|node_modules|dist|styled-system|paraglide|\$types|\+types|typechain(?:-types)?|prisma-client|prisma/client"
    r"|\$houdini|virtual:[^/]*|wailsjs|wasm|pkg|bindings|target)(?:/|\.\w+$|$)"
    r"|[\w-]_pb2?(?:_grpc|_connect|_twirp)?(?:\.\w+)?$|\.pb(?:\.\w+)*$|_grpc(?:_web)?_pb|[._-](?:gen|generated)(?:\.\w+)*$"
    r"|(?:^|/)(?:_version|__version__|_build_info|build[-_]?info|git[-_]?info|buildInfo|gitInfo)(?:\.\w+)?$",
    re.IGNORECASE,
)
_OUTPUT = lazy(
    r"(?:^|/)(?:build|out|output|esm|cjs|umd|lib-(?:esm|cjs)|public/build|static/dist|bundle|webpack)(?:/|$)"
)
"""Where builds write: only an ignored path is taken for an output."""
_DECLARATIONS = lazy(
    r"(?:^|/)(?:codegen\.[\w.]+|[\w.-]*codegen[\w.-]*\.(?:ya?ml|json|[cm]?[jt]s)|[\w.-]+\.prisma|buf\.gen[\w.]*\.ya?ml|sqlc\.(?:ya?ml|json)"
    r"|orval\.config\.\w+|openapi-ts\.config\.\w+|kubb\.config\.\w+|graphql\.config\.\w+|\.graphqlrc[\w.]*|gqlgen\.ya?ml"
    r"|relay\.config\.\w+|panda\.config\.\w+|lingui\.config\.\w+|build\.rs|setup\.py|(?:generate|gen)[-_][\w.-]+\.(?:[cm]?[jt]s|py|sh|rb)|meson\.build|CMakeLists\.txt)$",
    holding=(
        *("codegen", ".prisma", "buf.gen", "sqlc.", "orval.config.", "openapi-ts.config.", "kubb.config.", "build.rs"),
        *("graphql.config.", ".graphqlrc", "gqlgen.y", "relay.config.", "panda.config.", "lingui.config.", "setup.py"),
        *("generate", "gen-", "gen_", "meson.build", "cmakelists.txt"),
    ),
)
"""Files that say what a generator writes: whatever they name may be its output."""
_COMMANDS = lazy(
    r"(?:^|/)(?:package\.json|(?:GNU)?[Mm]akefile|[Jj]ustfile|\.justfile|[Tt]askfile\.ya?ml|pyproject\.toml|setup\.cfg"
    r"|[\w.-]*Dockerfile[\w.-]*|noxfile\.py|tasks\.py|gulpfile\.\w+|[\w.-]+\.(?:sh|bash|mk)|(?:vite|webpack|rollup|next|nuxt)\.config\.\w+)$"
    r"|(?:^|/)\.github/workflows/[^/]+\.ya?ml$|(?:^|/)(?:scripts?|tools?|hack|build)/[^/]+\.(?:[cm]?[jt]s|py|rb)$",
    holding=(
        *(
            "package.json",
            "makefile",
            "justfile",
            "taskfile",
            "pyproject.toml",
            "setup.cfg",
            "dockerfile",
            "noxfile.py",
        ),
        *("tasks.py", "gulpfile.", ".sh", ".bash", ".mk", "vite.config.", "webpack.config.", "rollup.config."),
        *("next.config.", "nuxt.config.", ".github/workflows/", "script", "tool", "hack/", "build/"),
    ),
)
_WRITES = lazy(
    r"(?:>>?|(?<![\w-])-{1,2}o\w*|\bout\w*[\"']?[ ]*[:=]|\b(?:write|emit|save|dump)\w*\(|\bopen\("
    r"|\b(?:cp|mv|ln|install|tee|curl|wget|COPY|ADD)[ ]"
    r"|\b(?:write_to|version[_-]file|build-hook|versionfile_source)\b)[^\n;&|]*+$"
)
"""What stands before the name of a file, on its line, where a command or a setting writes it."""
_MOVES = lazy(r"\b(?:cp|mv)[ ][^\n;&|]*+$")
"""What stands before the name of a file that a command puts somewhere else."""
_WRITTEN = lazy(r"[\"')\s]{1,9}\.(?:open|write)\w*\(")
"""What stands behind the name of a file in a program that writes it."""
_COPIES = lazy(r"\b(?:copy\w*|write\w*|rename\w*|symlink\w*)\(", re.IGNORECASE)
"""What stands in a program that makes files."""
_IMPORTS = lazy(r"\b(?:import|from|require)\b")
"""What stands before the name of a file that a program only imports."""
_COMMON = ("index.ts", "index.js", "__init__.py", "mod.rs", "main.py", "app.py", "server.js", "main.ts")
"""Names that too many files have."""
_NEAR = 200
"""Characters before a name that are looked at."""
_EXAMPLE = lazy(
    r"[._-](?:example|sample|template|dist|default|tmpl)(?=[._-]|$)|^(?:example|sample)[._-]", re.IGNORECASE
)


class Generators:
    """What the repository's own generators write."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def is_generated(self, target: str, candidates: tuple[str, ...]) -> bool:
        """Whether the path alone says that a program makes the module."""
        if any(_GENERATED.search(path) for path in (target, *candidates[:1])):
            return True
        return self.project.place_of(candidates[0]) in (GENERATED_PLACE, VENDORED)

    def unmade(self, missing: Iterable[Missing], ignored: Container[str]) -> list[Missing]:
        """The modules that no program makes, nor whoever deploys from an example. ``ignored`` are excluded paths."""
        left = [
            one
            for one in missing
            if not any(self._names(name) for name in self._spellings(one.candidates))
            and not self._is_moved(one.file.path)
        ]
        excluded = [one for one in left if any(path in ignored for path in one.candidates)]
        made = {one.candidates for one in excluded if _OUTPUT.search(one.target) or self._has_example(one.candidates)}
        made |= self._copied({one.candidates for one in excluded} - made)
        return [one for one in left if one.candidates not in made]

    def _is_moved(self, path: str) -> bool:
        """Whether a command puts the file somewhere else before it runs: its imports are relative to that place."""
        name = "/".join(path.split("/")[-2:])
        return any(_MOVES.search(before) for before, _ in _mentions(self._commanded, name))

    def _has_example(self, candidates: tuple[str, ...]) -> bool:
        """Whether a file beside a candidate is an example of it."""
        for path in candidates[:6]:
            directory, _, name = path.rpartition("/")
            start = directory + "/" if directory else ""
            stem = name.partition(".")[0]
            for other in self._examples:
                if other.startswith(start + stem) and "/" not in other[len(start) :]:
                    return True
        return False

    def _copied(self, modules: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
        """The modules of which a program that copies or writes files names a candidate, wherever the program is."""
        names = {module: ["/".join(path.split("/")[-2:]) for path in module if "/" in path] for module in modules}
        wanted = sorted({name for some in names.values() for name in some})
        found: set[tuple[str, ...]] = set()
        for path in self.project.repository.containing("\n".join(wanted)) if wanted else ():
            if format_of(path) not in CODE or self.project.place_of(path) == VENDORED:
                continue
            text = text_of(self.project, path)
            if not _COPIES.search(text):
                continue
            content = text.encode()
            used = {name for name in wanted if name in text and _is_used(content, name)}
            found.update(module for module, some in names.items() if not used.isdisjoint(some))
        return found

    @cached_property
    def _examples(self) -> list[str]:
        return [path for path in self.project.repository.paths if _EXAMPLE.search(path.rpartition("/")[2])]

    def _names(self, name: str) -> bool:
        """Whether a generator's configuration names the path, or a command writes it."""
        if any(True for _ in _mentions(self._declared, name)):
            return True
        return any(
            _WRITES.search(before) or _WRITTEN.match(behind) for before, behind in _mentions(self._commanded, name)
        )

    def _spellings(self, candidates: tuple[str, ...]) -> list[str]:
        """How generators name a module: by its file, or by a folder that they write and nobody else writes to."""
        found = []
        for path in candidates[:4]:
            parts = path.split("/")
            found.append(parts[-1] if "." in parts[-1] else "/".join(parts[-2:]))
            for end in range(len(parts) - 1, 1, -1):
                if "/".join(parts[:end]) in self.project.repository.directories:
                    break
                found.append("/".join(parts[end - 2 : end]))
        return [name for name in dict.fromkeys(found) if name not in _COMMON]

    @cached_property
    def _declared(self) -> bytes:
        return self._contents(_DECLARATIONS)

    @cached_property
    def _commanded(self) -> bytes:
        return self._contents(_COMMANDS)

    def _contents(self, names: re.Pattern[str]) -> bytes:
        """What all files of these names hold, as bytes: a text with one picture in it takes four times as much."""
        paths = (path for path in self.project.repository.paths if names.search(path))
        ours = (path for path in paths if self.project.place_of(path) != VENDORED)
        return b"\n".join(text_of(self.project, path).encode() for path in ours)


def _is_used(content: bytes, name: str) -> bool:
    """Whether a program names a file other than to import it."""
    return not all(_IMPORTS.search(before) for before, _ in _mentions(content, name))


def _mentions(content: bytes, name: str) -> Iterator[tuple[str, str]]:
    """For each mention of a path in UTF-8, what stands up to its end on its line, and a few characters behind it."""
    written = name.encode("utf-8", "replace")
    start = content.find(written)
    while start >= 0:
        end = start + len(written)
        first = max(start - _NEAR, content.rfind(b"\n", max(start - _NEAR, 0), start) + 1)
        around, behind = (
            content[first:start].decode("utf-8", "replace"),
            content[end : end + _NEAR].decode("utf-8", "replace"),
        )
        is_part = around[-1:].isalnum() or behind[:1].isalnum()
        if not is_part and around[-1:] not in ("-", "_") and behind[:1] not in ("-", "_"):
            yield around + name, behind
        start = content.find(written, end)


def generators(project: Project) -> Generators:
    """The generators of the repository: ``project.model(generators)``."""
    return Generators(project)
