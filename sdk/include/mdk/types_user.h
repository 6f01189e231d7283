/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
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
typedef signed long long s64; /**< 64 bits with a sign */
typedef u16 __le16; /**< 16 bits as they lie in memory, lowest byte first */
typedef u32 __le32; /**< 32 bits, likewise */
typedef u64 __le64; /**< 64 bits, likewise */

/** The largest u32. */
#define U32_MAX (~0U)
/** The largest u64. */
#define U64_MAX (~0ULL)

/** Entries of an array. */
#define ARRAY_SIZE(_array) (sizeof(_array) / sizeof((_array)[0]))
/** Bit @_nr, from 0 to 63. */
#define BIT(_nr) (1UL << (_nr))
/** Likewise, of a u64. */
#define BIT_ULL(_nr) (1ULL << (_nr))
/** The bits from @_high down to @_low, both included. */
#define GENMASK(_high, _low) ((~0UL >> (63 - (_high))) & (~0UL << (_low)))

/* Sizes in bytes, as in linux/sizes.h. */
#define SZ_4 0x4 /**< 4 bytes */
#define SZ_8 0x8 /**< 8 bytes */
#define SZ_16 0x10 /**< 16 bytes */
#define SZ_32 0x20 /**< 32 bytes */
#define SZ_64 0x40 /**< 64 bytes */
#define SZ_128 0x80 /**< 128 bytes */
#define SZ_256 0x100 /**< 256 bytes */
#define SZ_512 0x200 /**< 512 bytes */
#define SZ_1K 0x400 /**< 1 KiB */
#define SZ_2K 0x800 /**< 2 KiB */
#define SZ_4K 0x1000 /**< 4 KiB */
#define SZ_8K 0x2000 /**< 8 KiB */
#define SZ_16K 0x4000 /**< 16 KiB */
#define SZ_32K 0x8000 /**< 32 KiB */
#define SZ_64K 0x10000 /**< 64 KiB */
#define SZ_128K 0x20000 /**< 128 KiB */
#define SZ_256K 0x40000 /**< 256 KiB */
#define SZ_512K 0x80000 /**< 512 KiB */
#define SZ_1M 0x100000 /**< 1 MiB */
#define SZ_2M 0x200000 /**< 2 MiB */
#define SZ_4M 0x400000 /**< 4 MiB */
#define SZ_8M 0x800000 /**< 8 MiB */
#define SZ_16M 0x1000000 /**< 16 MiB */
#define SZ_32M 0x2000000 /**< 32 MiB */
#define SZ_64M 0x4000000 /**< 64 MiB */
#define SZ_128M 0x8000000 /**< 128 MiB */
#define SZ_256M 0x10000000 /**< 256 MiB */
#define SZ_512M 0x20000000 /**< 512 MiB */

/** A caller that drops the result is warned. */
#define __must_check __attribute__((warn_unused_result))
/** The compiler compares format and arguments, as for printf(3). */
#define __printf(_format, _first) __attribute__((format(printf, _format, _first)))

/* Between memory of lowest byte first and the machine's own order. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define le16_to_cpu(_value) ((u16)(_value)) /**< from memory, 16 bits */
#define le32_to_cpu(_value) ((u32)(_value)) /**< from memory, 32 bits */
#define le64_to_cpu(_value) ((u64)(_value)) /**< from memory, 64 bits */
#else
#define le16_to_cpu(_value) __builtin_bswap16(_value) /**< from memory, 16 bits */
#define le32_to_cpu(_value) __builtin_bswap32(_value) /**< from memory, 32 bits */
#define le64_to_cpu(_value) __builtin_bswap64(_value) /**< from memory, 64 bits */
#endif
#define cpu_to_le16(_value) le16_to_cpu(_value) /**< to memory, 16 bits */
#define cpu_to_le32(_value) le32_to_cpu(_value) /**< to memory, 32 bits */
#define cpu_to_le64(_value) le64_to_cpu(_value) /**< to memory, 64 bits */

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
