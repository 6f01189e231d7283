#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: everything builds for 6.12 and the cloud kernels as docs/compat.md says, and serves a VFIO user
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh

# What is built for 6.1 and the newest kernel is in other cases; kernels-full has all.
lines=(6.1-cloud)
full_tier && lines=(6.12 6.1-cloud 6.12-cloud)

# compare WHAT JSON: WHAT is builds (the page may know more: passes) or all.
compare() {
	tests/compat-agrees.py "$1" "$2" "${3:-docs/compat.md}"
}

schema_holds() {
	/usr/bin/python3 - "$1" <<-'END'
	import json, sys, jsonschema
	doc, schema = json.load(open(sys.argv[1])), json.load(open("docs/schema/compat.json"))
	jsonschema.Draft7Validator.check_schema(schema)
	jsonschema.validate(doc, schema)
	doc["kernels"][0]["drivers"][0]["builds"] = "yes"
	try:
	    jsonschema.validate(doc, schema)
	except jsonschema.ValidationError:
	    sys.exit(0)
	sys.exit("the schema takes anything")
	END
}

other_page() { # SED-SCRIPT
	sed "$1" docs/compat.md >"$TMP/page.md"
	! cmp -s docs/compat.md "$TMP/page.md" && ! compare builds "$TMP/json" "$TMP/page.md"
}

# A driver that needs what one kernel lacks.
picky() {
	"$MDEV" new --name picky --dir "$TMP/picky" >/dev/null || return 1
	printf '#if !IS_ENABLED(CONFIG_VFIO_MDEV)\n#error there is no mdev core\n#endif\n' \
		>>"$TMP/picky/picky.c"
	expect 1 'picky +does not build' "$MDEV" compat --tree "$TMP/picky" --no-boots 6.1 6.1-cloud &&
		expect 0 'picky +builds' "$MDEV" compat --tree "$TMP/picky" --no-boots 6.1
}

check "it builds for ${lines[*]}" sh -c \
	"'$MDEV' compat --no-boots --json ${lines[*]} >'$TMP/json' 2>'$TMP/err' || { cat '$TMP/err' '$TMP/json'; false; }"
check "--json is as its schema says, which refuses what is broken" schema_holds "$TMP/json"
check "docs/compat.md agrees (else: make compat)" compare builds "$TMP/json"
check "a page that says otherwise is noticed" other_page '/^| mtty/s/passes/does not build/g'
check "a page without a driver is noticed" other_page '/^| legacy410/d'
check "a page with another kernel's features is noticed" other_page "/^| the kernel's own mdev core/s/no/yes/"
check "a driver that does not build on one of two kernels is told" picky
full_tier && check "6.12: mtty is served to a VFIO user" expect 0 ' 0 failed' "$MDEV" test \
	examples/mtty --kernel 6.12 --type mtty-1 --only region --only irq
check "6.1-cloud: mtty is served to a VFIO user" expect 0 ' 0 failed' "$MDEV" test examples/mtty \
	--kernel 6.1-cloud --type mtty-1 --only region --only irq
finish
