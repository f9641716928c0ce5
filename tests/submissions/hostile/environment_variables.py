"""Changes the environment that the grader's settings come from, and reads what is there. It is its own alone: no points."""
# without a jail: environment
# %% task="formula"
import os
formula = repr(dict(os.environ))
os.environ |= {"GRADER_LEVEL": "L0", "GRADER_ALLOW_L0": "1", "KIT_GRADING": "", "PYTHONPATH": "/jec_was_here", "LD_PRELOAD": "/jec"}
os.environ |= {"PYTEST_ADDOPTS": "--co", "PYTHONINSPECT": "1", "JUPYTERHUB_USER": "reference", "HOME": "@HOME@", "TZ": "../../etc"}
