/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file types_user.h
 * @brief What types.h gives outside of a kernel. Include types.h, not this.
 */
#ifndef MDK_TYPES_USER_H
#define MDK_TYPES_USER_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef signed int s32;
typedef unsigned long long u64;

#define U32_MAX (~0U)

#define ARRAY_SIZE(_array) (sizeof(_array) / sizeof((_array)[0]))
#define BIT(_nr) (1UL << (_nr))
#define BIT_ULL(_nr) (1ULL << (_nr))
#define GENMASK(_high, _low) ((~0UL >> (63 - (_high))) & (~0UL << (_low)))

#define SZ_4K 0x1000
#define SZ_64K 0x10000
#define SZ_1M 0x100000
#define SZ_16M 0x1000000

#define __must_check __attribute__((warn_unused_result))
#define __printf(_format, _first) __attribute__((format(printf, _format, _first)))

static inline u32 lower_32_bits(u64 value)
{
	return (u32)value;
}

static inline u32 upper_32_bits(u64 value)
{
	return (u32)(value >> 32);
}

#endif /* MDK_TYPES_USER_H */
