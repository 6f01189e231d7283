/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file types_user.h
 * @brief What types.h gives outside of a kernel. Include types.h, not this.
 */
#ifndef MDK_TYPES_USER_H
#define MDK_TYPES_USER_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned char u8; /**< 8 bits */
typedef unsigned short u16; /**< 16 bits */
typedef unsigned int u32; /**< 32 bits */
typedef signed int s32; /**< 32 bits with a sign */
typedef unsigned long long u64; /**< 64 bits */

/** The largest u32. */
#define U32_MAX (~0U)

/** Entries of an array. */
#define ARRAY_SIZE(_array) (sizeof(_array) / sizeof((_array)[0]))
/** Bit @_nr, from 0 to 63. */
#define BIT(_nr) (1UL << (_nr))
/** Likewise, of a u64. */
#define BIT_ULL(_nr) (1ULL << (_nr))
/** The bits from @_high down to @_low, both included. */
#define GENMASK(_high, _low) ((~0UL >> (63 - (_high))) & (~0UL << (_low)))

#define SZ_4K 0x1000 /**< 4 KiB */
#define SZ_64K 0x10000 /**< 64 KiB */
#define SZ_1M 0x100000 /**< 1 MiB */
#define SZ_16M 0x1000000 /**< 16 MiB */

/** A caller that drops the result is warned. */
#define __must_check __attribute__((warn_unused_result))
/** The compiler compares format and arguments, as for printf(3). */
#define __printf(_format, _first) __attribute__((format(printf, _format, _first)))

/**
 * lower_32_bits() - half of a u64
 * @value: the whole
 *
 * Context: any. Return: bits 0 to 31.
 */
static inline u32 lower_32_bits(u64 value)
{
	return (u32)value;
}

/**
 * upper_32_bits() - the other half
 * @value: the whole
 *
 * Context: any. Return: bits 32 to 63, shifted down.
 */
static inline u32 upper_32_bits(u64 value)
{
	return (u32)(value >> 32);
}

#endif /* MDK_TYPES_USER_H */
