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

#define SZ_4 0x4
#define SZ_8 0x8
#define SZ_16 0x10
#define SZ_32 0x20
#define SZ_64 0x40
#define SZ_128 0x80
#define SZ_256 0x100
#define SZ_512 0x200
#define SZ_1K 0x400
#define SZ_2K 0x800
#define SZ_4K 0x1000
#define SZ_8K 0x2000
#define SZ_16K 0x4000
#define SZ_32K 0x8000
#define SZ_64K 0x10000
#define SZ_128K 0x20000
#define SZ_256K 0x40000
#define SZ_512K 0x80000
#define SZ_1M 0x100000
#define SZ_2M 0x200000
#define SZ_4M 0x400000
#define SZ_8M 0x800000
#define SZ_16M 0x1000000
#define SZ_32M 0x2000000
#define SZ_64M 0x4000000
#define SZ_128M 0x8000000
#define SZ_256M 0x10000000
#define SZ_512M 0x20000000

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
