// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group config: the configuration space of a PCI device. */
#include <linux/pci_regs.h>
#include <string.h>

#include "bounds.h"
#include "dirty.h"
#include "region_access.h"
#include "suite.h"

#define BARS		6
#define FIRST_CAP	0x40
#define FIRST_EXT_CAP	0x100
#define MAX_CAPS	48
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static struct regions rs;

/* The configuration space of the open device; skips the test for other than PCI devices. */
static const struct region *load(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	return need_config(&rs);
}

/* What the tests need to read must be readable: fails and ends the test if not. */
static uint32_t get(const struct region *r, unsigned int off, unsigned int n)
{
	uint32_t v = 0;
	ssize_t ret = region_read(r, off, &v, n);

	if (ret == (ssize_t)n)
		return v;
	did("read of %u bytes at %#x of the configuration space", n, off);
	failed("these bytes", "%s", err_name(ret));
	test_end();
}

static void size(struct env *env)
{
	const struct region *r = load(env);

	did("GET_REGION_INFO of the configuration space");
	if (r->size != 256 && r->size != 4096)
		failed("256 bytes, or 4096 of a PCI Express device", "size %#llx",
		       (unsigned long long)r->size);
	if (!region_readable(r) || !region_writable(r))
		failed("a region that can be read and written", "flags %#x", r->flags);
}

static void header(struct env *env)
{
	const struct region *r = load(env);
	uint32_t vendor = get(r, PCI_VENDOR_ID, 2), type = get(r, PCI_HEADER_TYPE, 1);

	did("read of the header");
	if (vendor == 0 || vendor == 0xffff)
		failed("the vendor id of a device that is there", "%#x", vendor);
	if (type & 0x7f)
		failed("header type 0, of an endpoint", "%#x", type);
}

static void read_whole(struct env *env)
{
	const struct region *r = load(env);
	static uint8_t whole[4096];
	size_t n = r->size < sizeof(whole) ? (size_t)r->size : sizeof(whole);
	ssize_t ret = region_read(r, 0, whole, n);

	did("read of all %zu bytes in one call, as QEMU does", n);
	if (ret != (ssize_t)n) {
		failed("all of them", "%s", err_name(ret));
		return;
	}
	for (unsigned int off = 0; off + 4 <= n; off += 4) {
		uint32_t v = get(r, off, 4), w;

		memcpy(&w, whole + off, 4);
		if (v != w)
			failed("what a read of 4 bytes gives", "at %#x: %#x instead of %#x", off, w, v);
	}
}

static void read_widths(struct env *env)
{
	const struct region *r = load(env);

	for (unsigned int off = 0; off + 4 <= r->size; off += 4) {
		uint32_t dword = get(r, off, 4), words = 0, bytes = 0;

		did("read at %#x of the configuration space with 4 bytes, 2 and 2, 1 four times", off);
		for (unsigned int i = 0; i < 4; i += 2)
			words |= get(r, off + i, 2) << 8 * i;
		for (unsigned int i = 0; i < 4; i++)
			bytes |= get(r, off + i, 1) << 8 * i;
		if (words != dword || bytes != dword)
			failed("the same bytes", "%#x, %#x, %#x", dword, words, bytes);
	}
}

static void odd_access(struct env *env)
{
	static const size_t counts[] = { 2, 3, 4, 5, 7, 8, 16, 64 };
	const struct region *r = load(env);
	uint8_t ref[128], seen[64];

	for (unsigned int i = 0; i < sizeof(ref); i++)
		ref[i] = (uint8_t)get(r, i, 1);
	for (unsigned int k = 0; k < ARRAY_SIZE(counts); k++) {
		for (unsigned int off = 0; off < 64; off++) {
			ssize_t ret = region_read(r, off, seen, counts[k]);

			did("read of %zu bytes at %#x of the configuration space", counts[k], off);
			if (ret > (ssize_t)counts[k] ||
			    (ret > 0 && memcmp(seen, ref + off, (size_t)ret)))
				failed("an error, or the bytes that are there", "%zd bytes, others",
				       ret);
		}
	}
}

static void read_straddle(struct env *env)
{
	load(env);
	check_read_straddle(&rs, CONFIG_REGION);
}

static void read_past_end(struct env *env)
{
	load(env);
	check_read_past_end(&rs, CONFIG_REGION);
}

static void write_straddle(struct env *env)
{
	load(env);
	check_write_straddle(&rs, CONFIG_REGION);
}

static void write_past_end(struct env *env)
{
	load(env);
	check_write_past_end(&rs, CONFIG_REGION);
}

static void read_bad_buffer(struct env *env)
{
	load(env);
	check_read_bad_buffer(&rs, CONFIG_REGION);
}

static void write_bad_buffer(struct env *env)
{
	load(env);
	check_write_bad_buffer(&rs, CONFIG_REGION);
}

static void no_leak(struct env *env)
{
	load(env);
	check_no_leak(&rs, CONFIG_REGION);
}

static void repeats(struct env *env)
{
	const struct region *r = load(env);
	uint32_t first[64], v;

	for (unsigned int i = 0; i < 63; i++)
		first[i] = get(r, 4 * i, 4);
	for (unsigned int k = 0; k < 4; k++) {
		dirty_stack((uint8_t)(0x3b * k + 7));
		dirty_slab((uint8_t)(0x3b * k + 7));
		for (unsigned int i = 0; i < 63; i++) {
			v = get(r, 4 * i, 4);
			did("read at %#x of the configuration space, time %u", 4 * i, k + 2);
			if (v != first[i])
				failed("the same each time", "%#x, then %#x", first[i], v);
		}
	}
}

/* Capabilities */

struct cap {
	unsigned int off;
	unsigned int id;
};

struct cap_list {
	unsigned int nr;
	struct cap cap[MAX_CAPS];
};

/* Walks the list of the first 256 bytes; false, with a failure, if it does not end properly. */
static bool walk_caps(const struct region *r, struct cap_list *l)
{
	unsigned int off = get(r, PCI_CAPABILITY_LIST, 1);

	l->nr = 0;
	if (!(get(r, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return true;
	did("walk along the capability list");
	while (off) {
		if (off < FIRST_CAP || off % 4 || off + 4 > r->size) {
			failed("an offset from 0x40 on, a multiple of 4", "a pointer to %#x", off);
			return false;
		}
		if (l->nr == MAX_CAPS) {
			failed("a list that ends", "more than %d capabilities: a loop", MAX_CAPS);
			return false;
		}
		l->cap[l->nr++] = (struct cap){ off, get(r, off, 1) };
		off = get(r, off + 1, 1);
	}
	return true;
}

static unsigned int cap_size(const struct region *r, const struct cap *c)
{
	switch (c->id) {
	case PCI_CAP_ID_PM:
		return PCI_PM_SIZEOF;
	case PCI_CAP_ID_MSI: {
		uint32_t flags = get(r, c->off + PCI_MSI_FLAGS, 2);

		return 10u + ((flags & PCI_MSI_FLAGS_64BIT) ? 4 : 0) +
		       ((flags & PCI_MSI_FLAGS_MASKBIT) ? 10 : 0);
	}
	case PCI_CAP_ID_MSIX:
		return PCI_CAP_MSIX_SIZEOF;
	case PCI_CAP_ID_VNDR:
		return get(r, c->off + 2, 1);
	default:
		return 2;
	}
}

static void check_overlap(const struct region *r, const struct cap_list *l)
{
	did("compare the places of the %u capabilities", l->nr);
	for (unsigned int i = 0; i < l->nr; i++) {
		unsigned int end = l->cap[i].off + cap_size(r, &l->cap[i]);

		if (l->cap[i].id == 0 || l->cap[i].id == 0xff)
			failed("a capability id", "%#x at %#x", l->cap[i].id, l->cap[i].off);
		if (end > 256)
			failed("an end inside of 256 bytes", "id %#x at %#x ends at %#x", l->cap[i].id,
			       l->cap[i].off, end);
		for (unsigned int k = 0; k < l->nr; k++)
			if (k != i && l->cap[k].off >= l->cap[i].off && l->cap[k].off < end)
				failed("capabilities apart from each other",
				       "id %#x at %#x, up to %#x, and id %#x at %#x", l->cap[i].id,
				       l->cap[i].off, end, l->cap[k].id, l->cap[k].off);
	}
}

static uint64_t bar_region_size(unsigned int bar)
{
	for (unsigned int i = 0; i < rs.nr; i++)
		if (rs.r[i].index == bar)
			return rs.r[i].size;
	return 0;
}

/* @what lies at the BAR and offset that @reg holds, and has @bytes. */
static void check_in_bar(const char *what, uint32_t reg, uint64_t bytes)
{
	unsigned int bar = reg & PCI_MSIX_TABLE_BIR;
	uint64_t off = reg & PCI_MSIX_TABLE_OFFSET;

	if (bar >= BARS || off + bytes > bar_region_size(bar))
		failed("a place inside of a BAR", "%s of %llu bytes at %#llx of BAR %u", what,
		       (unsigned long long)bytes, (unsigned long long)off, bar);
}

static void check_msix(const struct env *env, const struct region *r, const struct cap *c)
{
	uint32_t vectors = (get(r, c->off + PCI_MSIX_FLAGS, 2) & PCI_MSIX_FLAGS_QSIZE) + 1;
	struct vfio_irq_info irq;

	did("compare the MSI-X capability at %#x with the BARs and with GET_IRQ_INFO", c->off);
	check_in_bar("a table", get(r, c->off + PCI_MSIX_TABLE, 4), 16ULL * vectors);
	check_in_bar("pending bits", get(r, c->off + PCI_MSIX_PBA, 4), (vectors + 63) / 64 * 8);
	if (vfio_irq_info(env->vfio.device, VFIO_PCI_MSIX_IRQ_INDEX, &irq) || irq.count != vectors)
		failed("the same number of vectors", "%u in the capability, %u in GET_IRQ_INFO",
		       vectors, irq.count);
}

static void check_ext_caps(const struct region *r)
{
	unsigned int off = FIRST_EXT_CAP, steps = 0;

	did("walk along the extended capabilities");
	while (off && r->size >= 4096) {
		uint32_t h = get(r, off, 4);

		if (h == 0 && off == FIRST_EXT_CAP)
			return;
		if (++steps > 960 || (off = h >> 20 & 0xffc) > 4092 ||
		    (off && off < FIRST_EXT_CAP)) {
			failed("a list from 0x100 on that ends", "a pointer to %#x, after %u steps",
			       off, steps);
			return;
		}
	}
}

static void capabilities(struct env *env)
{
	const struct region *r = load(env);
	struct cap_list l;

	if (!walk_caps(r, &l))
		return;
	check_overlap(r, &l);
	for (unsigned int i = 0; i < l.nr; i++)
		if (l.cap[i].id == PCI_CAP_ID_MSIX)
			check_msix(env, r, &l.cap[i]);
	check_ext_caps(r);
}

/* Writes the complement of what is there; what changes is a failure and is put back. */
static void check_read_only(const struct region *r, unsigned int off, unsigned int n)
{
	uint32_t old = get(r, off, n), v = ~old, now;

	did("write of %u bytes at %#x of the configuration space, which are read-only", n, off);
	region_write(r, off, &v, n);
	now = get(r, off, n);
	if (now == old)
		return;
	failed("no change", "%#x became %#x", old, now);
	region_write(r, off, &old, n);
}

static void read_only(struct env *env)
{
	static const struct {
		unsigned int off, n;
	} fields[] = {
		{ PCI_VENDOR_ID, 4 }, { PCI_VENDOR_ID, 2 }, { PCI_DEVICE_ID, 2 },
		{ PCI_VENDOR_ID, 1 },
		{ PCI_CLASS_REVISION, 4 }, { PCI_REVISION_ID, 1 }, { PCI_CLASS_DEVICE, 2 },
		{ PCI_HEADER_TYPE, 1 }, { PCI_SUBSYSTEM_VENDOR_ID, 4 }, { PCI_SUBSYSTEM_ID, 2 },
		{ PCI_CAPABILITY_LIST, 1 }, { PCI_INTERRUPT_PIN, 1 },
	};
	const struct region *r = load(env);
	struct cap_list l;

	for (unsigned int i = 0; i < ARRAY_SIZE(fields); i++)
		check_read_only(r, fields[i].off, fields[i].n);
	if (walk_caps(r, &l))
		for (unsigned int i = 0; i < l.nr; i++)
			check_read_only(r, l.cap[i].off, 2);
}

/* Base addresses */

static unsigned int bar_offset(unsigned int bar)
{
	return bar == VFIO_PCI_ROM_REGION_INDEX ? PCI_ROM_ADDRESS : PCI_BASE_ADDRESS_0 + 4 * bar;
}

/* All ones written, what comes back, and the old value put back. */
static uint32_t probe_bar(const struct region *r, unsigned int bar)
{
	uint32_t old = get(r, bar_offset(bar), 4), mask, now;
	uint32_t ones = bar == VFIO_PCI_ROM_REGION_INDEX ? PCI_ROM_ADDRESS_MASK : ~0u;

	region_write32(r, bar_offset(bar), ones);
	mask = get(r, bar_offset(bar), 4);
	region_write32(r, bar_offset(bar), old);
	now = get(r, bar_offset(bar), 4);
	did("all ones, then %#x again, to BAR %u", old, bar);
	if (now != old)
		failed("the old value", "%#x", now);
	return mask;
}

static uint32_t bar_type_bits(uint32_t value)
{
	return (value & PCI_BASE_ADDRESS_SPACE_IO) ? value & 3 : value & 0xf;
}

static bool is_64bit(uint32_t value)
{
	return !(value & PCI_BASE_ADDRESS_SPACE_IO) &&
	       (value & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64;
}

/* The size that a mask of address bits stands for; 0 if it is none. */
static uint64_t size_of_mask(uint64_t mask)
{
	uint64_t bytes = mask & -mask;

	/* All bits from the lowest one on, up to the top of the 16, 32 or 64 bits. */
	return mask + bytes == 0 || mask + bytes == 1ULL << 32 || mask + bytes == 1ULL << 16 ? bytes
											      : 0;
}

/* Returns how many BARs this one takes. */
static unsigned int check_bar(const struct region *r, unsigned int bar)
{
	uint32_t old = get(r, bar_offset(bar), 4), low = probe_bar(r, bar);
	bool wide = bar < BARS - 1 && is_64bit(old);
	uint64_t mask = low & ~(uint64_t)bar_type_bits(low);
	uint64_t want = bar_region_size(bar);

	if (bar == VFIO_PCI_ROM_REGION_INDEX)
		mask = low & PCI_ROM_ADDRESS_MASK;
	if (wide)
		mask |= (uint64_t)probe_bar(r, bar + 1) << 32;
	did("all ones to BAR %u", bar);
	if (want && bar < BARS && bar_type_bits(low) != bar_type_bits(old))
		failed("the same type bits", "%#x, they were %#x", bar_type_bits(low),
		       bar_type_bits(old));
	if (!want && mask)
		failed("0: the region has no size", "%#llx", (unsigned long long)mask);
	if (want && size_of_mask(mask) != want)
		failed("the size of the region", "%#llx says %#llx bytes, GET_REGION_INFO %#llx",
		       (unsigned long long)mask, (unsigned long long)size_of_mask(mask),
		       (unsigned long long)want);
	if (wide && bar_region_size(bar + 1))
		failed("no region for the upper half of a 64-bit BAR", "region %u has %#llx bytes",
		       bar + 1, (unsigned long long)bar_region_size(bar + 1));
	return wide ? 2 : 1;
}

static void bar_sizing(struct env *env)
{
	const struct region *r = load(env);

	for (unsigned int bar = 0; bar < BARS;)
		bar += check_bar(r, bar);
	check_bar(r, VFIO_PCI_ROM_REGION_INDEX);
}

/* One byte of an address: it takes the byte, or nothing; the other three bytes keep theirs. */
static bool check_bar_byte(const struct region *r, unsigned int bar, unsigned int byte,
			   uint32_t mask, uint32_t set)
{
	uint32_t bits = 0xffu << 8 * byte, now, want;
	uint8_t v = 0x5a;

	region_write32(r, bar_offset(bar), set);
	region_write(r, bar_offset(bar) + byte, &v, 1);
	now = get(r, bar_offset(bar), 4);
	want = (set & ~(bits & mask)) | ((uint32_t)v << 8 * byte & mask);
	did("%#x to BAR %u, then one byte, %#x, to byte %u of it", set, bar, v, byte);
	if (now == want || now == set)
		return true;
	failed("that byte changed, or nothing", "%#x instead of %#x", now, want);
	return false;
}

static void bar_byte_write(struct env *env)
{
	const struct region *r = load(env);

	for (unsigned int bar = 0; bar < BARS; bar++) {
		uint32_t old = get(r, bar_offset(bar), 4), type = bar_type_bits(old), mask, set;

		if (!bar_region_size(bar))
			continue;
		mask = probe_bar(r, bar) & ~type;
		set = (0xa5c3b2d0u & mask) | type;
		region_write32(r, bar_offset(bar), set);
		did("an address, %#x, to BAR %u", set, bar);
		if (get(r, bar_offset(bar), 4) != set)
			failed("the address", "%#x", get(r, bar_offset(bar), 4));
		for (unsigned int byte = 4; byte-- && check_bar_byte(r, bar, byte, mask, set);)
			;
		region_write32(r, bar_offset(bar), old);
	}
}

static void interrupt_pin(struct env *env)
{
	const struct region *r = load(env);
	uint32_t pin = get(r, PCI_INTERRUPT_PIN, 1), old = get(r, PCI_INTERRUPT_LINE, 1), now;
	struct vfio_device_info info;
	struct vfio_irq_info irq;
	uint8_t line = (uint8_t)(old ^ 0x0b);

	need_device_info(env, &info);
	did("compare the interrupt pin with GET_IRQ_INFO of INTx");
	if (pin > 4)
		failed("0, or 1 to 4 for INTA to INTD", "%u", pin);
	if (vfio_irq_info(env->vfio.device, VFIO_PCI_INTX_IRQ_INDEX, &irq))
		irq.count = 0;
	if (!pin != !irq.count)
		failed("a pin if and only if there is an INTx", "pin %u, %u INTx", pin, irq.count);
	if (!pin)
		return;
	region_write(r, PCI_INTERRUPT_LINE, &line, 1);
	now = get(r, PCI_INTERRUPT_LINE, 1);
	did("write of %#x to the interrupt line", line);
	if (now != line)
		failed("a byte that keeps it: software stores there", "%#x", now);
	line = (uint8_t)old;
	region_write(r, PCI_INTERRUPT_LINE, &line, 1);
}

const struct test config_tests[] = {
	{ "config.size", "a configuration space has 256 or 4096 bytes", size, USES_DEVICE, 0 },
	{ "config.header", "the header is that of an endpoint", header, USES_DEVICE, 0 },
	{ "config.read_whole", "one read gives all of it", read_whole, USES_DEVICE, 0 },
	{ "config.read_widths", "reads of 1, 2 and 4 bytes agree", read_widths, USES_DEVICE, 0 },
	{ "config.odd_access", "other reads are right or refused", odd_access, USES_DEVICE, 0 },
	{ "config.repeats", "reads give the same each time", repeats, USES_DEVICE, 0 },
	{ "config.read_straddle", "reads that cross the end stop there", read_straddle, USES_DEVICE,
	  0 },
	{ "config.read_past_end", "reads behind the end are refused", read_past_end, USES_DEVICE, 0 },
	{ "config.write_straddle", "writes that cross the end stop there", write_straddle, USES_DEVICE,
	  0 },
	{ "config.write_past_end", "writes behind the end are refused", write_past_end, USES_DEVICE,
	  0 },
	{ "config.read_bad_buffer", "reads into bad buffers are refused", read_bad_buffer, USES_DEVICE,
	  0 },
	{ "config.write_bad_buffer", "writes from bad buffers are refused", write_bad_buffer,
	  USES_DEVICE, 0 },
	{ "config.no_leak", "reads give no bytes of the kernel's stack or heap", no_leak, USES_DEVICE,
	  0 },
	{ "config.read_only", "ids, class and capability headers cannot be written", read_only,
	  USES_DEVICE, 0 },
	{ "config.capabilities", "the capability lists end, and their entries fit", capabilities,
	  USES_DEVICE, 0 },
	{ "config.bar_sizing", "BARs tell the sizes of their regions", bar_sizing, USES_DEVICE, 0 },
	{ "config.bar_byte_write", "one byte written to a BAR changes no other", bar_byte_write,
	  USES_DEVICE, 0 },
	{ "config.interrupt_pin", "interrupt pin and line are those of a device with or without INTx",
	  interrupt_pin, USES_DEVICE, 0 },
	{ NULL, NULL, NULL, 0, 0 }
};
