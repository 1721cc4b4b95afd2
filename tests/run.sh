#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sets up, builds and runs every test. The last line is "N passed, N failed, N skipped".
# BUILD=DIR chooses the build folder, CORPORA=DIR the folder of real e-invoices.
set -eu
cd "$(dirname "$0")/.."
sh tools/setup.sh

build=${BUILD:-build/tests}
corpora=${CORPORA:-}
if [ -z "$corpora" ] && [ -d ../shared/invoices ]; then
	corpora=$(cd ../shared/invoices && pwd)
fi
[ -f "$build/build.ninja" ] || meson setup "$build" -Dwerror=true
meson configure "$build" -Dcorpora="$corpora"
ninja -C "$build"

status=0
meson test -C "$build" --no-rebuild --print-errorlogs "$@" || status=$?
python3 tests/count.py "$build/meson-logs/testlog.json" || status=1
exit $status
