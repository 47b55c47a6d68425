"""What a browser's pages show when a test has failed: a report has no screen to look at."""

from playwright.sync_api import Error

PATIENCE = 3000  # ms: a page that hangs answers never

# One JSON text, never empty: `wait_for_function` waits for what is true.
SEEN = """() => {
    const named = (one) => one && [one.tagName, one.className, one.title].filter(Boolean).join(" ");
    const shown = (one) => one.offsetParent !== null;
    return JSON.stringify({
        focus: named(document.activeElement),
        focused: document.hasFocus(),
        visible: document.visibilityState,
        figures: [...document.querySelectorAll(".optlab-front")].filter(shown).map((one) => one.dataset),
        pressed: [...document.querySelectorAll("[aria-pressed=true]")].filter(shown).map(named),
        dialogs: [...document.querySelectorAll("dialog[open], .jp-Dialog")].map(named),
        running: [...document.querySelectorAll(".jp-InputPrompt")].map((one) => one.textContent).join(" "),
    });
}"""


def seen(browser):
    """What each open page of a browser shows, a line each."""
    pages = [page for context in browser.contexts for page in context.pages]
    return "\n".join(f"{page.url}: {_seen_on(page)}" for page in pages)


def _seen_on(page):
    try:
        return page.wait_for_function(SEEN, polling=100, timeout=PATIENCE).json_value()
    except Error as error:
        return f"it does not answer: {error}"
