"""A real Chromium, driven over a pipe by its own protocol: nothing is installed for it but the browser.

Source: https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any

import pytest

from support import ROOT, run

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-extensions --disable-dev-shm-usage --hide-scrollbars"
    " --remote-debugging-pipe about:blank"
).split()


class Browser:
    """One page of a running browser. ``complaints`` are what it has said on its console."""

    def __init__(self, to_browser: RawIOBase, from_browser: BufferedReader) -> None:
        self._to = to_browser
        self._from = from_browser
        self._number = 0
        self._session = ""
        self._events: list[str] = []
        self.complaints: list[str] = []
        [page] = [one for one in self.ask("Target.getTargets")["targetInfos"] if one["type"] == "page"]
        self._session = self.ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one command."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        data = bytearray()
        while (character := self._from.read(1)) != b"\0":
            if not character:
                raise RuntimeError("the browser has ended")
            data += character
        message: dict[str, Any] = json.loads(data)
        method = message.get("method", "")
        self._events.append(method)
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.complaints.append(json.dumps(message["params"]))
        if method == "Network.requestWillBeSent" and not message["params"]["request"]["url"].startswith("file:"):
            self.complaints.append(message["params"]["request"]["url"])
        return message

    def open(self, page: Path, width: int, *, dark: bool = False, media: str = "screen", scripts: bool = True) -> None:
        """Show a page in a window of that width."""
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", media=media, features=features)
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setScriptExecutionDisabled", value=not scripts)
        self._events.clear()
        self.ask("Page.navigate", url=page.as_uri())
        while "Page.loadEventFired" not in self._events:
            self._next()

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript in the page."""
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")


def chromium() -> str:
    """The path of a Chromium. The test is skipped where there is none and apt cannot install one."""
    if os.name != "posix" or shutil.which("sh") is None:
        pytest.skip("no Chromium is looked for on this system")
    process = run(["sh", ROOT / ".ci" / "chromium"], ROOT, timeout=900)
    if process.returncode:
        pytest.skip(process.stderr.strip().splitlines()[-1])
    return process.stdout.strip().splitlines()[-1]


@contextmanager
def browser(directory: Path) -> Iterator[Browser]:
    """A browser with an empty profile in ``directory``."""
    words = [chromium(), f"--user-data-dir={directory}", *FLAGS]
    from_us, to_browser = os.pipe()
    from_browser, to_us = os.pipe()

    def connect() -> None:
        os.dup2(from_us, 3)  # what the browser reads from, and below what it writes to
        os.dup2(to_us, 4)

    with open(directory / "log", "wb") as log:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory, preexec_fn=connect, pass_fds=(3, 4)
        )
    os.close(from_us)
    os.close(to_us)
    with os.fdopen(to_browser, "wb", buffering=0) as to, os.fdopen(from_browser, "rb") as answers:
        try:
            yield Browser(to, answers)
        finally:
            to.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
