"""JupyterHub for one course on one machine: accounts of the machine, nbgrader's shared exchange, a process per user.

try_hub.py in this folder runs a hub with this file. Put it at /etc/jupyterhub/jupyterhub_config.py.
"""

c = get_config()  # noqa: F821 - given by JupyterHub

c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # behind a web server that speaks TLS
# PAM asks for the password of the account; whoever is in the group `calculus` may log in.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {"calculus"}
c.PAMAuthenticator.admin_groups = {"calculus-staff"}
# Each user's server runs as that account, so what is handed in belongs to the student: `grader collect` checks that.
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.default_url = "/lab"
