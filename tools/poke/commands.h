/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of mdev-poke: X(FUNCTION, NAME, WORDS, ABOUT). One table for its parser and its
 * help, and for those of `mdev-sdk poke`. WORDS begin with a blank, and those in brackets may be
 * missing; words.c says what each takes. Rows of one name differ in how many they take.
 */
#ifndef POKE_COMMANDS_H
#define POKE_COMMANDS_H

#define POKE_COMMANDS(X)                                                                           \
	X(info, "info", "", "the device, its regions and interrupts")                              \
	X(read_named, "read", " REGISTER", "a register, or bits of it: STATUS, STATUS.DONE")       \
	X(read, "read", " REGION OFFSET [WIDTH]", "WIDTH: 1, 2, 4 (default) or 8 bytes")           \
	X(write_named, "write", " REGISTER VALUE", "its other bits stay, where a write can keep them") \
	X(write, "write", " REGION OFFSET VALUE [WIDTH]", "likewise by its place")                 \
	X(until_named, "until", " REGISTER VALUE", "read it until it is VALUE, 20 s at most")      \
	X(until, "until", " REGION OFFSET VALUE", "likewise 4 bytes by their place")               \
	X(assign, "assign", "", "addresses for the BARs, and decoding on")                         \
	X(config, "config", "", "configuration space, for lspci -F")                               \
	X(reset, "reset", "", "also of bus mastering, which an open sets")                         \
	X(map, "map", " IOVA PAGES [ABOVE]", "zeroed memory for the device's DMA; 64 such at most") \
	X(map_ro, "map-ro", " IOVA PAGES [ABOVE]", "likewise, and the device may only read it")    \
	X(unmap, "unmap", " IOVA", "take away what was mapped at IOVA")                            \
	X(peek, "peek", " ADDRESS", "4 bytes of mapped memory")                                    \
	X(poke, "poke", " ADDRESS VALUE", "change them")                                           \
	X(arm, "arm", " INDEX [VECTOR]", "listen to an interrupt: intx, msi, msix, err, req")      \
	X(heard, "heard", " [INDEX VECTOR]", "how often it came since; waits 20 s for one")

#endif
