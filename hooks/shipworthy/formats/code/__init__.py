"""Program code: what in it can be configuration.

One reader for Python, JavaScript, TypeScript, Java, Go, PHP and Ruby: their grammars name the same constructs in other
words, and `shipworthy.formats.code.nodes` is the dictionary. What comes out:

- assignments, constants, fields, entries of objects, keyword arguments: VALUE settings named by the last identifier
- default values of parameters, of settings that are not given and of environment variables: DEFAULT settings named by
  the parameter, setting, option or variable
- assignments to the environment: VARIABLE settings
- calls with an argument that is text: call blocks with OPERANDs
- what a function returns: VALUE settings named "return" in the function's block

Only text counts: string literals, what is composed of them, and calls that name the temporary directory. Numbers,
docstrings and strings that stand alone are not settings. Nothing is executed.
"""

from __future__ import annotations

from shipworthy.formats.code.reader import read

__all__ = ["read"]
