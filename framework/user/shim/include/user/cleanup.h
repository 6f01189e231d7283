/* SPDX-License-Identifier: GPL-2.0-only */
/* What is undone at the end of a block: memory, and locks by guard(). */
#ifndef USER_CLEANUP_H
#define USER_CLEANUP_H

#include <user/mem.h>

#define __cleanup(_fn) __attribute__((__cleanup__(_fn)))
/* For a variable with __free(_name): @_free is a statement about _T. */
#define DEFINE_FREE(_name, _type, _free)                                                           \
	static inline __maybe_unused void __free_##_name(void *p)                                  \
	{                                                                                          \
		_type _T = *(_type *)p;                                                            \
		_free;                                                                             \
	}
/* The pointer, which then is the variable's no longer. */
#define no_free_ptr(_p)                                                                            \
	({                                                                                         \
		__auto_type __ptr = (_p);                                                          \
		(_p) = NULL;                                                                       \
		__ptr;                                                                             \
	})
#define retain_and_null_ptr(_p) ((void)no_free_ptr(_p))

/* A class is a variable that has a beginning and an end. */
#define DEFINE_CLASS(_name, _type, _exit, _init, _args...)                                         \
	typedef _type class_##_name##_t;                                                           \
	static inline __maybe_unused void class_##_name##_destructor(_type *p)                     \
	{                                                                                          \
		_type _T = *p;                                                                     \
		_exit;                                                                             \
	}                                                                                          \
	static inline __maybe_unused _type class_##_name##_constructor(_args)                      \
	{                                                                                          \
		_type t = _init;                                                                   \
		return t;                                                                          \
	}
#define CLASS(_name, _var)                                                                         \
	class_##_name##_t _var __cleanup(class_##_name##_destructor) = class_##_name##_constructor
#define DEFINE_GUARD(_name, _type, _lock, _unlock)                                                 \
	DEFINE_CLASS(_name, _type, if (_T) { _unlock; }, ({ _lock; _T; }), _type _T)               \
	static inline __maybe_unused void *class_##_name##_held(class_##_name##_t *t)              \
	{                                                                                          \
		return (void *)(unsigned long)*t;                                                  \
	}
/* A guard with something beside its lock, such as the flags of interrupts. */
#define __USER_LOCK_GUARD(_name, _type, _unlock, ...)                                              \
	typedef struct {                                                                           \
		_type *lock;                                                                       \
		__VA_ARGS__;                                                                       \
	} class_##_name##_t;                                                                       \
	static inline __maybe_unused void class_##_name##_destructor(class_##_name##_t *_T)        \
	{                                                                                          \
		if (_T->lock) {                                                                    \
			_unlock;                                                                   \
		}                                                                                  \
	}                                                                                          \
	static inline __maybe_unused void *class_##_name##_held(class_##_name##_t *t)              \
	{                                                                                          \
		return t->lock;                                                                    \
	}
#define DEFINE_LOCK_GUARD_1(_name, _type, _lock, _unlock, ...)                                     \
	__USER_LOCK_GUARD(_name, _type, _unlock, ##__VA_ARGS__)                                    \
	static inline __maybe_unused class_##_name##_t class_##_name##_constructor(_type *l)       \
	{                                                                                          \
		class_##_name##_t t = { .lock = l }, *_T = &t;                                     \
												   \
		_lock;                                                                             \
		return t;                                                                          \
	}
#define DEFINE_LOCK_GUARD_0(_name, _lock, _unlock, ...)                                            \
	__USER_LOCK_GUARD(_name, void, _unlock, ##__VA_ARGS__)                                     \
	static inline __maybe_unused class_##_name##_t class_##_name##_constructor(void)           \
	{                                                                                          \
		class_##_name##_t t = { .lock = (void *)1 }, *_T __maybe_unused = &t;              \
												   \
		_lock;                                                                             \
		return t;                                                                          \
	}

#define guard(_name) CLASS(_name, __UNIQUE_ID(guard))
#define scoped_guard(_name, _args...) __user_scoped(_name, __UNIQUE_ID(scope), ##_args)
#define __user_scoped(_name, _var, _args...)                                                       \
	for (CLASS(_name, _var)(_args), *__once = (void *)1;                                       \
	     class_##_name##_held(&_var) && __once; __once = NULL)
#define __user_scoped_cond(_name, _fail, _var, _args...)                                           \
	for (CLASS(_name, _var)(_args), *__once = (void *)1; __once; __once = NULL)                \
		if (!class_##_name##_held(&_var))                                                  \
			_fail;                                                                     \
		else
#define scoped_cond_guard(_name, _fail, _args...)                                                  \
	__user_scoped_cond(_name, _fail, __UNIQUE_ID(scope), ##_args)

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))
DEFINE_FREE(vfree, void *, if (!IS_ERR_OR_NULL(_T)) vfree(_T))
DEFINE_FREE(bitmap, unsigned long *, if (_T) bitmap_free(_T))
DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD(mutex_intr, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_CLASS(mutex_try, struct mutex *, if (_T) mutex_unlock(_T),
	     mutex_trylock(lock) ? lock : NULL, struct mutex *lock)
static inline __maybe_unused void *class_mutex_try_held(struct mutex **lock)
{
	return *lock;
}

DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))
DEFINE_GUARD(spinlock, spinlock_t *, spin_lock(_T), spin_unlock(_T))
DEFINE_GUARD(spinlock_bh, spinlock_t *, spin_lock_bh(_T), spin_unlock_bh(_T))
DEFINE_GUARD(spinlock_irq, spinlock_t *, spin_lock_irq(_T), spin_unlock_irq(_T))
DEFINE_GUARD(raw_spinlock, spinlock_t *, spin_lock(_T), spin_unlock(_T))
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(raw_spinlock_irqsave, spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_GUARD(read_lock, rwlock_t *, read_lock(_T), read_unlock(_T))
DEFINE_GUARD(write_lock, rwlock_t *, write_lock(_T), write_unlock(_T))
DEFINE_LOCK_GUARD_1(srcu, struct srcu_struct, _T->index = srcu_read_lock(_T->lock),
		    srcu_read_unlock(_T->lock, _T->index), int index)
DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())
DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(irqsave, local_irq_save(_T->flags), local_irq_restore(_T->flags),
		    unsigned long flags)

#endif /* USER_CLEANUP_H */
