"""Grades for other systems: Canvas, Moodle, Gradescope, CSV and JSON; and an autograder to run at Gradescope."""
