#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sets up, builds, installs into a folder of its own and plays the main job: a supplier's invoice becomes a token, the buyer
# accepts it, a factor buys 40 % of it and verifies one file offline, a bank finances the rest under a mandate.
# BUILD=DIR chooses the build folder.
set -eu
cd "$(dirname "$0")/.."
sh tools/setup.sh

build=${BUILD:-build/examples}
mkdir -p "$build"
build=$(cd "$build" && pwd)
echo "building (the log is in $build/build.log)"
{
	[ -f "$build/meson/build.ninja" ] || meson setup "$build/meson" -Dbuildtype=release -Dtests=disabled \
		-Dprefix="$build/installed" -Dlibdir=lib
	meson install -C "$build/meson"
} > "$build/build.log" 2>&1 || { cat "$build/build.log" >&2; exit 1; }

# The programs are built as a user would build them: against what is installed.
PKG_CONFIG_PATH=$build/installed/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
LD_LIBRARY_PATH=$build/installed/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PKG_CONFIG_PATH LD_LIBRARY_PATH
for program in supplier buyer factor bank; do
	# shellcheck disable=SC2046
	${CC:-cc} -std=c11 -O2 -Wall -Wextra -o "$build/$program" "examples/$program.c" $(pkg-config --cflags --libs libaval)
done
aval=$build/installed/bin/aval

play=$build/play
rm -rf "$play"
mkdir "$play"
invoice=examples/invoices/invoice-ubl.xml
say() { printf '\n%s\n' "$*"; }
party() { "$aval" key show "$play/$1.key" --json | sed -n 's/.*"party": "\(.*\)",*/\1/p'; }
term() { "$aval" invoice terms "$invoice" --json | tr -d '\n' |
	sed -n 's/.*"path": "'"$1"'", *"value": "\([^"]*\)".*/\1/p'; }

say "1. Four firms make keys. A key's id stands for the firm until certificates do."
for who in supplier buyer factor bank; do
	"$aval" key new --out "$play/$who.key" > /dev/null
	echo "  $who: $(party $who)"
done

say "2. The supplier imports invoice $(term BT-1) over $(term BT-115) $(term BT-5), due $(term BT-9), and checks it."
"$aval" invoice check "$invoice" | sed 's/^/  /'
# What a syntax has beside the business terms stands behind an empty line.
"$aval" invoice terms "$invoice" | sed '/^$/,$d' > "$play/terms-ubl.txt"
"$aval" invoice terms examples/invoices/invoice-cii.xml | sed '/^$/,$d' > "$play/terms-cii.txt"
cmp "$play/terms-ubl.txt" "$play/terms-cii.txt"
echo "  the same invoice in UBL and in CII gives the same $(wc -l < "$play/terms-ubl.txt") business terms"

say "3. The supplier issues a token over it. The token carries a commitment to all terms, and none of them."
"$build/supplier" "$invoice" "$play/supplier.key" "$(party buyer)" "$play/seed" "$play/1-issued.aval"

say "4. The buyer compares the token with its own copy of the invoice, and accepts: a promise to pay."
"$build/buyer" "$play/1-issued.aval" "$invoice" "$play/seed" "$play/buyer.key" "$play/2-accepted.aval"

say "5. The supplier offers 40 % of the claim, 7,699.66 EUR, to the factor without recourse, and shows seven terms
   of the invoice and the absence of one: the factor must know that there is no other payee (BT-59)."
"$aval" token assign "$play/2-accepted.aval" --key "$play/supplier.key" --to "$(party factor)" \
	--amount 7699.66 --recourse none --out "$play/3-offered.aval"
"$aval" token disclose "$play/3-offered.aval" --invoice "$invoice" --seed "$play/seed" \
	--terms BT-1,BT-2,BT-3,BT-5,BT-9,BT-115,BT-27,BT-59 --out "$play/4-disclosed.aval" > /dev/null

say "6. The factor looks at the offer, signs it, and verifies the result offline: no network, no database."
"$build/factor" "$play/4-disclosed.aval" "$play/factor.key" "$(party supplier)" "$(party buyer)" "$play/5-assigned.aval"

say "7. Anybody else verifies the same file, naming whom they trust and what they do without."
verify() {
	"$aval" verify "$1" --trust "$(party supplier)" --trust "$(party buyer)" --trust "$(party factor)" \
		--without parties,registered,live,duplicate,fresh
}
verify "$play/5-assigned.aval" | sed 's/^/  /'

say "8. The supplier offers the rest, 11,549.50 EUR, to its bank, and answers for it. Two of the bank's officers sign under
   its mandate; who verifies need not know them."
for who in first second; do
	"$aval" key new --out "$play/$who.key" > /dev/null
done
"$aval" mandate new --key "$play/bank.key" --registry registry.example/receivables --officer "$(party first)" --officer "$(party second)" \
	--threshold 2 --types ASSIGN --cap EUR=20000.00 --until 2099-01-01T00:00:00Z --out "$play/bank.mandate" > /dev/null
note=$("$aval" token show "$play/5-assigned.aval" | awk '/ holder / { held = $NF == supplier } / note / && held { print $NF; exit }' \
	supplier="$(party supplier)" -)
"$aval" token assign "$play/5-assigned.aval" --key "$play/supplier.key" --note "$note" --to "$(party bank)" --recourse full \
	--out "$play/6-offered.aval" > /dev/null 2>&1
"$build/bank" "$play/6-offered.aval" "$play/bank.mandate" "$play/first.key" "$play/second.key" "$play/7-financed.aval" \
	"$(party supplier)" "$(party buyer)" "$(party factor)"

say "9. One byte of the file is flipped."
size=$(wc -c < "$play/5-assigned.aval")
at=$((size / 2))
old=$(od -An -tu1 -j "$at" -N 1 "$play/5-assigned.aval" | tr -d ' ')
{
	head -c "$at" "$play/5-assigned.aval"
	# shellcheck disable=SC2059
	printf "\\$(printf %o $((old ^ 1)))"
	tail -c +$((at + 2)) "$play/5-assigned.aval"
} > "$play/8-forged.aval"
if verify "$play/8-forged.aval" > "$play/forged.txt"; then
	echo "examples: a forged file was found valid" >&2
	exit 1
fi
grep -E '^bundle|FAIL' "$play/forged.txt" | sed 's/^/  /'

say "Done. The files are in $play; the four programs are examples/supplier.c, buyer.c, factor.c and bank.c.
   A bank with three officers, MuSig2 and batches: sh examples/officers.sh."
