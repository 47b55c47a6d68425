"""A built site on a server of this machine, and pages of it in a browser that reaches nothing else."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from optlab.site.weights import as_served, is_text

__all__ = ["open_page", "served"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words: Any) -> None:
        """Say nothing."""


class _Packed(_Quiet):
    """Compresses as a host of sites does, and keeps connections."""

    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Answer until the browser hangs up, which is no error."""
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        """Send a file."""
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return
        content = as_served(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Length", str(len(content)))
        if is_text(file):
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(folder: Path, *, packed: bool = False) -> Iterator[str]:
    """Serve files.

    Args:
        folder: of the files.
        packed: whether texts are compressed on their way.

    Yields:
        The address, with a slash at its end.
    """
    files = functools.partial(_Packed if packed else _Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def open_page(browser: Any, here: str, problems: list[str], **options: Any) -> Any:
    """A page that reaches one place only; what it complains of or asks elsewhere is a problem.

    Args:
        browser: Playwright's.
        here: the place.
        problems: takes the problems.
        options: of the page.

    Returns:
        The page.
    """
    page = browser.new_page(**options)

    def elsewhere(route: Any) -> None:
        problems.append(f"a request to {route.request.url}")
        route.abort()

    page.route(lambda url: not url.startswith((here, "data:", "blob:")), elsewhere)
    page.on("pageerror", lambda error: problems.append(f"an error: {error}"))
    page.on("console", lambda said: problems.extend([said.text] * (said.type in ("error", "warning"))))
    page.on("response", lambda got: problems.extend([f"{got.status} for {got.url}"] * (got.status >= 400)))
    return page
