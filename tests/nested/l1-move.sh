# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Sourced in the outer guest: QEMUs with an instance each, and a guest that goes from one to another.
# What it printed is put together from all of them, "l2: WORDS" in each line, as if nothing had happened.
# Environment: QEMU, L2_KERNEL, L2_INITRD, L2_SECONDS, L2_APPEND; for steps(), STEPS. Who sources it may set:
#   card      more of QEMU's options for the device
#   guest     what the names of the guest's QEMUs begin with, where there are several guests
#   limit     milliseconds that a guest may stand still, as QEMU reckons it; 300 if nobody says
#   type      PARENT/TYPE of the instances that steps make
#   other     PARENT/TYPE of an instance that refuses what comes from one of that type
#   options   more words of QEMU's, for each start in a step
export PATH=/bin
devices=/sys/bus/mdev/devices
prefix=83b8f4f2-509f-382f-3c1e-e6bfe0fa

# shellcheck source=tests/nested/l1-root.sh
. /l1-root.sh
busybox cp "$L2_INITRD" /mnt/tmp/initrd
# The QEMU where the guest is, and the names of all that ever were.
here=
places=
guest=
card=
limit=300
type=
other=
options=

say() { # NAME COMMAND...
	socket=/mnt/tmp/$1.qmp
	shift
	nested-qmp "$socket" "$@"
}

# Its main loop runs: what comes in is listened for.
answers() { # NAME
	say "$1" '{"execute": "query-status"}' >/dev/null 2>&1
}

# start NAME PARENT/TYPE [OPTION...]: a QEMU with a new instance, $uuid.
start() {
	name=$1
	instance=$2
	uuid=$prefix$((2000 + 10 * $(echo "$places" | busybox wc -w)))
	echo "$uuid" >"/sys/class/mdev_bus/${instance%/*}/mdev_supported_types/${instance#*/}/create" || exit 3
	places="$places $name"
	shift 2
	busybox chroot /mnt timeout -k 5 "$L2_SECONDS" "$QEMU" -nodefaults -no-user-config -no-reboot \
		-display none -M pc -cpu host -accel kvm -m 128 -kernel "$L2_KERNEL" -initrd /tmp/initrd \
		-append "console=ttyS0 quiet panic=-1 no_timer_check $L2_APPEND" \
		-serial "file:/tmp/$name.console" -qmp "unix:/tmp/$name.qmp,server=on,wait=off" \
		-device "vfio-pci,id=card,sysfsdev=$devices/$uuid,enable-migration=on${card:+,$card}" "$@" \
		>"/mnt/tmp/$name.out" 2>&1 &
	eventually 60 answers "$name"
}

# eventually SECONDS COMMAND...
eventually() {
	until=$(($(date +%s) + $1))
	seconds=$1
	shift
	while ! "$@"; do
		if [ "$(date +%s)" -ge $until ]; then
			echo "in $seconds s it did not come to that: $*"
			return 1
		fi
		sleep 0.2
	done
}

printed() {
	for name in $places; do
		case $name in
		"$guest"*) busybox cat "/mnt/tmp/$name.console" ;;
		esac
	done 2>/dev/null | tr -d '\r'
}

has_printed() { # PATTERN
	printed | grep -q "^l2: $1"
}

# What a guest prints in turn, "l2: tick N" by itself; its end is "l2: the ticks ended".
ticks() {
	printed | grep -c '^l2: tick'
}

has_ticked() { # COUNT
	[ "$(ticks)" -ge "$1" ]
}

has_ticked_or_ended() { # COUNT
	has_ticked "$1" || has_printed 'the ticks ended'
}

goes_on() {
	eventually 100 has_ticked_or_ended $(($(ticks) + 5)) && ! has_printed 'the ticks ended' &&
		echo "it ticks on in '$here'"
}

# The first QEMU is there; its guest is waited for.
begins() { # NAME
	here=$1
	eventually 150 has_ticked 5 || { printed; busybox cat "/mnt/tmp/$1.out"; exit 1; }
}

status_of() { # NAME
	say "$1" '{"execute": "query-migrate"}' | sed -n 's/.*"status": "\([a-z-]*\)".*/\1/p'
}

over() { # NAME
	case $(status_of "$1") in
	completed | failed | cancelled) return 0 ;;
	esac
	return 1
}

# How it ended, in QEMU's words.
result() { # NAME URI
	echo "migration to $2: $(status_of "$1")"
	say "$1" '{"execute": "query-migrate"}'
}

# A socket has a way back, as those have that a manager of machines makes: without it the source may
# have sent all before it hears that the other end has failed. A file has none.
begin() { # URI BANDWIDTH
	case $1 in
	unix:*) back=true ;;
	*) back=false ;;
	esac
	say "$here" "{\"execute\": \"migrate-set-capabilities\", \"arguments\": {\"capabilities\": [
		{\"capability\": \"return-path\", \"state\": $back}]}}" \
		"{\"execute\": \"migrate-set-parameters\", \"arguments\": {
			\"max-bandwidth\": $2, \"downtime-limit\": $limit}}" \
		"{\"execute\": \"migrate\", \"arguments\": {\"uri\": \"$1\"}}"
}

# From here to there.
migrate() { # URI
	begin "$1" 134217728
	eventually 100 over "$here"
	result "$here" "$1"
}

# Begins to move to another QEMU, slow enough to be in the middle of it, and does not after all.
thinks_again() { # PARENT/TYPE [OPTION...]
	start none "$@" -incoming unix:/tmp/none.sock
	begin unix:/tmp/none.sock 1000000
	sleep 2
	result "$here" 'be cancelled'
	say "$here" '{"execute": "migrate_cancel"}'
	eventually 60 over "$here"
	result "$here" unix:/tmp/none.sock
	goes_on
}

quit() { # NAME
	say "$1" '{"execute": "quit"}'
}

moved_to() { # NAME
	quit "$here"
	here=$1
	goes_on
}

step_unix() {
	# shellcheck disable=SC2086 # several words, here and below
	start second "$type" $options -incoming unix:/tmp/second.sock
	migrate unix:/tmp/second.sock
	moved_to second
}

step_file() {
	migrate file:/tmp/file
	quit "$here"
	# shellcheck disable=SC2086
	start third "$type" $options -incoming file:/tmp/file
	here=third
	goes_on
}

step_cancel() {
	# shellcheck disable=SC2086
	thinks_again "$type" $options
}

step_refuse() {
	# shellcheck disable=SC2086
	start other "$other" $options -incoming unix:/tmp/other.sock
	migrate unix:/tmp/other.sock
	goes_on
}

# What STEPS says, of these and of those that the sourcing script has.
steps() {
	for step in $STEPS; do
		echo "step $step"
		"step_$step"
	done
}

# All QEMUs are to end by themselves now; what they said, what their guests printed, and no device is left.
ends() {
	for name in $places; do
		sed "s/^/QEMU $name: /" "/mnt/tmp/$name.out"
	done
	wait
	guest=
	# The end of QEMU may have torn the last line.
	printed | sed '$d'
	for device in "$devices"/*-*; do
		echo 1 >"$device/remove" || exit 4
	done
	echo 'l2: end'
}
