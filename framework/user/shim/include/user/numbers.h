/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers: limits of two, rounding, bits, byte order, checked arithmetic. */
#ifndef USER_NUMBERS_H
#define USER_NUMBERS_H

#include <user/types.h>
#include <linux/sizes.h>

/* Of two values of one type: pointers of different types warn. */
#define __user_pick(_a, _b, _op)                                                                   \
	({                                                                                         \
		__auto_type __a = (_a);                                                            \
		__auto_type __b = (_b);                                                            \
												   \
		__a _op __b ? __a : __b;                                                           \
	})
#define min(_a, _b) __user_pick(_a, _b, <)
#define max(_a, _b) __user_pick(_a, _b, >)
#define min3(_a, _b, _c) min(min(_a, _b), _c)
#define max3(_a, _b, _c) max(max(_a, _b), _c)
#define min_t(_type, _a, _b) min((_type)(_a), (_type)(_b))
#define max_t(_type, _a, _b) max((_type)(_a), (_type)(_b))
#define clamp(_val, _low, _high) min(max(_val, _low), _high)
#define clamp_t(_type, _val, _low, _high) min_t(_type, max_t(_type, _val, _low), _high)
#define clamp_val(_val, _low, _high) clamp_t(typeof(_val), _val, _low, _high)
#define min_not_zero(_a, _b)                                                                       \
	({                                                                                         \
		__auto_type __x = (_a);                                                            \
		__auto_type __y = (_b);                                                            \
												   \
		!__x ? __y : !__y ? __x : __x < __y ? __x : __y;                                   \
	})
#define swap(_a, _b)                                                                               \
	do {                                                                                       \
		typeof(_a) __was = (_a);                                                           \
												   \
		(_a) = (_b);                                                                       \
		(_b) = __was;                                                                      \
	} while (0)
#undef abs
#define abs(_x)                                                                                    \
	({                                                                                         \
		__auto_type __v = (_x);                                                            \
												   \
		__v < 0 ? -__v : __v;                                                              \
	})

#define ALIGN(_x, _to) (((_x) + ((typeof(_x))(_to) - 1)) & ~((typeof(_x))(_to) - 1))
#define ALIGN_DOWN(_x, _to) ((_x) & ~((typeof(_x))(_to) - 1))
#define PTR_ALIGN(_p, _to) ((typeof(_p))ALIGN((unsigned long)(_p), (_to)))
#define IS_ALIGNED(_x, _to) (((_x) & ((typeof(_x))(_to) - 1)) == 0)
#define round_up(_x, _to) ((((_x) - 1) | ((typeof(_x))(_to) - 1)) + 1)
#define round_down(_x, _to) ((_x) & ~((typeof(_x))(_to) - 1))
#define roundup(_x, _to) ((((_x) + (_to) - 1) / (_to)) * (_to))
#define rounddown(_x, _to) ((_x) - (_x) % (_to))
#define DIV_ROUND_UP(_n, _d) (((_n) + (_d) - 1) / (_d))
#define DIV_ROUND_UP_ULL DIV_ROUND_UP
#define DIV_ROUND_CLOSEST(_n, _d) (((_n) + (_d) / 2) / (_d))
#define upper_32_bits(_n) ((u32)((u64)(_n) >> 32))
#define lower_32_bits(_n) ((u32)(_n))
#define upper_16_bits(_n) ((u16)((u32)(_n) >> 16))
#define lower_16_bits(_n) ((u16)(_n))

static inline u64 div_u64(u64 n, u32 d)
{
	return n / d;
}

static inline u64 div64_u64(u64 n, u64 d)
{
	return n / d;
}

static inline s64 div_s64(s64 n, s32 d)
{
	return n / d;
}

static inline u64 div_u64_rem(u64 n, u32 d, u32 *rem)
{
	*rem = n % d;
	return n / d;
}

static inline u64 mul_u64_u32_div(u64 a, u32 mul, u32 d)
{
	__uint128_t wide = a;

	return wide * mul / d;
}

static inline u64 mul_u64_u64_div_u64(u64 a, u64 b, u64 c)
{
	__uint128_t wide = a;

	return wide * b / c;
}

#define mul_u32_u32(_a, _b) ((u64)(u32)(_a) * (u32)(_b))
#define div64_s64(_n, _d) ((s64)(_n) / (s64)(_d))
#define div64_ul(_n, _d) ((u64)(_n) / (unsigned long)(_d))
#define div64_long(_n, _d) ((s64)(_n) / (long)(_d))
#define DIV_ROUND_DOWN_ULL(_n, _d) ((unsigned long long)(_n) / (_d))
#define DIV64_U64_ROUND_UP(_n, _d) DIV_ROUND_UP((u64)(_n), (u64)(_d))
#define mult_frac(_x, _n, _d) ((_x) / (_d) * (_n) + (_x) % (_d) * (_n) / (_d))
#define abs_diff(_a, _b)                                                                           \
	({                                                                                         \
		__auto_type __m = (_a);                                                            \
		__auto_type __n = (_b);                                                            \
												   \
		__m > __n ? __m - __n : __n - __m;                                                 \
	})
#define BITS_PER_TYPE(_type) (sizeof(_type) * BITS_PER_BYTE)

static inline u64 div64_u64_rem(u64 n, u64 d, u64 *rem)
{
	*rem = n % d;
	return n / d;
}

static inline s64 div_s64_rem(s64 n, s32 d, s32 *rem)
{
	*rem = n % d;
	return n / d;
}

static inline u32 reciprocal_scale(u32 val, u32 below)
{
	return (u64)val * below >> 32;
}

unsigned long int_sqrt(unsigned long x);
unsigned long gcd(unsigned long a, unsigned long b) __attribute_const__;
unsigned long lcm(unsigned long a, unsigned long b) __attribute_const__;

#define do_div(_n, _d)                                                                             \
	({                                                                                         \
		u32 __rem = (_n) % (u32)(_d);                                                      \
												   \
		(_n) /= (u32)(_d);                                                                 \
		__rem;                                                                             \
	})

/* Bits of a word */
#define BIT(_nr) (1UL << (_nr))
#define BIT_ULL(_nr) (1ULL << (_nr))
#define BIT_MASK(_nr) (1UL << ((_nr) % BITS_PER_LONG))
#define BIT_WORD(_nr) ((_nr) / BITS_PER_LONG)
#define BITS_TO_LONGS(_nr) DIV_ROUND_UP(_nr, BITS_PER_LONG)
#define GENMASK(_high, _low) ((~0UL >> (63 - (_high))) & (~0UL << (_low)))
#define GENMASK_ULL(_high, _low) ((~0ULL >> (63 - (_high))) & (~0ULL << (_low)))
#define BITMAP_LAST_WORD_MASK(_nbits) (~0UL >> (-(_nbits) & (BITS_PER_LONG - 1)))
#define FIELD_GET(_mask, _val) (((_val) & (_mask)) >> __builtin_ctzll(_mask))
#define FIELD_PREP(_mask, _val) (((typeof(_mask))(_val) << __builtin_ctzll(_mask)) & (_mask))
#define FIELD_MAX(_mask) ((_mask) >> __builtin_ctzll(_mask))
#define FIELD_FIT(_mask, _val) (!(((u64)(_val) << __builtin_ctzll(_mask)) & ~(u64)(_mask)))

/* Fields of a number of one width and one byte order, as le16_get_bits(). */
#define __USER_FIELD(_name, _base, _type, _to, _from)                                              \
	static inline _base _name##_get_bits(_type val, _base mask)                                \
	{                                                                                          \
		return (_to(val) & mask) >> __builtin_ctzll(mask);                                 \
	}                                                                                          \
	static inline _type _name##_encode_bits(_base val, _base mask)                             \
	{                                                                                          \
		return _from((_base)(val << __builtin_ctzll(mask)) & mask);                        \
	}                                                                                          \
	static inline _type _name##_replace_bits(_type old, _base val, _base mask)                 \
	{                                                                                          \
		return (old & ~_from(mask)) | _name##_encode_bits(val, mask);                      \
	}                                                                                          \
	static inline void _name##p_replace_bits(_type *p, _base val, _base mask)                  \
	{                                                                                          \
		*p = _name##_replace_bits(*p, val, mask);                                          \
	}
#define __user_same(_x) (_x)
__USER_FIELD(u8, u8, u8, __user_same, __user_same)
__USER_FIELD(u16, u16, u16, __user_same, __user_same)
__USER_FIELD(u32, u32, u32, __user_same, __user_same)
__USER_FIELD(u64, u64, u64, __user_same, __user_same)
__USER_FIELD(le16, u16, __le16, __user_same, __user_same)
__USER_FIELD(le32, u32, __le32, __user_same, __user_same)
__USER_FIELD(le64, u64, __le64, __user_same, __user_same)
__USER_FIELD(be16, u16, __be16, __builtin_bswap16, __builtin_bswap16)
__USER_FIELD(be32, u32, __be32, __builtin_bswap32, __builtin_bswap32)
__USER_FIELD(be64, u64, __be64, __builtin_bswap64, __builtin_bswap64)

#define hweight8(_w) ((unsigned int)__builtin_popcount((u8)(_w)))
#define hweight16(_w) ((unsigned int)__builtin_popcount((u16)(_w)))
#define hweight32(_w) ((unsigned int)__builtin_popcount(_w))
#define hweight64(_w) ((unsigned long)__builtin_popcountll(_w))
#define hweight_long hweight64
#define is_power_of_2(_n) ({ unsigned long __n = (_n); __n && !(__n & (__n - 1)); })
#define __ffs(_w) ((unsigned long)__builtin_ctzl(_w))
#define __fls(_w) ((unsigned long)(63 - __builtin_clzl(_w)))
#define ffz(_w) __ffs(~(_w))

static inline int user_ffs(unsigned int word)
{
	return __builtin_ffs(word);
}

static inline int fls(unsigned int word)
{
	return word ? 32 - __builtin_clz(word) : 0;
}

static inline int fls64(u64 word)
{
	return word ? 64 - __builtin_clzll(word) : 0;
}

#define ffs user_ffs
#define ilog2(_n) (__builtin_constant_p(_n) ? (int)(63 - __builtin_clzll((_n) | 1)) : fls64(_n) - 1)
#define order_base_2(_n) ((_n) > 1 ? ilog2((_n) - 1) + 1 : 0)
#define roundup_pow_of_two(_n) (1UL << order_base_2(_n))
#define rounddown_pow_of_two(_n) (1UL << ilog2(_n))

static inline u32 rol32(u32 word, unsigned int shift)
{
	return (word << (shift & 31)) | (word >> (-shift & 31));
}

static inline u64 rol64(u64 word, unsigned int shift)
{
	return (word << (shift & 63)) | (word >> (-shift & 63));
}

static inline u64 ror64(u64 word, unsigned int shift)
{
	return (word >> (shift & 63)) | (word << (-shift & 63));
}

static inline u32 ror32(u32 word, unsigned int shift)
{
	return (word >> (shift & 31)) | (word << (-shift & 31));
}

static inline s32 sign_extend32(u32 value, int index)
{
	return (s32)(value << (31 - index)) >> (31 - index);
}

static inline s64 sign_extend64(u64 value, int index)
{
	return (s64)(value << (63 - index)) >> (63 - index);
}

/* Bits of a map: atomic, and with two underscores not. */
static inline bool test_bit(long nr, const volatile unsigned long *map)
{
	return __atomic_load_n(map + BIT_WORD(nr), __ATOMIC_RELAXED) & BIT_MASK(nr);
}

static inline void set_bit(long nr, volatile unsigned long *map)
{
	__atomic_fetch_or(map + BIT_WORD(nr), BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline void clear_bit(long nr, volatile unsigned long *map)
{
	__atomic_fetch_and(map + BIT_WORD(nr), ~BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline void change_bit(long nr, volatile unsigned long *map)
{
	__atomic_fetch_xor(map + BIT_WORD(nr), BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline bool test_and_set_bit(long nr, volatile unsigned long *map)
{
	return __atomic_fetch_or(map + BIT_WORD(nr), BIT_MASK(nr), __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

static inline bool test_and_clear_bit(long nr, volatile unsigned long *map)
{
	return __atomic_fetch_and(map + BIT_WORD(nr), ~BIT_MASK(nr), __ATOMIC_SEQ_CST) &
	       BIT_MASK(nr);
}

static inline bool test_and_set_bit_lock(long nr, volatile unsigned long *map)
{
	return test_and_set_bit(nr, map);
}

static inline void clear_bit_unlock(long nr, volatile unsigned long *map)
{
	__atomic_fetch_and(map + BIT_WORD(nr), ~BIT_MASK(nr), __ATOMIC_RELEASE);
}

static inline void __set_bit(long nr, volatile unsigned long *map)
{
	map[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void __clear_bit(long nr, volatile unsigned long *map)
{
	map[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static inline bool test_and_change_bit(long nr, volatile unsigned long *map)
{
	return __atomic_fetch_xor(map + BIT_WORD(nr), BIT_MASK(nr), __ATOMIC_SEQ_CST) &
	       BIT_MASK(nr);
}

static inline void __change_bit(long nr, volatile unsigned long *map)
{
	map[BIT_WORD(nr)] ^= BIT_MASK(nr);
}

static inline bool __test_and_set_bit(long nr, volatile unsigned long *map)
{
	bool was = map[BIT_WORD(nr)] & BIT_MASK(nr);

	__set_bit(nr, map);
	return was;
}

static inline bool __test_and_clear_bit(long nr, volatile unsigned long *map)
{
	bool was = map[BIT_WORD(nr)] & BIT_MASK(nr);

	__clear_bit(nr, map);
	return was;
}

#define assign_bit(_nr, _map, _val) ((_val) ? set_bit(_nr, _map) : clear_bit(_nr, _map))
#define __assign_bit(_nr, _map, _val) ((_val) ? __set_bit(_nr, _map) : __clear_bit(_nr, _map))

unsigned long find_next_bit(const unsigned long *map, unsigned long size, unsigned long from);
unsigned long find_next_zero_bit(const unsigned long *map, unsigned long size, unsigned long from);
#define find_first_bit(_map, _size) find_next_bit(_map, _size, 0)
#define find_first_zero_bit(_map, _size) find_next_zero_bit(_map, _size, 0)
#define for_each_set_bit(_bit, _map, _size)                                                        \
	for ((_bit) = find_first_bit(_map, _size); (_bit) < (_size);                               \
	     (_bit) = find_next_bit(_map, _size, (_bit) + 1))
#define for_each_clear_bit(_bit, _map, _size)                                                      \
	for ((_bit) = find_first_zero_bit(_map, _size); (_bit) < (_size);                          \
	     (_bit) = find_next_zero_bit(_map, _size, (_bit) + 1))

unsigned long find_last_bit(const unsigned long *map, unsigned long size);
unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size, unsigned long from,
					 unsigned int nr, unsigned long align_mask);
#define for_each_set_bit_from(_bit, _map, _size)                                                   \
	for ((_bit) = find_next_bit(_map, _size, _bit); (_bit) < (_size);                          \
	     (_bit) = find_next_bit(_map, _size, (_bit) + 1))
bool bitmap_and(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int n);
void bitmap_or(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int n);
void bitmap_xor(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int n);
bool bitmap_andnot(unsigned long *to, const unsigned long *a, const unsigned long *b,
		   unsigned int n);
bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits);
bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits);
bool bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits);
void bitmap_from_arr32(unsigned long *to, const u32 *from, unsigned int nbits);
void bitmap_to_arr32(u32 *to, const unsigned long *from, unsigned int nbits);
#define bitmap_alloc(_nbits, _flags)                                                               \
	((unsigned long *)kmalloc_array(BITS_TO_LONGS(_nbits), sizeof(long), _flags))

#define DECLARE_BITMAP(_name, _bits) unsigned long _name[BITS_TO_LONGS(_bits)]
void bitmap_set(unsigned long *map, unsigned int start, unsigned int nr);
void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nr);
bool bitmap_empty(const unsigned long *map, unsigned int nbits);
bool bitmap_full(const unsigned long *map, unsigned int nbits);
unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits);
unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags);
void bitmap_free(const unsigned long *map);

static inline void bitmap_zero(unsigned long *map, unsigned int nbits)
{
	memset(map, 0, BITS_TO_LONGS(nbits) * sizeof(long));
}

static inline void bitmap_copy(unsigned long *to, const unsigned long *from, unsigned int nbits)
{
	memcpy(to, from, BITS_TO_LONGS(nbits) * sizeof(long));
}

static inline void bitmap_fill(unsigned long *map, unsigned int nbits)
{
	memset(map, 0xff, BITS_TO_LONGS(nbits) * sizeof(long));
}

/* Byte order: this machine's is little-endian. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the shim is for little-endian machines");
#define cpu_to_le16(_x) ((__le16)(_x))
#define cpu_to_le32(_x) ((__le32)(_x))
#define cpu_to_le64(_x) ((__le64)(_x))
#define le16_to_cpu(_x) ((u16)(__le16)(_x))
#define le32_to_cpu(_x) ((u32)(__le32)(_x))
#define le64_to_cpu(_x) ((u64)(__le64)(_x))
#define swab16(_x) __builtin_bswap16(_x)
#define swab32(_x) __builtin_bswap32(_x)
#define swab64(_x) __builtin_bswap64(_x)
#define cpu_to_be16(_x) ((__be16)swab16(_x))
#define cpu_to_be32(_x) ((__be32)swab32(_x))
#define cpu_to_be64(_x) ((__be64)swab64(_x))
#define be16_to_cpu(_x) ((u16)swab16(_x))
#define be32_to_cpu(_x) ((u32)swab32(_x))
#define be64_to_cpu(_x) ((u64)swab64(_x))
#undef htons
#undef htonl
#undef ntohs
#undef ntohl
#define htons cpu_to_be16
#define htonl cpu_to_be32
#define ntohs be16_to_cpu
#define ntohl be32_to_cpu
#define __constant_cpu_to_le32 cpu_to_le32
#define le16_to_cpup(_p) le16_to_cpu(*(const __le16 *)(_p))
#define le32_to_cpup(_p) le32_to_cpu(*(const __le32 *)(_p))
#define le64_to_cpup(_p) le64_to_cpu(*(const __le64 *)(_p))

#define cpu_to_le16p(_p) cpu_to_le16(*(const u16 *)(_p))
#define cpu_to_le32p(_p) cpu_to_le32(*(const u32 *)(_p))
#define cpu_to_le64p(_p) cpu_to_le64(*(const u64 *)(_p))
#define be16_to_cpup(_p) be16_to_cpu(*(const __be16 *)(_p))
#define be32_to_cpup(_p) be32_to_cpu(*(const __be32 *)(_p))
#define be64_to_cpup(_p) be64_to_cpu(*(const __be64 *)(_p))
#define cpu_to_le16s(_p) ((void)(_p))
#define cpu_to_le32s(_p) ((void)(_p))
#define cpu_to_le64s(_p) ((void)(_p))
#define le16_to_cpus(_p) ((void)(_p))
#define le32_to_cpus(_p) ((void)(_p))
#define le64_to_cpus(_p) ((void)(_p))
#define le32_to_cpu_array(_p, _nr) ((void)(_p), (void)(_nr))
#define cpu_to_le32_array le32_to_cpu_array
#define le16_add_cpu(_p, _val) ((void)(*(_p) = cpu_to_le16(le16_to_cpu(*(_p)) + (_val))))
#define le32_add_cpu(_p, _val) ((void)(*(_p) = cpu_to_le32(le32_to_cpu(*(_p)) + (_val))))
#define le64_add_cpu(_p, _val) ((void)(*(_p) = cpu_to_le64(le64_to_cpu(*(_p)) + (_val))))
#define be16_add_cpu(_p, _val) ((void)(*(_p) = cpu_to_be16(be16_to_cpu(*(_p)) + (_val))))
#define be32_add_cpu(_p, _val) ((void)(*(_p) = cpu_to_be32(be32_to_cpu(*(_p)) + (_val))))

#define get_unaligned(_p)                                                                          \
	(((const struct { typeof(*(_p)) x; } __packed *)(_p))->x)
#define put_unaligned(_val, _p)                                                                    \
	((void)(((struct { typeof(*(_p)) x; } __packed *)(_p))->x = (_val)))
#define get_unaligned_le16(_p) le16_to_cpu(get_unaligned((const __le16 *)(_p)))
#define get_unaligned_le32(_p) le32_to_cpu(get_unaligned((const __le32 *)(_p)))
#define get_unaligned_le64(_p) le64_to_cpu(get_unaligned((const __le64 *)(_p)))
#define get_unaligned_be16(_p) be16_to_cpu(get_unaligned((const __be16 *)(_p)))
#define get_unaligned_be32(_p) be32_to_cpu(get_unaligned((const __be32 *)(_p)))
#define get_unaligned_be64(_p) be64_to_cpu(get_unaligned((const __be64 *)(_p)))
#define put_unaligned_le16(_val, _p) put_unaligned(cpu_to_le16(_val), (__le16 *)(_p))
#define put_unaligned_le32(_val, _p) put_unaligned(cpu_to_le32(_val), (__le32 *)(_p))
#define put_unaligned_le64(_val, _p) put_unaligned(cpu_to_le64(_val), (__le64 *)(_p))
#define put_unaligned_be16(_val, _p) put_unaligned(cpu_to_be16(_val), (__be16 *)(_p))
#define put_unaligned_be32(_val, _p) put_unaligned(cpu_to_be32(_val), (__be32 *)(_p))
#define put_unaligned_be64(_val, _p) put_unaligned(cpu_to_be64(_val), (__be64 *)(_p))

/* Checked arithmetic */
#define check_add_overflow(_a, _b, _sum) __builtin_add_overflow(_a, _b, _sum)
#define check_sub_overflow(_a, _b, _diff) __builtin_sub_overflow(_a, _b, _diff)
#define check_mul_overflow(_a, _b, _product) __builtin_mul_overflow(_a, _b, _product)
#define check_shl_overflow(_a, _shift, _out)                                                       \
	({                                                                                         \
		u64 __a = (_a);                                                                    \
		unsigned int __shift = (_shift);                                                   \
		bool __bad = __shift >= 8 * sizeof(*(_out));                                       \
												   \
		*(_out) = __bad ? 0 : __a << __shift;                                              \
		__bad || (u64)*(_out) >> __shift != __a;                                           \
	})

static inline size_t size_mul(size_t a, size_t b)
{
	size_t bytes;

	return check_mul_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t size_add(size_t a, size_t b)
{
	size_t bytes;

	return check_add_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t size_sub(size_t a, size_t b)
{
	size_t bytes;

	if (a == SIZE_MAX || b == SIZE_MAX || check_sub_overflow(a, b, &bytes))
		return SIZE_MAX;
	return bytes;
}

#define array_size size_mul
#define array3_size(_a, _b, _c) size_mul(size_mul(_a, _b), _c)
#define flex_array_size(_p, _member, _nr) size_mul(_nr, sizeof(*(_p)->_member))
#define struct_size(_p, _member, _nr)                                                              \
	size_add(offsetof(typeof(*(_p)), _member), flex_array_size(_p, _member, _nr))
#define struct_size_t(_type, _member, _nr) struct_size((_type *)NULL, _member, _nr)

/* There is no speculation to keep from a guest here: the index itself. */
#define array_index_nospec(_index, _size) ({ (void)(_size); (_index); })
#define barrier_nospec() ((void)0)

#endif /* USER_NUMBERS_H */
