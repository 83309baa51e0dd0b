#!/bin/sh
# Make the virtual environment where it is missing and install a lock file into it.
# usage: setup_venv.sh PYTHON VENV LOCK
set -eu
python=$1 venv=$2 lock=$3

if ! command -v "$python" >/dev/null 2>&1; then
    echo "clusterbelt needs Python 3.11 or newer; '$python' was not found. Name yours: make PYTHON=python3.12 demo" >&2
    exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "clusterbelt needs Python 3.11 or newer; '$python' is $("$python" -V 2>&1). Name another: make PYTHON=python3.12 demo" >&2
    exit 2
fi
if [ ! -x "$venv/bin/pip" ]; then
    if ! "$python" -m venv "$venv" 2>/dev/null; then
        # Debian and Ubuntu ship venv in a package of its own.
        if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
            apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
            "$python" -m venv "$venv"
        else
            echo "Python's venv module is missing; install it (Debian, Ubuntu: apt install python3-venv) and try again" >&2
            exit 2
        fi
    fi
fi
echo "installing $lock into $venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$lock"
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
