"""The one error of the readers."""


class Unreadable(Exception):
    """A text that a reader cannot read; the message says why in a few words.

    It never means that the file is broken: a syntax may be newer than the parser, or a template that some program
    renders first. What single lines say is read all the same.

    ``place`` is the line and the column, from 1, where the reader knows them.
    """

    place: tuple[int, int] | None = None


class TooLarge(Unreadable):
    """A text that no reader is given, because its tree would fill the memory."""
