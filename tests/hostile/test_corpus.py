"""Every hostile notebook of tests/submissions/hostile/ at every level of isolation that this machine offers.

For each: no point that was not earned, no secret read, nothing left behind, the next student unaffected, bounded time
and memory, and a report, a row and feedback for the attacker as for everyone. All levels are graded at the same time,
once; at the best of them through nbgrader, at the others by the engine alone, and without the notebooks that leave the
jail alone.
"""

import functools
import os
import re
import sqlite3
import subprocess
import sys
import threading

import msgspec
import pytest
from corpus import ATTACKS, FOLDER
from graded import Place, Watched, canaries_in
from target import PLACES, TASKS, UNIT

from grader import results
from grader.errors import Unavailable
from grader.grading import pool
from grader.jail.lane import Lane
from grader.nbgrader import class_grading
from grader.results import Level
from tests.ordinary_user import why_not

LEVELS = ("L3", "L2", "L1")
NAMES = [attack.name for attack in ATTACKS]
AT_EVERY_LEVEL = [attack.name for attack in ATTACKS if attack.tries_the_jail]
BY_NAME = {attack.name: attack for attack in ATTACKS}
# The worst takes 100 s on an idle machine (benchmarks/worst_cost.py), and here other tests and levels run beside it.
MOST_SECONDS, MOST_BYTES = 400, 800 << 20
HONEST_AFTER = {"L3": 1, "L2": 2, "L1": 10}  # at L1 each submission is alone in a separate jail


@functools.cache
def unavailable(level):
    """Why this machine cannot run the corpus at `level`, or ""."""
    if (
        level == "L2" and os.getuid() == 0
    ):  # L2 has no mounts, so root's lanes cannot reach an interpreter in root's home
        return why_not()
    try:
        with Lane(Level(level)):
            return ""
    except Unavailable as error:
        return str(error)


class Graded:
    """The corpus graded at one level: `reports` by name, and what the workers saw."""

    def __init__(self, place, level, *, through_nbgrader):
        self.place, self.level, self.through_nbgrader = place, level, through_nbgrader
        self.reports, self.alarms, self.seconds, self.peak, self.left = {}, {}, {}, 0, []
        self.faults = []
        parts = 2 if level == "L1" else 1  # a cold jail for each submission takes long to start
        work = (
            [self._run_class]
            if through_nbgrader
            else [functools.partial(self._run, AT_EVERY_LEVEL[n::parts]) for n in range(parts)]
        )
        self.threads = [threading.Thread(target=self._watch, args=(job,)) for job in work]
        for thread in self.threads:
            thread.start()

    def _watch(self, work):
        workers = []

        def worker():
            """The worker that is there, or another if that was closed."""
            if not workers or workers[-1].closed:
                nobody = self.level == "L2"
                workers.append(Watched(self.place, self.level, as_nobody=nobody, honest_after=HONEST_AFTER[self.level]))
            return workers[-1]

        try:
            try:
                work(worker)
            finally:
                for started in workers:
                    started.close()
            for started in workers:
                for name, alarms in started.alarms.items():
                    self.alarms[name] = self.alarms.get(name, []) + alarms
                for name, seconds in started.seconds.items():
                    self.seconds[name] = self.seconds.get(name, 0) + seconds
                self.left += started.left
                self.peak = max(self.peak, started.peak)
        except BaseException as error:
            self.faults.append(error)

    def _run(self, names, worker):
        for name in names:
            place = name, self.place.notebook_of(name), self.place.release
            _, graded = pool.grade_once(worker(), worker, UNIT, *place)
            self.reports[name] = pool.regrade_alone(worker(), worker, graded, UNIT, *place)[1]

    def _run_class(self, worker):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pool, "Worker", lambda course, **core: worker())
            reports = class_grading.grade_unit(self.place.course, UNIT, self.place.folder, workers=1)
        self.reports = {report.student: report for report in reports}
        command = [sys.executable, "-W", "ignore", "-m", "nbgrader", "generate_feedback", UNIT]
        self.feedback = subprocess.run(command, cwd=self.place.folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def graded():
    """By level."""
    place = Place()
    try:
        offered = [level for level in LEVELS if not unavailable(level)]
        runs = {level: Graded(place, level, through_nbgrader=level == offered[0]) for level in offered}
        for thread in [thread for run in runs.values() for thread in run.threads]:
            thread.join()
        for fault in [fault for run in runs.values() for fault in run.faults]:
            raise fault
        yield runs
    finally:
        place.remove()


@pytest.fixture
def run(graded, request):
    level = request.param
    if level not in graded:
        pytest.skip(f"{level}: {unavailable(level)}")
    return graded[level]


at_each_level = pytest.mark.parametrize("run", LEVELS, indirect=True)


def graded_there(run, name):
    """The report of an attack at the level of `run`."""
    if name not in run.reports and name not in AT_EVERY_LEVEL:
        pytest.skip("it leaves the jail alone: graded at the best level")
    return run.reports[name]


@pytest.fixture
def in_class(graded):
    return next(run for run in graded.values() if run.through_nbgrader)


@pytest.mark.slow
@at_each_level
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_earned_that_was_not_done_and_nothing_lost_that_was(run, name):
    report, attack = graded_there(run, name), BY_NAME[name]
    assert report.level == run.level
    found = {task.task: task.points for task in report.tasks}
    if attack.held and run.through_nbgrader:
        assert found == dict.fromkeys(TASKS), "a person decides"
        assert attack.held in report.problem
    else:
        expected = {task: float(task in attack.keeps) for task in TASKS}
        expected |= {task: 0.0 for task in attack.may_lose if found[task] == 0}
        assert found == expected, report.problem
        assert attack.problem in report.problem


@pytest.mark.slow
@at_each_level
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_read_nothing_is_left_and_the_next_student_is_unaffected(run, name):
    graded = graded_there(run, name)
    assert run.alarms.get(name, []) == []  # what is held back never meets a worker
    report = msgspec.json.encode(graded)
    assert canaries_in(report, {place: run.place.canaries[place] for place in PLACES if place != "hidden_tests"}) == []
    for_students = [(t.hint, t.line, t.says) for task in graded.tasks for t in task.tests]
    assert canaries_in(repr(for_students).encode(), run.place.canaries) == []


@pytest.mark.slow
@at_each_level
def test_time_and_memory_of_the_grader_are_bounded(run):
    slow = {name: seconds for name, seconds in run.seconds.items() if seconds > MOST_SECONDS}
    assert slow == {}
    assert run.peak < MOST_BYTES


@pytest.mark.slow
@at_each_level
def test_no_process_and_no_file_is_left_when_the_class_is_done(run):
    assert run.left == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_attacker_gets_a_report_a_row_and_feedback(in_class, name):
    folder = in_class.place.folder
    kept = results.read(folder / "reports" / UNIT / f"{name}.json")
    assert kept == in_class.reports[name]
    with sqlite3.connect(folder / "gradebook.db") as gradebook:
        rows = gradebook.execute(ROWS, (name,)).fetchall()
    assert {row[0]: row[1] for row in rows} == {f"test_{task.task}": task.points for task in kept.tasks}
    assert {bool(row[2]) for row in rows} == {bool(BY_NAME[name].held)}, "a person decides on nothing else"
    page = folder / "feedback" / name / UNIT / f"{UNIT}.html"
    assert page.is_file(), in_class.feedback.stderr[-2000:]
    text = page.read_text()
    assert canaries_in(text.encode(), in_class.place.canaries) == []
    assert not re.search(r"<(script|img|svg)[^>]*>?[^<]*jec_was_here", text)
    assert "\x1b" not in text


ROWS = """
select bc.name, g.auto_score, g.needs_manual_grade
from grade g join base_cell bc on bc.id = g.cell_id join submitted_notebook sn on sn.id = g.notebook_id
join submitted_assignment sa on sa.id = sn.assignment_id where sa.student_id = ?
"""


@pytest.mark.slow
def test_the_gradebook_says_nothing_secret_and_the_honest_student_has_full_marks(in_class):
    with sqlite3.connect(in_class.place.folder / "gradebook.db") as gradebook:
        assert {score for _, score, _ in gradebook.execute(ROWS, ("honest",))} == {1.0}
        comments = repr(gradebook.execute("select auto_comment, manual_comment from comment").fetchall())
        owner = gradebook.execute("select last_name from student where id = 'canary'").fetchone()
    assert canaries_in(comments.encode(), in_class.place.canaries) == []
    assert owner == (in_class.place.canaries["gradebook"],)


# ------------------------------------------------------------------------------------------------ no blanks


FEW = [
    *("always_equal_objects", "reads_the_hidden_tests", "sql_update_on_the_gradebook", "steals_tests_by_frames"),
    *("frames_forged_on_every_descriptor", "frame_of_colliding_keys", "callback_handed_back", "os_exit"),
    *("axes_that_lie", "kills_its_parents", "shape_lies", "exception_message_attacks_the_terminal"),
]


@pytest.mark.slow
def test_a_few_of_them_fail_at_the_best_level():
    level = next((level for level in LEVELS if not unavailable(level)), None)
    if level is None:
        pytest.skip("this machine offers no isolation")
    place = Place(whole=False)
    try:
        worker = Watched(place, level, as_nobody=level == "L2")
        for name in FEW:
            report = worker.grade(UNIT, name, place.notebook_of(name), place.release).report
            assert {task.task: task.points for task in report.tasks} == {
                task: float(task in BY_NAME[name].keeps) for task in TASKS
            }, name
        worker.close()
        assert {name: alarms for name, alarms in worker.alarms.items() if alarms} == {}
        assert worker.left == []
    finally:
        place.remove()


@pytest.mark.slow
def test_without_a_jail_the_thieves_succeed_and_are_noticed():
    if os.getuid() == 0 and why_not():
        pytest.skip(why_not())
    thieves = [attack for attack in ATTACKS if attack.at_l0]
    assert {place for attack in thieves for place in attack.at_l0.split()} == set(PLACES)
    place = Place()
    try:
        worker = Watched(place, "L0", as_nobody=True)
        for attack in thieves:
            worker.grade(UNIT, attack.name, place.notebook_of(attack.name), place.release)
            for stolen in attack.at_l0.split():
                assert f"sent the canary of {stolen}" in worker.alarms[attack.name]
        worker.close()
    finally:
        place.remove()


@pytest.mark.parametrize("disguise", ["plain", "backwards", "hexadecimal", "base64", "utf-16"])
def test_a_canary_is_found_in_any_disguise(disguise):
    import base64

    word = "canary0123456789abcdef01234567"
    text = {
        "plain": word.encode(),
        "backwards": word[::-1].encode(),
        "hexadecimal": word.encode().hex().encode(),
        "base64": base64.b64encode(f"xy{word}z".encode()),
        "utf-16": word.encode("utf-16-le"),
    }[disguise]
    assert canaries_in(b"..." + text + b"...", {"here": word, "there": "canaryffffffffffffffff00000000"}) == ["here"]


# ------------------------------------------------------------------------------------------------ what is in it


# What the corpus must try, in words, and the files that try it.
LISTED = {
    "cell tags such as skip-execution": "tag_skip_execution",
    "IPython input and AST transformers": "ipython_input_transformers ast_transformer",
    "shadowed abs/isclose/simplify": "shadowed_abs_isclose_simplify",
    "own numpy.py beside the notebook": "own_numpy_beside_the_notebook",
    "reading solutions on disk": "reads_the_reference reads_the_hidden_tests "
    "reads_the_mistakes reads_another_submission",
    "displayhook partial-credit spoof": "displayhook_partial_credit",
    "always-equal objects": "always_equal_objects always_equal_numbers",
    "SQL UPDATE on the gradebook": "sql_update_on_the_gradebook",
    "IPython start-up files and other persistence": "ipython_startup_files "
    "persistence_in_the_libraries persistence_in_memory",
    "deleted test cells after an honest full score": "deleted_test_cells",
    "stealing by frames": "steals_tests_by_frames",
    "stealing by gc": "steals_tests_by_gc",
    "stealing by history, hooks": "steals_tests_by_history_and_hooks",
    "stealing by sys.modules": "steals_tests_by_sys_modules",
    "stealing by /proc": "steals_through_proc",
    "stealing by inherited descriptors": "steals_inherited_descriptors",
    "os._exit, quit": "os_exit quit exits_in_its_functions",
    "ignored signals": "ignores_signals",
    "SIGKILL of parents": "kills_its_parents kills_everyone stops_the_zygote",
    "renamed grade ids": "renamed_grade_ids",
    "edited points": "edited_points tests_turned_into_answers",
    "duplicate ids": "duplicate_ids",
    "loops at top level and in tasks": "loop_at_top_level loop_in_a_task "
    "loop_in_c_code loop_that_catches_everything sleeps_in_a_task",
    "memory bombs": "memory_bomb memory_bomb_in_a_task",
    "fork bombs": "fork_bomb fork_bomb_in_a_task",
    "thread bombs": "thread_bomb",
    "300 MB of output": "output_of_300_mb",
    "disk bombs": "disk_bomb disk_bomb_out_of_sight",
    "inode bombs": "inode_bomb",
    "symlinks": "symlink_in_place_of_the_notebook symlink_in_place_of_the_folder symlinks_beside_the_notebook",
    "hard links": "hard_link_to_a_secret",
    "fifos": "fifo_in_place_of_the_notebook fifos_beside_the_notebook",
    "devices in the folder": "device_in_place_of_the_notebook folder_in_place_of_the_notebook",
    "another student's name in the folder": "another_students_name",
    "forged timestamps": "forged_timestamps",
    "missing secret file": "missing_secret secret_that_is_a_path",
    "script in cell output": "script_in_outputs script_in_messages",
    "script in markdown": "script_in_markdown",
    "forged frames": "frames_forged_on_every_descriptor forged_forked_and_reaped "
    "opened_before_it_is cells_that_never_ran",
    "malformed frames": "frames_malformed frame_of_colliding_keys",
    "endless frames": "frame_without_end",
    "deeply nested frames": "frame_nested_deeply frame_of_an_error_nested_deeply",
    "huge frames": "frames_that_are_huge frame_of_empty_lists fills_the_graders_memory",
    "out-of-order frames": "frames_out_of_order",
    "replies after the deadline": "orders_answered_late reply_after_the_deadline claims_that_the_machine_was_slow",
    "dtype lies": "dtype_lies axes_with_odd_points axes_that_lie",
    "shape lies": "shape_lies",
    "NaN payloads": "nan_answers",
    "inf payloads": "inf_answers",
    "10^9-bit integers": "int_of_a_billion_bits dict_of_colliding_keys",
    "handles that were never given": "handles_never_given callback_handed_back",
    "callbacks from another thread": "callbacks_from_threads",
    "callbacks re-entrantly": "callbacks_re_entrant",
    "callbacks for ever": "callbacks_for_ever callbacks_with_bombs swallows_what_ends_the_test",
    "callbacks after the test ended": "callbacks_after_the_test",
    "exceptions whose name attacks": "exception_with_a_hostile_name",
    "exceptions whose message attacks": "exception_message_attacks_the_terminal",
    "exceptions whose __str__ attacks": "exception_whose_str_attacks",
    "returned claims without the work": "losses_without_the_work "
    "weights_that_are_not_numbers weights_that_grow_on_asking",
    "constant-returning answers": "constant_answers echo_answers",
    "input-memorising answers": "memorised_inputs answers_by_the_clock",
    "a child that double-forks, setsids and outlives": "double_fork_that_outlives",
    "ptrace": "ptraces_its_parents",
    "process_vm_readv": "process_vm_readv_the_zygote",
    "io_uring": "io_uring",
    "AF_VSOCK": "vsock",
    "abstract unix sockets": "abstract_socket_for_the_next",
    "netlink": "netlink",
    "keyctl": "keyctl_for_the_next",
    "userfaultfd": "userfaultfd",
    "bpf": "bpf",
    "TIOCSTI": "types_into_the_terminal",
    "clone3": "clone3",
    "memfd + exec": "memfd_and_exec",
    "namespaces inside namespaces": "namespaces_inside_namespaces",
    "mount tricks": "mount_tricks",
    "/proc/self/mem": "proc_self_mem",
    "core dumps": "core_dump",
    "setuid binaries": "setuid_binaries",
    "timing the zygote to see other students": "times_the_zygote",
    "environment variables": "environment_variables reads_home_and_environment",
    "corrupted shared memory": "corrupts_shared_memory",
    "the inherited socket of a sibling": "corrupts_a_siblings_socket "
    "daemon_that_answers_for_later_tests sends_descriptors",
}
OUR_OWN = (
    "lying_types attributes_that_change patches_the_session text_that_is_slow_to_compare formula_that_is_slow_to_read "
)
OUR_OWN += "remembers_what_tests_hand_over answers_the_next_test_before_it_asks "
OUR_OWN += "remembers_large_arrays remembers_many_small_things answers_that_grow_when_compared burning_children "
OUR_OWN += "raises_what_the_grader_would_raise sleeping_cells sleeps_at_every_fork sleeps_beside_a_burning_child "
OUR_OWN += "messages_that_can_be_read_in_many_ways inputs_carried_home_by_names_and_sizes generators_without_end "
OUR_OWN += "answers_of_many_parts figure_of_thousands_of_curves odd_values_that_break_comparisons "
OUR_OWN += "counts_processes_for_the_next_test escapes_in_typed_answers_and_names formulas_of_the_largest_size "
OUR_OWN += "metadata_of_megabytes turns_zeros_into_pending "
OUR_OWN += "notebook_that_is_no_notebook notebook_of_brackets notebook_of_odd_parts notebook_of_a_million_cells"


def test_every_attack_that_is_listed_has_a_file_and_every_file_is_listed():
    listed = {name for names in [*LISTED.values(), OUR_OWN] for name in names.split()}
    assert listed == set(NAMES)
    assert len(NAMES) >= 80


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_small_and_says_what_it_tries_and_what_must_happen(name):
    attack = BY_NAME[name]
    assert len(re.findall(r"[.:](\s|$)", attack.says)) >= 2, attack.says
    assert (FOLDER / f"{name}.py").stat().st_size < 3000
    assert set(attack.tasks) | set(attack.keeps) <= set(TASKS)
    assert {re.sub('task="\\w+"', "", kind) for kind, _ in attack.cells} <= {"", "first", "folder"}
