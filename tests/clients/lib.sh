# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the core-* cases: builds fixture and client, boots, and takes over the guest's results.
# Sourced after tests/lib.sh.

CLIENT=$SDK/build/host/clients/core-client

# framework_for KERNEL: what a boot would load must be built from the sources of now.
framework_for() {
	KVER=$1 framework/build.sh framework unless-built >"$TMP/framework.log" 2>&1 ||
		return 1
}

# The fixture that run_piece loads, with the patch applied if there is one.
FIXTURE=pinner
FIXTURE_PATCH=

# fixture_for KERNEL: prints the path of the fixture's module, built in a copy of its own.
fixture_for() {
	local copy=$TMP/$FIXTURE-$1/$FIXTURE
	rm -rf "$copy"
	mkdir -p "$copy"
	find "tests/fixtures/$FIXTURE" -maxdepth 1 \( -name Kbuild -o -name '*.[ch]' \) \
		-exec cp {} "$copy/" \;
	if [ -n "$FIXTURE_PATCH" ]; then
		patch -s -p1 -d "$copy" <"$FIXTURE_PATCH" >"$TMP/fixture.log" 2>&1 || return 1
	fi
	KVER=$1 framework/build.sh module "$copy" >"$TMP/fixture.log" 2>&1 || return 1
	echo "$copy/$FIXTURE.ko"
}

# Two cases at a time may be the first ones.
client_build() {
	mkdir -p "$(dirname "$CLIENT")"
	flock "$CLIENT.lock" make -s -C tests/clients >"$TMP/client.log" 2>&1 || {
		cat "$TMP/client.log" >&2
		return 1
	}
}

# guest_results PREFIX FILE: each result of the guest's KTAP becomes one of this case.
guest_results() {
	local line diags=()
	while IFS= read -r line; do
		case $line in
		'ok '*) line=${line#ok * }; pass "$1$line"; diags=() ;;
		'not ok '*) line=${line#not ok * }; fail "$1$line" "${diags[@]}"; diags=() ;;
		'# mdev-conform: end') ;;
		'# '*) diags+=("${line#\# }") ;;
		esac
	done <"$2"
}

# A client's results are whole: the end marker is there, and the plan that it prints at its end says as
# many as there are. What a guest says before the client begins is not the client's.
whole_ktap() { # FILE
	awk '/^KTAP version/ { n = 0 }
		/^(not )?ok [0-9]/ { n++ }
		/^1\.\.[0-9]/ { plan = substr($0, 4) + 0; if (n && plan == n) n = 0 }
		/^# mdev-conform: end/ { ended = 1 }
		END { exit !(ended && plan && !n) }' "$1"
}

# The client came to its end and the kernel complained about nothing. That the client found
# failures is told by its results.
came_to_its_end() { # status of the boot
	whole_ktap "$TMP/ktap" || return 1
	[ "$1" = 0 ] || { [ "$1" = 1 ] &&
		! grep FAILED "$TMP/boot.out" | grep -v 'the command ended with status 1$'; }
}

# For check: says what the boot and the kernel said, if they are not.
run_is_clean() { # status of the boot
	came_to_its_end "$1" || { tail -n 25 "$TMP/log"; tail -n 15 "$TMP/boot.out"; return 1; }
}

# For the guest: into its log, how many processors it has.
# shellcheck disable=SC2016 # the guest's shell expands it
PROCESSORS='echo "processors: $(nproc)." >/dev/kmsg'

# One processor has no races to find: a run has those that its boot was asked for.
had_processors() { # BOOT-OPTION...
	local wanted
	wanted=$(printf '%s\n' "$@" | sed -n 's/.*-smp \([0-9]*\).*/\1/p' | tail -n 1)
	[ -z "$wanted" ] || grep -q "processors: $wanted\." "$TMP/log" ||
		{ echo "$(grep -m 1 processors: "$TMP/log"): $wanted are needed"; return 1; }
}

run_held() { # status of the boot, BOOT-OPTION...
	run_is_clean "$1" && had_processors "${@:2}"
}

# run_piece KERNEL PIECE [BOOT OPTION...]: the results of core-client PIECE, and one more for the
# run itself: it came to its end and the kernel complained about nothing. AFTER is a command for
# the guest that runs behind the piece, VARS assignments for its environment.
run_piece() {
	local kernel=$1 piece=$2 ko status
	shift 2
	if ! framework_for "$kernel" || ! ko=$(fixture_for "$kernel"); then
		fail "$kernel: $piece: build" "$(tail -n 20 "$TMP"/*.log)"
		return
	fi
	rm -f "$TMP/ktap" "$TMP/log"
	status=0
	"$MDEV" boot --kernel "$kernel" --module "$ko" --file "$CLIENT:/bin/core-client" \
		--run "$PROCESSORS; ${VARS:-} core-client $piece; s=\$?; ${AFTER:-:}; exit \$s" \
		--ktap "$TMP/ktap" --log "$TMP/log" "$@" >"$TMP/boot.out" 2>&1 || status=$?
	[ ! -f "$TMP/ktap" ] || guest_results "$kernel: " "$TMP/ktap"
	check "$kernel: $piece: the run" run_held $status "$@"
}

# Broken variants: PATCHES is the folder of their patches, ko the fixture.
PATCHES=tests/broken/framework
ko=

# The command takes the folder it lies in for the SDK.
copy_sdk() {
	mkdir -p "$TMP/sdk/tools/lab"
	cp -r framework sdk mdev-sdk "$TMP/sdk/"
	cp tools/lab/guest-init.sh "$TMP/sdk/tools/lab/"
	ln -sfn "$SDK/tools/conform" "$TMP/sdk/tools/conform"
}

build_copy_for() { # KERNEL
	KVER=$1 "$TMP/sdk/framework/build.sh" framework unless-built >"$TMP/framework.log" 2>&1 ||
		{ tail -n 20 "$TMP/framework.log"; return 1; }
}

build_in_copy() {
	build_copy_for 6.1
}

# More options of the boot.
BOOT_OPTIONS=()

boot_copy() { # piece
	"$TMP/sdk/mdev-sdk" boot --kernel 6.1 "${BOOT_OPTIONS[@]}" --module "$ko" --file "$CLIENT:/bin/core-client" \
		--run "core-client $1" --ktap "$TMP/ktap" --log "$TMP/log" --timeout 60
}

# A race is not lost each time: what a boot does not show, the next or the third one may.
BOOTS=3
caught() { # variant piece pattern
	local try status=1
	patch -s -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch" || return 1
	if ! build_in_copy; then
		patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch"
		return 1
	fi
	for ((try = 1; try <= BOOTS; try++)); do
		boot_copy "$2" >"$TMP/boot.out" 2>&1
		echo "boot $try of $1:"
		cat "$TMP/boot.out" "$TMP/ktap"
		grep -Eq "$3" "$TMP/boot.out" "$TMP/ktap" && status=0 && break
	done
	patch -s -R -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch"
	return $status
}
