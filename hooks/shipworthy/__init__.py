"""Pre-commit hooks that answer one question: is this repository fit for production?"""

__version__ = "0.1.0"
