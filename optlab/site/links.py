"""Links of a built site: each leads to a file that is there, and to a place on it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["broken_links"]

LEADING = {"a": "href", "link": "href", "img": "src", "script": "src", "form": "action"}
STATE = re.compile(r"\w+:")
"""How the fragment of a lab begins; no heading has such a one."""


class _Page(HTMLParser):
    """The links of a page, and the places on it that they can lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element leads to, and its name."""
        found = dict(attrs)
        self.places |= {name for name in (found.get("id"), found.get("name")) if name}
        link = found.get(LEADING.get(tag, ""))
        if link and found.get("rel") != "preconnect":
            self.links.append(link)


def broken_links(out: Path) -> list[str]:
    """Links within a site that lead nowhere.

    Args:
        out: the site's folder.

    Returns:
        A line for each, with the page that it stands on.
    """
    pages = {file.resolve(): _Page(file.read_text("utf-8")) for file in sorted(out.rglob("*.html"))}
    return [
        f"{file.relative_to(out.resolve())}: {link}"
        for file, page in pages.items()
        for link in dict.fromkeys(page.links)
        if not _leads(link, file, pages)
    ]


def _leads(link: str, file: Path, pages: dict[Path, _Page]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True  # elsewhere
    target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    if target.is_dir():
        target /= "index.html"
    place = unquote(parts.fragment)
    if target in pages:
        return not place or STATE.match(place) is not None or place in pages[target].places
    return target.is_file()
