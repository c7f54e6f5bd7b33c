"""What a function is, whatever the language: the words that the judgement is written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

RETURN, THROW, CALL, DECLARATION = "return", "throw", "call", "declaration"
BRANCH, LOOP, TRY, DEFINITION, NOTHING, OTHER = "branch", "loop", "try", "definition", "nothing", "other"


class Comment(NamedTuple):
    """A comment or a docstring with its marks, and its offset in the file."""

    text: str
    start: int


class Text(NamedTuple):
    """A string literal without its quotes; what is interpolated stands in it as it is written."""

    value: str
    start: int
    is_composed: bool


class Call(NamedTuple):
    """A call: ``path`` is the callee as written without arguments, ``root`` its first and ``name`` its last name.

    ``is_linked`` tells that it is a link inside a chain (``b`` in ``a.b().c()``), whose root is that of the chain.
    """

    path: str
    root: str
    name: str
    is_new: bool
    is_linked: bool
    start: int


class Expression:
    """What an expression is composed of, in order of appearance; how it is composed is left out.

    ``reads`` are names and member paths that are not called. ``names`` are all identifiers in it, keys left out, and
    ``keys`` the keys of its entries. ``values`` are numbers, truth values and nulls as written. ``operators`` are those
    that compute; a ternary is "?" and a comprehension "for". ``stores`` are the targets of assignments in it.
    """

    __slots__ = ("calls", "functions", "keys", "names", "operators", "reads", "stores", "texts", "values")

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.texts: list[Text] = []
        self.reads: list[str] = []
        self.names: set[str] = set()
        self.keys: list[str] = []
        self.values: list[str] = []
        self.operators: list[str] = []
        self.stores: list[str] = []
        self.functions = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.calls or self.texts or self.reads or self.values or self.keys)


class Branch(NamedTuple):
    """One way through a statement: ``label`` is what leads there as written, "" for what is always gone through."""

    label: str
    is_default: bool
    statements: tuple[Statement, ...]


class Statement:
    """A statement with what it is made of; what stands inside its branches is in them alone.

    ``kind`` is one of the constants of this module. ``targets`` are what is assigned to. Handlers of a TRY (``catch``)
    are branches with a label. ``text`` is how it is written, one line, cut where it is long. ``look`` notes what the
    statement is made of and tells its kind, when one of these is first asked for.
    """

    __slots__ = ("_expression", "_kind", "_look", "_targets", "branches", "end", "start", "text")

    def __init__(
        self, kind: str, start: int, end: int, text: str, look: Callable[[Statement], str] | None = None
    ) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.branches: list[Branch] = []
        self._kind = kind
        self._expression = Expression()
        self._targets: list[str] = []
        self._look = look

    def _looked_at(self) -> Statement:
        look, self._look = self._look, None
        if look is not None:
            self._kind = look(self)
        return self

    @property
    def kind(self) -> str:
        """What it does."""
        return self._kind if self._look is None else self._looked_at()._kind

    @kind.setter
    def kind(self, kind: str) -> None:
        self._looked_at()._kind = kind

    @property
    def expression(self) -> Expression:
        """What it is composed of, its branches aside."""
        return self._expression if self._look is None else self._looked_at()._expression

    @property
    def targets(self) -> list[str]:
        """What it assigns to."""
        return self._targets if self._look is None else self._looked_at()._targets

    def __iter__(self) -> Iterator[Statement]:
        """The statement and all inside it, in order of appearance."""
        waiting = [self]
        while waiting:
            statement = waiting.pop()
            yield statement
            waiting.extend(inner for branch in reversed(statement.branches) for inner in reversed(branch.statements))

    def __repr__(self) -> str:
        return f"<{self.kind}: {self.text}>"


class Owner(NamedTuple):
    """What a function stands in: a class, an interface, a trait, a module, an ``impl``.

    ``heading`` is everything in front of its body, with decorators and comments above; ``kind`` is the grammar's word.
    """

    kind: str
    name: str
    heading: str


class Body(Protocol):
    """Makes what a function is made of, when it is first asked for."""

    def statements(self) -> Sequence[Statement]:
        """The statements of the function itself."""

    def comments(self) -> Iterator[Comment]:
        """The comments in it."""


class Function:
    """One function, method, accessor, script, or function given to a call.

    ``heading`` is what stands in front of the body: decorators, modifiers, name, parameters and result. ``above`` are
    the comments in front of it, ``comments`` those inside, docstrings included. ``given_to`` is the call that a
    nameless function is an argument of, with the call's first text: ``app.get /users``. ``owners`` are what it stands
    in, the innermost first. ``start`` is the offset of its name, or of itself. Statements and comments are made when
    they are first asked for: of most functions nobody does.
    """

    __slots__ = (
        "_body",
        "_comments",
        "_statements",
        "above",
        "end",
        "given_to",
        "heading",
        "language",
        "name",
        "owners",
        "parameters",
        "start",
    )

    def __init__(self, language: str, name: str, start: int, end: int, body: Body) -> None:
        self._body: Body | None = body
        self._statements: tuple[Statement, ...] | None = None
        self._comments: tuple[Comment, ...] | None = None
        self.language = language
        self.name = name
        self.start = start
        self.end = end
        self.heading = ""
        self.given_to = ""
        self.parameters: tuple[str, ...] = ()
        self.above: tuple[Comment, ...] = ()
        self.owners: tuple[Owner, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What it does."""
        if self._statements is None:
            self._statements = tuple(self._body.statements()) if self._body is not None else ()
        return self._statements

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments inside."""
        if self._comments is None:
            self._comments = tuple(self._body.comments()) if self._body is not None else ()
        return self._comments

    def forget(self) -> None:
        """Let go of what is inside, which holds the whole file: enough is known."""
        self._body = None
        self._statements = self._comments = ()

    @property
    def owner(self) -> Owner | None:
        """The innermost owner."""
        return self.owners[0] if self.owners else None

    def __iter__(self) -> Iterator[Statement]:
        """All statements, also those inside of others."""
        for statement in self.statements:
            yield from statement

    def __repr__(self) -> str:
        return f"<{self.language} function {self.name or self.given_to}>"
