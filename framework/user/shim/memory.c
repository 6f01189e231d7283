// SPDX-License-Identifier: GPL-2.0-only
/* Memory. Small pieces are malloc()'s, so that AddressSanitizer knows where each ends. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include <user/mem.h>

#include "private.h"
#include "virtual.h"

/* Two runs of the same input differ by what it reads of memory that nobody has written. */
static void *unset(size_t size)
{
	void *mem = malloc(size);

	return mem && user_virtual_on ? memset(mem, user_virtual_fill(), size) : mem;
}

static bool too_long(size_t size, gfp_t flags, size_t most, const char *file, int line)
{
	if (size <= most)
		return false;
	if (!(flags & __GFP_NOWARN))
		user_warn(file, line, "%zu bytes at once, and %zu are the most", size, most);
	return true;
}

void *user_alloc(size_t size, gfp_t flags, size_t most, const char *file, int line)
{
	if (flags & __GFP_DIRECT_RECLAIM)
		user_might_sleep(file, line);
	/* A product that does not fit is no mistake that is worth a warning. */
	if (size == SIZE_MAX || too_long(size, flags, most, file, line) || user_fails(file, line))
		return NULL;
	if (!size)
		return ZERO_SIZE_PTR;
	return flags & __GFP_ZERO ? calloc(1, size) : unset(size);
}

void *user_realloc(const void *mem, size_t size, gfp_t flags, size_t most, const char *file,
		   int line)
{
	if (ZERO_OR_NULL_PTR(mem))
		return user_alloc(size, flags, most, file, line);
	if (flags & __GFP_DIRECT_RECLAIM)
		user_might_sleep(file, line);
	if (size == SIZE_MAX || too_long(size, flags, most, file, line) || user_fails(file, line))
		return NULL;
	if (size)
		return realloc((void *)mem, size);
	kfree(mem);
	return ZERO_SIZE_PTR;
}

size_t ksize(const void *mem)
{
	return ZERO_OR_NULL_PTR(mem) ? 0 : malloc_usable_size((void *)mem);
}

void kfree(const void *mem)
{
	if (ZERO_OR_NULL_PTR(mem))
		return;
	if (IS_ERR(mem))
		user_bug(__FILE__, __LINE__, "kfree() of the errno %ld", -PTR_ERR(mem));
	if (is_vmalloc_addr(mem))
		user_bug(__FILE__, __LINE__, "kfree() of what is vmalloc()'s");
	free((void *)mem);
}

void kfree_sensitive(const void *mem)
{
	if (!ZERO_OR_NULL_PTR(mem))
		memzero_explicit((void *)mem, ksize(mem));
	kfree(mem);
}

void *kmemdup(const void *mem, size_t size, gfp_t flags)
{
	void *copy = kmalloc(size, flags);

	if (copy)
		memcpy(copy, mem, size);
	return copy;
}

char *kmemdup_nul(const char *text, size_t len, gfp_t flags)
{
	char *copy = kmalloc(len + 1, flags);

	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = 0;
	return copy;
}

char *kstrdup(const char *text, gfp_t flags)
{
	return text ? kmemdup_nul(text, strlen(text), flags) : NULL;
}

char *kstrndup(const char *text, size_t most, gfp_t flags)
{
	return text ? kmemdup_nul(text, strnlen(text, most), flags) : NULL;
}

void *memdup_user(const void *from, size_t size)
{
	return kmemdup(from, size, GFP_KERNEL) ?: ERR_PTR(-ENOMEM);
}

void *memdup_user_nul(const void *from, size_t size)
{
	return kmemdup_nul(from, size, GFP_KERNEL) ?: ERR_PTR(-ENOMEM);
}

struct kmem_cache {
	size_t size;
	void (*ctor)(void *mem);
	const char *name;
	atomic_t used;
};

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     slab_flags_t flags, void (*ctor)(void *mem))
{
	struct kmem_cache *cache = kmalloc(sizeof(*cache), GFP_KERNEL);

	if (cache)
		*cache = (struct kmem_cache){ .size = size, .ctor = ctor, .name = name };
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	int used;

	if (!cache)
		return;
	might_sleep();
	used = atomic_read(&cache->used);
	if (used)
		user_warn(__FILE__, __LINE__,
			  "kmem_cache_destroy(): %d objects of '%s' are not given back", used,
			  cache->name);
	else
		kfree(cache);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	void *mem = kmalloc(cache->size, flags);

	if (!mem)
		return NULL;
	atomic_inc(&cache->used);
	if (cache->ctor)
		cache->ctor(mem);
	return mem;
}

void kmem_cache_free(struct kmem_cache *cache, void *mem)
{
	if (!mem)
		return;
	atomic_dec(&cache->used);
	kfree(mem);
}

/* Shared memory */

void *user_shared_map(size_t size, bool read_only, int *fd, void *at)
{
	char *mem;

	*fd = memfd_create("mdev-sdk", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*fd < 0)
		return NULL;
	if (ftruncate(*fd, size) || fcntl(*fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW))
		goto err;
	mem = at;
	if (!at) {
		mem = mmap(NULL, size + 2 * PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			   0);
		if (mem == MAP_FAILED)
			goto err;
		mem += PAGE_SIZE;
	}
	if (mmap(mem, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, *fd, 0) != MAP_FAILED &&
	    !(read_only && fcntl(*fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE)))
		return mem;
	if (!at)
		munmap(mem - PAGE_SIZE, size + 2 * PAGE_SIZE);
err:
	close(*fd);
	*fd = -1;
	return NULL;
}

void user_shared_unmap(void *mem, size_t size, int fd)
{
	munmap((char *)mem - PAGE_SIZE, size + 2 * PAGE_SIZE);
	close(fd);
}

/*
 * What vmalloc() and its like gave; there is not much of it, so a list does. An address is kept the
 * other way round, or LeakSanitizer would take the list for a user of the memory. @fd: -1, or the
 * file of vmalloc_user().
 */
struct area {
	struct list_head link;
	unsigned long not_mem;
	size_t size;
	int fd;
};

static LIST_HEAD(areas);
static pthread_mutex_t areas_lock = PTHREAD_MUTEX_INITIALIZER;

/*
 * @take: off the list. Its lock is for what may be on it alone: one that every kvfree() took would
 * make threads follow each other, and hide their races from ThreadSanitizer.
 */
static struct area *area_find(const void *mem, bool take)
{
	struct area *area, *found = NULL;

	if (!PAGE_ALIGNED(mem))
		return NULL;
	pthread_mutex_lock(&areas_lock);
	list_for_each_entry(area, &areas, link)
		if (area->not_mem == ~(unsigned long)mem)
			found = area;
	if (found && take)
		list_del(&found->link);
	pthread_mutex_unlock(&areas_lock);
	return found;
}

static void *area_add(struct area *area, void *mem)
{
	if (!mem) {
		free(area);
		return NULL;
	}
	area->not_mem = ~(unsigned long)mem;
	pthread_mutex_lock(&areas_lock);
	list_add(&area->link, &areas);
	pthread_mutex_unlock(&areas_lock);
	return mem;
}

/* NULL too where the number of bytes is none that there can be. */
static struct area *area_new(unsigned long size)
{
	struct area *area = size && size <= LONG_MAX - PAGE_SIZE ? malloc(sizeof(*area)) : NULL;

	if (area)
		*area = (struct area){ .size = PAGE_ALIGN(size), .fd = -1 };
	return area;
}

void *vmalloc_user(unsigned long size)
{
	struct area *area;

	might_sleep();
	area = area_new(size);
	if (!area)
		return NULL;
	return area_add(area, user_shared_map(area->size, false, &area->fd, NULL));
}

void *user_vmalloc(unsigned long size, gfp_t flags, const char *file, int line)
{
	struct area *area;
	void *mem;

	user_might_sleep(file, line);
	area = area_new(size);
	if (!area)
		return NULL;
	mem = aligned_alloc(PAGE_SIZE, area->size);
	if (mem && flags & __GFP_ZERO)
		memset(mem, 0, area->size);
	return area_add(area, mem);
}

bool is_vmalloc_addr(const void *mem)
{
	return area_find(mem, false);
}

/* @any: of kvmalloc(), which may be either. */
void user_vfree(const void *mem, bool any, const char *file, int line)
{
	struct area *area;

	if (!in_interrupt())
		user_might_sleep(file, line);
	if (ZERO_OR_NULL_PTR(mem))
		return;
	area = area_find(mem, true);
	if (!area && !any)
		user_bug(file, line, "vfree() of what is not vmalloc()'s");
	if (!area)
		kfree(mem);
	else if (area->fd < 0)
		free((void *)mem);
	else
		user_shared_unmap((void *)mem, area->size, area->fd);
	free(area);
}

int remap_vmalloc_range(struct vm_area_struct *vma, void *mem, unsigned long pgoff)
{
	struct area *area = area_find(mem, false);
	u64 off = (u64)pgoff << PAGE_SHIFT;

	if (!area || area->fd < 0 || off > area->size ||
	    vma->vm_end - vma->vm_start > area->size - off)
		return -EINVAL;
	vma->user_fd = area->fd;
	vma->user_offset = off;
	return 0;
}

void *vmap(struct page **pages, unsigned int nr, unsigned long flags, pgprot_t prot)
{
	unsigned int i;

	might_sleep();
	for (i = 1; i < nr; i++)
		if (page_address(pages[i]) != page_address(pages[0]) + i * PAGE_SIZE)
			return NULL;
	return page_address(pages[0]);
}

void user_vunmap(const void *mem, const char *file, int line)
{
	user_might_sleep(file, line);
}

/* Chance */

void get_random_bytes(void *to, size_t size)
{
	ssize_t got;

	for (; size && user_virtual_on; to++, size--)
		*(u8 *)to = user_virtual_random();
	for (; size; to += got, size -= got) {
		got = getrandom(to, size, 0);
		if (got < 0)
			user_bug(__FILE__, __LINE__, "no random numbers");
	}
}

u32 get_random_u32(void)
{
	u32 val;

	get_random_bytes(&val, sizeof(val));
	return val;
}

u64 get_random_u64(void)
{
	u64 val;

	get_random_bytes(&val, sizeof(val));
	return val;
}

u32 get_random_u32_below(u32 most)
{
	return ((u64)get_random_u32() * most) >> 32;
}

/* Not the kernel's sequence: splitmix64, the same for the same seed. */
void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	*state = (struct rnd_state){ .s1 = seed, .s2 = seed >> 32 };
}

u32 prandom_u32_state(struct rnd_state *state)
{
	u64 x = (((u64)state->s2 << 32) | state->s1) + 0x9e3779b97f4a7c15ULL;

	state->s1 = x;
	state->s2 = x >> 32;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

void prandom_bytes_state(struct rnd_state *state, void *to, size_t size)
{
	u8 *at = to;

	while (size--)
		*at++ = prandom_u32_state(state);
}

u32 jhash(const void *key, u32 length, u32 initval)
{
	const u8 *at = key;
	u32 hash = 0x811c9dc5 ^ initval;

	for (; length; length--)
		hash = (hash ^ *at++) * 0x01000193;
	return hash;
}
