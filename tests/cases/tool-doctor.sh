#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: doctor tells a sound machine from each kind of broken one, and reads a real guest's files
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh

# The machine of tests/doctor/NAME: the base, without what `remove` names, and its own files over it.
machine() { # name
	local from=tests/doctor/$1 path
	rm -rf "$TMP/root"
	cp -a tests/doctor/base/root "$TMP/root"
	while read -r path; do
		rm -r "$TMP/root/$path" || return 1
	done < <(cat "$from/remove" 2>/dev/null)
	[ ! -d "$from/root" ] || cp -a "$from/root/." "$TMP/root/"
}

# doctor there. The way to the program is the test's business, not the machine's.
doctor() {
	MDK_ROOT=$TMP/root XDG_CACHE_HOME=$TMP/root/cache MDEV_SDK_ROOT=$TMP/root/sdk \
		"$MDEV" doctor "$@" | sed -e "s|$MDEV|mdev-sdk|g" -e "s|$TMP|TMP|g"
	return "${PIPESTATUS[0]}"
}

# What it says but for the lines of what is well, and its exit status.
said() {
	local status=0
	doctor "$@" >"$TMP/said" 2>&1 || status=$?
	grep -v '^ok ' "$TMP/said"
	echo "exit $status"
}

says_as_wanted() { # name
	local arguments=()
	machine "$1" || return 1
	[ ! -f "tests/doctor/$1/arguments" ] || read -ra arguments <"tests/doctor/$1/arguments"
	said "${arguments[@]}" >"$TMP/out"
	diff -u "tests/doctor/$1/want" "$TMP/out"
}

# Each line of `ok` that a healthy machine has, so that a check that is silent is seen.
each_check_speaks() {
	local row
	machine healthy || return 1
	doctor >"$TMP/said"
	sed -n 's/^\t{ "\([a-z]*\)", "[^"]*", doctor_check_.*/\1/p' tools/mdev-sdk/doctor/doctor.c >"$TMP/checks"
	[ "$(wc -l <"$TMP/checks")" -ge 15 ] || return 1
	while read -r row; do
		[ "$row" = tree ] || grep -Eq "^(ok|note) +$row " "$TMP/said" ||
			{ echo "nothing from $row"; return 1; }
	done <"$TMP/checks"
}

# Modules that were never compiled for a kernel: only what modinfo and modprobe read of one.
module() { # FILE VERMAGIC DEPENDS C-CODE
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "const char m1[] __attribute__((section(\".modinfo\"))) = \"vermagic=$2 SMP\";" \
		"const char m2[] __attribute__((section(\".modinfo\"))) = \"depends=$3\";" "$4" |
		gcc -w -x c -c -o "$1" -
}

exported() { # symbol crc
	echo "__asm__(\".globl __crc_$1; .set __crc_$1, $2\");"
}

needed() { # symbol crc
	echo "struct { unsigned long crc; char name[56]; } v __attribute__((section(\"__versions\"))) =
		{ $2, \"$1\" }; extern int $1(void); int use(void) { return $1(); }"
}

abi() { # number
	echo "const char m3[] __attribute__((section(\".modinfo\"))) = \"mdk_abi=$1\";"
}

stale_modules() {
	local here=$TMP/root/lib/modules/6.1.0-1-amd64/updates/dkms
	local other=$TMP/root/lib/modules/6.1.0-0-amd64/updates
	machine healthy || return 1
	module "$here/mdk_model.ko" 6.1.0-1-amd64 mdk_mdev \
		"$(exported mdk_host_register 0x1234)$(abi 1)" &&
		module "$here/good.ko" 6.1.0-1-amd64 mdk_model \
			"$(needed mdk_host_register 0x1234)$(abi 1)" &&
		module "$here/oldsdk.ko" 6.1.0-1-amd64 mdk_model "$(needed mdk_host_register 0x99)" &&
		module "$here/missing.ko" 6.1.0-1-amd64 mdk_model "$(needed mdk_never 0x1)" &&
		module "$here/newsdk.ko" 6.1.0-1-amd64 mdk_model \
			"$(needed mdk_host_register 0x1234)$(abi 2)" &&
		module "$other/copied.ko" 6.1.0-1-amd64 mdk_model "" &&
		module "$here/../mdev-sdk/good.ko" 6.1.0-1-amd64 mdk_model "" &&
		module "$other/stranger.ko" 1.2.3 usbcore "" || return 1
	said >"$TMP/out"
	grep -E '^ok .*stale' "$TMP/said" >>"$TMP/out"
	diff -u tests/doctor/stale.want "$TMP/out"
}

# The kernel shows the number that the linker gave what is loaded; the file has it, or another one.
loaded_as_another() {
	local notes=$TMP/root/sys/module/mdk_model/notes
	machine healthy && module "$TMP/root/lib/modules/6.1.0-1-amd64/updates/mdk_model.ko" 6.1.0-1-amd64 mdk_mdev \
		'const char number[] = "number of the linker";' || return 1
	mkdir -p "$notes"
	printf 'number of the linker' >"$notes/.note.gnu.build-id"
	! doctor | grep D114 || return 1
	printf 'number of an older one' >"$notes/.note.gnu.build-id"
	expect 0 '^note +stale +loaded before what is installed now was: mdk_model \[D114\]' doctor
}

# What the running kernel lacks is wrong where the SDK's modules are installed for it.
lacking_where_used() {
	machine no-vfio && module "$TMP/root/lib/modules/6.1.0-1-amd64/updates/mdk_model.ko" \
		6.1.0-1-amd64 mdk_mdev "" || return 1
	expect 1 '^problem +config +6.1.0-1-amd64 has CONFIG_VFIO=n: there is no VFIO \[D11\]' doctor
}

lacking_elsewhere() {
	machine no-vfio && module "$TMP/root/lib/modules/6.1.0-0-amd64/updates/stranger.ko" \
		6.1.0-0-amd64 usbcore "" || return 1
	expect 0 '^note +config .*CONFIG_VFIO=n.*the lab does not need it here \[D11\]' doctor
}

tree_of_driver() {
	machine healthy || return 1
	mkdir "$TMP/tree"
	expect 0 'TMP/tree: no .ko is built there.*\[D31\]' doctor "$TMP/tree" || return 1
	module "$TMP/tree/myvgpu.ko" 6.1.0-1-amd64 mdk_model ""
	module "$TMP/tree/other.ko" 5.10.0-9-amd64 mdk_model ""
	expect 1 'TMP/tree/myvgpu.ko fits to 6.1.0-1-amd64' doctor "$TMP/tree" &&
		expect 1 '^ok +tree +myvgpu is loaded' doctor "$TMP/tree" &&
		expect 1 'other is not loaded on this host \[D32\]' doctor "$TMP/tree" &&
		expect 1 'other.ko was built for 5.10.0-9-amd64, which neither.*\[D20\]' doctor "$TMP/tree"
}

valid_json() {
	/usr/bin/python3 - "$1" docs/schema/doctor.json <<-'END'
	import json, sys, jsonschema
	with open(sys.argv[1]) as doc, open(sys.argv[2]) as schema:
	    schema = json.load(schema)
	    jsonschema.Draft7Validator.check_schema(schema)
	    jsonschema.validate(json.load(doc), schema)
	END
}

json_is_valid() {
	local name
	for name in healthy exhausted half refused; do
		machine $name || return 1
		doctor --json >"$TMP/json" 2>&1
		valid_json "$TMP/json" || return 1
	done
	# A problem without an id, and a level that is none: the schema must not let them pass.
	sed '0,/"id"/s//"idd"/' "$TMP/json" >"$TMP/broken"
	! valid_json "$TMP/broken" 2>/dev/null || return 1
	sed '0,/"level":\t"ok"/s//"level":\t"fine"/' "$TMP/json" >"$TMP/broken"
	! valid_json "$TMP/broken" 2>/dev/null
}

# Every finding that the catalog knows is made somewhere; those of users who are not root excepted.
each_finding_is_made() {
	cat tests/doctor/*/want tests/doctor/stale.want "$0" | grep -o 'D[0-9][0-9]*\\\?\]' |
		tr -d '\\]' | sort -u >"$TMP/made"
	sed -n 's/^id: \(D[0-9]*\)$/\1/p' tools/mdev-sdk/common/errors.txt |
		grep -vx -e D24 -e D28 | sort -u >"$TMP/known"
	comm -23 "$TMP/known" "$TMP/made" >"$TMP/never"
	cat "$TMP/never"
	[ -s "$TMP/known" ] && [ ! -s "$TMP/never" ]
}

not_root() {
	machine exhausted || return 1
	chmod 755 "$TMP"
	chmod 700 "$TMP/root/proc/4242/fd"
	chmod 600 "$TMP/root/dev/kmsg"
	MDK_ROOT=$TMP/root XDG_CACHE_HOME=$TMP/root/cache MDEV_SDK_ROOT=$TMP/root/sdk \
		expect "$1" "$2" setpriv --reuid=65534 --regid=65534 --clear-groups "$TMP/mdev-sdk" doctor
}

# A real guest: a driver with all its units in use, one of them held by a process, one mistake of an
# administrator after the other, and a model that is refused.
guest_script() {
	cat <<-'END'
	types=/sys/class/mdev_bus/myvgpu/mdev_supported_types
	for i in 1 2 3 4; do echo 11111111-2222-4333-8444-55555555550$i >$types/myvgpu-1/create; done
	hold 11111111-2222-4333-8444-555555555502 &
	holder=$!
	while [ ! -e /tmp/held ]; do sleep 0.1; done
	echo 11111111-2222-4333-8444-555555555505 >$types/myvgpu-1/create
	echo 11111111-2222-4333-8444-555555555501 >$types/myvgpu-2/create
	echo nonsense >$types/myvgpu-1/create
	echo 1 >/sys/bus/mdev/devices/11111111-2222-4333-8444-555555555502/remove
	insmod /lab/refused.ko bad=twin_regs
	. /lab/snapshot
	kill $holder
	END
}

snapshot() {
	"$MDEV" new --name myvgpu --dir "$TMP/myvgpu" &&
		make --no-print-directory M="$TMP/myvgpu" KVER=6.1 &&
		mkdir "$TMP/refused" && cp tests/fixtures/refused/{Kbuild,refused.c} "$TMP/refused" &&
		make --no-print-directory M="$TMP/refused" KVER=6.1 &&
		gcc -static -O -Wall -Werror -o "$TMP/hold" tests/doctor/hold.c || return 1
	guest_script >"$TMP/script"
	"$MDEV" boot --kernel 6.1 --module "$TMP/myvgpu/myvgpu.ko" --file "$TMP/hold:/bin/hold" \
		--file "$TMP/refused/refused.ko:/lab/refused.ko" --file "$TMP/script:/lab/script" \
		--file "tests/doctor/snapshot.sh:/lab/snapshot" --run 'sh /lab/script' \
		--ktap "$TMP/shot" --log "$TMP/log" --timeout 90 || return 1
	mkdir "$TMP/guest" && sed -n '/^snapshot begins/,/^snapshot ends/p' "$TMP/shot" |
		sed '1d;$d' | base64 -d | tar -xz -C "$TMP/guest" && [ -d "$TMP/guest/sys" ]
}

guest_says() { # ERE
	MDK_ROOT=$TMP/guest expect 1 "$1" "$MDEV" doctor "$TMP/myvgpu" --kernel 6.1
}

# The framework says it in debugfs; without that, as for who is not root, there is no word of it.
guest_moves() {
	local page=$TMP/guest/sys/kernel/debug/mdk/11111111-2222-4333-8444-555555555503
	guest_says '555503: .*, not open, can be migrated .version 1 of its state.$' &&
		sed -i 's/^migration_version .*/migration_version 0/' "$page" &&
		guest_says '555503: .*, not open, cannot be migrated: its model has no table of state' &&
		rm "$page" && guest_says '555503: .*, not open$'
}

# No message of the framework, of those that were provoked, is without an entry.
log_explained() {
	expect 1 '^K37: ' "$MDEV" explain - <"$TMP/log" || return 1
	for id in K30 K31 K34 K37 K41 K71 M8; do
		grep -q "^$id: " "$TMP/expect.out" || { echo "no $id"; return 1; }
	done
	"$MDEV" explain - </dev/null && echo 'nothing of ours' | "$MDEV" explain -
}

mapfile -t cases < <(cd tests/doctor && for dir in */want; do dirname "$dir"; done)
for name in "${cases[@]}"; do
	check "machine: $name" says_as_wanted "$name"
done
check "each check says something of a healthy machine" each_check_speaks
check "stale modules: of another kernel, another SDK, a missing symbol, a newer ABI" stale_modules
check "modules that are loaded are older than those that are installed" loaded_as_another
check "a driver's folder: not built, loaded, not loaded, stale" tree_of_driver
check "what the running kernel lacks is a problem where the SDK is installed for it" lacking_where_used
check "what only the running kernel lacks is a note elsewhere, and no finding" lacking_elsewhere
check "--json: valid by its schema, which refuses what is broken" json_is_valid
check "each finding of the catalog is made in a test" each_finding_is_made
cp "$MDEV" "$TMP/mdev-sdk"
check "not root: says that holders are not seen" not_root 0 'descriptors of others.*\[D28\]'
check "not root: says that the log is not read" not_root 0 'cannot be read: Permission.*\[D24\]'
check "an unknown kernel" expect 2 "unknown kernel '5.0'" "$MDEV" doctor --kernel 5.0
check "a folder that is not there" expect 2 'there is no folder /none' "$MDEV" doctor /none
check "real guest: snapshot" snapshot
check "real guest: none left, and the one to remove" guest_says \
	'none of myvgpu-1 is left.*501 \(not open\), .*502 \(open by hold \(pid [0-9]+\)\).*\[D26\]'
check "real guest: who holds the device" guest_says \
	'^ok +devices +11111111-2222-4333-8444-555555555502: myvgpu-1, /dev/vfio/[0-9]+, open by hold \(pid [0-9]+\)'
check "real guest: the others are not open" guest_says \
	'^ok +devices +11111111-2222-4333-8444-555555555503: myvgpu-1, /dev/vfio/[0-9]+, not open'
check "real guest: whether the device can be migrated" guest_moves
check "real guest: the framework and what it needs" guest_says '^ok +framework '
check "real guest: the driver is loaded and fits" guest_says '^ok +stale .*myvgpu.ko fits to '
check "real guest: why remove was refused" guest_says '^note +log .*remove: busy.*\[K41\] \[D23\]'
check "real guest: each line of the log is explained" log_explained
finish
