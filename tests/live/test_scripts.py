"""The front ends: joined into modules that can be loaded, and tested by node where there is one."""

import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from optlab.live.scripts import FOLDER, IMPORT, joined

ENTRIES = ("figure", "maps", "replay", "slider_marks", "told", "toolbar")
DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
JS_TESTS = Path(__file__).parents[1] / "js"


@pytest.fixture(scope="module")
def node():
    """The path of node; without it the test is skipped, or fails where OPTLAB_REQUIRE_BROWSER=1."""
    path = shutil.which("node")
    if path is None:
        stop = pytest.fail if os.environ.get("OPTLAB_REQUIRE_BROWSER") == "1" else pytest.skip
        stop("no node: install Node.js 18 or later, with npm")
    return path


def run(*command, **options):
    """Run a command; what it prints if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_joined_front_end_declares_every_name_once_and_has_one_export(entry):
    text = joined(entry)
    twice = [name for name, count in Counter(DECLARED.findall(text)).items() if count > 1]
    assert twice == []
    assert re.findall(r"^(?:import|export)\b.*", text, re.MULTILINE)[0].startswith("export default ")
    assert len(re.findall(r"^(?:import|export)\b", text, re.MULTILINE)) == 1
    assert not re.search(r"^\s*(//|/\*.*\*/$)", text, re.MULTILINE)  # comments stay at home


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_file_stands_after_all_that_it_imports(entry):
    text = joined(entry)

    def place(name):
        own = re.sub(r"^export ", "", (FOLDER / f"{name}.js").read_text("utf-8"), flags=re.MULTILINE)
        return text.index(DECLARED.search(own)[0])

    for path in FOLDER.glob("*.js"):
        for other in IMPORT.findall(path.read_text("utf-8")):
            if path.stem in files_of(entry):
                assert place(other) < place(path.stem), f"{path.stem} imports {other}"


def files_of(entry):
    """A file and all that it imports, directly or not."""
    direct = IMPORT.findall((FOLDER / f"{entry}.js").read_text("utf-8"))
    return {entry}.union(*map(files_of, direct))


def test_every_import_names_what_it_wants_and_nothing_is_renamed():
    for path in FOLDER.glob("*.js"):
        for line in re.findall(r"^import\b[^;]*;", path.read_text("utf-8"), re.MULTILINE):
            assert IMPORT.match(line + "\n"), f"{path.name}: {line}"
            assert " as " not in line, f"{path.name}: {line}"


def test_no_file_is_left_out_of_every_front_end():
    assert {path.stem for path in FOLDER.glob("*.js")} == set().union(*map(files_of, ENTRIES))


@pytest.mark.parametrize("entry", ENTRIES)
def test_node_loads_a_joined_front_end(entry, node, tmp_path):
    path = tmp_path / f"{entry}.mjs"
    path.write_text(joined(entry), encoding="utf-8")
    assert run(node, "-e", f"import({path.as_uri()!r}).then((m) => console.log(typeof m.default))")[:-1] in (
        "function",
        "object",
    )


@pytest.mark.slow
def test_the_tests_of_the_front_ends(node):
    tests = sorted(str(path) for path in JS_TESTS.glob("*.test.js"))
    assert len(tests) > 5
    run(node, "--test", *tests)
