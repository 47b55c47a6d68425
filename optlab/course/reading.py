"""The order in which the course is read.

A notebook's name has the number of the article's section. Read in that order, the article's survey of all
techniques would come before the words that it needs; so the survey, 01.1 to 01.3, is read after 04.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

__all__ = ["ORDER", "in_order", "number_of"]

ORDER = (
    "00_start_here",
    "02_core_concepts",
    "03_1_gradient_descent",
    "03_2_batch_gradient_descent",
    "03_3_stochastic_gradient_descent",
    "03_4_learning_rate_decay",
    "03_5_regularization",
    "04_worked_example",
    "01_1_algorithms_and_networks",
    "01_2_data",
    "01_3_hardware_and_software",
    "05_1_formats_and_compilers",
    "05_2_adaptive_methods",
    "05_3_distributed_training",
    "05_4_new_algorithms",
    "05_5_edge_of_stability",
    "05_6_open_questions",
    "06_faq",
    "07_last_quiz",
)
"""The notebooks, without `.ipynb`, as one reads them: the only place that says so."""


def in_order(files: Iterable[Path]) -> list[Path]:
    """Sort notebooks as one reads them; those that are not of the course come last, by name.

    Args:
        files: the notebooks.

    Example:
        >>> [file.stem for file in in_order([Path("01_2_data.ipynb"), Path("02_core_concepts.ipynb")])]
        ['02_core_concepts', '01_2_data']
    """
    return sorted(files, key=lambda file: (number_of(file.stem), file.name))


def number_of(lesson: str) -> int:
    """The place of a lesson in the order of reading, the first lesson's being 0.

    Args:
        lesson: the name of its notebook, without `.ipynb`.

    Example:
        >>> number_of("02_core_concepts")
        1
    """
    return ORDER.index(lesson) if lesson in ORDER else len(ORDER)
