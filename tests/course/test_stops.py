"""No unit asks for more than two and a half hours at a sitting: a longer one says where to stop, with minutes.

The syllabus says the parts, and every unit's points and minutes.
"""

import re

from units import COURSE, each_unit

from grader.course import concepts

SITTING = 150  # minutes
STOP = re.compile(
    r"☕ \*\*A good place to stop\.\*\* Part (\d) of (\d) is behind you \(about (\d+) minutes\); "
    r"part (\d) takes about (\d+)\. Your work is kept: save the notebook\. When you come back, put the cursor here and "
    r"choose \*Run › Run All Above Selected Cell\*\."
)


def parts_of(unit):
    """The minutes between one stop and the next, and what each stop says: (part, of, minutes, next part, minutes)."""
    minutes = {task.id: int(task.minutes) for task in unit.tasks if not task.bonus}
    text = (unit.exercises_dir / f"{unit.id}.py").read_text(encoding="utf-8")
    cells = re.split(r"^# %% ?", text, flags=re.M)
    parts, said = [0], []
    for cell in cells:
        plain = " ".join(re.sub(r"^# ?", "", cell, flags=re.M).split())
        assert plain.count("good place to stop.") == len(STOP.findall(plain)), plain
        if (task := re.match(r'check="(\w+)"', cell)) is not None:
            parts[-1] += minutes.get(task[1], 0)
        elif (stop := STOP.search(plain)) is not None:
            said.append(tuple(map(int, stop.groups())))
            parts.append(0)
    return parts, said


@each_unit
def test_no_part_of_a_unit_takes_longer_than_a_sitting_and_each_stop_says_how_long_its_neighbours_take(unit):
    parts, said = parts_of(unit)
    assert max(parts) <= SITTING, parts
    told = [(at, len(parts), parts[at - 1], at + 1, parts[at]) for at in range(1, len(parts))]
    assert said == told


@each_unit
def test_the_syllabus_says_the_parts(unit):
    parts, _ = parts_of(unit)
    syllabus = " ".join((COURSE.root / "course" / "syllabus.md").read_text(encoding="utf-8").split("\n"))
    told = f"Work in {len(parts)} parts: {', '.join(map(str, parts[:-1]))} and {parts[-1]} minutes."
    about = syllabus.partition(f"(`{unit.id}`")[2].partition("| task")[0]
    assert (told in about) == (len(parts) > 1)


@each_unit
def test_the_syllabus_says_the_points_and_minutes(unit):
    syllabus = (COURSE.root / "course" / "syllabus.md").read_text(encoding="utf-8")
    points, extra = (sum(task.points for task in unit.tasks if task.bonus is bonus) for bonus in (False, True))
    optional = f" and {extra:g} for the optional part" if extra else ""
    assert f"(`{unit.id}`, {unit.minutes:g} minutes, {points:g} points{optional})" in syllabus


def test_the_syllabus_says_what_the_placement_lets_one_skip():
    syllabus = (COURSE.root / "course" / "syllabus.md").read_text(encoding="utf-8")
    skipped = {step.name: step.task.minutes for steps in concepts.placement(COURSE).values() for step in steps}
    hours, minutes = divmod(round(sum(skipped.values())), 60)
    assert f"all {len(skipped)} of them together: {hours} h {minutes:02}" in syllabus
