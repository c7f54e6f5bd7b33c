"""Functions of production source that do not do their work: stubs.

A search for telling words, by git and over all sources at once, names the few lines that may be part of one. Only their
files are parsed (`shipworthy.formats.functions`), and only the functions around those lines are judged
(`shipworthy.stubs.judgement`), by one judgement for all languages.
"""
