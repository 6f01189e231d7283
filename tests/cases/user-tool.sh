#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mdev-sdk run serves a driver's folder, and test --user judges it over vfio-user
# tier: quick
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh

copy_of() { # tree variant
	rm -rf "$TMP/tree"
	cp -r "$1" "$TMP/tree" && rm -rf "$TMP/tree/build" && patch -s -p1 -d "$TMP/tree" <"$2"
}

passes() { # tree arguments...
	expect 0 '^[1-9][0-9]+ passed, 0 failed, [1-9][0-9]* skipped' "$MDEV" test "$1" --user "${@:2}"
}

generated() { # kind
	local name=my${1//-/_}
	rm -rf "${TMP:?}/$name"
	"$MDEV" new --name "$name" --kind "$1" --dir "$TMP/$name" >/dev/null &&
		passes "$TMP/$name" --type "$name-1"
}

reports() {
	"$MDEV" test examples/mtty --user --type 1 --only info --json --junit "$TMP/junit" >"$TMP/json" 2>"$TMP/out" &&
		python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open("docs/schema/test.json")))' "$TMP/json" &&
		grep -q '<testcase' "$TMP/junit" && grep -q '^time *build [0-9.]* s, suite' "$TMP/out"
}

# A skip that the tree does not list, and that no socket makes, fails.
skips() {
	rm -rf "$TMP/tree"
	cp -r examples/mtty "$TMP/tree" && rm -rf "$TMP/tree/build" && sed -i /mmap_part/d "$TMP/tree/expected-skips" &&
		expect 1 'skip of region.mmap_part is not on the list' \
			"$MDEV" test "$TMP/tree" --user --type 1 --only region
}

# With the suite's tests too, most of them before the one that ends the server.
goes_on() {
	copy_of examples/vgpu-stub tests/broken/user/use-after-reset.patch &&
		expect 1 'ended (in|behind) .* once more from there' "$MDEV" test "$TMP/tree" --user --type 4m \
			--skip lifetime --skip region &&
		! grep -E 'reported a result|no end marker' "$TMP/expect.out"
}

served() {
	local status=0 pid
	"$MDEV" run examples/mtty --socket "$TMP/s" --instances 2 >"$TMP/out" 2>"$TMP/log" &
	pid=$!
	for _ in {1..400}; do
		[ ! -S "$TMP/s.control" ] || break
		sleep 0.1
	done
	[ "$(stat -c %a "$TMP/s" "$TMP/s.2" | sort -u)" = 600 ] || status=1
	grep -qF "\"path\":\"$TMP/s.2\"" "$TMP/out" || status=1
	grep -q '^qemu ' "$TMP/out" || status=1
	# The device of each is there for a client.
	build/host/conform/mdev-conform --socket "$TMP/s" --type 1 --only info.device >"$TMP/ktap" || status=1
	grep -q '^ok 1 info.device' "$TMP/ktap" || status=1
	kill -INT $pid
	wait $pid || status=$?
	[ ! -e "$TMP/s" ] && [ ! -e "$TMP/s.2" ] && [ ! -e "$TMP/s.control" ] || status=1
	cat "$TMP/out" "$TMP/log"
	return $status
}

covered() {
	expect 0 '^mtty.c .* [4-9][0-9]%' "$MDEV" test examples/mtty --user --coverage --type 1 --skip lifetime &&
		grep -q 'href="index.mtty.c' "$(sed -n 's/^pages *//p' "$TMP/expect.out")" &&
		expect 0 '^mtty.c .* [12]?[0-9]%' "$MDEV" test examples/mtty --user --coverage --type 1 --only info.device
}

refused() { # ERE ARGS...
	expect 2 "$1" "$MDEV" "${@:2}"
}

refused_coverage() {
	refused 'T154' test examples/mtty --coverage && refused 'T154' test examples/mtty --user --coverage --sanitizer thread
}

long=$(printf 'x%.0s' {1..80})
check "an example passes in user space" passes examples/mtty --type 1
check "a driver with DMA, its own tests by registers' names, passes" passes tests/fixtures/vrng --type slow
for kind in minimal serial vgpu nic virtio-rng; do
	check "a generated driver of kind $kind passes" generated "$kind"
done
check "JSON and JUnit are those of test" reports
check "a skip that is on no list fails" skips
check "a server that ended is started again, and every test has a verdict" goes_on
check "run: sockets, the lines for QEMU, clients, a clean end" served
check "coverage: lines that the suite reached, and fewer by one test" covered
check "refused: coverage of a guest, or with a sanitizer" refused_coverage
check "refused: a sanitizer that there is not" refused 'T155' test examples/mtty --user --sanitizer memory
check "refused: options of a guest" refused 'T154' test examples/mtty --user --kernel 6.1
check "refused: a sanitizer without user space" refused 'T154' test examples/mtty --sanitizer thread
check "refused: two types" refused 'T152' run examples/mtty --type 1 --type 2
check "refused: a long path" refused 'T152' run examples/mtty --socket "/tmp/$long"
finish
