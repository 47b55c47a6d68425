"""The list of words in 00: the article's, the course's, the field's, and a sentence each."""

import re
from pathlib import Path

import nbformat
import pytest
from notebook_parts import prose

FOLDER = Path(__file__).parents[2] / "notebooks"
CELLS = {file.stem: nbformat.read(file, as_version=4).cells for file in sorted(FOLDER.glob("*.ipynb"))}
(WORDS,) = [cell.source for cell in CELLS["00_start_here"] if cell.source.startswith("## The words")]
HEAD, _, *ROWS = [
    tuple(part.strip() for part in line.strip("|").split("|"))
    for line in WORDS.splitlines()
    if line.startswith("|")
]
CONCEPTS = [
    "损失函数",
    "梯度",
    "学习率",
    "正则化",
    "批量梯度下降",
    "随机梯度下降",
    "学习率衰减",
    "权重初始化",
]
"""What the article's second section calls the core concepts."""


def test_the_words_are_a_table_that_says_how_long_it_is():
    assert len(HEAD) == 4
    assert f"<summary>{len(ROWS)} words</summary>" in WORDS
    assert len({row[0] for row in ROWS}) == len({row[1] for row in ROWS}) == len(ROWS)
    assert {row[0] for row in ROWS} >= set(CONCEPTS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_each_word_has_a_short_plain_sentence_and_is_used(row):
    chinese, ours, field, meaning = row
    assert re.fullmatch(r"\(?L?2?[一-鿿]+\)?|epoch", chinese)
    assert field
    assert re.fullmatch(r"[A-Z].*[^.]\.", meaning)
    assert len(meaning.split()) <= 16
    lessons = "\n".join(prose(cell) for name, cells in CELLS.items() if name > "01" for cell in cells)
    for word in ours.split(", "):
        assert re.search(rf"(?<!\w){re.escape(word)}(?!\w)", lessons, re.IGNORECASE), word
