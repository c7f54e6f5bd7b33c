"""What else in the repository makes a stub none: classes that complete it, interfaces that others dictate."""

from __future__ import annotations

import re

from shipworthy.patterns import lazy
from shipworthy.stubs.gates import heading_behind
from shipworthy.stubs.judgement import NOT_IMPLEMENTED, Stub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from shipworthy.formats.functions import Owner
    from shipworthy.project import Project

MOST_CLASSES = 500
"""How many classes are looked up: nobody reads more findings."""
_BASES = lazy(r"(?:\bimplements\b|\bextends\b|:|\bfor\b|\()\s*(?P<bases>[^{]+)")
_ARGUMENTS = lazy(r"<[^<>]*>")
_NAME = lazy(r"[A-Z]\w*")
_WRITTEN = ("python", "ruby", "php")
"""Languages in which no editor fills in what an interface asks for with an error: who throws one says so."""
_REFUSALS = 4
"""So many classes of one kind that refuse an operation in the same words can do without it."""
_DECLARES = "class interface trait protocol record struct".split()


class Relations:
    """The classes of the repository that candidates stand in, and those that they are built on."""

    def __init__(self, project: Project, endings: tuple[str, ...]) -> None:
        self.project = project
        self.endings = endings
        self._texts: dict[str, str] = {}

    def keep(self, found: list[tuple[str, Stub]]) -> list[tuple[str, Stub]]:
        """The stubs that nothing else in the repository explains."""
        owners = {
            owner.name for _, stub in found if (owner := _class_of(stub)) is not None and stub.kind == NOT_IMPLEMENTED
        }
        owners = set(sorted(owners)[:MOST_CLASSES])
        extended = self._extended(owners) if owners else set()
        bases = {name for _, stub in found if stub.kind == NOT_IMPLEMENTED for name in _bases(_class_of(stub))}
        own = self._declared(bases) if bases else set()
        refused = _refused(stub for _, stub in found)
        return [pair for pair in found if not self._is_explained(pair[1], extended, own, refused)]

    def _is_explained(self, stub: Stub, extended: set[str], own: set[str], refused: set[tuple[str, str]]) -> bool:
        owner = _class_of(stub)
        if owner is None or stub.kind != NOT_IMPLEMENTED:
            return False
        if owner.name in extended or any((base, stub.quote) in refused for base in _bases(owner)):
            return True
        bases = _bases(owner)
        is_dictated = bool(bases) and not bases & own  # by somebody else's interface; nobody here asks for it
        quote = stub.quote.lower()
        return is_dictated and not ("not implemented" in quote or "todo" in quote or stub.function.language in _WRITTEN)

    def _extended(self, names: set[str]) -> set[str]:
        """The names that another class is built on."""
        patterns = [
            form.format(name)
            for name in sorted(names)
            for form in ("extends {}", "({})", "({},", ", {})", ": {}", "< {}", "::{}", "include {}", ".{})", ".{},")
        ]
        found: set[str] = set()
        wanted = re.compile(
            r"(?:\bextends\s+|\bclass\s+\w+[^\n{]*[(:,<]\s*(?:[\w.]*[.:])?|\binclude\s+|\bprepend\s+)("
            + "|".join(map(re.escape, sorted(names)))
            + r")\b(?!\s*::)"
        )
        for path in self.project.repository.containing("\n".join(patterns), self.endings):
            found.update(match[1] for match in wanted.finditer(self._text(path)))
        return found

    def _declared(self, names: set[str]) -> set[str]:
        patterns = [f"{word} {name}" for name in sorted(names)[:MOST_CLASSES] for word in _DECLARES]
        wanted = re.compile(r"\b(?:" + "|".join(_DECLARES) + r")\s+(\w+)")
        found: set[str] = set()
        for path in self.project.repository.containing("\n".join(patterns), self.endings):
            found.update(match[1] for match in wanted.finditer(self._text(path)) if match[1] in names)
        return found

    def _text(self, path: str) -> str:
        if path not in self._texts:
            try:
                self._texts[path] = self.project.repository.read(path).decode("utf-8", "replace")
            except OSError:
                self._texts[path] = ""
        return self._texts[path]


def _refused(stubs: Iterable[Stub]) -> set[tuple[str, str]]:
    """Kinds of classes, and the words in which many of a kind refuse an operation: not every class has to have it."""
    from collections import Counter

    counted = Counter(
        (base, stub.function.name, stub.quote)
        for stub in stubs
        if stub.kind == NOT_IMPLEMENTED
        for base in _bases(_class_of(stub))
    )
    return {(base, words) for (base, _, words), classes in counted.items() if classes >= _REFUSALS}


def _class_of(stub: Stub) -> Owner | None:
    owner = stub.function.owner
    return owner if owner is not None and owner.kind not in ("receiver", "mod_item") and owner.name else None


def _bases(owner: Owner | None) -> set[str]:
    """The names that a class is built on."""
    if owner is None:
        return set()
    heading = heading_behind(owner)
    for _ in range(4):  # what a type is made for is none that it is built on
        heading = _ARGUMENTS.sub("", heading)
    found = _BASES.search(heading)
    return set(_NAME.findall(found["bases"])) - {owner.name} if found else set()
