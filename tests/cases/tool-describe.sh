#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: mdev-sdk describe: JSON by its schema, and what others read of it, against the tables' own pages
# tier: quick
# timeout: 300
# shellcheck source=tests/lib.sh
. tests/lib.sh

kinds=(vgpu)
! full_tier || kinds=(minimal serial vgpu nic virtio-rng virtio-net pci)

made() {
	local kind words
	for kind in "${kinds[@]}"; do
		words=(--kind "$kind")
		[ "$kind" != pci ] || words=(--parent pci)
		"$MDEV" new --name "my${kind//-/_}" "${words[@]}" --dir "$TMP/$kind" >/dev/null &&
			"$MDEV" describe "$TMP/$kind" >"$TMP/$kind.json" && "$MDEV" describe "$TMP/$kind" --header >"$TMP/$kind.h" || return 1
	done
}

valid() { # JSON
	/usr/bin/python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open("docs/schema/describe.json")))' "$1"
}

all_valid() {
	local kind
	for kind in "${kinds[@]}"; do
		valid "$TMP/$kind.json" || return 1
	done
}

spoilt() { # SED
	sed "$1" "$TMP/vgpu.json" >"$TMP/spoilt"
	! cmp -s "$TMP/spoilt" "$TMP/vgpu.json" && ! valid "$TMP/spoilt"
}

# The page is made from the tables by another program, without the framework's user space.
page_agrees() { # KIND JSON
	/usr/bin/python3 - "$TMP/$1/docs/registers.md" "$2" <<-'END'
	import json, re, sys
	page = open(sys.argv[1]).read()
	said = json.load(open(sys.argv[2]))
	row = re.compile(r"^\| (0x[0-9a-f]+) \| (\S+?) \| (\S+) \| (0x[0-9a-f]+) \| (0x[0-9a-f]+) \| (\d+) \|", re.M)
	wanted = {(name, int(at, 16), kind, int(reset, 16), int(mask, 16), int(width))
	          for at, name, kind, reset, mask, width in row.findall(page)}
	found = set()
	for region in (r for t in said["types"] for r in t["regions"]):
	    for reg in region["registers"]:
	        one = reg["kind"] == "EDID"
	        for i in range(1 if one else reg["count"]):
	            name = reg["name"] if reg["count"] == 1 or one else "%s[%d]" % (reg["name"], i)
	            found.add((name, reg["offset"] + i * reg["stride"], reg["kind"], reg["reset"], reg["mask"], reg["width"]))
	assert found == wanted, (found ^ wanted)
	types = re.findall(r"^\| (\S+-\S+) \| (\d+) \| (.*) \|$", page, re.M)
	assert [(t["id"], str(t["costs"][0]), t["description"] or t["name"]) for t in said["types"]] == types, types
	ids = re.search(r"PCI device ([0-9a-f]{4}):([0-9a-f]{4}), class ([0-9a-f]{4})", page).groups()
	assert tuple("%04x" % said["pci"][k] for k in ("vendor", "device", "class")) == ids
	vectors = re.findall(r"^\| (\d) \| (\S+) \| (\d+) \|$", page, re.M)
	assert [(str(i["index"]), i["name"], str(i["vectors"])) for i in said["interrupts"]] == vectors, vectors
	END
}

all_agree() {
	local kind
	for kind in "${kinds[@]}"; do
		page_agrees "$kind" "$TMP/$kind.json" || return 1
	done
}

moved() {
	sed '0,/"offset":\t4,/s//"offset":\t8,/' "$TMP/vgpu.json" >"$TMP/spoilt"
	! cmp -s "$TMP/spoilt" "$TMP/vgpu.json" && ! page_agrees vgpu "$TMP/spoilt"
}

# What a compiler makes of it: a name twice is an error. The numbers are those of the driver's own source.
header() { # KIND
	local place
	gcc -Werror -Wall -x c -include "$TMP/$1.h" -fsyntax-only /dev/null || return 1
	gcc -E -dM -include "$TMP/$1.h" -x c /dev/null >"$TMP/macros"
	while read -r at name; do
		[ "${name%\[*}" = "$name" ] || continue
		place=$(sed -n "s/^#define MY${1^^}_$name //p" "$TMP/macros")
		[ $((place)) = $((at)) ] || { echo "$name is at '$place', needed is $at"; return 1; }
	done < <(sed -nE 's/^\| (0x[0-9a-f]+) \| ([A-Z0-9_]+) \| [A-Z].*/\1 \2/p' "$TMP/$1/docs/registers.md" | grep -v EDID)
	[ -n "$at" ] || grep -q '^| 0x' "$TMP/$1/docs/registers.md"
}

headers() {
	local kind
	for kind in "${kinds[@]}"; do
		header "$kind" || return 1
	done
}

twice() {
	cp "$TMP/vgpu.h" "$TMP/kept" && sed -i 's/^#define MYVGPU_HEIGHT .*/#define MYVGPU_WIDTH 0x0c/' "$TMP/vgpu.h"
	! header vgpu
	local status=$?
	cp "$TMP/kept" "$TMP/vgpu.h"
	return $status
}

mdevctl() {
	"$MDEV" describe "$TMP/vgpu" --mdevctl --type 2 >"$TMP/def" && /usr/bin/python3 -c 'import json, sys
assert json.load(open(sys.argv[1])) == {"mdev_type": "myvgpu-2", "start": "auto", "attrs": []}' "$TMP/def"
}

libvirt() {
	local uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
	"$MDEV" describe "$TMP/vgpu" --libvirt --uuid $uuid >"$TMP/xml" && /usr/bin/python3 -c 'import sys
from xml.etree import ElementTree
top = ElementTree.parse(sys.argv[1]).getroot()
assert top.tag == "hostdev" and top.get("type") == "mdev" and top.get("model") == "vfio-pci", top.attrib
assert top.find("source/address").get("uuid") == sys.argv[2]' "$TMP/xml" $uuid
}

kubevirt() {
	"$MDEV" describe "$TMP/vgpu" --kubevirt --type 4 >"$TMP/yaml" && grep -qx '      - "myvgpu-4"' "$TMP/yaml" &&
		grep -A 1 -x '      - mdevNameSelector: "myvgpu 2"' "$TMP/yaml" | grep -qx '        resourceName: "myvgpu.mdev/myvgpu-2"'
}

check "each kind says something" made
check "JSON is as its schema says" all_valid
check "caught: JSON without a member" spoilt '0,/"offset"/s/"offset"/"place"/'
check "caught: a kind of register that is none" spoilt '0,/"kind":\t"RO"/s/"kind":\t"RO"/"kind":\t"R"/'
check "registers, types, identity and interrupts are those of the page" all_agree
check "caught: a register elsewhere" moved
check "the header compiles, and its offsets are the page's" headers
check "caught: a name twice" twice
check "what mdevctl reads" mdevctl
check "a domain's element" libvirt
check "KubeVirt's lists" kubevirt
check "a type that is none" expect 2 'no such type; there are: myvgpu-1 myvgpu-2 myvgpu-4 \[T177\]' \
	"$MDEV" describe "$TMP/vgpu" --type 9
check "a driver without a model" expect 3 'only layer 1: .*\[U43\]' "$MDEV" describe tests/fixtures/rawv11
finish
