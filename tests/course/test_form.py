"""The form of a lesson: hints in three steps, predictions that are answered, what is tested, questions to recall."""

import re

import pytest
from units import UNITS

from grader.course import notebooks
from grader.testing import load_module

LESSONS = [unit for unit in UNITS if unit.id != "u0_placement"]  # which teaches nothing
each_lesson = pytest.mark.parametrize("unit", LESSONS, ids=lambda unit: unit.id)
SLIDERS = {
    "w1_mse_is_likelihood": "bells",  # sigma
    "w2_kl_both_ways": "who_complains",  # both directions, over the middle of the shift
    "w6_rbf_svm": "borders",  # gamma
    "w4_lora_from_scratch": "word_of_rank",  # r
    "w5_sampling": "temperatures",  # tau
    "w3_flat_gradients": "soft_steps",  # k
}


def cells_of(unit):
    return notebooks.read_percent((unit.exercises_dir / f"{unit.id}.py").read_text(encoding="utf-8"))


def text_of(unit):
    """What the lesson says, and its code, as one text."""
    return "\n\n".join(cell.source for cell in cells_of(unit))


def lists_by_accident(text):
    """Lines of a paragraph that begin as an item of a list does: "1. ..." inside it, or "0. ..." as its first words."""
    found, last, before = [], 0, ""
    for line in text.splitlines():
        if item := re.match(r"\s*(\d+)\. ", line):
            number = int(item[1])
            begins = not before.strip() or before.startswith(("#", "<"))
            if number != last + 1 if begins else number == 1 and last == 0:
                found.append(line)
            last = number
        elif line.strip() and not line.startswith(" "):
            last = 0
        before = line
    return found


@each_lesson
def test_every_task_has_hints_in_three_steps(unit):
    hints = load_module(unit.exercises_dir / f"test_{unit.id}.py")["HINTS"]
    assert {name: len(ladder) for name, ladder in hints.items()} == {task.id: 3 for task in unit.tasks}
    assert 'hint("' in text_of(unit)


@each_lesson
def test_every_task_says_exactly_what_is_tested(unit):
    assert text_of(unit).count("<summary>Exactly what is tested</summary>") >= len(unit.tasks)


@each_lesson
def test_every_prediction_is_answered_before_the_next_one(unit):
    _, *asked = text_of(unit).split("### Predict")
    assert [part.strip()[:60] for part in asked if not re.search("Compare|[Pp]rediction|your guess", part)] == []


@each_lesson
def test_it_ends_in_five_lines_and_three_questions(unit):
    recall = load_module(unit.exercises_dir / f"test_{unit.id}.py")["RECALL"]
    (cell,) = [cell.source for cell in cells_of(unit) if "recall(1" in cell.source]
    assert cell.split() == [word for number in (1, 2, 3) for word in (f"recall({number},", '"")')]
    assert list(recall) == [1, 2, 3]
    end = text_of(unit).partition("## In five lines")[2]
    assert re.findall(r"^(\d)\. ", end, flags=re.M) == ["1", "2", "3", "4", "5", "1", "2", "3"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_no_line_of_a_paragraph_becomes_a_list(unit):
    assert [line for cell in cells_of(unit) if cell.kind == "markdown" for line in lists_by_accident(cell.source)] == []


def test_a_list_by_accident_is_found():
    assert lists_by_accident("0. All bumps have faded.") == ["0. All bumps have faded."]
    assert lists_by_accident("- `d`: more than\n  1. The letter counts.") == ["  1. The letter counts."]
    assert lists_by_accident("In this order:\n\n1. one\n2. two\n   and a half\n3. three") == []
    assert lists_by_accident("It is near\n4. Or is it?") == []


@pytest.mark.parametrize("unit", SLIDERS)
def test_a_unit_on_demand_has_its_slider(unit):
    (found,) = [lesson for lesson in LESSONS if lesson.id == unit]
    assert f"pictures.{SLIDERS[unit]}(" in text_of(found)


def test_a_list_in_alphabetical_order_is_in_teaching_order():
    """JupyterLab's list of assignments, formgrader and `ls` sort by the id."""
    assert [unit.id for unit in LESSONS] == sorted(unit.id for unit in LESSONS)
    assert min(unit.id for unit in UNITS) == "u0_placement"
    assert all(needed < unit.id for unit in UNITS for needed in unit.requires)
