/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory: of the process, of its user, and pages. */
#ifndef USER_MEM_H
#define USER_MEM_H

#include <user/sched.h>

#define __GFP_DIRECT_RECLAIM 1u
#define __GFP_ZERO 2u
#define __GFP_ACCOUNT 4u
#define __GFP_NOWARN 8u
#define __GFP_HIGHMEM 16u
#define __GFP_NORETRY 32u
#define __GFP_NOFAIL 64u
#define __GFP_HIGH 128u
#define __GFP_COMP 256u
#define GFP_KERNEL __GFP_DIRECT_RECLAIM
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_USER GFP_KERNEL
#define GFP_HIGHUSER GFP_KERNEL
#define GFP_NOIO GFP_KERNEL
#define GFP_NOFS GFP_KERNEL
#define GFP_DMA32 0u
#define GFP_ATOMIC __GFP_HIGH
#define GFP_NOWAIT 0u

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(_x) ALIGN(_x, PAGE_SIZE)
#define PAGE_ALIGNED(_x) IS_ALIGNED((unsigned long)(_x), PAGE_SIZE)
#define offset_in_page(_p) ((unsigned long)(_p) & ~PAGE_MASK)
#define PFN_UP(_x) (((_x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(_x) ((_x) >> PAGE_SHIFT)
#define PHYS_PFN(_x) ((unsigned long)((_x) >> PAGE_SHIFT))
#define PFN_PHYS(_x) ((phys_addr_t)(_x) << PAGE_SHIFT)

#define gfpflags_allow_blocking(_flags) (!!((_flags) & __GFP_DIRECT_RECLAIM))
/* What may be allocated as one piece; more is NULL, and a warning without __GFP_NOWARN. */
#define KMALLOC_MAX_SIZE (1UL << 22)
/* What is given for no bytes: not NULL, and whoever uses it faults. */
#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(_mem) ((unsigned long)(_mem) <= (unsigned long)ZERO_SIZE_PTR)
void *user_alloc(size_t size, gfp_t flags, size_t most, const char *file, int line);
void *user_realloc(const void *mem, size_t size, gfp_t flags, size_t most, const char *file,
		   int line);
size_t ksize(const void *mem);
void kfree(const void *mem);
void kfree_sensitive(const void *mem);
void user_vfree(const void *mem, bool any, const char *file, int line);
#define vfree(_mem) user_vfree(_mem, false, __FILE__, __LINE__)
#define kvfree(_mem) user_vfree(_mem, true, __FILE__, __LINE__)
#define kvfree_sensitive(_mem, _size) ({ memzero_explicit(_mem, _size); kvfree(_mem); })
#define __user_new(_size, _flags) user_alloc(_size, _flags, KMALLOC_MAX_SIZE, __FILE__, __LINE__)
#define __user_vnew(_size, _flags) user_alloc(_size, _flags, INT_MAX, __FILE__, __LINE__)
#define kmalloc(_size, _flags) __user_new(_size, _flags)
#define kzalloc(_size, _flags) __user_new(_size, (_flags) | __GFP_ZERO)
#define kmalloc_array(_nr, _size, _flags) __user_new(array_size(_nr, _size), _flags)
#define kcalloc(_nr, _size, _flags) __user_new(array_size(_nr, _size), (_flags) | __GFP_ZERO)
#define krealloc(_mem, _size, _flags)                                                              \
	user_realloc(_mem, _size, _flags, KMALLOC_MAX_SIZE, __FILE__, __LINE__)
#define krealloc_array(_mem, _nr, _size, _flags) krealloc(_mem, array_size(_nr, _size), _flags)
#define kmalloc_node(_size, _flags, _node) kmalloc(_size, _flags)
#define kzalloc_node(_size, _flags, _node) kzalloc(_size, _flags)
#define kcalloc_node(_nr, _size, _flags, _node) kcalloc(_nr, _size, _flags)
#define kmalloc_array_node(_nr, _size, _flags, _node) kmalloc_array(_nr, _size, _flags)
#define kvmalloc(_size, _flags) __user_vnew(_size, _flags)
#define kvzalloc(_size, _flags) __user_vnew(_size, (_flags) | __GFP_ZERO)
#define kvmalloc_array(_nr, _size, _flags) __user_vnew(array_size(_nr, _size), _flags)
#define kvcalloc(_nr, _size, _flags) kvmalloc_array(_nr, _size, (_flags) | __GFP_ZERO)
#define kvmalloc_node(_size, _flags, _node) kvmalloc(_size, _flags)
#define kvzalloc_node(_size, _flags, _node) kvzalloc(_size, _flags)
#define kvrealloc(_mem, _size, _flags)                                                             \
	user_realloc(_mem, _size, _flags, INT_MAX, __FILE__, __LINE__)
#define kfree_const kfree
void *kmemdup(const void *mem, size_t size, gfp_t flags);
char *kmemdup_nul(const char *text, size_t len, gfp_t flags);
char *kstrdup(const char *text, gfp_t flags);
char *kstrndup(const char *text, size_t most, gfp_t flags);
#define kstrdup_const kstrdup

struct kmem_cache;
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     slab_flags_t flags, void (*ctor)(void *mem));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
#define kmem_cache_zalloc(_cache, _flags) kmem_cache_alloc(_cache, (_flags) | __GFP_ZERO)
#define kmem_cache_alloc_node(_cache, _flags, _node) kmem_cache_alloc(_cache, _flags)
#define KMEM_CACHE(_struct, _flags)                                                                \
	kmem_cache_create(#_struct, sizeof(struct _struct), __alignof__(struct _struct), _flags,   \
			  NULL)
#define SLAB_HWCACHE_ALIGN 1u
#define SLAB_PANIC 2u
#define SLAB_ACCOUNT 4u
#define SLAB_RECLAIM_ACCOUNT 8u
void kmem_cache_free(struct kmem_cache *cache, void *mem);

/* Pages that a client may map: a sealed memfd of their own, between pages without access. */
struct vm_area_struct;
void *vmalloc_user(unsigned long size);
void *user_vmalloc(unsigned long size, gfp_t flags, const char *file, int line);
#define __vmalloc(_size, _flags) user_vmalloc(_size, _flags, __FILE__, __LINE__)
#define vmalloc(_size) __vmalloc(_size, GFP_KERNEL)
#define vzalloc(_size) __vmalloc(_size, GFP_KERNEL | __GFP_ZERO)
#define vmalloc_node(_size, _node) vmalloc(_size)
#define vzalloc_node(_size, _node) vzalloc(_size)
#define vmalloc_array(_nr, _size) vmalloc(array_size(_nr, _size))
#define vcalloc(_nr, _size) vzalloc(array_size(_nr, _size))
bool is_vmalloc_addr(const void *mem);
int remap_vmalloc_range(struct vm_area_struct *vma, void *mem, unsigned long pgoff);

#define VM_READ 1UL
#define VM_WRITE 2UL
#define VM_EXEC 4UL
#define VM_SHARED 8UL
#define VM_MAYREAD 0x10UL
#define VM_MAYWRITE 0x20UL
#define VM_MAYSHARE 0x80UL
#define VM_IO 0x4000UL
#define VM_PFNMAP 0x400UL
#define VM_DONTEXPAND 0x40000UL
#define VM_DONTDUMP 0x4000000UL
#define VM_DONTCOPY 0x20000UL

/*
 * A client that wants to map a region: mmap() is asked for each part of it that can be mapped, and
 * says by remap_vmalloc_range() what memory that is.
 */
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	unsigned long vm_pgoff;
	unsigned long vm_flags;
	void *vm_private_data;
	int user_fd;
	u64 user_offset;
};

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

static inline void vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags &= ~flags;
}

/* A page is an address. Its number is where it is described: that of the next one is the next. */
struct page {
	void *address;
};
#define page_to_pfn(_page) ((unsigned long)(_page) / sizeof(struct page))
#define pfn_to_page(_pfn) ((struct page *)((_pfn) * sizeof(struct page)))

static inline void *page_address(const struct page *page)
{
	return page->address;
}

/* 2^order pages; addresses and struct page are of two kinds, and each is given back as its own. */
struct page *user_alloc_pages(gfp_t flags, unsigned int order, const char *file, int line);
void __free_pages(struct page *page, unsigned int order);
unsigned long user_get_pages(gfp_t flags, unsigned int order, const char *file, int line);
void free_pages(unsigned long address, unsigned int order);
#define alloc_pages(_flags, _order) user_alloc_pages(_flags, _order, __FILE__, __LINE__)
#define alloc_pages_node(_node, _flags, _order) alloc_pages(_flags, _order)
#define alloc_page(_flags) alloc_pages(_flags, 0)
#define __free_page(_page) __free_pages(_page, 0)
#define __get_free_pages(_flags, _order) user_get_pages(_flags, _order, __FILE__, __LINE__)
#define __get_free_page(_flags) __get_free_pages(_flags, 0)
#define get_zeroed_page(_flags) __get_free_pages((_flags) | __GFP_ZERO, 0)
#define free_page(_address) free_pages(_address, 0)
#define MAX_PAGE_ORDER 10
#define PAGE_ALLOC_COSTLY_ORDER 3

static inline unsigned int get_order(unsigned long size)
{
	return size > PAGE_SIZE ? fls64((size - 1) >> PAGE_SHIFT) : 0;
}

#define kmap_local_page(_page) page_address(_page)
#define kunmap_local(_mem) ((void)(_mem))
#define kmap(_page) page_address(_page)
#define kunmap(_page) ((void)(_page))
#define kmap_atomic(_page) ({ preempt_disable(); page_address(_page); })
#define kunmap_atomic(_mem) ({ (void)(_mem); preempt_enable(); })
#define flush_dcache_page(_page) ((void)(_page))
#define memcpy_from_page(_to, _page, _off, _n)                                                     \
	memcpy(_to, (char *)page_address(_page) + (_off), _n)
#define memcpy_to_page(_page, _off, _from, _n)                                                     \
	memcpy((char *)page_address(_page) + (_off), _from, _n)
#define memzero_page(_page, _off, _n) memset((char *)page_address(_page) + (_off), 0, _n)
/* Pinned pages that follow each other in guest memory, as one piece. NULL: they do not. */
#define VM_MAP 4UL
typedef struct {
} pgprot_t;
#define PAGE_KERNEL ((pgprot_t){})
void *vmap(struct page **pages, unsigned int nr, unsigned long flags, pgprot_t prot);
void user_vunmap(const void *mem, const char *file, int line);
#define vunmap(_mem) user_vunmap(_mem, __FILE__, __LINE__)

/* One address space: a fault ends the process, with a report. */
#define copy_from_user(_to, _from, _n)                                                             \
	({ might_sleep(); memcpy(_to, (const void *)(_from), _n); 0UL; })
#define copy_to_user(_to, _from, _n)                                                               \
	({ might_sleep(); memcpy((void *)(_to), _from, _n); 0UL; })
#define clear_user(_to, _n) ({ might_sleep(); memset(_to, 0, _n); 0UL; })
#define get_user(_x, _p)                                                                           \
	({                                                                                         \
		typeof(*(_p)) __val;                                                               \
												   \
		(void)copy_from_user(&__val, _p, sizeof(__val));                                   \
		(_x) = (typeof(_x))__val;                                                          \
		0;                                                                                 \
	})
#define put_user(_x, _p)                                                                           \
	({                                                                                         \
		typeof(*(_p)) __val = (_x);                                                        \
												   \
		(void)copy_to_user(_p, &__val, sizeof(__val));                                     \
		0;                                                                                 \
	})
#define TASK_SIZE_MAX ((1UL << 47) - PAGE_SIZE)
#define access_ok(_p, _n) ((void)(_p), (void)(_n), true)
void *memdup_user(const void *from, size_t size);
#define vmemdup_user memdup_user
void *memdup_user_nul(const void *from, size_t size);
#define u64_to_user_ptr(_x) ((void *)(unsigned long)(_x))

/* One CPU; what is counted for it is counted atomically. */
#define nr_cpu_ids 1U
#define num_online_cpus() 1U
#define num_possible_cpus() 1U
#define for_each_possible_cpu(_cpu) for ((_cpu) = 0; (_cpu) < 1; (_cpu)++)
#define for_each_online_cpu for_each_possible_cpu
#define alloc_percpu(_type) ((_type *)kzalloc(sizeof(_type), GFP_KERNEL))
#define free_percpu kfree
#define per_cpu_ptr(_ptr, _cpu) ((void)(_cpu), (_ptr))
#define this_cpu_ptr(_ptr) (_ptr)
#define get_cpu_ptr(_ptr) ({ preempt_disable(); (_ptr); })
#define put_cpu_ptr(_ptr) ({ (void)(_ptr); preempt_enable(); })
#define this_cpu_add(_x, _val) ((void)__atomic_fetch_add(&(_x), _val, __ATOMIC_RELAXED))
#define this_cpu_sub(_x, _val) ((void)__atomic_fetch_sub(&(_x), _val, __ATOMIC_RELAXED))
#define this_cpu_inc(_x) this_cpu_add(_x, 1)
#define this_cpu_dec(_x) this_cpu_sub(_x, 1)
#define this_cpu_read(_x) READ_ONCE(_x)

void get_random_bytes(void *to, size_t size);
u32 get_random_u32(void);
u64 get_random_u64(void);
u32 get_random_u32_below(u32 most);
struct rnd_state {
	u32 s1, s2, s3, s4;
};
void prandom_seed_state(struct rnd_state *state, u64 seed);
u32 prandom_u32_state(struct rnd_state *state);
void prandom_bytes_state(struct rnd_state *state, void *to, size_t size);
u32 crc32_le(u32 crc, const unsigned char *mem, size_t size);
u32 jhash(const void *key, u32 length, u32 initval);

/* Numbers to pointers */
struct idr_entry;
struct xarray {
	spinlock_t xa_lock;
	unsigned int flags;
	struct idr_entry *entries;
	unsigned long nr;
};
struct xa_limit {
	u32 max;
	u32 min;
};
#define xa_limit_32b ((struct xa_limit){ .max = U32_MAX })
#define xa_limit_31b ((struct xa_limit){ .max = S32_MAX })
#define XA_LIMIT(_min, _max) ((struct xa_limit){ .min = (_min), .max = (_max) })
#define XA_FLAGS_ALLOC 1u
#define XA_FLAGS_ALLOC1 3u
#define DEFINE_XARRAY(_name) struct xarray _name
#define DEFINE_XARRAY_FLAGS(_name, _flags) struct xarray _name = { .flags = (_flags) }
#define DEFINE_XARRAY_ALLOC(_name) DEFINE_XARRAY_FLAGS(_name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(_name) DEFINE_XARRAY_FLAGS(_name, XA_FLAGS_ALLOC1)
#define xa_init(_xa) xa_init_flags(_xa, 0)
static inline void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	memset(xa, 0, sizeof(*xa));
	xa->flags = flags;
}

void *xa_load(struct xarray *xa, unsigned long index);
/* Those with __GFP_DIRECT_RECLAIM may sleep. */
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t flags);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t flags);
int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t flags);
/* From *@next on, and then from the limit's begin: 1 where it has begun anew. */
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next,
		    gfp_t flags);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t flags);
#define xa_lock(_xa) spin_lock(&(_xa)->xa_lock)
#define xa_unlock(_xa) spin_unlock(&(_xa)->xa_lock)
#define xa_mk_value(_val) ((void *)(((unsigned long)(_val) << 1) | 1))
#define xa_to_value(_entry) ((unsigned long)(_entry) >> 1)
#define xa_is_value(_entry) (((unsigned long)(_entry) & 1) != 0)
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, int filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, int filter);
void xa_destroy(struct xarray *xa);
bool xa_empty(const struct xarray *xa);
#define XA_PRESENT 8
#define xa_err(_entry) (IS_ERR(_entry) ? (int)PTR_ERR(_entry) : 0)
#define xa_is_err(_entry) IS_ERR(_entry)
#define xa_for_each_range(_xa, _index, _entry, _first, _last)                                      \
	for ((_index) = (_first), (_entry) = xa_find(_xa, &(_index), _last, XA_PRESENT); (_entry); \
	     (_entry) = xa_find_after(_xa, &(_index), _last, XA_PRESENT))
#define xa_for_each_start(_xa, _index, _entry, _first)                                             \
	xa_for_each_range(_xa, _index, _entry, _first, ULONG_MAX)
#define xa_for_each(_xa, _index, _entry) xa_for_each_start(_xa, _index, _entry, 0)
/* Who changes an idr locks it himself: @changes is for ThreadSanitizer to see whether he does. */
struct idr {
	struct xarray xa;
	unsigned long changes;
	u32 next;
};
struct ida {
	struct xarray xa;
};
#define DEFINE_IDR(_name) struct idr _name
#define DEFINE_IDA(_name) struct ida _name
#define idr_init(_idr) memset(_idr, 0, sizeof(*(_idr)))
#define ida_init(_ida) xa_init(&(_ida)->xa)
int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t flags);
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t flags);
void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
int idr_for_each(struct idr *idr, int (*fn)(int id, void *ptr, void *data), void *data);
#define idr_is_empty(_idr) xa_empty(&(_idr)->xa)
#define idr_preload(_flags) ({ might_sleep_if(gfpflags_allow_blocking(_flags)); preempt_disable(); })
#define idr_preload_end() preempt_enable()
#define idr_find(_idr, _id) xa_load(&(_idr)->xa, _id)
#define idr_remove(_idr, _id) ({ (_idr)->changes++; xa_erase(&(_idr)->xa, _id); })
#define idr_destroy(_idr) xa_destroy(&(_idr)->xa)
#define idr_for_each_entry(_idr, _entry, _id)                                                      \
	for (unsigned long __at = ({ (_id) = 0; 0; });                                             \
	     ((_entry) = xa_find(&(_idr)->xa, &__at, ULONG_MAX, XA_PRESENT),                       \
	      (_id) = __at, __at++, (_entry));)
int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t flags);
#define ida_alloc(_ida, _flags) ida_alloc_range(_ida, 0, S32_MAX, _flags)
#define ida_alloc_max(_ida, _max, _flags) ida_alloc_range(_ida, 0, _max, _flags)
#define ida_alloc_min(_ida, _min, _flags) ida_alloc_range(_ida, _min, S32_MAX, _flags)
void ida_free(struct ida *ida, unsigned int id);
#define ida_is_empty(_ida) xa_empty(&(_ida)->xa)
#define ida_destroy(_ida) xa_destroy(&(_ida)->xa)

#endif /* USER_MEM_H */
