"""What commands may ask for by name: scripts of packages, targets of make, services of Compose."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise

from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.references.offers import make_targets, package_scripts
from shipworthy.deployment.references.programs import program_words
from shipworthy.formats.tree import Block
from shipworthy.patterns import lazy
from shipworthy.places import GENERATED, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.project import Project

_COMPOSE = lazy(r"(?:^|/)[^/]*compose[^/]*\.ya?ml$|(?:^|/)stack[^/]*\.ya?ml$")
_YAML = (".yml", ".yaml")
_KEY = lazy(r"^[ \t]+[\"']?(?P<name>[\w.-]+)[\"']?:", re.MULTILINE)
_VERBS = frozenset("up logs exec run restart stop start build pull rm kill top create pause unpause".split())
_ONE = frozenset({"exec", "run"})
"""Verbs behind which only the first operand is a service."""
_VALUED = frozenset(
    "-t --timeout --scale --tail -n --since --until -u --user -e --env -w --workdir --index -v --volume -p --publish"
    " --name --entrypoint -l --label --pull --wait-timeout --exit-code-from --attach --no-attach -s --signal"
    " --memory -m --build-arg --ssh --builder --policy --rmi --progress --format --filter".split()
)
_GLOBAL = frozenset(
    "-f --file -p --project-name --profile --parallel --ansi --progress --env-file --project-directory -H --host"
    " --context".split()
)
_TITLE = lazy(r"^#[ \t]+(?:[^\w\s]+[ \t]*)?([\w .-]+?)(?:[ \t]*[:–—(|-][^\n]*)?$", re.MULTILINE)
_NAME = lazy(r"[a-z0-9][\w.-]*", re.IGNORECASE)
_PLACEHOLDER = lazy(r"[A-Z_]+|(?:your|my|some|the)?[-_]?(?:service|container|svc)(?:[-_]?name)?\d?")


class Needs:
    """What the repository has to offer: ``project.model(Needs)``."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._near: dict[str, list[str]] = {}

    @cached_property
    def _scripts(self) -> frozenset[str]:
        packages = self.project.model(package_scripts)
        folders = [folder for folder in packages.folders if self._is_ours(f"{folder}/package.json")]
        return frozenset(name for folder in folders for name in packages.scripts(folder) or {})

    def _is_ours(self, path: str) -> bool:
        return self.project.place_of(path) not in (VENDORED, GENERATED)

    @cached_property
    def _makefiles(self) -> list[str]:
        return [path for path in self.project.model(make_targets).paths if self._is_ours(path)]

    @cached_property
    def _targets(self) -> frozenset[str] | None:
        """The targets of all makefiles; None where one of them may have any."""
        makefiles = self.project.model(make_targets)
        found = [makefiles.targets(path) for path in self._makefiles]
        if any(names is None for names in found):
            return None
        return frozenset(name for names in found for name in names or ())

    @cached_property
    def _services(self) -> frozenset[str]:
        """Every name in a Compose file that may be one of a service."""
        candidates = [path for path in self.project.repository.paths if path.endswith(_YAML)]
        paths = [path for path in candidates if _COMPOSE.search(path)]
        return frozenset(key["name"] for path in paths for key in _KEY.finditer(text_of(self.project, path)))

    @cached_property
    def _yaml(self) -> frozenset[str]:
        """The names of files that Compose may be given."""
        return frozenset(path.rpartition("/")[2] for path in self.project.repository.paths if path.endswith(_YAML))

    def has_script(self, name: str) -> bool:
        """Whether any package has a script of that name, or there may be one that is not known."""
        return name in self._scripts or bool(self.project.repository.submodules)

    def has_script_about(self, *words: str) -> bool:
        """Whether the name of a script, a target or a file below a makefile holds one of some words, or may do so."""
        if self._targets is None:
            return True
        folders = {path.rpartition("/")[0] for path in self._makefiles}
        files = (path[len(folder) :] for folder in folders for path in self.project.repository.below(folder))
        return any(word in name for names in (self._scripts, self._targets, files) for name in names for word in words)

    def lacks_script(self, name: str) -> str:
        """Why a script cannot run."""
        if not self.project.model(package_scripts).folders:
            return f'runs the script "{name}", and no package.json is committed'
        return f'runs the script "{name}", and no package.json has it'

    def near_script(self, name: str) -> str:
        """What to run or to write instead of a script that is not there."""
        if name not in self._near:
            from difflib import get_close_matches

            self._near[name] = get_close_matches(name, self._scripts, 1)
        near = self._near[name]
        return f'add "{name}" to the scripts of package.json' + (f', or run "{near[0]}"' if near else "")

    def has_target(self, name: str) -> bool:
        """Whether any makefile has a target of that name, or may have it, or there is a file of that name beside it."""
        if self._targets is None or name in self._targets or self.project.repository.submodules:
            return True
        makefiles = self.project.model(make_targets)
        return any(makefiles.can_make(path, name) for path in self._makefiles)

    def lacks_target(self, name: str) -> str:
        """Why a target cannot be made."""
        if not self.project.model(make_targets).paths:
            return f"makes {name}, and no Makefile is committed"
        return f"makes {name}, and no Makefile has that target"

    def is_word_of_compose(self, word: str) -> bool:
        """Whether a word is a service or a verb of Compose."""
        return word in self._services or word in _VERBS or word in ("down", "ps", "config", "docker", "compose")

    def lost_services(self, command: Block, document: str) -> Iterator[str]:
        """The services that a command of Compose names and no Compose file has, nor one that the document shows."""
        words = program_words(command)
        if tuple(words[:2]) == ("docker", "compose"):
            rest = list(words[2:])
        elif words and words[0] == "docker-compose":
            rest = list(words[1:])
        else:
            return
        if not self._services or not all(file.rpartition("/")[2] in self._yaml for file in _files(rest)):
            return  # or a file that is made there, or of another program
        for name in _operands(rest):
            if name not in self._services and not re.search(rf"^[ \t]+{re.escape(name)}:", document, re.MULTILINE):
                yield name

    def is_ours(self, address: str, document: str) -> bool:
        """Whether an address that a document clones is that of this repository."""
        name = address.rstrip("/").removesuffix(".git").rpartition("/")[2].rpartition(":")[2].lower()
        if not name or name.startswith(("<", "your", "$")):
            return True
        known = {self.project.repository.root.rpartition("/")[2].rpartition("+")[2].lower()}
        known |= {
            remote.rstrip("/").removesuffix(".git").rpartition("/")[2].lower()
            for remote in self.project.repository.remotes
        }
        title = _TITLE.search(document)
        return name in known or (title is not None and _comparable(name) == _comparable(title[1]))


def _files(words: Sequence[str]) -> Iterator[str]:
    """The files that a command gives to Compose."""
    for word, value in pairwise(words):
        if word in ("-f", "--file") and value.endswith(_YAML):
            yield value


def _operands(words: Sequence[str]) -> Iterator[str]:
    """The services among the words behind ``docker compose``."""
    verb, skip = "", False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = "=" not in word and word in (_VALUED if verb else _GLOBAL)
        elif not verb:
            verb = word
            if verb not in _VERBS:
                return
        elif _NAME.fullmatch(word) is None or _PLACEHOLDER.fullmatch(word):
            return
        else:
            yield word
            if verb in _ONE:
                return


def _comparable(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
