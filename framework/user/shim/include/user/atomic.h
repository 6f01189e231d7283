/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomics and barriers, as the compiler's, so that ThreadSanitizer sees who follows whom.
 *
 * A barrier is an atomic change of one word that all threads share: what was before it in one
 * thread is then before what comes after it in another whose barrier is later. ThreadSanitizer
 * knows no fences, and would report every pair of smp_wmb() and smp_rmb().
 */
#ifndef USER_ATOMIC_H
#define USER_ATOMIC_H

#include <user/types.h>

#define READ_ONCE(_x) __atomic_load_n(&(_x), __ATOMIC_RELAXED)
#define WRITE_ONCE(_x, _val) __atomic_store_n(&(_x), _val, __ATOMIC_RELAXED)

/* What is known to race is not reported: ThreadSanitizer looks away, where there is one. */
void AnnotateIgnoreReadsBegin(const char *file, int line) __weak;
void AnnotateIgnoreReadsEnd(const char *file, int line) __weak;
void AnnotateIgnoreWritesBegin(const char *file, int line) __weak;
void AnnotateIgnoreWritesEnd(const char *file, int line) __weak;

static inline void user_race_begin(const char *file, int line)
{
	if (!AnnotateIgnoreReadsBegin || !AnnotateIgnoreWritesBegin)
		return;
	AnnotateIgnoreReadsBegin(file, line);
	AnnotateIgnoreWritesBegin(file, line);
}

static inline void user_race_end(const char *file, int line)
{
	if (!AnnotateIgnoreReadsEnd || !AnnotateIgnoreWritesEnd)
		return;
	AnnotateIgnoreWritesEnd(file, line);
	AnnotateIgnoreReadsEnd(file, line);
}

#define data_race(_expr)                                                                           \
	({                                                                                         \
		user_race_begin(__FILE__, __LINE__);                                               \
		__auto_type __raced = ({ _expr; });                                                \
		user_race_end(__FILE__, __LINE__);                                                 \
		__raced;                                                                           \
	})

extern int user_barrier;

static inline void smp_mb(void)
{
	__atomic_fetch_add(&user_barrier, 0, __ATOMIC_SEQ_CST);
}

#define smp_rmb smp_mb
#define smp_wmb smp_mb
#define mb smp_mb
#define rmb smp_mb
#define wmb smp_mb
#define dma_rmb smp_mb
#define dma_wmb smp_mb
#define smp_mb__before_atomic smp_mb
#define smp_mb__after_atomic smp_mb
#define smp_mb__after_spinlock smp_mb
#define smp_mb__after_unlock_lock smp_mb
#define smp_mb__after_srcu_read_unlock smp_mb
#define smp_acquire__after_ctrl_dep smp_mb
#define virt_mb smp_mb
#define virt_rmb smp_mb
#define virt_wmb smp_mb
#define dma_mb smp_mb
#define smp_load_acquire(_p) __atomic_load_n(_p, __ATOMIC_ACQUIRE)
#define smp_store_release(_p, _val) __atomic_store_n(_p, _val, __ATOMIC_RELEASE)
/* More than a store in order: nothing after it may be read before it is seen. */
#define smp_store_mb(_x, _val) ({ WRITE_ONCE(_x, _val); smp_mb(); })
#define virt_load_acquire smp_load_acquire
#define virt_store_release smp_store_release
#define cpu_relax() barrier()
#define smp_cond_load_acquire(_p, _cond)                                                           \
	({                                                                                         \
		typeof(*(_p)) VAL;                                                                 \
												   \
		while (VAL = smp_load_acquire(_p), !(_cond))                                       \
			cpu_relax();                                                               \
		VAL;                                                                               \
	})
#define smp_cond_load_relaxed smp_cond_load_acquire
#define xchg(_p, _val) __atomic_exchange_n(_p, _val, __ATOMIC_SEQ_CST)
#define cmpxchg(_p, _old, _new)                                                                    \
	({                                                                                         \
		typeof(*(_p)) __old = (_old);                                                      \
												   \
		__atomic_compare_exchange_n(_p, &__old, _new, false, __ATOMIC_SEQ_CST,             \
					    __ATOMIC_SEQ_CST);                                     \
		__old;                                                                             \
	})
#define try_cmpxchg(_p, _old, _new)                                                                \
	__atomic_compare_exchange_n(_p, _old, _new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
/* Each is at least as strong as its name. */
#define xchg_relaxed xchg
#define xchg_acquire xchg
#define xchg_release xchg
#define cmpxchg_relaxed cmpxchg
#define cmpxchg_acquire cmpxchg
#define cmpxchg_release cmpxchg
#define cmpxchg64 cmpxchg
#define cmpxchg64_relaxed cmpxchg
#define try_cmpxchg_relaxed try_cmpxchg
#define try_cmpxchg_acquire try_cmpxchg
#define try_cmpxchg_release try_cmpxchg

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

typedef atomic64_t atomic_long_t;

#define ATOMIC_INIT(_val) { (_val) }
#define ATOMIC64_INIT(_val) { (_val) }
#define ATOMIC_LONG_INIT ATOMIC64_INIT

/* Those that return a value order what is around them; the others do not. */
#define __USER_ATOMIC_VOID(_name, _type, _val, _op, _builtin)                                      \
	static inline void _name##_##_op(_val i, _type *v)                                         \
	{                                                                                          \
		__atomic_fetch_##_builtin(&v->counter, i, __ATOMIC_RELAXED);                       \
	}                                                                                          \
	static inline _val _name##_fetch_##_op(_val i, _type *v)                                   \
	{                                                                                          \
		return __atomic_fetch_##_builtin(&v->counter, i, __ATOMIC_SEQ_CST);                \
	}                                                                                          \
	static inline _val _name##_fetch_##_op##_relaxed(_val i, _type *v)                         \
	{                                                                                          \
		return __atomic_fetch_##_builtin(&v->counter, i, __ATOMIC_RELAXED);                \
	}                                                                                          \
	static inline _val _name##_fetch_##_op##_acquire(_val i, _type *v)                         \
	{                                                                                          \
		return __atomic_fetch_##_builtin(&v->counter, i, __ATOMIC_ACQUIRE);                \
	}                                                                                          \
	static inline _val _name##_fetch_##_op##_release(_val i, _type *v)                         \
	{                                                                                          \
		return __atomic_fetch_##_builtin(&v->counter, i, __ATOMIC_RELEASE);                \
	}

#define __USER_ATOMIC(_name, _type, _val)                                                          \
	static inline _val _name##_read(const _type *v)                                            \
	{                                                                                          \
		return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);                             \
	}                                                                                          \
	static inline _val _name##_read_acquire(const _type *v)                                    \
	{                                                                                          \
		return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE);                             \
	}                                                                                          \
	static inline void _name##_set(_type *v, _val i)                                           \
	{                                                                                          \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);                                \
	}                                                                                          \
	static inline void _name##_set_release(_type *v, _val i)                                   \
	{                                                                                          \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);                                \
	}                                                                                          \
	__USER_ATOMIC_VOID(_name, _type, _val, add, add)                                           \
	__USER_ATOMIC_VOID(_name, _type, _val, sub, sub)                                           \
	__USER_ATOMIC_VOID(_name, _type, _val, or, or)                                             \
	__USER_ATOMIC_VOID(_name, _type, _val, and, and)                                           \
	__USER_ATOMIC_VOID(_name, _type, _val, xor, xor)                                           \
	static inline void _name##_andnot(_val i, _type *v)                                        \
	{                                                                                          \
		_name##_and(~i, v);                                                                \
	}                                                                                          \
	static inline _val _name##_fetch_andnot(_val i, _type *v)                                  \
	{                                                                                          \
		return _name##_fetch_and(~i, v);                                                   \
	}                                                                                          \
	static inline void _name##_inc(_type *v)                                                   \
	{                                                                                          \
		_name##_add(1, v);                                                                 \
	}                                                                                          \
	static inline void _name##_dec(_type *v)                                                   \
	{                                                                                          \
		_name##_sub(1, v);                                                                 \
	}                                                                                          \
	static inline _val _name##_fetch_inc(_type *v)                                             \
	{                                                                                          \
		return _name##_fetch_add(1, v);                                                    \
	}                                                                                          \
	static inline _val _name##_fetch_dec(_type *v)                                             \
	{                                                                                          \
		return _name##_fetch_sub(1, v);                                                    \
	}                                                                                          \
	static inline _val _name##_add_return(_val i, _type *v)                                    \
	{                                                                                          \
		return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);                       \
	}                                                                                          \
	static inline _val _name##_sub_return(_val i, _type *v)                                    \
	{                                                                                          \
		return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST);                       \
	}                                                                                          \
	static inline _val _name##_inc_return(_type *v)                                            \
	{                                                                                          \
		return _name##_add_return(1, v);                                                   \
	}                                                                                          \
	static inline _val _name##_dec_return(_type *v)                                            \
	{                                                                                          \
		return _name##_sub_return(1, v);                                                   \
	}                                                                                          \
	static inline bool _name##_dec_and_test(_type *v)                                          \
	{                                                                                          \
		return !_name##_dec_return(v);                                                     \
	}                                                                                          \
	static inline bool _name##_inc_and_test(_type *v)                                          \
	{                                                                                          \
		return !_name##_inc_return(v);                                                     \
	}                                                                                          \
	static inline bool _name##_sub_and_test(_val i, _type *v)                                  \
	{                                                                                          \
		return !_name##_sub_return(i, v);                                                  \
	}                                                                                          \
	static inline _val _name##_xchg(_type *v, _val i)                                          \
	{                                                                                          \
		return xchg(&v->counter, i);                                                       \
	}                                                                                          \
	static inline _val _name##_cmpxchg(_type *v, _val old, _val i)                             \
	{                                                                                          \
		return cmpxchg(&v->counter, old, i);                                               \
	}                                                                                          \
	static inline bool _name##_try_cmpxchg(_type *v, _val *old, _val i)                        \
	{                                                                                          \
		return try_cmpxchg(&v->counter, (typeof(v->counter) *)old, i);                     \
	}                                                                                          \
	static inline bool _name##_add_unless(_type *v, _val i, _val unless)                       \
	{                                                                                          \
		_val old = _name##_read(v);                                                        \
												   \
		do {                                                                               \
			if (old == unless)                                                         \
				return false;                                                      \
		} while (!_name##_try_cmpxchg(v, &old, old + i));                                  \
		return true;                                                                       \
	}                                                                                          \
	static inline bool _name##_inc_not_zero(_type *v)                                          \
	{                                                                                          \
		return _name##_add_unless(v, 1, 0);                                                \
	}                                                                                          \
	static inline bool _name##_add_negative(_val i, _type *v)                                  \
	{                                                                                          \
		return _name##_add_return(i, v) < 0;                                               \
	}                                                                                          \
	static inline _val _name##_fetch_add_unless(_type *v, _val i, _val unless)                 \
	{                                                                                          \
		_val old = _name##_read(v);                                                        \
												   \
		while (old != unless && !_name##_try_cmpxchg(v, &old, old + i))                    \
			;                                                                          \
		return old;                                                                        \
	}                                                                                          \
	static inline _val _name##_dec_if_positive(_type *v)                                       \
	{                                                                                          \
		_val old = _name##_read(v);                                                        \
												   \
		while (old > 0 && !_name##_try_cmpxchg(v, &old, old - 1))                          \
			;                                                                          \
		return old - 1;                                                                    \
	}                                                                                          \
	static inline bool _name##_inc_unless_negative(_type *v)                                   \
	{                                                                                          \
		_val old = _name##_read(v);                                                        \
												   \
		while (old >= 0 && !_name##_try_cmpxchg(v, &old, old + 1))                         \
			;                                                                          \
		return old >= 0;                                                                   \
	}

__USER_ATOMIC(atomic, atomic_t, int)
__USER_ATOMIC(atomic64, atomic64_t, s64)
__USER_ATOMIC(atomic_long, atomic_long_t, long)

/* Counters of 64 bits that a reader sees whole: on a machine of 64 bits each is. */
struct u64_stats_sync {
};
typedef struct {
	u64 v;
} u64_stats_t;

#define u64_stats_init(_sync) ((void)(_sync))
#define u64_stats_update_begin(_sync) ((void)(_sync))
#define u64_stats_update_end(_sync) ((void)(_sync))
#define u64_stats_update_begin_irqsave(_sync) ({ (void)(_sync); 0UL; })
#define u64_stats_update_end_irqrestore(_sync, _flags) ((void)(_sync), (void)(_flags))
#define u64_stats_fetch_begin(_sync) ({ (void)(_sync); 0U; })
#define u64_stats_fetch_retry(_sync, _start) ((void)(_sync), (void)(_start), false)

static inline u64 u64_stats_read(const u64_stats_t *p)
{
	return READ_ONCE(p->v);
}

static inline void u64_stats_set(u64_stats_t *p, u64 val)
{
	WRITE_ONCE(p->v, val);
}

/* Not atomic: one writer at a time. */
static inline void u64_stats_add(u64_stats_t *p, unsigned long val)
{
	WRITE_ONCE(p->v, READ_ONCE(p->v) + val);
}

static inline void u64_stats_inc(u64_stats_t *p)
{
	u64_stats_add(p, 1);
}

/*
 * References. Taking one of nothing, giving back one too many, and more than a number holds are
 * printed, and the count stays where no reference is the last one: memory leaks, and is not freed
 * while somebody uses it.
 */
typedef struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(_nr) { .refs = ATOMIC_INIT(_nr) }
#define REFCOUNT_MAX INT_MAX
#define REFCOUNT_SATURATED (INT_MIN / 2)

void user_refcount_bad(refcount_t *r, const char *what);

static inline void refcount_set(refcount_t *r, int nr)
{
	atomic_set(&r->refs, nr);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

static inline void refcount_add(int i, refcount_t *r)
{
	int was = atomic_fetch_add_relaxed(i, &r->refs);

	if (!was)
		user_refcount_bad(r, "a reference is taken of what has none left");
	else if (was < 0 || was > INT_MAX - i)
		user_refcount_bad(r, "there are more references than a number holds");
}

static inline void refcount_inc(refcount_t *r)
{
	refcount_add(1, r);
}

static inline bool __must_check refcount_add_not_zero(int i, refcount_t *r)
{
	int was = atomic_fetch_add_unless(&r->refs, i, 0);

	if (was < 0 || was > INT_MAX - i)
		user_refcount_bad(r, "there are more references than a number holds");
	return was;
}

static inline bool __must_check refcount_inc_not_zero(refcount_t *r)
{
	return refcount_add_not_zero(1, r);
}

static inline bool __must_check refcount_sub_and_test(int i, refcount_t *r)
{
	int was = atomic_fetch_sub(i, &r->refs);

	if (was < i)
		user_refcount_bad(r, "a reference is given back once too often");
	return was == i;
}

static inline bool __must_check refcount_dec_and_test(refcount_t *r)
{
	return refcount_sub_and_test(1, r);
}

static inline void refcount_dec(refcount_t *r)
{
	if (refcount_sub_and_test(1, r))
		user_refcount_bad(r, "the last reference goes, and nobody looks whether it does");
}

static inline bool __must_check refcount_dec_not_one(refcount_t *r)
{
	int was = atomic_fetch_add_unless(&r->refs, -1, 1);

	if (was <= 0)
		user_refcount_bad(r, "a reference is given back once too often");
	return was != 1;
}

static inline bool __must_check refcount_dec_if_one(refcount_t *r)
{
	int one = 1;

	return atomic_try_cmpxchg(&r->refs, &one, 0);
}

struct kref {
	refcount_t refcount;
};

#define KREF_INIT(_nr) { .refcount = REFCOUNT_INIT(_nr) }

static inline void kref_init(struct kref *kref)
{
	refcount_set(&kref->refcount, 1);
}

static inline void kref_get(struct kref *kref)
{
	refcount_inc(&kref->refcount);
}

static inline bool __must_check kref_get_unless_zero(struct kref *kref)
{
	return refcount_inc_not_zero(&kref->refcount);
}

static inline unsigned int kref_read(const struct kref *kref)
{
	return refcount_read(&kref->refcount);
}

static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	if (!refcount_dec_and_test(&kref->refcount))
		return 0;
	release(kref);
	return 1;
}

#endif /* USER_ATOMIC_H */
