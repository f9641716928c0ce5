"""The map, drawn as text and as a picture, says what the manifest says."""

import itertools
import re
from collections import defaultdict
from xml.etree import ElementTree

import msgspec
import pytest

from grader.course import concepts, manifest
from grader.report import concept_map, layers, map_colours, map_picture
from grader.report.layers import Port, Stop

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.slow
def test_the_committed_map_is_drawn_from_the_manifest_as_it_is(course, root, tmp_path):
    concept_map.write_map_page(course, tmp_path / "map.md")
    for name in ("map.md", "map.svg"):
        committed = (root / "docs" / name).read_text(encoding="utf-8")
        assert committed == (tmp_path / name).read_text(encoding="utf-8"), (
            f"docs/{name} is not what course/course.toml says now. Run: grader map --page docs/map.md"
        )


# --- text


def test_every_task_has_its_line_in_the_text_with_what_it_needs_and_gives(course):
    lines = concept_map.text(course).splitlines()
    for step in concepts.steps(concepts.without_placement(course)):
        line = next(line for line in lines if f" {step.task.id}, {step.task.minutes:g} min" in line)
        assert line.endswith(f"{', '.join(step.task.needs)} => {', '.join(step.task.gives)}")


def test_a_rail_runs_from_where_a_concept_is_given_to_where_it_is_last_needed(course):
    lines = concept_map.text(course).splitlines()[1:]
    width = lines[0].index(course.starting[0])
    rows = {re.search(r"([a-z_0-9]+), \d+ min  ", line)[1]: r for r, line in enumerate(lines) if " => " in line}
    used = defaultdict(list)
    for step in concepts.steps(course):
        for concept in step.task.needs:
            used[concept].append(rows[step.task.id])
    rails = [[line[i : i + 1] for i in range(0, width, 2)] for line in lines]
    given = {c: rows[s.task.id] for c, s in concepts.givers(course).items() if c in used}
    for first in sorted(set(given.values())):
        together = [concept for concept, row in given.items() if row == first]
        starts = [column for column, mark in enumerate(rails[first]) if mark == "o"]
        assert len(starts) == len(together)
        drawn = []
        for column in starts:  # follow the rail down until it ends
            needed = []
            for r in range(first + 1, len(rails)):
                if rails[r][column] not in ("|", "*"):
                    break
                needed += [r] * (rails[r][column] == "*")
            drawn.append(needed)
        # A rail that ends is free for the next, which starts with a new o.
        assert sorted(drawn) == sorted(used[concept] for concept in together)


# --- the picture


def texts(course):
    return [found.text for found in ElementTree.fromstring(map_picture.svg(course)).iter(f"{SVG}text")]


@pytest.mark.slow
def test_the_picture_names_every_unit_task_and_concept(course):
    found = set(texts(course))
    lessons = concepts.without_placement(course)
    assert {unit.title for unit in lessons.units} <= found
    assert {step.task.id for step in concepts.steps(lessons)} <= found
    assert "Placement: what do you know already?" not in found
    assert {*concepts.givers(course), *course.starting} <= found


def test_following_the_arrows_back_finds_all_that_a_task_needs(course):
    arrows = concepts.arrows(course)
    giver = concepts.givers(course)
    before = defaultdict(set)
    for step in concepts.steps(course):
        for concept, users in arrows.items():
            if step.name in users and concept in giver:
                before[step.name] |= {giver[concept].name} | before[giver[concept].name]
        assert before[step.name] == concepts.ancestors(course, [step])


def test_an_arrow_that_others_imply_is_not_drawn(course):
    arrows = concepts.arrows(course)
    assert "derivative" in course.unit("u3_chain_rule").task("grad_forward").needs  # which the product rule rests on
    assert "u3_chain_rule/grad_forward" not in arrows["derivative"]
    assert "u3_chain_rule/grad_forward" in arrows["product-rule"]


@pytest.mark.slow
def test_no_text_leaves_its_box_even_in_a_wide_font(course):
    picture = ElementTree.fromstring(map_picture.svg(course))
    chips = 0
    for group in picture.iter(f"{SVG}g"):
        children = list(group)
        for rect, text in itertools.pairwise(children):
            if rect.tag == f"{SVG}rect" and text.get("font-weight") == "bold":
                chips += 1
                assert float(rect.get("width")) >= 7.3 * len(text.text)  # a bold letter of 12 px in DejaVu Sans
    assert chips == len(concepts.givers(course)) + len(course.starting)


ODD = {
    "no concepts at all": '[[units]]\nid = "u"\ntitle = "U"\n'
    + "".join(f'[[units.tasks]]\nid = "t{i}"\npoints = 1\n' for i in range(12)),
    "one task": '[[units]]\nid = "u"\ntitle = "U"\n[[units.tasks]]\nid = "t"\npoints = 1\ngives = ["c"]\n',
}


@pytest.mark.parametrize("units", ODD.values(), ids=ODD.keys())
def test_any_course_has_a_map(tmp_path, units):
    (tmp_path / "course.toml").write_text(f'[course]\nid = "c"\ntitle = "A < B & C"\n{units}')
    course = manifest.load(tmp_path / "course.toml")
    picture = ElementTree.fromstring(map_picture.svg(course))
    assert picture.find(f"{SVG}title").text == "Prerequisite map: A < B & C"
    assert all(step.task.id in concept_map.text(course) for step in concepts.steps(course))
    assert float(picture.get("width")) < 1000


@pytest.mark.slow
def test_a_box_is_filled_by_the_share_of_the_class_that_has_passed_its_task(course):
    step, *others = concepts.steps(concepts.without_placement(course))
    drawn = ElementTree.fromstring(map_picture.svg(course, {step.name: 0.25}))
    texts = [found.text for found in drawn.iter(f"{SVG}text")]
    assert texts.count("25 %") == 1
    assert texts.count("–") == len(others)
    assert not [text for text in texts if text and text.endswith(" min")]
    assert len([box for box in drawn.iter(f"{SVG}rect") if box.get("fill") == "#bfe8c8"]) == 1


def test_every_part_of_the_picture_follows_the_theme_but_white_words_on_colour(course):
    drawn = map_picture.svg(course, {step.name: 0.5 for step in concepts.steps(course)})
    shapes = [part for part in ElementTree.fromstring(drawn).iter() if part.get("fill") or part.get("stroke")]
    coloured = {map_colours.UNITS[n] for n in range(8)}
    for part in shapes:
        for key, letter in (("fill", "f"), ("stroke", "s")):
            colour, classes = part.get(key), (part.get("class") or "").split()
            beneath_white_words = key == "fill" and colour in coloured and part.tag == f"{SVG}rect"
            white_words = part.tag == f"{SVG}text" and colour == "#fff"
            follows = [name for name in classes if name.startswith(f"{letter}-")]
            if colour in (None, "none") or white_words or (beneath_white_words and not follows):
                continue
            assert [map_colours.LIGHT[name.partition("-")[2]] for name in follows] == [colour], ElementTree.tostring(
                part
            )
    assert "prefers-color-scheme:dark" in drawn


@pytest.mark.parametrize("colours", [map_colours.LIGHT, map_colours.DARK], ids=["light", "dark"])
def test_the_words_of_the_map_can_be_read_in_both_themes(colours):
    words = [(colours[f"u{n}"], colours["sheet"]) for n in range(8)]
    words += [(colours["head"], colours[paper]) for paper in ("sheet", "done")]
    words += [("#ffffff", colour) for colour in map_colours.UNITS]
    assert all(contrast(*pair) >= 4.5 for pair in words)


def contrast(one, other):
    """The contrast of two colours, as WCAG defines it."""
    dim, bright = sorted(map(luminance, (one, other)))
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_title_is_text_and_never_markup(course):
    task = msgspec.structs.replace(course.units[0].tasks[0], title="<script>alert(1)</script>")
    unit = msgspec.structs.replace(course.units[0], tasks=(task,), title="<b>")
    drawn = map_picture.svg(msgspec.structs.replace(course, units=(unit,)))
    assert "<script" not in drawn
    assert "<b>" not in drawn


# --- rows and lines


@pytest.mark.slow
def test_boxes_and_lines_of_a_row_do_not_overlap(course):
    picture = map_picture.MapPicture(course)
    middle, widths = picture.placed.middle, picture.widths
    for row in picture.placed.rows:
        for left, right in itertools.pairwise(row):
            room = middle[right] - middle[left]
            if isinstance(left, Stop) and isinstance(right, Stop):  # labels stand higher and lower in turn
                assert room > max(widths.get(left, 0), widths.get(right, 0)) / 2
            else:
                assert room > (widths.get(left, 0) + widths.get(right, 0)) / 2


def test_every_line_arrives_by_way_of_neighbouring_rows():
    rows = [["a"], ["b"], ["c"], ["d"]]
    placed = layers.place(rows, [Port("p", "a", 0.0, ("b", "d"))], dict.fromkeys("abcd", 50.0), line=6)
    stop1, stop2 = Stop("p", 1), Stop("p", 2)
    assert {(link.upper, link.lower) for link in placed.links} == {
        ("a", "b"),
        ("a", stop1),
        (stop1, stop2),
        (stop2, "d"),
    }
    assert set(placed.rows[1]) == {"b", stop1}


def test_lines_are_uncrossed_where_that_can_be():
    rows = [["a", "b", "c"], ["x", "y", "z"], ["p", "q", "r"]]
    pairs = [("a", "z"), ("b", "y"), ("c", "x"), ("x", "r"), ("y", "p"), ("z", "q")]
    ports = [Port(f"{one}{other}", one, 0.0, (other,)) for one, other in pairs]
    placed = layers.place(rows, ports, dict.fromkeys("abcxyzpqr", 50.0), line=6)
    links = [(placed.middle[link.upper], placed.middle[link.lower], link.upper in rows[0]) for link in placed.links]
    assert not any(
        (one[0] - other[0]) * (one[1] - other[1]) < 0
        for one, other in itertools.combinations(links, 2)
        if one[2] == other[2]
    )
    for one, other in pairs:
        assert placed.middle[one] == pytest.approx(placed.middle[other], abs=1)


def test_a_long_line_runs_straight_down_beside_the_boxes():
    rows = [["a"], ["b"], ["c", "d"], ["e"], ["f"]]
    ports = [Port("long", "a", 0.0, ("f",)), Port("short", "a", 10.0, ("b",)), Port("next", "b", 0.0, ("c", "d"))]
    placed = layers.place(rows, ports, dict.fromkeys("abcdef", 80.0), line=6)
    assert len({placed.middle[Stop("long", r)] for r in (1, 2, 3)}) == 1


def test_places_are_the_nearest_that_keep_their_distance():
    assert layers.apart([0, 0, 0], [1, 1, 1], [10, 10]) == pytest.approx([-10, 0, 10])
    assert layers.apart([0, 50, 40], [1, 1, 3], [10, 10]) == pytest.approx([0, 35, 45])
    assert layers.apart([], [], []) == []
