/* SPDX-License-Identifier: GPL-2.0-only */
/* Types, attributes and macros. What includes no more than this knows nothing of C's library. */
#ifndef USER_TYPES_H
#define USER_TYPES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <asm/types.h>
#include <linux/posix_types.h>
#include <linux/stddef.h>
#include <asm-generic/errno.h>

/* The kernel's own, which user space never sees. */
#define ERESTARTSYS 512
#define ENOIOCTLCMD 515
#define EPROBE_DEFER 517
#define ENOTSUPP 524

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;
typedef __u16 __le16, __be16;
typedef __u32 __le32, __be32;
typedef __u64 __le64, __be64;
typedef __u16 __sum16;
typedef __u32 __wsum;
typedef unsigned int __poll_t;
#define __aligned_u64 __u64 __attribute__((__aligned__(8)))
#define __aligned_be64 __be64 __attribute__((__aligned__(8)))
#define __aligned_le64 __le64 __attribute__((__aligned__(8)))
typedef unsigned int gfp_t;
typedef unsigned short umode_t;
typedef unsigned int fmode_t;
typedef unsigned int slab_flags_t;
typedef unsigned long kernel_ulong_t;
typedef unsigned long pgoff_t;
typedef u64 phys_addr_t;
typedef u64 resource_size_t;
typedef u64 dma_addr_t;
typedef s64 ktime_t;
typedef int irqreturn_t;
typedef unsigned int vm_fault_t;

typedef struct {
	u8 b[16];
} guid_t, uuid_t;

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};
#define callback_head rcu_head

/* What sparse and the linker of a kernel make of these has no meaning here. */
#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __must_hold(_lock)
#define __acquires(_lock)
#define __releases(_lock)
#define __acquire(_lock) ((void)0)
#define __release(_lock) ((void)0)
#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata
#define __ref
#define __read_mostly
#define __ro_after_init
#define __cacheline_aligned
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define __private
#define notrace
#define asmlinkage

#undef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#define noinline __attribute__((__noinline__))
#define __packed __attribute__((__packed__))
#define __aligned(_bytes) __attribute__((__aligned__(_bytes)))
#define __maybe_unused __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __used __attribute__((__used__))
#define __weak __attribute__((__weak__))
#define __cold __attribute__((__cold__))
#define __pure __attribute__((__pure__))
#undef __attribute_const__
#define __attribute_const__ __attribute__((__const__))
#define __noreturn __attribute__((__noreturn__))
#define __must_check __attribute__((__warn_unused_result__))
#define __printf(_fmt, _args) __attribute__((__format__(__printf__, _fmt, _args)))
#undef __section
#define __section(_name) __attribute__((__section__(_name)))
#undef __counted_by
#define __counted_by(_member)
#undef __nonstring
#define __nonstring
#define __free(_name) __attribute__((__cleanup__(__free_##_name)))
#define fallthrough __attribute__((__fallthrough__))
#define unreachable() __builtin_unreachable()
#define OPTIMIZER_HIDE_VAR(_var) __asm__("" : "=r"(_var) : "0"(_var))
#define likely(_x) __builtin_expect(!!(_x), 1)
#define unlikely(_x) __builtin_expect(!!(_x), 0)
#define barrier() __asm__ __volatile__("" ::: "memory")
#define static_assert(_cond, ...) _Static_assert(_cond, "" __VA_ARGS__ #_cond)
#define BUILD_BUG_ON(_cond) _Static_assert(!(_cond), #_cond)
#define BUILD_BUG_ON_MSG(_cond, _msg) _Static_assert(!(_cond), _msg)
/* By the optimizer, so that arguments of inline functions count. */
#define __user_assert(_cond, _msg, _id)                                                            \
	do {                                                                                       \
		__attribute__((__error__(_msg))) void __USER_PASTE(user_assert_, _id)(void);       \
												   \
		if (!(_cond))                                                                      \
			__USER_PASTE(user_assert_, _id)();                                         \
	} while (0)
#define compiletime_assert(_cond, _msg) __user_assert(_cond, _msg, __COUNTER__)
#define BUILD_BUG_ON_ZERO(_cond) ((int)sizeof(struct { int : (-!!(_cond)); }))

#define __stringify_1(...) #__VA_ARGS__
#define __stringify(...) __stringify_1(__VA_ARGS__)
#define ___USER_PASTE(_a, _b) _a##_b
#define __USER_PASTE(_a, _b) ___USER_PASTE(_a, _b)
#define __UNIQUE_ID(_prefix) __USER_PASTE(__USER_PASTE(__UNIQUE_ID_, _prefix), __COUNTER__)

/* IS_ENABLED(X): 1 where X is defined as 1, as Kconfig's y; 0 where it is not. */
#define __USER_ENABLED_1 0,
#define __USER_SECOND(_first, _second, ...) _second
#define __USER_ENABLED3(_one) __USER_SECOND(_one 1, 0, 0)
#define __USER_ENABLED2(_value) __USER_ENABLED3(__USER_ENABLED_##_value)
#define __USER_ENABLED(_value) __USER_ENABLED2(_value)
#define IS_ENABLED(_option) __USER_ENABLED(_option)
#define IS_BUILTIN(_option) 0
#define IS_MODULE(_option) IS_ENABLED(_option)
#define IS_REACHABLE(_option) IS_ENABLED(_option)

#define typeof_member(_type, _member) typeof(((_type *)0)->_member)
#define sizeof_field(_type, _member) sizeof(((_type *)0)->_member)
#define offsetofend(_type, _member) (offsetof(_type, _member) + sizeof_field(_type, _member))
#define container_of(_ptr, _type, _member)                                                         \
	({                                                                                         \
		void *__member = (void *)(_ptr);                                                   \
												   \
		(_type *)((char *)__member - offsetof(_type, _member));                            \
	})
#define container_of_const container_of
#undef ARRAY_SIZE
#define ARRAY_SIZE(_array) (sizeof(_array) / sizeof((_array)[0]))
#define struct_group(_name, ...)                                                                   \
	union {                                                                                    \
		struct {                                                                           \
			__VA_ARGS__                                                                \
		};                                                                                 \
		struct {                                                                           \
			__VA_ARGS__                                                                \
		} _name;                                                                           \
	}

#undef DECLARE_FLEX_ARRAY
#define DECLARE_FLEX_ARRAY(_type, _name)                                                           \
	struct {                                                                                   \
		struct {                                                                           \
		} __empty_##_name;                                                                 \
		_type _name[];                                                                     \
	}
#define struct_group_tagged(_tag, _name, ...)                                                      \
	union {                                                                                    \
		struct {                                                                           \
			__VA_ARGS__                                                                \
		};                                                                                 \
		struct _tag {                                                                      \
			__VA_ARGS__                                                                \
		} _name;                                                                           \
	}
#define prefetch(_p) __builtin_prefetch(_p)
#define prefetchw(_p) __builtin_prefetch(_p, 1)

#define _RET_IP_ ((unsigned long)__builtin_return_address(0))
#define _THIS_IP_ ({ __label__ __here; __here: (unsigned long)&&__here; })

#define U8_MAX ((u8)~0U)
#define U16_MAX ((u16)~0U)
#define U32_MAX ((u32)~0U)
#define U64_MAX ((u64)~0ULL)
#define S8_MAX ((s8)(U8_MAX >> 1))
#define S16_MAX ((s16)(U16_MAX >> 1))
#define S32_MAX ((s32)(U32_MAX >> 1))
#define S64_MAX ((s64)(U64_MAX >> 1))
#define S32_MIN ((s32)(-S32_MAX - 1))
#define S64_MIN ((s64)(-S64_MAX - 1))
#define PHYS_ADDR_MAX (~(phys_addr_t)0)
#ifndef INT_MAX
#define INT_MAX __INT_MAX__
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX (~0U)
#define LONG_MAX __LONG_MAX__
#define LONG_MIN (-LONG_MAX - 1)
#define ULONG_MAX (~0UL)
#define LLONG_MAX __LONG_LONG_MAX__
#define ULLONG_MAX (~0ULL)
#endif
#ifndef SIZE_MAX
#define SIZE_MAX (~(size_t)0)
#endif
#define BITS_PER_LONG 64
#define BITS_PER_BYTE 8
#define BITS_PER_LONG_LONG 64
#define HZ 1000UL
#define NR_CPUS 1
#undef NULL
#define NULL ((void *)0)

/* Errors in pointers. */
#define MAX_ERRNO 4095
#define IS_ERR_VALUE(_x) unlikely((unsigned long)(void *)(_x) >= (unsigned long)-MAX_ERRNO)

static inline void *__must_check ERR_PTR(long error)
{
	return (void *)error;
}

static inline long __must_check PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline bool __must_check IS_ERR(const void *ptr)
{
	return IS_ERR_VALUE(ptr);
}

static inline bool __must_check IS_ERR_OR_NULL(const void *ptr)
{
	return !ptr || IS_ERR_VALUE(ptr);
}

static inline int __must_check PTR_ERR_OR_ZERO(const void *ptr)
{
	return IS_ERR(ptr) ? (int)PTR_ERR(ptr) : 0;
}

#define ERR_CAST(_ptr) ((void *)(_ptr))

#endif /* USER_TYPES_H */
