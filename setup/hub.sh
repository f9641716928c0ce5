#!/bin/sh
# sh setup/hub.sh FOLDER: JupyterHub for a trial, with its proxy (npm) and what students' notebooks need (pip), in FOLDER.
# examples/hub/try_hub.py uses it. Needs the repository's .venv (`make`) for pip, and npm: apt-get install nodejs npm.
set -eu
folder=${1:?"usage: sh setup/hub.sh FOLDER, where FOLDER is new or made by this script"}
pip="${VENV:-.venv}/bin/python -m pip --python $folder/bin/python"
/usr/bin/python3 -m venv --without-pip "$folder" # the machine's Python: students' accounts must be able to read it
$pip install --quiet jupyterhub jupyterlab nbgrader numpy sympy matplotlib pytest ipywidgets
npm install --silent --no-fund --no-audit --prefix "$folder/npm" configurable-http-proxy
ln -sf ../npm/node_modules/.bin/configurable-http-proxy "$folder/bin/"
