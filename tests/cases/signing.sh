#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: modules are signed with a given key or the machine's, all or none; what a locked-down kernel says of others
# tier: full
# timeout: 1800
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/kernel-root.sh
. tests/tool/kernel-root.sh

release=$("$MDEV" kernel 6.1 --print release)
moddir=$("$MDEV" kernel 6.1 --print moddir)
kdir=$("$MDEV" kernel 6.1 --print kdir)
keys=$TMP/keys
modules=$TMP/modules
machine=$TMP/machine
sign=$SDK/framework/sign.sh
mark='~Module signature appended~'
installed=$TMP/root/lib/modules/$release/updates/mdev-sdk

# One in DER without a password, one in PEM with one.
make_keys() {
	mkdir -p "$keys"
	openssl req -new -x509 -nodes -days 9 -subj /CN=one -newkey rsa:2048 -keyout "$keys/one.key" \
		-outform DER -out "$keys/one.der" &&
		openssl req -new -x509 -passout pass:secret -days 9 -subj /CN=two -newkey rsa:2048 \
			-keyout "$keys/two.key" -out "$keys/two.pem" &&
		openssl x509 -in "$keys/one.der" -out "$keys/one.pem"
}

# Two of the kernel's own, which Debian has signed.
fresh() {
	rm -rf "$modules"
	mkdir -p "$modules"
	cp "$moddir/kernel/drivers/net/dummy.ko" "$moddir/kernel/drivers/net/ifb.ko" "$modules/"
	cksum "$modules"/* >"$TMP/as-before"
}

untouched() {
	cksum "$modules"/* | diff "$TMP/as-before" -
}

sign_them() { # VARIABLE=VALUE...
	env KDIR="$kdir" "$@" "$sign" if-key "$modules"/dummy.ko "$modules"/ifb.ko
}

# Module and signature apart, by what the kernel reads of the end.
split() { # MODULE
	local len
	[ "$(tail -c 28 "$1")" = "$mark" ] || return 1
	len=$((16#$(tail -c 32 "$1" | head -c 4 | od -An -tx1 | tr -d ' \n')))
	head -c "-$((len + 40))" "$1" >"$TMP/content"
	tail -c "$((len + 40))" "$1" | head -c "$len" >"$TMP/signature"
}

# By a program that is not the kernel's: one signature, of these bytes, by this key.
verified() { # CERTIFICATE MODULE...
	local module
	for module in "${@:2}"; do
		split "$module" && [ "$(grep -ac "$mark" "$module")" = 1 ] &&
			openssl cms -verify -binary -inform DER -in "$TMP/signature" -content "$TMP/content" \
				-certfile "$1" -nointern -noverify -out /dev/null || return 1
	done
}

# What is judged is not so when the key is another one, or the module.
verifies() {
	fresh
	sign_them KEY="$keys/one.key" CERT="$keys/one.der" && verified "$keys/one.pem" "$modules"/*.ko &&
		! verified "$keys/two.pem" "$modules/dummy.ko" || return 1
	printf X | dd of="$modules/dummy.ko" bs=1 seek=700 conv=notrunc status=none
	! verified "$keys/one.pem" "$modules/dummy.ko"
}

is_signed_anew() {
	fresh
	sign_them KEY="$keys/one.key" CERT="$keys/one.der" &&
		sign_them KBUILD_SIGN_PIN=secret KEY="$keys/two.key" CERT="$keys/two.pem" &&
		verified "$keys/two.pem" "$modules"/*.ko
}

refused() { # PATTERN VARIABLE=VALUE...
	fresh
	expect 3 "$1" sign_them "${@:2}" && untouched
}

mismatch() {
	refused 'is not that of the key' KEY="$keys/one.key" CERT="$keys/two.pem"
}

# The second module is one too many for it.
fails_half_way() {
	rm -f "$TMP/once"
	cat >"$TMP/sign-file" <<-END
		#!/bin/sh
		[ ! -e "$TMP/once" ] || { echo "no more" >&2; exit 1; }
		touch "$TMP/once"
		exec "$kdir/scripts/sign-file" "\$@"
	END
	chmod +x "$TMP/sign-file"
	refused 'did not sign .*ifb.ko.; no module was changed' SIGN_FILE="$TMP/sign-file" \
		KEY="$keys/one.key" CERT="$keys/one.der" && [ "$(find "$modules" -type f | wc -l)" = 2 ]
}

# A sign-file that says it did, and did not.
leaves_none() {
	refused 'left no signature in .*dummy.ko' SIGN_FILE=/bin/true KEY="$keys/one.key" CERT="$keys/one.der"
}

keep() { # NAME FOLDER KEY CERTIFICATE: of the machine
	mkdir -p "$machine/$2"
	cp "$keys/$1.key" "$machine/$2/$3"
	cp "$(find "$keys" -name "$1.der" -o -name "$1.pem" | sort | head -n 1)" "$machine/$2/$4"
}

# In the order of the page: framework.conf of DKMS, its own key, that of shim-signed.
machines_key() {
	local status=0
	rm -rf "$machine"
	fresh
	mkdir "$machine"
	expect 0 '^not signed: no key is given' sign_them DESTDIR="$machine" && untouched || return 1
	keep two var/lib/shim-signed/mok MOK.priv MOK.der
	sign_them KBUILD_SIGN_PIN=secret DESTDIR="$machine" && verified "$keys/two.pem" "$modules"/*.ko || return 1
	keep one var/lib/dkms mok.key mok.pub
	sign_them DESTDIR="$machine" && verified "$keys/one.pem" "$modules"/*.ko || return 1
	keep two "root/$release" modules.key modules.pem
	mkdir -p "$machine/etc/dkms"
	# shellcheck disable=SC2016 # DKMS's dollar
	printf '%s\n' '# mok_signing_key=/none' 'mok_signing_key="/root/$kernelver/modules.key"' \
		'mok_certificate=/root/${kernelver}/modules.pem # for all' >"$machine/etc/dkms/framework.conf"
	sign_them KBUILD_SIGN_PIN=secret DESTDIR="$machine" && verified "$keys/two.pem" "$modules"/*.ko || status=1
	rm "$machine/root/$release/modules.pem"
	refused 'the certificate .*/modules.pem. is not there' DESTDIR="$machine" && return $status
}

not_readable() {
	local other=() kdir=$TMP/kdir sign=$TMP/copy/framework/sign.sh
	copy_scripts
	mkdir -p "$kdir/include/generated"
	cp "$("$MDEV" kernel 6.1 --print kdir)/include/generated/utsrelease.h" "$kdir/include/generated/"
	chmod 755 "$TMP"
	chmod 000 "$machine/var/lib/dkms/mok.key"
	rm "$machine/etc/dkms/framework.conf"
	[ "$(id -u)" != 0 ] || other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	expect 3 'cannot be read by this user' "${other[@]}" \
		env KDIR="$kdir" DESTDIR="$machine" "$sign" if-key "$modules/dummy.ko"
}

install_it() { # make arguments
	make --no-print-directory KVER=6.1 DESTDIR="$TMP/root" "$@" modules_install
}

installs_signed() {
	expect 0 '^signed with .*one.key: mdk_model.ko' install_it KEY="$keys/one.key" CERT="$keys/one.der" &&
		verified "$keys/one.pem" "$installed"/*.ko && [ "$(find "$installed" -name '*.ko' | wc -l)" -ge 5 ]
}

# What was installed before stays.
installs_none() {
	expect 2 'is not that of the key' install_it KEY="$keys/one.key" CERT="$keys/two.pem" &&
		verified "$keys/one.pem" "$installed"/*.ko &&
		[ -z "$(find "$TMP/root/lib/modules/$release/updates" -name '.mdev-sdk*')" ]
}

installs_unsigned() {
	expect 0 '^not signed: no key is given' install_it && ! grep -la "$mark" "$installed"/*.ko
}

# Kernels that take no unsigned module say so in words that explain knows.
refused_by_kernel() { # APPEND ERRNO-ENTRY LINE
	local status=0
	"$MDEV" boot --kernel 6.1 --append "$1" --no-framework --file "$installed/mdk_model.ko:/lab/unsigned.ko" \
		--run 'insmod /lab/unsigned.ko && exit 1; exit 0' --log "$TMP/log" >"$TMP/boot" 2>&1 || status=$?
	cat "$TMP/boot"
	grep -E "$3" "$TMP/log" >"$TMP/lines" || { tail -n 5 "$TMP/log"; return 1; }
	[ $status = 0 ] && expect 1 "^$2: " "$MDEV" explain - <"$TMP/lines"
}

# make sign builds and signs in its own folder, here in one that is not shared.
signs_what_is_built() {
	local tree=$TMP/mini
	"$MDEV" new --name mini --dir "$tree" &&
		make --no-print-directory KVER=6.1 MDK_OUT="$TMP/out" M="$tree" KEY="$keys/one.key" CERT="$keys/one.der" sign &&
		verified "$keys/one.pem" "$tree/mini.ko" "$TMP/out/framework"/*.ko &&
		expect 2 'no key: give one with KEY= and CERT=' make --no-print-directory KVER=6.1 MDK_OUT="$TMP/out" \
			DESTDIR="$TMP/nowhere" M="$tree" sign
}

# DKMS by the lines of the page, in a mount of our own over its folder of settings.
dkms_signs() {
	local src=$TMP/src/signed-0.1
	mkdir -p "$src" "$TMP/etc" "$TMP/tree"
	printf '%s\n' 'PACKAGE_NAME=signed' 'PACKAGE_VERSION=0.1' 'BUILT_MODULE_NAME[0]=signed' \
		'DEST_MODULE_LOCATION[0]=/updates/dkms' 'AUTOINSTALL=yes' >"$src/dkms.conf"
	printf '%s\n' '#include <linux/module.h>' 'MODULE_LICENSE("GPL");' >"$src/signed.c"
	echo 'obj-m := signed.o' >"$src/Makefile"
	printf '%s\n' "mok_signing_key=$keys/one.key" "mok_certificate=$keys/one.der" \
		"sign_file=$kdir/scripts/sign-file" >"$TMP/etc/framework.conf"
	# shellcheck disable=SC2016 # of the other shell
	unshare --mount sh -c 'mount --bind "$1" /etc/dkms && shift && for verb in add build; do
			dkms $verb signed/0.1 "$@" || exit; done' sh "$TMP/etc" -k "$release" --kernelsourcedir "$kdir" \
		--dkmstree "$TMP/tree" --sourcetree "$TMP/src" &&
		verified "$keys/one.pem" "$TMP/tree/signed/0.1/$release"/*/module/signed.ko
}

copy_scripts() {
	rm -rf "$TMP/copy"
	mkdir -p "$TMP/copy/framework"
	cp framework/*.sh "$TMP/copy/framework/"
}

# planted WHAT SED CHECK: in a copy of sign.sh, which the check must notice.
planted() {
	local sign=$TMP/copy/framework/sign.sh
	copy_scripts
	sed -i -E "$2" "$sign"
	if cmp -s framework/sign.sh "$sign"; then
		fail "caught: $1" "nothing was planted"
	elif "$3" >"$TMP/planted.out" 2>&1; then
		fail "caught: $1"
	else
		pass "caught: $1"
	fi
}

check "keys" make_keys
check "one signature by the key that is given, as openssl verifies it" verifies
check "with another key, in PEM with a password: signed anew" is_signed_anew
check "certificate of another key: said, nothing is signed" mismatch
check "no certificate" refused 'CERT=FILE is needed too' KEY="$keys/one.key"
check "no key" refused 'KEY=FILE is needed too' CERT="$keys/one.der"
check "a key that is not there" refused "the key .* is not there" KEY=/none CERT="$keys/one.der"
check "the wrong password" refused 'KBUILD_SIGN_PIN is not its password' KBUILD_SIGN_PIN=other \
	KEY="$keys/two.key" CERT="$keys/two.pem"
check "a key in place of the certificate" refused 'no X.509 certificate' KEY="$keys/one.key" CERT="$keys/one.key"
check "no sign-file" refused 'no program .*linux-kbuild' SIGN_FILE=/none KEY="$keys/one.key" CERT="$keys/one.der"
check "the second module cannot be signed: the first one is as it was" fails_half_way
check "no signature came: nothing is changed" leaves_none
check "the machine's own key: DKMS's setting, DKMS's, shim-signed's" machines_key
check "a key that this user cannot read: said" not_readable
# shellcheck disable=SC2016 # the script's dollars
planted "a module is changed before all are signed" 's/"\$module\.signing"/"$module"/' fails_half_way
planted "a signature behind a signature" '/^\twithout_signature/d' is_signed_anew
planted "key and certificate are not compared" '/is not that of the key/s/die/true/' mismatch
planted "DKMS's setting is not read" 's/mok_signing_key\)/mok_key)/' machines_key
kernel_root
check "modules_install with a key: all are signed" installs_signed
check "modules_install with the wrong key: what was there stays" installs_none
check "modules_install without: unsigned, and that is said" installs_unsigned
check "a kernel that takes signed modules only: explained" refused_by_kernel module.sig_enforce=1 \
	E-LOAD-EKEYREJECTED 'Loading of unsigned module is rejected'
if full_tier; then
	check "a kernel that is locked down: explained" refused_by_kernel lockdown=integrity \
		E-LOAD-EPERM 'Lockdown: .*unsigned module loading is restricted'
	check "make sign: a driver and the framework, where they were built" signs_what_is_built
	if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
		check "DKMS signs by the same lines" dkms_signs
	else
		skip "DKMS signs by the same lines" "only root can mount"
	fi
fi
finish
