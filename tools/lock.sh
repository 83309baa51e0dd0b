#!/bin/sh
# Write the lock files anew. usage: lock.sh UV
set -eu
uv=$1
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@"
}
compile pyproject.toml requirements/build.in -o requirements/run.txt
compile pyproject.toml requirements/build.in --group test -o requirements/test.txt -c requirements/run.txt
compile pyproject.toml requirements/build.in --group test --group docs -o requirements/docs.txt -c requirements/test.txt
compile --group build-data -o requirements/data.txt -c requirements/test.txt
compile pyproject.toml requirements/build.in --group test --group peers -o requirements/bench.txt -c requirements/test.txt
