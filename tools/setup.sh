#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what Aval needs from the packages of Debian 12, Debian 13 or Ubuntu 24.04.
# Says what is missing before it installs; does nothing where nothing is missing.
# With --all also what only some tests need, which skip without it: the emulators of other processors.
set -eu

packages="gcc g++ meson ninja-build pkg-config python3 python3-cryptography python3-cryptography-vectors
	libsecp256k1-dev libcbor-dev libmbedtls-dev libexpat1-dev libjansson-dev libsodium-dev check
	libp11-kit-dev softhsm2"

[ "${1:-}" != --all ] || packages="$packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross
	gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user"

command -v dpkg-query >/dev/null 2>&1 || {
	echo "setup: this is no Debian or Ubuntu system; install the like of:" $packages >&2
	exit 1
}

missing=""
for package in $packages; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || { echo "setup: everything needed is installed"; exit 0; }

echo "setup: installing$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null 2>&1 || { echo "setup: run as root, or install sudo" >&2; exit 1; }
	as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q
$as_root apt-get install -q -y --no-install-recommends $missing
