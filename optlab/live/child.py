"""Child: a program in a Python of its own, whose output is heard line by line."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from optlab.live.beside import Write, keep
from optlab.live.logged import logged

__all__ = ["Child", "State"]

State = Literal["running", "done", "failed", "stopped", "late"]
"""`late`: it took too long and was ended."""
Hear = Callable[[str, State], object]

SECONDS_BETWEEN_WORDS = 0.1
MOST = 20_000
"""Characters of output that are kept, the last ones."""


class Child:
    r"""A program that runs in a process of its own, on one thread, in an empty folder that goes with it.

    Args:
        text: the program.
        hear: takes all that it has printed so far, and how it is doing; called by a thread, the last time
            with another state than `running`.
        patience: seconds after which it is ended.
        files: what it reads, as in `optlab.live.beside`; it then also finds the modules of the notebook's
            folder, which a network in a file may need.

    Example:
        >>> heard = []
        >>> child = Child("print('epoch 1  loss 0.5')", lambda *words: heard.append(words))
        >>> child.wait()
        >>> heard[-1]
        ('epoch 1  loss 0.5\n', 'done')
    """

    def __init__(
        self, text: str, hear: Hear, patience: float = 300.0, files: Mapping[str, Write] | None = None
    ) -> None:
        self._text, self._hear, self._patience = text, hear, patience
        self._files = files or {}
        self._process: subprocess.Popen[str] | None = None
        self._ended: State | None = None  # how we ended it
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._live, name="optlab-program", daemon=True)
        atexit.register(self.stop)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._end("stopped")

    def wait(self) -> None:
        """Wait until it has ended and all of it is heard."""
        self._thread.join()

    def _end(self, how: State) -> None:
        with self._lock:
            self._ended = self._ended or how
            if self._process is not None:
                self._process.kill()

    def _live(self) -> None:
        try:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                text, code = self._run(Path(folder))
        except OSError as error:
            text, code = f"{error}\n", 1
        finally:
            atexit.unregister(self.stop)
        self._say(text, self._ended or ("failed" if code else "done"))

    def _run(self, folder: Path) -> tuple[str, int]:
        process = self._started(folder)
        alarm = threading.Timer(self._patience, self._end, ["late"])
        alarm.daemon = True
        alarm.start()
        try:
            with process:
                return self._listen(process), process.wait()
        finally:
            alarm.cancel()

    def _started(self, folder: Path) -> subprocess.Popen[str]:
        file = folder / "program.py"
        file.write_text(self._text, encoding="utf-8")
        keep(self._files, folder)
        found = [str(Path.cwd()), *filter(None, [os.environ.get("PYTHONPATH")])] if self._files else []
        where = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
        modules = {"PYTHONPATH": os.pathsep.join(found)} if found else {}
        alike = {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
        with self._lock:
            self._process = subprocess.Popen(  # noqa: S603  (the lab's own program)
                [sys.executable, "-u", str(file)],
                cwd=folder,
                env={**os.environ, **where, **alike, **modules},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            )
            if self._ended:
                self._process.kill()
        return self._process

    def _listen(self, process: subprocess.Popen[str]) -> str:
        text, said = "", -float("inf")
        for line in process.stdout or ():
            text = (text + line)[-MOST:]
            if time.monotonic() - said >= SECONDS_BETWEEN_WORDS:
                said = time.monotonic()
                self._say(text, "running")
        return text

    def _say(self, text: str, state: State) -> None:
        with logged("what a program printed could not be shown"):  # what comes later may be heard
            self._hear(text, state)
