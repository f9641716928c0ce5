"""A clock that jumps by a day while a class is graded: the grades are those of an undisturbed run.

The jump is real for every process of the run but the jailed ones, which may not read the file: a small library stands
between them and the C library, and adds what a file says to the time. The monotonic clock goes on as it was, as it
does when somebody sets a computer's clock. (libfaketime also changes how long a process sleeps, and fails at that.)
"""

import os
import shutil
import subprocess
import sys
import time

import pytest

from grader.environment import python_path
from grader.jail.inside.confine import LINUX
from grader.nbgrader import class_grading
from tests.cycle.test_killed import SLOW, attempts, outputs
from tests.small_course import ANSWERS, UNIT, hand_in, make_folder, write_course

pytestmark = pytest.mark.slow
DAY = 24 * 60 * 60
SOURCE = r"""
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long jump(void) {
    int before = errno, file = open(getenv("CLOCK_FILE"), O_RDONLY | O_CLOEXEC);
    char text[32] = {0};
    if (file >= 0) { if (read(file, text, sizeof text - 1) < 0) text[0] = 0; close(file); }
    errno = before;
    return atol(text);
}
int clock_gettime(clockid_t which, struct timespec *now) {
    int status = syscall(SYS_clock_gettime, which, now);
    if (status == 0 && which == CLOCK_REALTIME) now->tv_sec += jump();
    return status;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int status = syscall(SYS_gettimeofday, now, zone);
    if (status == 0 && now) now->tv_sec += jump();
    return status;
}
time_t time(time_t *now) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (now) *now = found.tv_sec;
    return found.tv_sec;
}
"""


@pytest.fixture(scope="module")
def class_of_six(tmp_path_factory, request):
    """(a folder that holds a small course and an ungraded class, the course, what grading it gives)."""
    place = tmp_path_factory.mktemp("clock")
    course = write_course(place / "course", request.config.rootpath / "exercises" / "kit")
    folder = make_folder(course, place / "untouched")
    for student, answers in (*ANSWERS.items(), ("flo", SLOW)):
        hand_in(folder, student, *answers)
    shutil.copytree(folder, place / "undisturbed")
    class_grading.grade_unit(course, UNIT, place / "undisturbed", workers=1)
    return place, course, outputs(place / "undisturbed")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A library that makes the clock show another time; a process that has it says so."""
    if not LINUX or shutil.which("cc") is None:
        pytest.skip("a clock that jumps needs Linux and a C compiler (Debian's package gcc)")
    place = tmp_path_factory.mktemp("library")
    (place / "clock.c").write_text(SOURCE)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", place / "clock.so", place / "clock.c"], check=True)
    (place / "shown").write_text(str(-DAY))
    env = {**os.environ, "LD_PRELOAD": str(place / "clock.so"), "CLOCK_FILE": str(place / "shown")}
    command = [sys.executable, "-c", "import time; print(time.time())"]
    shown = float(subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout)
    assert shown < time.time() - DAY / 2
    return place / "clock.so"


@pytest.mark.parametrize("jumps", [(-DAY, 0), (DAY, 0), (-DAY, DAY)], ids=["back", "forward", "back and forward"])
def test_a_clock_that_jumps_changes_no_grade(jumps, class_of_six, library, tmp_path):
    place, course, undisturbed = class_of_six
    folder, clock = tmp_path / "folder", tmp_path / "clock"
    shutil.copytree(place / "untouched", folder)
    clock.write_text("0")
    command = [sys.executable, "-m", "just_enough_calculus", "grade", UNIT, "--workers=1", "--yes"]
    env = {
        **os.environ,
        "PYTHONPATH": python_path(),
        "LD_PRELOAD": str(library),
        "CLOCK_FILE": str(clock),
    }
    with (tmp_path / "said").open("w+") as said:
        words = [*command, "-C", str(folder), "--root", str(place / "course")]
        driver = subprocess.Popen(words, env=env, stdout=said, stderr=subprocess.STDOUT)
        jumped = []
        for count, jump in enumerate(jumps, start=1):
            while attempts(folder) < 2 * count and driver.poll() is None:
                time.sleep(0.002)
            clock.write_text(str(jump))
            jumped += [jump] * (driver.poll() is None)
        status = driver.wait(120)
        said.seek(0)
        assert (status, jumped) == (0, list(jumps)), said.read()
    assert outputs(folder) == undisturbed
    taken_up = attempts(folder)
    class_grading.grade_unit(course, UNIT, folder, workers=1)
    assert attempts(folder) == taken_up  # nothing was left to grade
    assert outputs(folder) == undisturbed
