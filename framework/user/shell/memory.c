// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory: pieces with a descriptor are mapped here, those without are copied by messages.
 *
 * An unmap tells the driver first, as VFIO does: notifier, or quiesce and, if that fails, reset.
 * Then nothing of the range may be touched any more. Its addresses stay without access for a while,
 * so that whoever does touch it faults instead of finding somebody else's memory there.
 *
 * A client can make a file shorter that it has given. Who touches what is gone gets SIGBUS: the
 * handler puts empty memory there, and the client is to be ended (user_device_fault()).
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/iommu.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/srcu.h>

#include "vfio_mdev/async.h"
#include "vfio_mdev/gate.h"
#include "shell.h"

/* After so many answers of -EAGAIN to an unmap the device is reset. */
#define QUIESCE_TRIES 7
#define QUIESCE_PAUSE_MS 2

/**
 * struct user_map - a piece of guest memory
 * @link: in its device's list
 * @next: in the list of all that are mapped here, for the handler of SIGBUS
 * @dev: whose it is
 * @iova: first byte
 * @size: bytes
 * @prot: PROT_*
 * @mem: where it is mapped; NULL: nowhere
 * @pages: of @mem
 * @ops: who copies where @mem is NULL
 * @data: for @ops
 * @busy: copies under way
 * @dying: it is being unmapped
 */
struct user_map {
	struct list_head link;
	struct user_map *next;
	struct user_device *dev;
	u64 iova;
	u64 size;
	int prot;
	char *mem;
	struct page *pages;
	const struct user_dma_ops *ops;
	void *data;
	unsigned int busy;
	bool dying;
};

/* As pinned; a part of one cannot be released. */
struct user_pin {
	struct list_head link;
	u64 iova;
	u64 last;
	int npage;
};

static u64 last_of(u64 iova, u64 size)
{
	u64 last;

	return check_add_overflow(iova, size - 1, &last) ? U64_MAX : last;
}

/* SIGBUS */

static struct user_map *mapped;
static DEFINE_MUTEX(mapped_lock);
static struct srcu_struct mapped_readers;
static struct sigaction next_handler;

/* Empty memory for the whole piece: what is left of it belongs to a client that is ended. */
static bool put_empty(char *at)
{
	int readers = srcu_read_lock(&mapped_readers);
	struct user_map *map = __atomic_load_n(&mapped, __ATOMIC_ACQUIRE);
	bool mine = false;

	for (; map && !mine; map = __atomic_load_n(&map->next, __ATOMIC_ACQUIRE)) {
		mine = at >= map->mem && at < map->mem + map->size;
		if (!mine)
			continue;
		mine = syscall(SYS_mmap, map->mem, map->size, map->prot | PROT_READ,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0L) == (long)map->mem;
		__atomic_store_n(&map->dev->fault, -EFAULT, __ATOMIC_RELEASE);
	}
	srcu_read_unlock(&mapped_readers, readers);
	return mine;
}

static void on_sigbus(int nr, siginfo_t *info, void *context)
{
	int saved = errno;

	/* Not ours: as if there were no handler, it comes again. */
	if (!put_empty(info->si_addr))
		sigaction(SIGBUS, &next_handler, NULL);
	errno = saved;
}

int user_memory_watch(void)
{
	struct sigaction action = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO };
	int ret = init_srcu_struct(&mapped_readers);

	return ret ?: sigaction(SIGBUS, &action, &next_handler) ? -errno : 0;
}

static void mapped_add(struct user_map *map)
{
	mutex_lock(&mapped_lock);
	map->next = mapped;
	__atomic_store_n(&mapped, map, __ATOMIC_RELEASE);
	mutex_unlock(&mapped_lock);
}

static void mapped_del(struct user_map *map)
{
	struct user_map **at = &mapped;

	mutex_lock(&mapped_lock);
	while (*at != map)
		at = &(*at)->next;
	__atomic_store_n(at, map->next, __ATOMIC_RELEASE);
	mutex_unlock(&mapped_lock);
	synchronize_srcu(&mapped_readers);
}

/*
 * Addresses of memory that is gone, without access, oldest first. Its struct page stay for as long:
 * those of a kernel do, whatever becomes of the memory.
 */
static struct {
	void *mem;
	size_t size;
	struct page *pages;
} gone[64];
static unsigned int nr_gone;

static void keep_away(void *mem, size_t size, struct page *pages)
{
	unsigned int i;

	if (mmap(mem, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
		 0) == MAP_FAILED)
		user_bug(__FILE__, __LINE__, "guest memory cannot be unmapped");
	mutex_lock(&mapped_lock);
	i = nr_gone++ % ARRAY_SIZE(gone);
	if (gone[i].mem)
		munmap(gone[i].mem, gone[i].size);
	kfree(gone[i].pages);
	gone[i].mem = mem;
	gone[i].size = size;
	gone[i].pages = pages;
	mutex_unlock(&mapped_lock);
}

/* Pieces */

void user_memory_init(struct user_device *dev)
{
	mutex_init(&dev->memory.lock);
	INIT_LIST_HEAD(&dev->memory.maps);
	INIT_LIST_HEAD(&dev->memory.pins);
	init_waitqueue_head(&dev->memory.idle);
}

static void map_free(struct user_map *map)
{
	if (map->mem) {
		mapped_del(map);
		keep_away(map->mem, map->size, map->pages);
	} else {
		kfree(map->pages);
	}
	kfree(map);
}

static struct user_map *map_at(struct user_device *dev, u64 iova)
{
	struct user_map *map;

	list_for_each_entry(map, &dev->memory.maps, link)
		if (iova >= map->iova && iova - map->iova < map->size)
			return map;
	return NULL;
}

static bool map_overlaps(const struct user_map *map, u64 first, u64 last)
{
	return map->iova <= last && last_of(map->iova, map->size) >= first;
}

static int map_memory(struct user_map *map, int fd, u64 offset)
{
	struct stat st;
	void *mem;

	if (offset & ~PAGE_MASK || fstat(fd, &st))
		return -EINVAL;
	if (offset > LLONG_MAX - map->size || (u64)st.st_size < offset + map->size)
		return -EINVAL;
	map->pages = kcalloc(map->size >> PAGE_SHIFT, sizeof(*map->pages), GFP_KERNEL);
	if (!map->pages)
		return -ENOMEM;
	mem = mmap(NULL, map->size, map->prot, MAP_SHARED, fd, offset);
	if (mem == MAP_FAILED)
		return -errno;
	map->mem = mem;
	mapped_add(map);
	return 0;
}

static int maps_insert(struct user_device *dev, struct user_map *map)
{
	struct user_map *other;
	int ret = 0;

	mutex_lock(&dev->memory.lock);
	list_for_each_entry(other, &dev->memory.maps, link)
		if (map_overlaps(other, map->iova, last_of(map->iova, map->size)))
			ret = -EEXIST;
	if (!ret)
		list_add(&map->link, &dev->memory.maps);
	mutex_unlock(&dev->memory.lock);
	return ret;
}

int user_device_dma_map(struct user_device *dev, uint64_t iova, uint64_t size, int fd,
			uint64_t offset, int prot, const struct user_dma_ops *ops, void *data)
{
	struct user_map *map;
	u64 last;
	int ret = user_device_fault(dev);

	if (ret)
		return ret;
	if (!size || (iova | size) & ~PAGE_MASK || size > S64_MAX ||
	    check_add_overflow(iova, size - 1, &last) ||
	    !(prot & (PROT_READ | PROT_WRITE)) || prot & ~(PROT_READ | PROT_WRITE) ||
	    (fd < 0 && !ops))
		return -EINVAL;
	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	*map = (struct user_map){ .dev = dev, .iova = iova, .size = size, .prot = prot,
				  .ops = ops, .data = data };
	ret = fd < 0 ? 0 : map_memory(map, fd, offset);
	ret = ret ?: maps_insert(dev, map);
	if (ret)
		map_free(map);
	return ret;
}

/* Unmap */

/* -EINVAL where only a part of a piece is named, as VFIO has it. Return: bytes. */
static s64 maps_kill(struct user_device *dev, u64 first, u64 last, bool all)
{
	struct user_map *map;
	u64 bytes = 0;

	list_for_each_entry(map, &dev->memory.maps, link)
		if (!all && map_overlaps(map, first, last) &&
		    (map->iova < first || last_of(map->iova, map->size) > last))
			return -EINVAL;
	list_for_each_entry(map, &dev->memory.maps, link) {
		if (!map_overlaps(map, first, last))
			continue;
		map->dying = true;
		bytes += map->size;
	}
	return min_t(u64, bytes, S64_MAX);
}

static bool is_pinned(struct user_device *dev, u64 first, u64 last)
{
	struct user_pin *pin;
	bool found = false;

	mutex_lock(&dev->memory.lock);
	list_for_each_entry(pin, &dev->memory.pins, link)
		found |= pin->iova <= last && pin->last >= first;
	mutex_unlock(&dev->memory.lock);
	return found;
}

static void driver_stop(struct user_device *dev, u64 iova, u64 size)
{
	const struct mdev_parent_ops *ops = &dev->parent->ops;
	int ret = 0, tries;

	if (ops->notifier)
		ops->notifier(&dev->base, iova, size);
	for (tries = 0; ops->quiesce && tries < QUIESCE_TRIES; tries++) {
		ret = ops->quiesce(&dev->base, iova, size);
		if (ret != -EAGAIN)
			break;
		msleep(QUIESCE_PAUSE_MS);
	}
	if (ret)
		ops->reset(&dev->base);
}

static void pins_drop(struct user_device *dev, u64 first, u64 last)
{
	struct user_pin *pin, *next;

	list_for_each_entry_safe(pin, next, &dev->memory.pins, link) {
		if (pin->iova > last || pin->last < first)
			continue;
		list_del(&pin->link);
		kfree(pin);
	}
}

static bool map_idle(struct user_map *map)
{
	bool idle;

	mutex_lock(&map->dev->memory.lock);
	idle = !map->busy;
	mutex_unlock(&map->dev->memory.lock);
	return idle;
}

static struct user_map *dying_first(struct user_device *dev)
{
	struct user_map *map, *found = NULL;

	mutex_lock(&dev->memory.lock);
	list_for_each_entry(map, &dev->memory.maps, link)
		if (map->dying)
			found = map;
	mutex_unlock(&dev->memory.lock);
	return found;
}

/* @tell: the driver, since it may be using it. */
static void maps_bury(struct user_device *dev, bool tell)
{
	struct user_map *map;
	u64 last;

	while ((map = dying_first(dev))) {
		last = last_of(map->iova, map->size);
		if (tell && is_pinned(dev, map->iova, last)) {
			driver_stop(dev, map->iova, map->size);
			dev->kept_pins += is_pinned(dev, map->iova, last);
		}
		wait_event(dev->memory.idle, map_idle(map));
		mutex_lock(&dev->memory.lock);
		pins_drop(dev, map->iova, last);
		list_del(&map->link);
		mutex_unlock(&dev->memory.lock);
		map_free(map);
	}
}

int64_t user_device_dma_unmap(struct user_device *dev, uint64_t iova, uint64_t size)
{
	bool all = !iova && size == U64_MAX;
	u64 last;
	s64 ret;

	if (!size || check_add_overflow(iova, size - 1, &last))
		return -EINVAL;
	mutex_lock(&dev->memory.lock);
	ret = maps_kill(dev, iova, last, all);
	mutex_unlock(&dev->memory.lock);
	if (ret > 0)
		maps_bury(dev, READ_ONCE(dev->open));
	return ret;
}

unsigned int user_device_kept_pins(struct user_device *dev)
{
	return dev->kept_pins;
}

/* The driver has released: nothing is in use any more. */
void user_memory_drop(struct user_device *dev)
{
	mutex_lock(&dev->memory.lock);
	pins_drop(dev, 0, U64_MAX);
	maps_kill(dev, 0, U64_MAX, true);
	mutex_unlock(&dev->memory.lock);
	maps_bury(dev, false);
}

/* Pins */

static int may_use(struct user_device *dev)
{
	if (!READ_ONCE(dev->open))
		return -ENODEV;
	return READ_ONCE(dev->touched) ? 0 : -EAGAIN;
}

static int page_get(struct user_device *dev, u64 iova, int prot, struct page **page)
{
	struct user_map *map = map_at(dev, iova);

	if (!map)
		return -EINVAL;
	if (map->dying)
		return -EAGAIN;
	if (!map->mem) {
		dev_notice_once(&dev->dev, "a pin of guest memory at 0x%llx, for which its client gave no descriptor: refused; such memory can only be copied (mdk_dma_read() and its like), and with QEMU share=on gives descriptors [K240]\n",
				iova);
		return -EINVAL;
	}
	if ((prot & IOMMU_WRITE && !(map->prot & PROT_WRITE)) ||
	    (prot & IOMMU_READ && !(map->prot & PROT_READ)))
		return -EPERM;
	*page = &map->pages[(iova - map->iova) >> PAGE_SHIFT];
	if (!(*page)->address)
		(*page)->address = map->mem + (iova - map->iova);
	return 0;
}

static int pin_check(struct user_device *dev, u64 iova, int npage)
{
	const struct mdev_parent_ops *ops = &dev->parent->ops;
	u64 last;

	if (npage < 1 || offset_in_page(iova) || (!ops->notifier && !ops->quiesce))
		return -EINVAL;
	if ((unsigned long)npage > MDEV_PIN_PAGES_MAX)
		return -E2BIG;
	if (check_add_overflow(iova, ((u64)npage << PAGE_SHIFT) - 1, &last))
		return -EINVAL;
	return may_use(dev);
}

int mdk_mdev_pin_pages(struct mdev_device *mdev, u64 iova, int npage, int prot,
		       struct page **pages)
{
	struct user_device *dev = to_user_device(mdev);
	struct user_pin *pin;
	int i, ret;

	might_sleep();
	ret = pin_check(dev, iova, npage);
	if (ret)
		return ret;
	pin = kmalloc(sizeof(*pin), GFP_KERNEL);
	if (!pin)
		return -ENOMEM;
	*pin = (struct user_pin){ .iova = iova, .npage = npage,
				  .last = iova + ((u64)npage << PAGE_SHIFT) - 1 };
	mutex_lock(&dev->memory.lock);
	for (i = 0; i < npage && !ret; i++)
		ret = page_get(dev, iova + ((u64)i << PAGE_SHIFT), prot, &pages[i]);
	if (!ret)
		list_add(&pin->link, &dev->memory.pins);
	mutex_unlock(&dev->memory.lock);
	if (ret)
		kfree(pin);
	return ret ?: npage;
}

int mdk_mdev_unpin_pages(struct mdev_device *mdev, u64 iova, int npage)
{
	struct user_device *dev = to_user_device(mdev);
	struct user_pin *pin, *found = NULL;

	might_sleep();
	mutex_lock(&dev->memory.lock);
	list_for_each_entry(pin, &dev->memory.pins, link)
		if (pin->iova == iova && pin->npage == npage)
			found = pin;
	if (found)
		list_del(&found->link);
	mutex_unlock(&dev->memory.lock);
	kfree(found);
	return found ? npage : -EINVAL;
}

/* Copies */

static struct user_map *map_get(struct user_device *dev, u64 iova, int prot, int *ret)
{
	struct user_map *map;

	mutex_lock(&dev->memory.lock);
	map = map_at(dev, iova);
	*ret = !map || map->dying ? -EINVAL : map->prot & prot ? 0 : -EPERM;
	if (!*ret)
		map->busy++;
	mutex_unlock(&dev->memory.lock);
	return *ret ? NULL : map;
}

static void map_put(struct user_map *map)
{
	struct user_device *dev = map->dev;

	mutex_lock(&dev->memory.lock);
	map->busy--;
	mutex_unlock(&dev->memory.lock);
	wake_up_all(&dev->memory.idle);
}

void user_memory_copy(void *to, const void *from, size_t len)
{
	if (len == 4 && IS_ALIGNED((unsigned long)to | (unsigned long)from, 4))
		WRITE_ONCE(*(u32 *)to, READ_ONCE(*(const u32 *)from));
	else if (len == 8 && IS_ALIGNED((unsigned long)to | (unsigned long)from, 8))
		WRITE_ONCE(*(u64 *)to, READ_ONCE(*(const u64 *)from));
	else
		memcpy(to, from, len);
}

static int copy_step(struct user_map *map, u64 iova, void *data, size_t len, bool write)
{
	if (!map->mem && write)
		return map->ops->write(map->data, iova, data, len);
	if (!map->mem)
		return map->ops->read(map->data, iova, data, len);
	if (write)
		user_memory_copy(map->mem + (iova - map->iova), data, len);
	else
		user_memory_copy(data, map->mem + (iova - map->iova), len);
	return 0;
}

int mdk_mdev_dma_rw(struct mdev_device *mdev, u64 iova, void *data, size_t len, bool write)
{
	struct user_device *dev = to_user_device(mdev);
	struct user_map *map;
	size_t step;
	u64 last;
	int ret;

	might_sleep();
	ret = may_use(dev);
	if (len && check_add_overflow(iova, len - 1, &last))
		ret = ret ?: -EINVAL;
	for (; !ret && len; len -= step, iova += step, data += step) {
		map = map_get(dev, iova, write ? PROT_WRITE : PROT_READ, &ret);
		if (!map)
			break;
		step = min_t(u64, len, map->size - (iova - map->iova));
		ret = copy_step(map, iova, data, step, write);
		map_put(map);
	}
	return ret;
}

/* Nothing holds up a pin or a copy here but the client's own answer, which its end gives too. */

int mdk_mdev_pin_pages_apart(struct mdev_device *mdev, u64 iova, int npage, int prot,
			     struct page **pages, struct mdv_cancel *cancel)
{
	return mdk_mdev_pin_pages(mdev, iova, npage, prot, pages);
}

int mdk_mdev_dma_rw_apart(struct mdev_device *mdev, u64 iova, void *data, size_t len, bool write,
			  struct mdv_cancel *cancel)
{
	return mdk_mdev_dma_rw(mdev, iova, data, len, write);
}

unsigned long mdk_mdev_gates_merged(struct mdev_device *mdev)
{
	return 0;
}
