"""What scripts run: files of the repository, scripts of packages, targets of makefiles.

Looked at are package.json, makefiles, Procfiles and the ``RUN`` and ``CMD`` instructions of Dockerfiles. Shell scripts
are not: nobody knows in which folder they start.

Sources: https://docs.npmjs.com/cli/commands/npm-run-script , GNU make manual,
https://devcenter.heroku.com/articles/procfile
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.contexts import contexts
from shipworthy.deployment.references.dockerfile import dockerfiles
from shipworthy.deployment.references.model import COMMAND, SCRIPT, Fault, Reference, is_for_development, is_ours
from shipworthy.deployment.references.names import SCRIPT_ENDINGS, output_folder
from shipworthy.deployment.references.offers import LONGEST_SCRIPT, MAKEFILES, make_targets, package_scripts
from shipworthy.deployment.references.programs import (
    commands,
    file_run_by,
    make_target_run_by,
    package_script_run_by,
)
from shipworthy.deployment.references.walking import FOR_DEVELOPMENT, is_conditional, located
from shipworthy.file import File
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_FILE_WORD = lazy(
    r"(?<![\w$@{}./*:-])(?:\.{0,2}/)?[\w./@-]+\.(?:" + "|".join(sorted(SCRIPT_ENDINGS)) + r")(?![\w./-])"
    r"|(?<=node )\./[\w./-]+|\./(?:[\w./-]+/)?(?:gradlew|mvnw)\b"
)
_RUN_WORD = lazy(r"\b(?:npm|pnpm)\b[^&|;]{0,200}?\brun(?:-script)?\s+(?P<name>[\w:./-]+)")
_MAKES_PACKAGES = lazy(r"npm (?:init|create|pkg set)|git clone|npx create-|> *\S*package\.json|degit|nest new")
_INSTALLED_LATER = frozenset({"start", "test", "stop", "restart"})


def script_references(project: Project) -> Iterator[Reference | Fault]:
    """Everything that scripts run."""
    yield from _of_packages(project)
    yield from _of_makefiles(project)
    yield from _of_procfiles(project)
    yield from _of_images(project)


def has_packages(project: Project) -> bool:
    """Whether a package with scripts is committed."""
    packages = project.model(package_scripts)
    return any(packages.scripts(folder) for folder in packages.below(""))


def _of_packages(project: Project) -> Iterator[Reference | Fault]:
    packages = project.model(package_scripts)
    for folder in packages.below(""):
        path = f"{folder}/package.json" if folder else "package.json"
        if not is_ours(project, path):
            continue
        scripts = packages.scripts(folder) or {}
        if not any(_is_worth_reading(project, folder, scripts, text[:LONGEST_SCRIPT]) for text in scripts.values()):
            continue
        try:
            file = project.file(path)
            blocks = [block for top in file.document.root.blocks for block in top.blocks if block.name == "scripts"]
        except (KeyError, OSError, Unreadable):
            continue
        for directive in (block for scripts_block in blocks for block in scripts_block.blocks):
            if len(scripts.get(directive.name, "")) > LONGEST_SCRIPT:
                continue
            reader = f'the script "{directive.name}" runs'
            is_development = FOR_DEVELOPMENT.search(directive.name) is not None or is_for_development(file)
            for script in directive.blocks:
                yield from _of_script(project, file, script, (folder,), reader, is_development)


def _is_worth_reading(project: Project, folder: str, scripts: Mapping[str, str], text: str) -> bool:
    """Whether a package's script names anything that is not plainly there: only then is it read as a script."""
    for word in _FILE_WORD.finditer(text):
        path = in_repository(folder, word[0])
        if path is not None and path not in project.repository and not output_folder(path):
            return True
    return "make " in text or any(run["name"] not in scripts for run in _RUN_WORD.finditer(text))


def _of_makefiles(project: Project) -> Iterator[Reference | Fault]:
    for path in project.model(files_besides_code):
        folder, _, name = path.rpartition("/")
        if name not in MAKEFILES or not is_ours(project, path):
            continue
        try:
            file = project.file(path)
            if file.document.degraded:
                continue
        except (OSError, Unreadable):
            continue
        for rule in file.document.root.blocks:
            is_development = FOR_DEVELOPMENT.search(rule.name) is not None or is_for_development(file)
            for script in rule.blocks:
                if script.kind == "script":
                    reader = f'the target "{rule.name}" runs'
                    yield from _of_script(project, file, script, (folder,), reader, is_development, line_by_line=True)


def _of_procfiles(project: Project) -> Iterator[Reference | Fault]:
    for path in project.model(files_besides_code):
        folder, _, name = path.rpartition("/")
        if not name.startswith("Procfile") or not is_ours(project, path):
            continue
        try:
            file = project.file(path)
            processes = list(file.document.root.blocks)
        except (OSError, Unreadable):
            continue
        for process in processes:
            for script in process.blocks:
                reader = f"the process {process.name} runs"
                folders = tuple(dict.fromkeys((folder, "")))
                yield from _of_script(project, file, script, folders, reader, is_for_development(file))


def _of_script(
    project: Project,
    file: File,
    script: Block,
    folders: tuple[str, ...],
    reader: str,
    is_development: bool,
    *,
    line_by_line: bool = False,
) -> Iterator[Reference | Fault]:
    """What the commands of one script run that may start in one of ``folders``."""
    for command, where in located(project, file, script, folders, line_by_line=line_by_line):
        if where and not is_conditional(file, command.start):
            yield from _of_command(project, file, command, where, reader, is_development)


def _of_command(
    project: Project, file: File, command: Block, folders: tuple[str, ...], reader: str, is_development: bool
) -> Iterator[Reference | Fault]:
    written = file_run_by(command)
    if written:
        names = (
            [written]
            if "." in written.rpartition("/")[2]
            else [written + end for end in ("", ".js", ".ts", "/index.js", "/index.ts")]
        )
        found = (in_repository(folder, name) for folder in folders for name in names)
        paths = tuple(path for path in found if path)
        if paths and "node_modules/" not in paths[0]:
            yield Reference(SCRIPT, file, _start_of(command, written), written, paths, reader, is_development)
    yield from _package_fault(project, file, command, folders, reader, is_development)
    yield from _target_faults(project, file, command, folders, reader, is_development)


def _start_of(command: Block, written: str) -> int:
    return next((setting.start for setting in command.settings if setting.value == written), command.start)


def _package_fault(
    project: Project, file: File, command: Block, folders: tuple[str, ...], reader: str, is_development: bool
) -> Iterator[Fault]:
    """A fault where no package in the folders has the script."""
    run = package_script_run_by(command)
    if run is None or not _is_plain(run[1]):
        return
    into, name = run
    packages = project.model(package_scripts)
    found = [
        (inner, scripts)
        for folder in folders
        if (inner := in_repository(folder, into or ".")) is not None
        and (scripts := packages.scripts(inner)) is not None
    ]
    if found and all(name not in scripts for _, scripts in found):
        yield _absent_script(file, command, name, found[0][0], found[0][1], reader, is_development)


def _absent_script(
    file: File, command: Block, name: str, folder: str, scripts: Mapping[str, str], reader: str, is_development: bool
) -> Fault:
    from difflib import get_close_matches

    path = f"{folder}/package.json" if folder else "package.json"
    near = get_close_matches(name, scripts, 1)
    fix = f'add "{name}" to the scripts of {path}' + (f', or run "{near[0]}"' if near else "")
    problem = f'{reader} {" ".join(command.words[:3])}, but {path} has no script "{name}"'
    return Fault(COMMAND, file, _start_of(command, name), problem, fix, is_development)


def _target_faults(
    project: Project, file: File, command: Block, folders: tuple[str, ...], reader: str, is_development: bool
) -> Iterator[Fault]:
    """A fault for each target that no makefile in the folders has."""
    asked = make_target_run_by(command)
    if asked is None:
        return
    into, targets = asked
    makefiles = project.model(make_targets)
    found = (in_repository(folder, into or ".") for folder in folders)
    paths = [path for folder in found if folder is not None and (path := makefiles.path_in(folder))]
    for target in targets:
        if paths and _is_plain(target) and not any(makefiles.can_make(path, target) for path in paths):
            problem = f'{reader} make {target}, but {paths[0]} has no target "{target}"'
            fix = f'add the target "{target}" to {paths[0]}'
            yield Fault(COMMAND, file, _start_of(command, target), problem, fix, is_development)


def _is_plain(name: str) -> bool:
    return not set(name) & set("$*{}()%<>`\\\"'")


def _of_images(project: Project) -> Iterator[Fault]:
    """Scripts of packages that a Dockerfile runs and that no package in its context has."""
    packages = project.model(package_scripts)
    known = project.model(contexts)
    for file in project.model(dockerfiles):
        if b"npm" not in file.data or _MAKES_PACKAGES.search(file.text):
            continue
        folders = [*known.stated(file.path)] or known.around(file.path)
        found = {inner: packages.scripts(inner) or {} for folder in folders for inner in packages.below(folder)}
        if not found:
            continue
        names = frozenset(name for scripts in found.values() for name in scripts)
        for command in _image_commands(file.document.root):
            run = package_script_run_by(command)
            is_absent = run is not None and _is_plain(run[1]) and run[1] not in names | _INSTALLED_LATER
            if run is not None and is_absent and not is_conditional(file, command.start):
                own = file.directory if file.directory in found else next(iter(found))
                instruction = command.inside("instruction")
                is_build = instruction is not None and instruction.name == "RUN"
                reader = "the image build runs" if is_build else "the image runs"
                yield _absent_script(file, command, run[1], own, found[own], reader, is_for_development(file))


def _image_commands(root: Block) -> Iterator[Block]:
    for stage in root.blocks:
        for instruction in stage.blocks:
            if instruction.name in ("RUN", "CMD", "ENTRYPOINT"):
                yield from commands(instruction)
