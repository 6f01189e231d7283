/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What drivers may call, in one file a module: exports.c. It repeats the prototypes of the public
 * headers, and the compiler compares the two.
 *
 * Where the kernel has MODVERSIONS, genksyms makes a checksum of each exported function from its
 * prototype and the body of every struct that it can see from there, and a driver with another
 * checksum does not load. Ours may grow at their end (docs/compat.md), and what is
 * seen of the kernel's depends on who includes what. So genksyms gets the prototypes alone: the
 * checksum changes when a prototype does, and never otherwise. The sizes that the driver gives at
 * its registration tell the rest, on kernels without MODVERSIONS too.
 *
 * What is included here, outside of #ifndef __GENKSYMS__, is part of the checksums.
 */
#ifndef MDK_COMPAT_EXPORT_H
#define MDK_COMPAT_EXPORT_H

#include <linux/export.h>
#include <linux/types.h>
#include <linux/uuid.h>

#define MDK_EXPORT(_type, _name, _args)                                                            \
	_type _name _args;                                                                         \
	EXPORT_SYMBOL_GPL(_name)

#endif /* MDK_COMPAT_EXPORT_H */
