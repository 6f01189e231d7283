#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Builds the framework for one kernel to build/<release>/framework, or a vendor tree against it.
# usage: build.sh framework [unless-built] | module DIR | clean DIR | paths [DIR] | release | out | kdir
# environment: KVER or KDIR; MDK_OUT: another folder for the framework
# KDIR names kernel headers; without it, those of the line KVER that `mdev-sdk kernel` keeps; without
# that the line that .config chooses (config.sh).
# A step that fails ends it, by set -e, which says nothing inside `if`, `||`, `&&` and `!`: no function
# of more than one command is called there, and what a pipe begins with is run before it.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
builds=$("$top/framework/build-folder.sh")
kver=${KVER:-}
kdir=${KDIR:-}
flags=
llvm=

die() {
	echo "mdev-sdk: $*" >&2
	exit 3
}

# Kbuild, and the shell and make below it, take a path apart at these. mdev-sdk has the same list, in
# tools/mdev-sdk/common/tree.c.
check_path() { # WHAT PATH
	case $2 in
	*[[:space:]:\#%\$\'\"\\\;\&\(\)\|\<\>\*?,\`]*)
		die "$1 is '$2', and kbuild cannot take a blank or one of : # % \$ ' \" \\ ; & ( ) | < > * ? , \` in a" \
			"path: move it to a folder without" ;;
	esac
}

# Before anything is done, and also when a driver is none.
check_paths() { # [DIR]
	check_path "the folder of mdev-sdk" "$top"
	[ -z "${1:-}" ] || case $1 in
	/*) check_path "the driver's folder" "$1" ;;
	*)
		here=$(pwd)
		check_path "the driver's folder" "$here/$1"
		;;
	esac
}

find_kernel() {
	if [ -z "$kdir" ]; then
		[ -n "$kver" ] || kver=$("$top/framework/config.sh" MDK_DEFAULT_KERNEL) || exit 3
		kdir=$("$top/mdev-sdk" kernel "$kver" --print kdir) || exit 3
		flags=$("$top/mdev-sdk" kernel "$kver" --print makeflags) || exit 3
	fi
	uts=$kdir/include/generated/utsrelease.h
	[ -f "$uts" ] ||
		die "'$kdir' holds no built kernel headers: KDIR must name a folder like /lib/modules/<release>/build"
	# kernel.release is not it: Debian's modules live under the release of vermagic.
	release=$(sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' "$uts")
	out=${MDK_OUT:-$builds/$release}
	case $out in /*) ;; *) out=$top/$out ;; esac
	check_path "the folder of the build, MDK_OUT," "$out"
	check_path "the folder of the kernel's headers, KDIR," "$kdir"
	configuration=$kdir/include/config/auto.conf
	[ -f "$configuration" ] || return 0
	llvm=$(llvm_of "$configuration")
	[ -z "$llvm" ] || flags="$flags $llvm"
}

# llvm_of CONFIGURATION: what Kbuild calls the tools of a kernel that clang has built; nothing for others.
# The clang of the same number comes first: another one may not know the flags that the kernel asks for.
llvm_of() {
	grep -qx CONFIG_CC_IS_CLANG=y "$1" || return 0
	number=$(sed -n 's/^CONFIG_CLANG_VERSION=\([0-9]*\)[0-9]\{4\}$/\1/p' "$1")
	found=${LLVM:-$(llvm_found "-$number" '')}
	[ -n "$found" ] ||
		die "$release was built by clang $number, and so is what is loaded into it; here is no clang with" \
			"ld.lld and llvm-nm: apt-get install clang-$number lld-$number llvm-$number, or those of" \
			"another number with LLVM=-NUMBER"
	echo "LLVM=$found"
}

# llvm_found SUFFIX...: the first one whose tools are all here, in Kbuild's words.
llvm_found() {
	for suffix in "$@"; do
		missing=
		for tool in clang ld.lld llvm-nm llvm-ar llvm-objcopy llvm-strip; do
			command -v "$tool$suffix" >/dev/null || missing=y
		done
		[ "$missing" ] || break
	done
	[ "$missing" ] || echo "${suffix:-1}"
}

# flags holds words of the form VAR=value that Kbuild wants for this kernel; values have no spaces.
kbuild() {
	# shellcheck disable=SC2086
	make -C "$kdir" $flags "$@" || exit 3
}

# Sources appear under their own names in a folder of this kernel's own; edits show at once.
mirror() {
	mkdir -p "$out/framework" "$out/sdk"
	sources=$(cd "$top/framework" && find . -name '*.[ch]' -o -name Kbuild)
	for f in $sources; do
		mkdir -p "$out/framework/${f%/*}"
		ln -sfn "$top/framework/$f" "$out/framework/$f"
	done
	ln -sfn "$top/sdk/include" "$out/sdk/include"
	# A source that was removed must not be built from its stale link.
	find "$out/framework" -xtype l -delete
}

# The answer holds as long as the questions, the compiler and the headers are the same.
probe() {
	key=$(cksum "$top"/framework/compat/probe.sh "$top"/framework/compat/*.list \
		"$top"/framework/compat/probes/*.c "$uts" "$kdir/include/generated/autoconf.h")
	key="$key
$(compiler)"
	stamp=$out/probe.stamp
	config=$out/framework/compat/mdk_compat_config.h
	if [ -f "$config" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$key" ]; then
		return
	fi
	echo "  PROBE   $release"
	# shellcheck disable=SC2086
	"$top/framework/compat/probe.sh" "$kdir" "$out/probe" "$config" $flags
	echo "$key" >"$stamp"
}

# Kbuild's own choice is gcc, and clang where LLVM names it.
cc() {
	case $llvm in
	'') echo "${CC:-gcc}" ;;
	LLVM=-*) echo "clang${llvm#LLVM=}" ;;
	*) echo clang ;;
	esac
}

compiler() {
	$(cc) --version | head -n 1
}

# m, or n where there is no core that mdk_mdev_kernel.ko could sit on: the cloud flavours, for example.
kernel_mdev() {
	if grep -q '	mdev_register_parent	' "$kdir/Module.symvers" 2>/dev/null; then
		echo m
		return
	fi
	echo "  NOTE    $release has no mdev core of its own (CONFIG_VFIO_MDEV): mdk_mdev_kernel.ko is left out, and with it bus=kernel" >&2
	# Not to be loaded by chance: one of an earlier build.
	rm -f "$out/framework/mdk_mdev_kernel.ko"
	echo n
}

# Names, sizes and times of files.
facts_of() { # PATH...
	find "$@" -type f -printf '%p %s %T@\n' 2>&1 | cksum
}

# What the modules are made of.
inputs() {
	facts_of "$top/framework" "$top/sdk/include" "$uts" "$kdir/include/generated/autoconf.h" \
		"$kdir/Module.symvers"
	"$top/framework/config.sh"
	compiler
	echo "$flags ${KCFLAGS:-} ${KCPPFLAGS:-} ${CC:-} ${LLVM:-}"
}

# What ends a build early: nobody is to take an earlier one's modules for its own.
failed() {
	status=$?
	# Interrupted before it began: what is there is whole, and another terminal may be using it.
	if [ "$status" -le 128 ] || [ "$begun" ]; then
		rm -f "$out/built.stamp" "$out"/framework/*.ko
	fi
	[ "$status" -gt 128 ] || status=3
	exit "$status"
}

# A driver's build asks for the framework too, and mostly it is built: Kbuild takes a second to see
# that.
build_framework() { # [unless-built]
	mkdir -p "$out"
	exec 9>"$out/lock"
	flock 9
	begun=
	trap failed EXIT
	trap 'exit 130' INT TERM
	# Before it begins: who edits a file meanwhile gets another build.
	made_of=$(inputs)
	made=$(facts_of "$out/framework")
	if [ "${1:-}" = unless-built ] && [ "$made_of $made" = "$(cat "$out/built.stamp" 2>/dev/null)" ]; then
		trap - EXIT
		return
	fi
	begun=yes
	rm -f "$out/built.stamp"
	mirror
	checks=$("$top/framework/config.sh" MDK_RUNTIME_CHECKS)
	"$top/framework/config.sh" headers "$out/framework/config"
	probe
	kernel_mdev=$(kernel_mdev)
	cflags=$(kernel_cflags "$out")
	kbuild M="$out/framework" MDK_RUNTIME_CHECKS="$checks" MDK_KERNEL_MDEV="$kernel_mdev" \
		KCFLAGS="$cflags ${KCFLAGS:-}" modules
	made=$(facts_of "$out/framework")
	echo "$made_of $made" >"$out/built.stamp"
	trap - EXIT
}

# What the kernel wants; and a module is the same wherever it was built: its lines for the log name
# files without these folders, its debug information with a folder of our own (tools/lab/oops.c).
kernel_cflags() { # SDK [TREE]
	printf '%s\n' "$flags" | tr ' ' '\n' | sed -n 's/^KCFLAGS=//p'
	echo "-fmacro-prefix-map=$1/= -fdebug-prefix-map=$1/=/usr/src/mdev-sdk/"
	[ $# = 1 ] || echo "-fmacro-prefix-map=$2/= -fdebug-prefix-map=$2/=/usr/src/driver/"
}

# An error that a driver does not look at is one of its own, and a variable that it forgot to set is
# zero, on kernels too that do not ask for it. KCFLAGS of the environment may say otherwise.
vendor_cflags() { # DIR
	kernel_cflags "$top" "$1"
	echo -Werror=unused-result
	zero=-ftrivial-auto-var-init=zero
	cc=$(cc)
	! $cc -Werror $zero -E -x c /dev/null -o /dev/null 2>/dev/null || echo $zero
	echo "${KCFLAGS:-}"
}

# What make menuconfig M= chose in a driver's own Kconfig: words for Kbuild, or definitions for C.
options_of() { # words|definitions DIR
	[ -f "$2/.config" ] || return 0
	lines=$(sed -nE '/^CONFIG_(MODULES|VFIO)=/d; s/^(CONFIG_[A-Z0-9_]+)=([ym])$/\1=\2/p' "$2/.config")
	case $1 in
	words) printf '%s\n' "$lines" ;;
	definitions) printf '%s\n' "$lines" | sed -E 's/^(.+)=y$/-D\1=1/; s/^(.+)=m$/-D\1_MODULE=1/' ;;
	esac
}

build_module() {
	dir=$1
	[ -d "$dir" ] || die "M=$dir: no such folder"
	[ -f "$dir/Kbuild" ] || [ -f "$dir/Makefile" ] || die "M=$dir: neither Kbuild nor Makefile there"
	dir=$(CDPATH='' cd -- "$dir" && pwd)
	mkdir -p "$(dirname "$out")"
	# Checks asked for by W= and C= are for the vendor's tree; ours has its own run. A process of its
	# own: in a subshell left of || nothing that fails would end it.
	# Several builds of one kernel may run at a time, so the log is this one's too.
	log=$(mktemp)
	env -u W -u C MAKEFLAGS='' "$top/framework/build.sh" framework unless-built >"$log" 2>&1 || {
		cat "$log" >&2
		rm -f "$log"
		die "the framework does not build for $release"
	}
	rm -f "$log"
	symbols=$out/framework/Module.symvers
	# Kbuild does not look at others' symbols: without this a driver keeps stale versions of ours.
	newer=$(find "$symbols" -newer "$dir/Module.symvers" 2>/dev/null) || newer=
	[ -z "$newer" ] || rm -f "$dir/Module.symvers"
	cflags=$(vendor_cflags "$dir")
	options=$(options_of words "$dir")
	definitions=$(options_of definitions "$dir")
	# shellcheck disable=SC2086 # words
	kbuild $options M="$dir" KBUILD_EXTRA_SYMBOLS="$symbols" \
		KCPPFLAGS="-I$top/sdk/include -I$top/framework/include $definitions ${KCPPFLAGS:-}" \
		KCFLAGS="$cflags" modules
}

clean_module() {
	[ -d "$1" ] || die "M=$1: no such folder"
	dir=$(CDPATH='' cd -- "$1" && pwd)
	kbuild M="$dir" clean
}

case ${1:-}:${2:-} in
framework:* | release:* | out:* | kdir:* | paths:* | module:?* | clean:?*) ;;
*)
	echo "mdev-sdk: usage: build.sh framework [unless-built] | module DIR | clean DIR | paths [DIR] | release | out | kdir" >&2
	exit 2
	;;
esac
case $1 in
module | clean | paths) check_paths "${2:-}" ;;
*) check_paths ;;
esac
[ "$1" != paths ] || exit 0
find_kernel
case $1 in
framework) build_framework "${2:-}" ;;
module) build_module "$2" ;;
clean) clean_module "$2" ;;
release) echo "$release" ;;
out) echo "$out" ;;
kdir) echo "$kdir" ;;
esac
