// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group info: the three information ioctls, their argsz protocol and what they say. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dirty.h"
#include "region_access.h"
#include "suite.h"

#define BIG		65536
#define MAX_INDEX	256

/* One information ioctl. Flags lie behind argsz, and the index behind the flags, in all of them. */
struct query {
	const char *name;
	unsigned long cmd;
	uint32_t minsz;
	bool has_index;
	unsigned int first_out, end_out;	/* bytes that every reply must set */
	uint32_t caps_flag;
	unsigned int cap_offset;
};

static const struct query device_query = {
	"VFIO_DEVICE_GET_INFO", VFIO_DEVICE_GET_INFO, DEVICE_INFO_MINSZ, false, 4, 16,
	VFIO_DEVICE_FLAGS_CAPS, 16,
};
static const struct query region_query = {
	"VFIO_DEVICE_GET_REGION_INFO", VFIO_DEVICE_GET_REGION_INFO, REGION_INFO_MINSZ, true, 16, 32,
	VFIO_REGION_INFO_FLAG_CAPS, 12,
};
static const struct query irq_query = {
	"VFIO_DEVICE_GET_IRQ_INFO", VFIO_DEVICE_GET_IRQ_INFO, IRQ_INFO_MINSZ, true, 12, 16, 0, 0,
};

static uint32_t get32(const uint8_t *buf, unsigned int off)
{
	uint32_t v;

	memcpy(&v, buf + off, sizeof(v));
	return v;
}

static void put32(uint8_t *buf, unsigned int off, uint32_t v)
{
	memcpy(buf + off, &v, sizeof(v));
}

/* Fills @len bytes with @poison, sets argsz and index, and asks. */
static int ask(const struct env *env, const struct query *q, unsigned int index, uint32_t argsz,
	       uint8_t *buf, size_t len, uint8_t poison)
{
	memset(buf, poison, len);
	put32(buf, 0, argsz);
	if (q->has_index)
		put32(buf, 8, index);
	return vfio_ioctl(env->vfio.device, q->cmd, buf);
}

/* Whether the driver answers for this index at all; those below num_* may be unimplemented. */
static bool answers(const struct env *env, const struct query *q, unsigned int index)
{
	uint8_t buf[64];

	return ask(env, q, index, q->minsz, buf, sizeof(buf), 0) == 0;
}

/* The next answered index from @index on, or -1. GET_INFO has no index: it counts as one. */
static int next_index(const struct env *env, const struct query *q, int index)
{
	if (!q->has_index)
		return index == 0 ? 0 : -1;
	for (; index < MAX_INDEX; index++)
		if (answers(env, q, (unsigned int)index))
			return index;
	return -1;
}

#define for_each_index(i, env, q) \
	for (int i = next_index(env, q, 0); i >= 0; i = next_index(env, q, i + 1))

/* Some drivers answer the other two only after this one; that has its own test. */
static void ask_device_first(const struct env *env)
{
	struct vfio_device_info info;

	need_device_info(env, &info);
}

static void argsz_short(const struct env *env, const struct query *q)
{
	const uint32_t sizes[] = { 0, 1, 4, q->minsz / 2, q->minsz - 1 };
	uint8_t buf[128];

	ask_device_first(env);
	for_each_index(i, env, q) {
		for (unsigned int k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
			int ret = ask(env, q, (unsigned int)i, sizes[k], buf, sizeof(buf), 0xa5);

			did("%s of index %d with argsz %u", q->name, i, sizes[k]);
			if (ret != -EINVAL)
				failed("-EINVAL: the smallest reply is larger", "%s, smallest is %u",
				       err_name(ret), q->minsz);
		}
	}
}

static void argsz_long(const struct env *env, const struct query *q)
{
	const uint32_t sizes[] = { q->minsz, q->minsz + 1, q->minsz + 4, q->minsz + 8,
				   q->minsz + 64, 4096, BIG };
	static uint8_t buf[BIG], ref[BIG];

	ask_device_first(env);
	for_each_index(i, env, q) {
		if (ask(env, q, (unsigned int)i, q->minsz, ref, BIG, 0))
			continue;
		for (unsigned int k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
			int ret = ask(env, q, (unsigned int)i, sizes[k], buf, BIG, 0);

			did("%s of index %d with argsz %u", q->name, i, sizes[k]);
			if (ret)
				failed("0: more room than needed is no error", "%s", err_name(ret));
			else if (memcmp(buf + q->first_out, ref + q->first_out,
					q->end_out - q->first_out))
				failed("the answer that argsz of the smallest reply gets", "another");
		}
	}
}

/* The reply's capability chain may lie in these bytes: they are judged by region_caps. */
static bool has_chain(const struct query *q, const uint8_t *reply)
{
	return (get32(reply, 4) & q->caps_flag) && get32(reply, q->cap_offset);
}

static void check_tail(const struct query *q, int index, uint32_t argsz, const uint8_t *a,
		       const uint8_t *b)
{
	uint32_t end = has_chain(q, a) ? get32(a, 0) : q->minsz;

	for (uint32_t n = q->minsz; n < BIG; n++) {
		bool untouched = a[n] == 0xa5 && b[n] == 0x5a;
		bool zero = a[n] == 0 && b[n] == 0;

		if (untouched || (n < end && n < argsz) || (n < argsz && zero))
			continue;
		failed(n < argsz ? "bytes that no field of the reply covers stay untouched or 0"
				 : "nothing is written beyond argsz",
		       "index %d, argsz %u: byte %u is %#x, then %#x", index, argsz, n, a[n], b[n]);
		return;
	}
}

/* A field that the driver never sets comes back with what the caller had there. */
static void check_fields_set(const struct query *q, int index, const uint8_t *a, const uint8_t *b)
{
	if (get32(a, 4) == 0xa5a5a5a5 && get32(b, 4) == 0x5a5a5a5a)
		failed("a reply whose flags are set by the driver",
		       "index %d: flags come back as the caller's %#x, then %#x", index, get32(a, 4),
		       get32(b, 4));
	for (unsigned int n = q->first_out; n < q->end_out; n++) {
		if (a[n] != 0xa5 || b[n] != 0x5a)
			continue;
		failed("a reply with all its fields set",
		       "index %d: byte %u was not written", index, n);
		return;
	}
}

static void reply_bytes(const struct env *env, const struct query *q)
{
	const uint32_t sizes[] = { q->minsz, q->minsz + 1, q->minsz + 8, q->minsz + 16, 4096 };
	static uint8_t a[BIG], b[BIG];

	ask_device_first(env);
	for_each_index(i, env, q) {
		for (unsigned int k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
			unsigned int index = (unsigned int)i;

			did("%s of index %d with argsz %u into bytes 0xa5, then 0x5a", q->name, i,
			    sizes[k]);
			dirty_stack(0xe7);
			dirty_slab(0xe7);
			/* Whether it accepts the argsz at all is for argsz_long. */
			if (ask(env, q, index, sizes[k], a, BIG, 0xa5) ||
			    ask(env, q, index, sizes[k], b, BIG, 0x5a))
				continue;
			check_tail(q, i, sizes[k], a, b);
			if (k == 0)
				check_fields_set(q, i, a, b);
		}
	}
}

/* Two pages of which only the first can be accessed; the end of the first, or NULL. */
static uint8_t *page_before_hole(int prot)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			  0);

	if (p == MAP_FAILED)
		return NULL;
	memset(p, 0, page);
	mprotect(p + page, page, PROT_NONE);
	mprotect(p, page, prot);
	return p + page;
}

static void straddle(const struct env *env, const struct query *q, unsigned int index,
		     uint8_t *edge)
{
	uint8_t request[64] = { 0 };
	int ret;

	put32(request, 0, q->minsz);
	if (q->has_index)
		put32(request, 8, index);
	for (unsigned int k = 0; k < q->minsz; k++) {
		memcpy(edge - k, request, k);
		did("%s of index %u, of whose %u bytes only %u can be accessed", q->name, index,
		    q->minsz, k);
		ret = vfio_ioctl(env->vfio.device, q->cmd, edge - k);
		if (ret != -EFAULT)
			failed("-EFAULT", "%s", err_name(ret));
	}
	memcpy(edge - q->minsz, request, q->minsz);
	did("%s of index %u in the last %u bytes before a hole", q->name, index, q->minsz);
	ret = vfio_ioctl(env->vfio.device, q->cmd, edge - q->minsz);
	if (ret)
		failed("0: all %u bytes of argsz are there", "%s", err_name(ret));
}

static void bad_pointer(const struct env *env, const struct query *q)
{
	void *const nowhere[] = { NULL, (void *)0x8, (void *)0xffff888000000000UL,
				  (void *)0xfffffffffffffff8UL, (void *)0x7ffffffffff8UL };
	uint8_t *edge = page_before_hole(PROT_READ | PROT_WRITE);
	uint8_t *readonly = page_before_hole(PROT_READ | PROT_WRITE) - q->minsz;
	int ret, index;

	ask_device_first(env);
	index = next_index(env, q, 0);
	if (index < 0)
		skip("%s answers for no index", q->name);
	straddle(env, q, (unsigned int)index, edge);
	for (unsigned int i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		did("%s with the pointer %p", q->name, nowhere[i]);
		ret = vfio_ioctl(env->vfio.device, q->cmd, nowhere[i]);
		if (ret != -EFAULT)
			failed("-EFAULT", "%s", err_name(ret));
	}
	put32(readonly, 0, q->minsz);
	if (q->has_index)
		put32(readonly, 8, (uint32_t)index);
	mprotect((void *)((uintptr_t)readonly & ~4095UL), 4096, PROT_READ);
	did("%s of index %d into a read-only page", q->name, index);
	ret = vfio_ioctl(env->vfio.device, q->cmd, readonly);
	if (ret != -EFAULT)
		failed("-EFAULT: the reply cannot be written", "%s", err_name(ret));
}

static void repeats(const struct env *env, const struct query *q)
{
	uint8_t first[64], again[64];

	ask_device_first(env);
	for_each_index(i, env, q) {
		if (ask(env, q, (unsigned int)i, q->minsz, first, sizeof(first), 0))
			continue;
		for (unsigned int k = 0; k < 8; k++) {
			did("%s of index %d, time %u, after other system calls", q->name, i, k + 2);
			dirty_stack((uint8_t)(0x11 * k + 1));
			dirty_slab((uint8_t)(0x11 * k + 1));
			if (ask(env, q, (unsigned int)i, q->minsz, again, sizeof(again), 0) ||
			    memcmp(first, again, sizeof(first)))
				failed("the same answer each time", "another one");
		}
	}
}

/* @num and above must be refused; below, an index may be refused as not implemented. */
static void index_range(const struct env *env, const struct query *q, uint32_t num)
{
	static const uint32_t far[] = { 0x100, 0x8000, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe,
					0xffffffff };
	uint8_t buf[64];
	int ret;

	for (uint32_t i = 0; i < MAX_INDEX + sizeof(far) / sizeof(far[0]); i++) {
		uint32_t index = i < MAX_INDEX ? i : far[i - MAX_INDEX];

		did("%s of index %#x; the device has %u", q->name, index, num);
		ret = ask(env, q, index, q->minsz, buf, sizeof(buf), 0);
		if (index >= num && ret != -EINVAL)
			failed("-EINVAL", "%s", err_name(ret));
		else if (index < num && ret && ret != -EINVAL)
			failed("an answer, or -EINVAL where nothing is implemented", "%s",
			       err_name(ret));
	}
}

/* The tests */

static void device_argsz_short(struct env *env)
{
	argsz_short(env, &device_query);
}

static void device_argsz_long(struct env *env)
{
	argsz_long(env, &device_query);
}

static void device_reply_bytes(struct env *env)
{
	reply_bytes(env, &device_query);
}

static void device_bad_pointer(struct env *env)
{
	bad_pointer(env, &device_query);
}

static void device_repeats(struct env *env)
{
	repeats(env, &device_query);
}

static void region_argsz_short(struct env *env)
{
	argsz_short(env, &region_query);
}

static void region_argsz_long(struct env *env)
{
	argsz_long(env, &region_query);
}

static void region_reply_bytes(struct env *env)
{
	reply_bytes(env, &region_query);
}

static void region_bad_pointer(struct env *env)
{
	bad_pointer(env, &region_query);
}

static void region_repeats(struct env *env)
{
	repeats(env, &region_query);
}

static void region_index_range(struct env *env)
{
	struct vfio_device_info info;

	need_device_info(env, &info);
	index_range(env, &region_query, info.num_regions);
}

static void irq_argsz_short(struct env *env)
{
	argsz_short(env, &irq_query);
}

static void irq_argsz_long(struct env *env)
{
	argsz_long(env, &irq_query);
}

static void irq_reply_bytes(struct env *env)
{
	reply_bytes(env, &irq_query);
}

static void irq_bad_pointer(struct env *env)
{
	bad_pointer(env, &irq_query);
}

static void irq_repeats(struct env *env)
{
	repeats(env, &irq_query);
}

static void irq_index_range(struct env *env)
{
	struct vfio_device_info info;

	need_device_info(env, &info);
	index_range(env, &irq_query, info.num_irqs);
}

static void device(struct env *env)
{
	const uint32_t types = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_PLATFORM |
			       VFIO_DEVICE_FLAGS_AMBA | VFIO_DEVICE_FLAGS_CCW |
			       VFIO_DEVICE_FLAGS_AP | VFIO_DEVICE_FLAGS_FSL_MC | 1u << 8 /* CDX */;
	struct vfio_device_info info;

	need_device_info(env, &info);
	if (info.argsz < DEVICE_INFO_MINSZ)
		failed("an argsz that covers the reply", "argsz %u", info.argsz);
	if (__builtin_popcount(info.flags & types) != 1)
		failed("exactly one kind of device in flags", "flags %#x", info.flags);
	if (info.flags & VFIO_DEVICE_FLAGS_PCI && info.num_regions < VFIO_PCI_NUM_REGIONS)
		failed("the fixed indexes of a PCI device", "num_regions %u, these are %d",
		       info.num_regions, VFIO_PCI_NUM_REGIONS);
	if (info.flags & VFIO_DEVICE_FLAGS_PCI && info.num_irqs < VFIO_PCI_MSIX_IRQ_INDEX + 1)
		failed("the fixed indexes of a PCI device", "num_irqs %u, INTx, MSI and MSI-X are %d",
		       info.num_irqs, VFIO_PCI_MSIX_IRQ_INDEX + 1);
}

static void device_api(struct env *env)
{
	static const struct {
		const char *api;
		uint32_t flag;
	} apis[] = {
		{ "vfio-pci\n", VFIO_DEVICE_FLAGS_PCI },
		{ "vfio-platform\n", VFIO_DEVICE_FLAGS_PLATFORM },
		{ "vfio-amba\n", VFIO_DEVICE_FLAGS_AMBA },
		{ "vfio-ccw\n", VFIO_DEVICE_FLAGS_CCW },
		{ "vfio-ap\n", VFIO_DEVICE_FLAGS_AP },
		{ "vfio-fsl-mc\n", VFIO_DEVICE_FLAGS_FSL_MC },
		{ "vfio-cdx\n", 1u << 8 },
	};
	char path[PATH_MAX], buf[64];
	struct vfio_device_info info;

	need_device_info(env, &info);
	type_path(path, env->parent, env->type, "device_api");
	did("compare %s with the flags of VFIO_DEVICE_GET_INFO", path);
	if (sysfs_read(path, buf, sizeof(buf)) < 0)
		buf[0] = '\0';
	for (unsigned int i = 0; i < sizeof(apis) / sizeof(apis[0]); i++)
		if (!strcmp(buf, apis[i].api) && info.flags & apis[i].flag)
			return;
	failed("the same kind of device in both", "device_api \"%s\", flags %#x", buf, info.flags);
}

static void reset_flag(struct env *env)
{
	struct vfio_device_info info;
	int ret;

	need_device_info(env, &info);
	did("VFIO_DEVICE_RESET with flags %#x of VFIO_DEVICE_GET_INFO", info.flags);
	ret = vfio_ioctl(env->vfio.device, VFIO_DEVICE_RESET, NULL);
	if (!ret && !(info.flags & VFIO_DEVICE_FLAGS_RESET))
		failed("VFIO_DEVICE_FLAGS_RESET: QEMU resets only a device that has it",
		       "the reset works, the flag is not set");
	else if (ret && info.flags & VFIO_DEVICE_FLAGS_RESET)
		failed("a reset that works: VFIO_DEVICE_FLAGS_RESET is set", "%s", err_name(ret));
}

static void unknown_ioctl(struct env *env)
{
	static const unsigned long cmds[] = {
		_IO(VFIO_TYPE, VFIO_BASE + 99), _IO(VFIO_TYPE, VFIO_BASE + 150), _IO('Z', 1), 0,
		VFIO_GET_API_VERSION, VFIO_IOMMU_MAP_DMA + 0x40,
	};
	uint8_t buf[4096] = { 0 };
	int ret;

	put32(buf, 0, sizeof(buf));
	for (unsigned int i = 0; i < sizeof(cmds) / sizeof(cmds[0]); i++) {
		did("ioctl %#lx on the device, which no device knows", cmds[i]);
		ret = vfio_ioctl(env->vfio.device, cmds[i], buf);
		if (ret != -ENOTTY)
			failed("-ENOTTY", "%s", err_name(ret));
	}
}

static void check_region_pair(const struct region *a, const struct region *b)
{
	if (a->offset < b->offset + b->size && b->offset < a->offset + a->size)
		failed("regions apart from each other",
		       "region %u at %#llx, size %#llx, overlaps region %u at %#llx, size %#llx",
		       a->index, (unsigned long long)a->offset, (unsigned long long)a->size,
		       b->index, (unsigned long long)b->offset, (unsigned long long)b->size);
}

static void check_region(const struct region *r)
{
	const uint32_t known = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
			       VFIO_REGION_INFO_FLAG_MMAP | VFIO_REGION_INFO_FLAG_CAPS;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	if (r->flags & ~known)
		failed("flags that the uapi defines", "region %u: flags %#x", r->index, r->flags);
	if (!(r->flags & known & ~VFIO_REGION_INFO_FLAG_CAPS))
		failed("some way to access a region of a size", "region %u: flags %#x", r->index,
		       r->flags);
	if (r->offset > INT64_MAX || r->size > INT64_MAX - r->offset)
		failed("a range of file offsets", "region %u: offset %#llx, size %#llx", r->index,
		       (unsigned long long)r->offset, (unsigned long long)r->size);
	if (region_mappable(r) && (r->offset % page || r->size % page))
		failed("whole pages for mmap", "region %u: offset %#llx, size %#llx", r->index,
		       (unsigned long long)r->offset, (unsigned long long)r->size);
}

static void region_layout(struct env *env)
{
	static struct regions rs;

	regions_load(&rs, env->vfio.device);
	did("VFIO_DEVICE_GET_REGION_INFO of all indexes");
	for (const struct region *a = NULL; (a = region_next(&rs, ALL_REGIONS, a));) {
		check_region(a);
		for (const struct region *b = a; (b = region_next(&rs, ALL_REGIONS, b));)
			check_region_pair(a, b);
	}
}

/* Bytes of a capability at @off, as far as they can be known from its head. */
static uint64_t cap_bytes(const uint8_t *reply, uint32_t size, uint32_t off, uint16_t id)
{
	switch (id) {
	case VFIO_REGION_INFO_CAP_SPARSE_MMAP:
		if (size - off < sizeof(struct vfio_region_info_cap_sparse_mmap))
			return sizeof(struct vfio_region_info_cap_sparse_mmap);
		return sizeof(struct vfio_region_info_cap_sparse_mmap) +
		       get32(reply, off + 8) *
			       (uint64_t)sizeof(struct vfio_region_sparse_mmap_area);
	case VFIO_REGION_INFO_CAP_TYPE:
		return sizeof(struct vfio_region_info_cap_type);
	default:
		return sizeof(struct vfio_info_cap_header);
	}
}

/* Walks the chain in a complete reply of @size bytes. */
static void check_chain(unsigned int index, const uint8_t *reply, uint32_t size, uint32_t off)
{
	unsigned int steps = 0;

	while (off) {
		struct vfio_info_cap_header h;

		if (off < REGION_INFO_MINSZ || off % 4 || off > size || size - off < sizeof(h)) {
			failed("capabilities inside of the reply",
			       "region %u: one at byte %u of %u", index, off, size);
			return;
		}
		if (++steps > 64) {
			failed("a chain that ends", "region %u: more than 64 capabilities", index);
			return;
		}
		memcpy(&h, reply + off, sizeof(h));
		if (!h.id || !h.version)
			failed("an id and a version", "region %u: capability id %u, version %u",
			       index, h.id, h.version);
		if (cap_bytes(reply, size, off, h.id) > size - off)
			failed("all bytes of each capability within argsz",
			       "region %u: capability id %u at byte %u has %llu bytes, argsz is %u",
			       index, h.id, off,
			       (unsigned long long)cap_bytes(reply, size, off, h.id), size);
		off = h.next;
	}
}

static void check_caps(const struct env *env, unsigned int index)
{
	static uint8_t buf[BIG];
	uint32_t need;
	int ret;

	did("GET_REGION_INFO of index %u, which has capabilities, with argsz %u", index,
	    REGION_INFO_MINSZ);
	ret = ask(env, &region_query, index, REGION_INFO_MINSZ, buf, BIG, 0);
	need = get32(buf, 0);
	if (ret || get32(buf, 12) || need <= REGION_INFO_MINSZ || need > BIG) {
		failed("0, the argsz that is needed, and cap_offset 0: the chain has no room",
		       "%s, argsz %u, cap_offset %u", err_name(ret), need, get32(buf, 12));
		return;
	}
	did("GET_REGION_INFO of index %u with argsz %u, one less than it asked for", index,
	    need - 1);
	ret = ask(env, &region_query, index, need - 1, buf, BIG, 0);
	if (ret || get32(buf, 12) || get32(buf, 0) != need)
		failed("the same answer as with no room at all", "%s, argsz %u, cap_offset %u",
		       err_name(ret), get32(buf, 0), get32(buf, 12));
	did("GET_REGION_INFO of index %u with argsz %u, as it asked for", index, need);
	ret = ask(env, &region_query, index, need, buf, BIG, 0);
	if (ret || !get32(buf, 12))
		failed("the chain", "%s, cap_offset %u", err_name(ret), get32(buf, 12));
	else
		check_chain(index, buf, need, get32(buf, 12));
}

static void region_caps(struct env *env)
{
	static struct regions rs;
	unsigned int n = 0;

	regions_load(&rs, env->vfio.device);
	for (unsigned int i = 0; i < rs.nr; i++) {
		if (!rs.r[i].caps)
			continue;
		n++;
		check_caps(env, rs.r[i].index);
	}
	if (!n)
		skip("no region has VFIO_REGION_INFO_FLAG_CAPS");
}

static void irq_fields(struct env *env)
{
	const uint32_t known = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE |
			       VFIO_IRQ_INFO_AUTOMASKED | VFIO_IRQ_INFO_NORESIZE;
	struct vfio_device_info info;

	need_device_info(env, &info);
	for (unsigned int i = 0; i < info.num_irqs && i < MAX_INDEX; i++) {
		struct vfio_irq_info irq;

		did("VFIO_DEVICE_GET_IRQ_INFO of index %u", i);
		if (vfio_irq_info(env->vfio.device, i, &irq))
			continue;
		if (irq.flags & ~known)
			failed("flags that the uapi defines", "flags %#x", irq.flags);
		if (irq.flags & VFIO_IRQ_INFO_AUTOMASKED && !(irq.flags & VFIO_IRQ_INFO_MASKABLE))
			failed("MASKABLE: what masks itself must be unmasked", "flags %#x", irq.flags);
		if (info.flags & VFIO_DEVICE_FLAGS_PCI && i == VFIO_PCI_INTX_IRQ_INDEX &&
		    irq.count > 1)
			failed("one INTx at most", "count %u", irq.count);
		if (irq.count > 65536)
			failed("a number of interrupts", "count %u", irq.count);
	}
}

/* Asks a device that nobody has asked anything yet, then again after GET_INFO. */
static void before_device(struct env *env, const struct query *q)
{
	uint8_t before[MAX_INDEX][64], after[64];
	int ret_before[16];
	struct mdev m;

	need_mdev(env, &m);
	need_open(env, &m, &env->vfio);
	for (unsigned int i = 0; i < 16; i++)
		ret_before[i] = ask(env, q, i, q->minsz, before[i], 64, 0);
	ask_device_first(env);
	for (unsigned int i = 0; i < 16; i++) {
		int ret = ask(env, q, i, q->minsz, after, 64, 0);

		did("%s of index %u, before VFIO_DEVICE_GET_INFO and after it", q->name, i);
		if (ret != ret_before[i])
			failed("the same answer: no ioctl needs another one first",
			       "%s before, %s after", err_name(ret_before[i]), err_name(ret));
		else if (!ret && memcmp(before[i], after, 64))
			failed("the same answer: no ioctl needs another one first", "another one");
	}
	need_closed_and_removed(&m, &env->vfio);
}

static void region_before_device(struct env *env)
{
	before_device(env, &region_query);
}

static void irq_before_device(struct env *env)
{
	before_device(env, &irq_query);
}

const struct test info_tests[] = {
	{ "info.device", "GET_INFO names one kind of device and enough indexes", device, USES_DEVICE,
	  0 },
	{ "info.device_api", "the flags of GET_INFO are those of device_api", device_api, USES_DEVICE,
	  0 },
	{ "info.device_argsz_short", "GET_INFO refuses a short argsz", device_argsz_short, USES_DEVICE,
	  0 },
	{ "info.device_argsz_long", "GET_INFO accepts a long argsz", device_argsz_long, USES_DEVICE,
	  0 },
	{ "info.device_reply_bytes", "GET_INFO writes its reply, all of it, and nothing else",
	  device_reply_bytes, USES_DEVICE, 0 },
	{ "info.device_bad_pointer", "GET_INFO survives bad pointers", device_bad_pointer, USES_DEVICE,
	  0 },
	{ "info.device_repeats", "GET_INFO says the same each time", device_repeats, USES_DEVICE, 0 },
	{ "info.reset_flag", "VFIO_DEVICE_RESET works if and only if its flag is set", reset_flag,
	  USES_DEVICE, 0 },
	{ "info.unknown_ioctl", "an unknown ioctl is refused with -ENOTTY", unknown_ioctl,
	  USES_DEVICE, 0 },
	{ "info.region_index_range", "GET_REGION_INFO refuses undeclared indexes", region_index_range,
	  USES_DEVICE, 0 },
	{ "info.region_layout", "regions do not overlap and have flags that make sense", region_layout,
	  USES_DEVICE, 0 },
	{ "info.region_argsz_short", "GET_REGION_INFO refuses a short argsz", region_argsz_short,
	  USES_DEVICE, 0 },
	{ "info.region_argsz_long", "GET_REGION_INFO accepts a long argsz", region_argsz_long,
	  USES_DEVICE, 0 },
	{ "info.region_reply_bytes", "GET_REGION_INFO writes its reply and nothing else",
	  region_reply_bytes, USES_DEVICE, 0 },
	{ "info.region_bad_pointer", "GET_REGION_INFO survives bad pointers", region_bad_pointer,
	  USES_DEVICE, 0 },
	{ "info.region_repeats", "GET_REGION_INFO says the same each time", region_repeats,
	  USES_DEVICE, 0 },
	{ "info.region_caps", "capability chains follow the argsz protocol", region_caps, USES_DEVICE,
	  0 },
	{ "info.irq_index_range", "GET_IRQ_INFO refuses undeclared indexes", irq_index_range,
	  USES_DEVICE, 0 },
	{ "info.irq_fields", "GET_IRQ_INFO gives flags and counts that make sense", irq_fields,
	  USES_DEVICE, 0 },
	{ "info.irq_argsz_short", "GET_IRQ_INFO refuses a short argsz", irq_argsz_short, USES_DEVICE,
	  0 },
	{ "info.irq_argsz_long", "GET_IRQ_INFO accepts a long argsz", irq_argsz_long, USES_DEVICE, 0 },
	{ "info.irq_reply_bytes", "GET_IRQ_INFO writes its reply, all of it, and nothing else",
	  irq_reply_bytes, USES_DEVICE, 0 },
	{ "info.irq_bad_pointer", "GET_IRQ_INFO survives bad pointers", irq_bad_pointer, USES_DEVICE,
	  0 },
	{ "info.irq_repeats", "GET_IRQ_INFO says the same each time", irq_repeats, USES_DEVICE, 0 },
	{ "info.region_before_device", "GET_REGION_INFO needs no GET_INFO before it",
	  region_before_device, 0, 0 },
	{ "info.irq_before_device", "GET_IRQ_INFO needs no GET_INFO before it", irq_before_device, 0,
	  0 },
	{ NULL, NULL, NULL, 0, 0 }
};
