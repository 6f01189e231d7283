/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file types.h
 * @brief What the device model needs of its surroundings: fixed-width types and bit helpers.
 *
 * The only header of the model that depends on the kernel, so that the same driver source can also
 * be compiled outside of it.
 */
#ifndef MDK_TYPES_H
#define MDK_TYPES_H

#ifdef __KERNEL__
#include <asm/byteorder.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/types.h>
#else
#include <mdk/types_user.h>
#endif

#endif /* MDK_TYPES_H */
