"""``python -m shipworthy``."""

from __future__ import annotations

from shipworthy.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
