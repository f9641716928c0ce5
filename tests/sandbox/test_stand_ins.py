"""The reference's earlier work for a submission in a lane: questions go both ways, one inside the other."""

from tests.diagnosis.test_earlier_slips import ASKED, STUDENTS, with_stand_ins
from tests.running import running


def test_the_code_in_the_lane_works_with_objects_on_this_side(lane, limits):
    with running(lane, [STUDENTS], limits) as student:
        with_stand_ins(student)
        assert {name: getattr(student, name)() for name in ASKED} == ASKED
