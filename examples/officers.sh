#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A bank with three officers buys claims: two of three sign under a mandate with a cap, all three sign as one with MuSig2,
# and one signature covers a thousand purchases.
# AVAL=PROGRAM plays it with another aval (default: one built here). BUILD=DIR chooses the build folder.
set -eu
cd "$(dirname "$0")/.."

build=${BUILD:-build/examples}
if [ -z "${AVAL:-}" ]; then
	sh tools/setup.sh
	mkdir -p "$build"
	echo "building (the log is in $build/build.log)"
	{
		[ -f "$build/meson/build.ninja" ] || meson setup "$build/meson" -Dbuildtype=release -Dtests=disabled \
			-Dprefix="$(cd "$build" && pwd)/installed" -Dlibdir=lib
		meson install -C "$build/meson"
	} > "$build/build.log" 2>&1 || { cat "$build/build.log" >&2; exit 1; }
	LD_LIBRARY_PATH=$(cd "$build" && pwd)/installed/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
	export LD_LIBRARY_PATH
	AVAL=$build/installed/bin/aval
fi

play=$build/officers
rm -rf "$play"
mkdir -p "$play"
play=$(cd "$play" && pwd)
invoice=examples/invoices/invoice-ubl.xml
registry=registry.example/log

say() { printf '\n%s\n' "$*"; }
stop() { echo "officers: $*" >&2; exit 1; }
# What the tool says of its own doing goes to a file, and is shown where it fails.
aval() { "$AVAL" "$@" >> "$play/log" 2>&1 || { tail -n 3 "$play/log" >&2; stop "aval $1 $2 failed"; }; }
field() { sed -n 's/.*"'"$1"'": "\([^"]*\)".*/\1/p'; }
party() { "$AVAL" key show "$play/$1.key" --json | field party; }

# The bank's policy: its own key and those of the two it deals with; there is no registry in this story. Officers are not in it.
write_policy() {
	cat > "$play/policy.json" <<-END
	{ "trust": ["$(party supplier)", "$(party buyer)", "$(party bank)"],
	  "without": ["parties", "registered", "live", "duplicate", "fresh"] }
	END
}
verify() { "$AVAL" verify "$1" --policy "$play/policy.json" --json > "$play/report.json"; }

# valid FILE WHAT: the file must be valid.
valid() {
	verify "$1" && [ "$(field result < "$play/report.json")" = valid ] || stop "$2: not found valid"
	echo "$2: valid"
}
# unfit FILE WHAT STATUS: the file must not be valid, and the row of the mandates must say STATUS.
unfit() {
	if verify "$1"; then stop "$2: found valid"; fi
	sed -n '/"check": "mandates"/,/}/p' "$play/report.json" > "$play/row"
	[ "$(field status < "$play/row")" = "$3" ] || stop "$2: not refused with $3"
	echo "$2: refused"
	echo "  $3: $(field reason < "$play/row")"
}
# refused WHAT STATUS WORD...: the tool must refuse to do it, by a rule (exit 4), with STATUS.
refused() {
	what=$1 status=$2 code=0
	shift 2
	"$AVAL" "$@" > "$play/refusal" 2>&1 || code=$?
	[ $code -eq 4 ] && grep -q "$status" "$play/refusal" || stop "$what: not refused with $status"
	echo "$what: refused"
	sed -n "s/.*\($status\)/  \1/p" "$play/refusal"
}

say "1. A supplier, a buyer, and a bank with three officers make keys. The officers' own keys stay with them."
for who in supplier buyer bank first second third; do
	aval key new --out "$play/$who.key"
	echo "  $who: $(party $who)"
done
write_policy

say "2. The supplier issues a token, the buyer accepts it: 19,249.16 EUR."
aval token issue "$invoice" --key "$play/supplier.key" --debtor "$(party buyer)" --registry $registry \
	--seed "$play/seed" --terms BT-1,BT-3,BT-5,BT-9,BT-115 --out "$play/issued.aval"
aval token accept "$play/issued.aval" --key "$play/buyer.key" --out "$play/accepted.aval"

say "3. The bank gives a mandate: two of the three officers may buy claims, up to 10,000 EUR each."
aval mandate new --key "$play/bank.key" --registry $registry --officer "$(party first)" --officer "$(party second)" \
	--officer "$(party third)" --threshold 2 --types ASSIGN --cap EUR=10000.00 --until 2099-01-01T00:00:00Z \
	--out "$play/two.mandate"
"$AVAL" mandate show "$play/two.mandate" | sed 's/^/  /'

offer() { # offer AMOUNT OUT
	aval token assign "$play/accepted.aval" --key "$play/supplier.key" --to "$(party bank)" --amount "$1" \
		--recourse none --out "$play/$2.aval"
}
sign() { # sign OFFICER IN OUT
	aval token sign "$play/$2.aval" --key "$play/$1.key" --party "$(party bank)" --mandate "$play/two.mandate" \
		--out "$play/$3.aval"
}

say "4. The supplier offers 7,699.66 EUR. One officer signs, and the purchase is not made; then another does."
offer 7699.66 offered
sign first offered signed-by-one
unfit "$play/signed-by-one.aval" "mandate 1-of-3" AVAL_E_MANDATE_THRESHOLD
sign third signed-by-one signed-by-two
valid "$play/signed-by-two.aval" "mandate 2-of-3"

say "5. The supplier offers 10,000.01 EUR, and the mandate does not bear it; 10,000.00 EUR it does."
offer 10000.01 offered-above
refused "mandate over cap" AVAL_E_MANDATE_AMOUNT token sign "$play/offered-above.aval" --key "$play/first.key" \
	--party "$(party bank)" --mandate "$play/two.mandate" --out "$play/above.aval"
offer 10000.00 offered-at-cap
sign first offered-at-cap at-cap-by-one
sign second at-cap-by-one at-cap
valid "$play/at-cap.aval" "mandate at cap"

say "6. For what is above, all three sign as one: a MuSig2 group, with a mandate of its own. Each officer runs one process;
   they exchange small files, and no secret leaves its process."
for who in first second third; do
	aval key new --alg schnorr --out "$play/$who-musig.key"
done
aval musig keys --member "$play/first-musig.key" --member "$play/second-musig.key" --member "$play/third-musig.key" \
	--out "$play/group"
aval mandate new --key "$play/bank.key" --registry $registry --group "$play/group" --types ASSIGN \
	--cap EUR=1000000.00 --until 2099-01-01T00:00:00Z --out "$play/group.mandate"
aval token assign "$play/accepted.aval" --key "$play/supplier.key" --to "$(party bank)" --recourse none \
	--out "$play/offered-whole.aval"
aval token sign "$play/offered-whole.aval" --key "$play/group" --party "$(party bank)" --mandate "$play/group.mandate" \
	--out "$play/session"
for who in first second third; do
	"$AVAL" musig sign "$play/session" --key "$play/$who-musig.key" --wait 60 > "$play/$who.log" 2>&1 &
done
wait
ls "$play/session" | sed 's/^/  /'
aval musig finish "$play/session" --out "$play/musig.aval"
valid "$play/musig.aval" "musig2 3-of-3"

count=1000
say "7. The supplier offers $count claims at once. One officer signs all of them by one signature, under a mandate for
   that: a key in an HSM would be asked once."
aval mandate new --key "$play/bank.key" --registry $registry --officer "$(party first)" --types ASSIGN \
	--cap EUR=20000.00 --until 2099-01-01T00:00:00Z --out "$play/one.mandate"
mkdir "$play/offers"
bank=$(party bank)
buyer=$(party buyer)
i=0
while [ $i -lt $count ]; do
	i=$((i + 1))
	sed "s/EC-2030-0117/EC-2030-1$i/" "$invoice" > "$play/invoice.xml"
	aval token issue "$play/invoice.xml" --key "$play/supplier.key" --debtor "$buyer" --registry $registry \
		--seed "$play/seed" --terms BT-1,BT-3,BT-5,BT-9,BT-115 --out "$play/issued-$i.aval"
	aval token assign "$play/issued-$i.aval" --key "$play/supplier.key" --to "$bank" --recourse full \
		--out "$play/offers/$i.aval"
	rm "$play/issued-$i.aval"
done
aval token sign-batch "$play/offers"/*.aval --key "$play/first.key" --party "$bank" --mandate "$play/one.mandate" \
	--out "$play/bought"
"$AVAL" verify "$play/bought"/*.aval --policy "$play/policy.json" --json > "$play/report.json" ||
	stop "batch of $count: not found valid"
[ "$(grep -c '"result": "valid"' "$play/report.json")" -gt "$count" ] || stop "batch of $count: not all of it is there"
echo "batch of $count: valid"

say "Done. The files are in $play."
