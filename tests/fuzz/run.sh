#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets with clang and runs them, with the sanitizers on.
#   sh tests/fuzz/run.sh                    every target, 60 seconds each
#   sh tests/fuzz/run.sh TARGET [SECONDS]   one target
# Needs clang and its runtime (apt-get install clang); installs nothing. What is found is written to build/fuzz/found.
# Inputs that reach new code are kept in build/fuzz/corpus/TARGET; worthwhile ones go to tests/fuzz/corpus/TARGET by hand.
set -eu
cd "$(dirname "$0")/../.."

clang=${CLANG:-clang}
if ! command -v "$clang" >/dev/null 2>&1; then
	echo "run.sh: needs clang: apt-get install clang, or CLANG=NAME" >&2
	exit 1
fi
build=build/fuzz
seconds=${2:-60}
if [ ! -f "$build/build.ninja" ]; then
	CC=$clang meson setup "$build" -Dfuzz=enabled -Db_sanitize=address,undefined -Db_lundef=false \
		-Dtool=disabled -Dexamples=disabled
fi
if [ $# -gt 0 ]; then
	targets=$1
else
	targets=$(ls tests/fuzz | sed -n 's/^fuzz_\(.*\)\.c$/\1/p')
fi
mkdir -p "$build/found"
for target in $targets; do
	ninja -C "$build" "tests/fuzz/fuzz_$target"
	mkdir -p "$build/corpus/$target"
	echo "run.sh: $target, $seconds seconds"
	"$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$build/found/$target-" "$build/corpus/$target" "tests/fuzz/corpus/$target"
done
