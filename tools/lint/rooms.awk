# SPDX-License-Identifier: GPL-2.0-only
# The includes of a folder against the list of its rooms. Reads that list, and from standard input lines
# FILE:LINE:#include …, as git grep -n writes them, and before those the folder's headers, a line each,
# where one of a higher folder may be included without its folder.
# base: the folder, with a slash at its end; paths: where in it the compiler looks for headers too.

BEGIN { nr_paths = split(paths, path, " ") }

# a/b/../c is a/c.
function plain(path) {
	while (sub(/[^\/.]+\/\.\.\//, "", path))
		;
	return path
}

function folder(path) {
	return match(path, /\/[^\/]*$/) ? substr(path, 1, RSTART - 1) : ""
}

# The room of a path below the base: the longest folder that the list has.
function room_of(path,    room) {
	for (room = folder(path); room != "" && !(room in rooms); room = folder(room))
		;
	return room
}

# As the compiler looks for it: beside the file, then from the base, then from its other paths. Of a
# header that is not there, its folder's.
function target_room(from, header,    room, i) {
	if (header ~ /^\.\./)
		return room_of(plain(folder(from) "/" header))
	if (header !~ /\// && (folder(from) "/" header) in headers)
		return room_of(from)
	for (i = 1; i <= nr_paths; i++)
		if ((path[i] header) in headers)
			return room_of(path[i] header)
	if (header !~ /\//)
		return room_of(from)
	room = room_of(header)
	for (i = 1; room == "" && i <= nr_paths; i++)
		room = room_of(path[i] header)
	return room
}

FILENAME != "-" {
	list = FILENAME
	sub(/.*\/tools\//, "tools/", list)
	if (/^#/ || !NF)
		next
	name = substr($1, 1, length($1) - 1)
	for (i = 2; i <= NF; i++) {
		if (!($i in rooms))
			print FILENAME ":" FNR ": room " name " includes " $i ", which does not stand above it"
		may[name, $i]
	}
	rooms[name]
	next
}

!/:/ {
	headers[substr($0, length(base) + 1)]
	next
}

{
	split($0, part, ":")
	from = substr(part[1], length(base) + 1)
	room = room_of(from)
	header = part[3]
	kernel = sub(/^#include </, "", header)
	sub(/^#include "/, "", header)
	sub(/[">].*/, "", header)
}

room == "" {
	if (!(from in told))
		print part[1] ":1: no room of " list " has this file"
	told[from]
	next
}

kernel {
	# plain.h tells a kernel from the rest; PCI's numbers are the same in both.
	if (room == "model" && header ~ /^(linux|asm)\// && header != "linux/pci_regs.h" && from !~ /\/plain\.h$/)
		print part[1] ":" part[2] ": <" header "> in a room that knows of no kernel"
	next
}

# Headers of the configuration are the build's.
header ~ /^(\.\.\/)*config\// { next }

{
	to = target_room(from, header)
	if (to != room && !((room, to) in may))
		print part[1] ":" part[2] ": room " room " includes \"" header "\" of room " (to == "" ? "(none)" : to) ", which does not stand below it"
}
