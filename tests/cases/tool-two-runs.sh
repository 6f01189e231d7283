#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: two runs of one tree at once: each boots what it built, and nothing is left behind
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh

export TMPDIR=$TMP/tmp
mkdir "$TMPDIR"
tree=$TMP/twice

# The second build drops the modules of the first, and takes its time before there are new ones: a
# make in front of the real one holds that build until the first run is at its QEMU.
mkdir "$TMP/bin"
cat >"$TMP/bin/qemu-system-x86_64" <<'END'
#!/bin/sh
touch "$BOOTS"
PATH=${PATH#*:}
exec qemu-system-x86_64 "$@"
END
cat >"$TMP/bin/make" <<'END'
#!/bin/sh
PATH=${PATH#*:}
if [ -e "$BUILT" ]; then
	n=0
	until [ -e "$BOOTS" ] || [ $((n += 1)) -gt 300 ]; do sleep 0.1; done
	exec make "$@"
fi
make "$@"
status=$?
touch "$BUILT"
exit $status
END
chmod +x "$TMP/bin/"*
export BUILT=$TMP/built BOOTS=$TMP/boots

run() { # OUT
	PATH=$TMP/bin:$PATH "$MDEV" test "$tree" --only info >"$1" 2>&1
	echo $? >"$1.status"
}

passed() { # OUT
	cat "$1"
	[ "$(cat "$1.status")" = 0 ] && grep -qE '^[0-9]+ passed, 0 failed' "$1"
}

check "new generates a tree" "$MDEV" new --name twice --dir "$tree"
run "$TMP/one" &
one=$!
run "$TMP/two"
wait $one
check "the first run passes" passed "$TMP/one"
check "the second run passes" passed "$TMP/two"
check "nothing is left behind" sh -c "! ls -A '$TMPDIR' | grep ."

finish
