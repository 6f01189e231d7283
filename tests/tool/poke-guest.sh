# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# In a guest, for tests/cases/tool-poke.sh: this guest is the host on which mdev-sdk poke runs. Each
# part of /poke.parts begins with `== NAME` and ends with `status N`; then again those of /variants, a
# line `NUMBER PART` each, by a faulty program: `== NUMBER`.
export LD_LIBRARY_PATH=/lib MDEV_SDK_ROOT=/sdk
u=83b8f4f2-509f-382f-3c1e-e6bfe0fa100
device=/sys/bus/mdev/devices/${u}1
# shellcheck disable=SC2034 # by name
raw=${u}f
slow=1

create() { # PARENT TYPE DIGIT
	echo "$u$3" >"/sys/class/mdev_bus/$1/mdev_supported_types/$2/create"
}

# run LABEL PROGRAM WORDS...: the command's verb, or a faulty program of its name
run() {
	echo "== $1"
	if [ "$2" = verb ]; then
		shift 2
		mdev-sdk poke "$@" 2>&1
	else
		shift
		"$@" 2>&1
	fi
	echo "status $?"
}

# part NAME LABEL PROGRAM: as the file has it
part() {
	on=${u}1 before='' after='' now='' words=''
	sed -n "/^part $1\$/,/^\$/p" /poke.parts >/tmp/part
	while read -r key rest; do
		case $key in
		on) on=$raw ;;
		slow) slow=$((slow + 1)) on=$u$slow now=later ;;
		before | after) eval "$key=\$rest" ;;
		do) words=$rest ;;
		esac
	done </tmp/part
	eval "$before"
	if [ -n "$now" ]; then
		# shellcheck disable=SC2086 # they are several
		run "$2" "$3" "$on" $words >"/tmp/later.$slow" &
	else
		eval "run \"\$2\" \"\$3\" $on $words"
	fi
	eval "$after"
}

run no-such-device verb ${u}0 info
mv /dev/vfio/vfio /dev/vfio/away
run no-vfio verb ${u}1 info
mv /dev/vfio/away /dev/vfio/vfio
for i in 1 2 3 4 5 6; do create poked poked-1 $i; done
create rawv11 -1 f

node=/dev/vfio/$(basename "$(readlink $device/iommu_group)")
sleep 1000 3<"$node" &
holder=$!
echo "holder $holder"
run open verb ${u}1 info
echo "== open-in-a-guest"
/sdk/build/host/conform/mdev-poke ${u}1 info 2>&1
echo "status $?"
kill $holder
wait $holder 2>/dev/null

sed -n 's/^part //p' /poke.parts >/tmp/names
while read -r name; do
	part "$name" "$name" verb
done </tmp/names
while read -r number name; do
	part "$name" "$number" "/variant.$number/mdev-sdk poke"
done </variants
wait
cat /tmp/later.*
echo "== end"
