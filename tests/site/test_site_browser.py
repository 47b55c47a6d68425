"""A small lesson as a page of the site, with no kernel and no way out: it plays, and markup is text."""

import json
import os
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from optlab.course.notebooks import KERNEL, LANGUAGE
from optlab.site import check
from optlab.site.building import build_pages
from optlab.site.crowded import crowded
from optlab.site.first_view import first_view
from optlab.site.jumps import jumps
from optlab.site.scripts import PACKAGES, bundle
from optlab.site.served import open_page, served
from optlab.site.weights import as_served, page_weight

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser

METADATA = {"kernelspec": KERNEL, "language_info": LANGUAGE}
TEXT = f"# Small\n\n$$a < {' + '.join('abcdefghijklmnop')} < z$$\n\nIt has `{'a_long_name' * 5}`.\n\n## Part"
INDEX = """# Test

```{optlab-lab} 99_small small_lab
:begins: rate=1
```

```{toctree}
lessons/99_small
```
"""
CANVAS = "document.querySelector('.optlab-view .optlab-figure canvas[role=img]')"
WIDTHS = """() => {
    const formula = document.querySelector(".katex-display");
    return {
        page: document.documentElement.scrollWidth,
        formula: formula.scrollWidth <= formula.clientWidth,
        track: document.querySelector(".optlab-live .noUi-target").clientWidth > 250,
    };
}"""
SETUP = """
import numpy as np
from pathlib import Path
from optlab import Film, Goal, Lab, Lazy, Param, Plot, Program, Record
from optlab.live.predict import predict
from optlab.live.show_me import show_me

NASTY = "<img src=x onerror=b=1>"
X = np.arange(21)
curve = lambda r: np.exp(-r.settings["rate"][:, None] * X) * r.settings["scale"][:, None]


def made(source, rates, name):
    plot = Plot(film=Film("step"), xlabel="step", ylabel="loss", ylim=(0, 2.2))
    plot.line(NASTY, curve, x=X)
    plot.title(lambda one: f"ends at {curve(one)[0, -1]:.4f}, {one.settings['kind'][0]}")
    params = [
        Param("rate", "r", "rate", rates, rates[2]),
        Param("kind", "", "kind", ("plain", NASTY), "plain"),
        Param("scale", "s", "scale", (1.0, 2.0), 1.0),
    ]
    goal = Goal("a scale of 2", where={"scale": 2.0})
    return Lab(params, source, [plot], goals=[goal], program=Program(PROGRAM), name=name)
"""
LABS = """
small = made(Record, (0.1, 0.2, 0.5, 1.0), "small_lab")
rates = tuple(np.round(np.linspace(0.01, 2, 3000), 5).tolist())
large = made(Lazy(lambda settings, job: Record(settings), most=8), rates, "large_lab")
"""
ASKED = """
predict(
    f"At scale 2 the loss of {NASTY} *begins* …", ["lower", NASTY, "higher"], answer=lambda one: "higher",
    because=f"It is {NASTY} times the scale.", lab=small, setting={"scale": 2.0},
)
"""
DRAWN = """
predict(
    "At scale 2 the loss ends …", ["lower", "higher"], answer="higher", because="It is twice as high.",
    lab=small, before={}, setting={"scale": 2.0}, sketch=NASTY,
)
"""
FACT = 'show_me(small, before={"rate": 0.1}, kind=NASTY, scale=2.0)'


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site with one small lesson."""
    if not PACKAGES.is_dir():
        stop = pytest.fail if os.environ.get("OPTLAB_REQUIRE_BROWSER") == "1" else pytest.skip
        stop("no packages of npm for the site: npm ci --prefix optlab/site/js")
    folder = tmp_path_factory.mktemp("site")
    program = folder / "small_program.py"
    program.write_text('# Settings: change them here.\nrate = 0.5\nkind = "plain"\n\nprint(rate)\n', "utf-8")
    sources = [f"PROGRAM = {str(program)!r}", SETUP, LABS, ASKED, DRAWN, "small", "large", FACT]
    cells = [new_markdown_cell(TEXT), *map(new_code_cell, sources)]
    lesson = folder / "99_small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), lesson)
    source = folder / "source"
    source.mkdir()
    shutil.copy(ROOT / "docs" / "conf.py", source)
    shutil.copytree(ROOT / "docs" / "_static", source / "_static")
    (source / "index.md").write_text(INDEX, "utf-8")
    build_pages(source, [lesson], folder / "out", folder / "cache")
    return folder / "out"


def test_scripts_are_alike_wherever_they_are_joined(site, tmp_path):
    bundle(tmp_path / "elsewhere")
    joined = {file.name: file.read_bytes() for file in (tmp_path / "elsewhere").iterdir()}
    assert "optlab.js" in joined
    assert {name: (site / "_static" / name).read_bytes() for name in joined} == joined


def wait_for_words(page, model, words):
    """Wait until a lab's canvas says this of itself."""
    canvas = f".optlab-view[data-model='{model}'] .optlab-figure canvas[role=img]"
    page.wait_for_function(
        "([canvas, words]) => document.querySelector(canvas)?.ariaLabel === words", arg=[canvas, words]
    )


def test_everything_on_a_page_plays_without_a_kernel_and_nothing_leaves_it(site, browser):
    problems = []
    beside = json.loads((site / "labs" / "99_small" / "labs.json").read_text("utf-8"))
    labs = beside["labs"]
    assert [len(beside["frames"]), len(beside["first"])] == [3, 1]  # of the large lab two files
    (small, _), (_, described) = sorted(labs.items(), key=lambda one: one[1]["settings"])
    with served(site) as here:
        page = open_page(browser, here, problems, viewport={"width": 1280, "height": 900})
        (computed,) = site.parent.glob("cache/99_small-*/drawn.json")
        found = check.look_at(page, here + "lessons/99_small.html", computed)
        assert (found.problems, problems) == ([], [])
        assert len(found.moved) == found.stops - found.sliders
        assert all(0 <= worked < moved for worked, moved in zip(found.worked, found.moved, strict=True))
        assert (found.labs, found.sliders, found.questions, found.programs, found.films) == (2, 6, 2, 2, 2)
        assert found.facts == 1
        assert (found.compared.settings, found.compared.off) == (16 + 20, 0.0)
        assert found.compared.numbers == (16 + 20) * 21
        assert 1000 < described["settings"] <= 4096 < described["of"] == 12000
        assert page.get_by_text("of the lab's 12,000 settings").count() == 1

        # markup is text, wherever it stands
        assert page.evaluate("window.b") is None
        assert page.locator(".optlab-asking label").nth(1).inner_text().startswith("<img src=x")

        # the prediction says why, and moves the lab when it is asked to
        assert "It is <img src=x" in page.locator(".optlab-asking [role=status]").first.inner_text()
        page.get_by_text("show in the lab").first.click()
        wait_for_words(page, small, "ends at 0.0001, plain")  # 2 exp(-0.5 · 20)

        # a program is that of the setting on the screen
        lab = page.locator(f".optlab-view[data-model='{small}']")
        lab.locator(".noUi-handle").first.press("End")
        wait_for_words(page, small, f"ends at {2 * np.exp(-20):.4f}, plain")
        lab.get_by_text("as PyTorch").click()
        assert "rate = 1.0\n" in lab.locator(".optlab-program pre").first.inner_text()

        # over the whole window nothing misses a kernel, either
        lab.locator(".optlab-opener").click()
        stage = page.locator(".optlab-stage .optlab-lab")
        stage.wait_for()
        assert stage.evaluate("(lab) => getComputedStyle(lab, '::after').content") == "none"
        page.keyboard.press("Escape")

        # as it stands it is a link, which another page opens at another width
        lab.get_by_text("copy a link").click()
        link = page.url
        assert link.endswith("#small_lab:rate=1,+scale=2")
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto("about:blank")
        page.goto(link)
        page.locator(f".optlab-view[data-model='{small}'][data-state=live]").wait_for()
        page.wait_for_function(f"{CANVAS}.dataset.slot === '13'")
        page.get_by_text("You answered this before: “lower”, which was not right.").nth(1).wait_for()
        assert page.evaluate(WIDTHS) == {"page": 390, "formula": True, "track": True}  # nothing is cut off
        assert problems == []

        page.goto(here + "index.html")
        wait_for_words(page, small, f"ends at {np.exp(-20):.4f}, plain")
        assert (page.evaluate("window.b"), problems) == (None, [])
        page.close()


SLIDERS_AT = """(view, top) => {
    scrollTo({ top: scrollY + view.getBoundingClientRect().top - top, behavior: "instant" });
    const box = (part) => view.querySelector(part).getBoundingClientRect();
    const [sliders, figures] = [box(".optlab-sliders"), box(".optlab-figures")];
    return { top: sliders.top, below: figures.top - sliders.bottom };
}"""


def test_sliders_are_above_their_figures_and_stay_below_the_header(site, browser):
    with served(site) as here:
        page = open_page(browser, here, [], viewport={"width": 390, "height": 800})
        page.goto(here + "lessons/99_small.html")
        lab = page.locator(".optlab-view[data-state=live]").first
        lab.wait_for()
        unscrolled, scrolled = lab.evaluate(SLIDERS_AT, 200), lab.evaluate(SLIDERS_AT, -100)
        header = page.locator(".bd-header-article").bounding_box()
        page.close()
    assert unscrolled["below"] >= 0
    assert scrolled["top"] == pytest.approx(header["y"] + header["height"], abs=9)
    assert scrolled["below"] < unscrolled["below"]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_contents_of_a_page_open_and_close(site, browser, width):
    with served(site) as here:
        page = open_page(browser, here, [], viewport={"width": width, "height": 800})
        page.goto(here + "lessons/99_small.html")
        contents = page.locator("dialog.bd-sidebar-secondary")
        page.locator(".secondary-toggle:visible").click()
        contents.get_by_role("link", name="Part", exact=True).click()
        contents.wait_for(state="hidden")
        assert page.evaluate("location.hash") == "#part"
        page.locator(".secondary-toggle:visible").click()
        contents.get_by_role("link", name="Part", exact=True).wait_for()
        page.keyboard.press("Escape")
        contents.wait_for(state="hidden")
        page.close()


PUT = """(html) => document.querySelector("main").insertAdjacentHTML("beforeend", html)"""
LONG = "<p style='width: 600px'>words that go on and on, beyond the box that they stand in</p>"
ROOMLESS = {
    '"one" lies over "two"': "<div>one</div><div style='margin-top: -20px'>two</div>",
    "is cut off by div": f"<div style='width: 90px; overflow: hidden'>{LONG}</div>",
    "is higher than button": "<button style='width: 60px; height: 20px'>words of three lines</button>",
    "a list's words": "<select style='width: 60px'><option>short<option>longer than its list</select>",
}


def test_a_page_without_room_is_found(site, browser):
    with served(site) as here:
        page = open_page(browser, here, [], viewport={"width": 1280, "height": 900})
        page.goto(here + "search.html")
        page.evaluate(PUT, f"<div style='width: 90px; overflow: auto'>{LONG}</div>")
        assert crowded(page) == []
        for words, html in ROOMLESS.items():
            page.evaluate(PUT, html)
            assert sum(words in one for one in crowded(page)) == 2  # on a desk and on a phone
        page.evaluate(PUT, "<hr style='width: 700px'>")
        assert sum("the page is" in one for one in crowded(page)) == 1
        page.close()


def test_a_dark_page_is_dark_before_the_theme_has_loaded(site, browser):
    with served(site) as here:
        page = browser.new_page(color_scheme="dark")
        page.route("**/scripts/*", lambda route: route.abort())
        page.goto(here + "index.html")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.close()


def test_the_focus_follows_a_guess_and_a_link_that_asks_for_too_much_says_so(site, browser):
    problems = []
    with served(site) as here:
        lesson = here + "lessons/99_small.html"
        page = open_page(browser, here, problems, viewport={"width": 1280, "height": 900})
        page.goto(lesson)

        # who locks in a guess with the keyboard is where the answer is told
        guess = page.locator(".optlab-question").first
        guess.locator("input").first.check()
        guess.get_by_text("lock in").press("Enter")
        assert page.evaluate("document.activeElement.innerText").startswith("You said “lower”")

        # of a link that asks for more than there is, the rest is taken
        page.goto(lesson + "#small_lab:rate=0.1;<img src=x onerror=b=1>")
        page.wait_for_function(f"{CANVAS}?.dataset.slot === '0'")
        left_out = page.locator(".optlab-left-out").get_by_text("<img src=x onerror=b=1> (not understood)")
        left_out.wait_for()
        page.goto(lesson + "#small_lab:rate=1")
        left_out.wait_for(state="detached")
        page.goto(lesson + "#no_lab:rate=1")
        page.get_by_text("This page has no lab called no_lab.").wait_for()
        assert (page.evaluate("window.b"), problems) == (None, [])
        page.close()


def test_the_first_view_of_a_page_is_a_part_of_it(site, browser):
    with served(site, packed=True) as here:
        found = first_view(browser, here, "lessons/99_small.html")
    page = site / "lessons" / "99_small.html"
    labs = site / "labs" / "99_small" / "labs.json"
    assert len(as_served(page)) + len(as_served(labs)) < found.own < page_weight(page, site)
    assert found.shared > len(as_served(site / "_static" / "optlab.js"))
    assert 0 < found.text <= found.lab


LATE = """<!doctype html><p>Comes late.</p><div id=below style='height: 700px'>Text.</div>
<script>setTimeout(() => (document.querySelector('p').style.height = '{height}px'), 100)</script>"""


def test_a_page_that_jumps_is_found_and_a_lesson_does_not(site, browser, tmp_path):
    (tmp_path / "jumps.html").write_text(LATE.format(height=400))
    (tmp_path / "still.html").write_text(LATE.format(height=20))
    with served(tmp_path) as here, served(site, packed=True) as there:
        found = jumps(browser, here + "jumps.html")
        assert ["below" in one for one in found] == [True, True]  # on a desk and on a phone
        assert jumps(browser, here + "still.html") == []
        assert jumps(browser, there + "lessons/99_small.html") == []


def test_where_javascript_is_off_a_picture_stands(site, browser):
    with served(site) as here:
        page = browser.new_page(java_script_enabled=False)
        page.goto(here + "lessons/99_small.html")
        pictures = page.locator("img.optlab-still")
        assert [picture.bounding_box()["height"] > 100 for picture in pictures.all()] == [True, True]
        words = page.locator("noscript p").all()
        assert ["the page needs JavaScript" in one.text_content() for one in words] == [True, True]
        assert [one.bounding_box()["height"] > 0 for one in words] == [True, True]
        page.close()
