// SPDX-License-Identifier: GPL-2.0-only
/*
 * describe page|config DRIVER.so: what the tables of a driver say, without a kernel.
 *
 * A driver's source is compiled for user space against shell/ and loaded; its module_init()
 * registers its model here, and no callback runs. `page` prints the register page, by the
 * framework's own code; `config` the configuration space as a guest's firmware leaves it, for
 * `lspci -F`.
 */
#include <dlfcn.h>
#include <linux/pci_regs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mdk/driver.h>
#include <mdk/net.h>
#include <mdk/virtio.h>

#include "model/fault.h"
#include "model/page.h"

enum { EXIT_DONE, EXIT_FOUND, EXIT_USAGE, EXIT_CANNOT };

static struct mdk_desc described;
static struct mdk_page page;

int mdk_fault(const struct mdk_desc *desc, const char *id, const char *fmt, ...)
{
	va_list args;

	(void)desc;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, " [%s]\n", id);
	return 1;
}

void mdk_page_printf(void *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(out, fmt, args);
	va_end(args);
}

/* What the driver calls. */
struct mdk_host *mdk_host_register(const struct mdk_model *model,
				   const struct mdk_registration *reg)
{
	static const struct mdk_ops no_ops;
	static const struct mdk_display no_display;

	described = (struct mdk_desc){
		.model = model,
		.ops = model->ops ? model->ops : &no_ops,
		.display = model->display ? model->display : &no_display,
		.region_size = reg->region_size,
		.reg_size = reg->reg_size,
		.type_size = reg->type_size,
		.cap_size = reg->cap_size,
		.param_size = reg->param_size,
		.cause_size = reg->cause_size,
		.ring_size = reg->ring_size,
		.save_size = reg->save_size,
		.page_size = 4096,
	};
	page = (struct mdk_page){ .out = stdout, .desc = &described };
	return NULL;
}

void mdk_host_unregister(struct mdk_host *host)
{
	(void)host;
}

/* Of a NIC; nothing is forwarded here. */
struct mdk_switch *mdk_switch_create(const struct mdk_net_spec *spec)
{
	static char none;

	(void)spec;
	return (struct mdk_switch *)&none;
}

void mdk_switch_destroy(struct mdk_switch *sw)
{
	(void)sw;
}

/* Of a virtio device, whose tables have these. */
u64 mdk_virtio_bar_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			unsigned int width)
{
	(void)dev;
	(void)region;
	(void)offset;
	(void)width;
	return 0;
}

void mdk_virtio_bar_write(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			  unsigned int width, u64 value)
{
	(void)dev;
	(void)region;
	(void)offset;
	(void)width;
	(void)value;
}

static int load(const char *path)
{
	void *driver = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
	int (*init)(void) = driver ? (int (*)(void))dlsym(driver, "describe_init") : NULL;

	if (!init || init() || !page.desc) {
		fprintf(stderr, "describe: %s registers no model: %s\n", path,
			driver ? "its module_init() must call mdk_register()" : dlerror());
		return EXIT_CANNOT;
	}
	return EXIT_DONE;
}

/* An aligned word is written, as the suite's mdev-poke does through VFIO. */
static void put(const struct mdk_config_map *map, u32 *words, u32 at, u32 value, u32 bits)
{
	words[at / 4] = mdk_config_merge(map, at / 4, words[at / 4], value, bits);
}

/* The same addresses as `mdev-poke UUID assign` writes, and decoding switched on. */
static void assign(const struct mdk_config_map *map, u32 *words)
{
	u32 i, at, bar;

	for (i = 0; i < 6; i++) {
		at = PCI_BASE_ADDRESS_0 + 4 * i;
		bar = words[at / 4];
		put(map, words, at,
		    bar & PCI_BASE_ADDRESS_SPACE_IO ? 0xc000 + 0x100 * i : (i + 1) << 28, ~0U);
		if ((bar & 7) == PCI_BASE_ADDRESS_MEM_TYPE_64)
			i++;
	}
	put(map, words, PCI_COMMAND, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER,
	    0xffff);
}

static void print_line(const u32 *words, u32 at)
{
	u32 i;

	printf("%02x:", at);
	for (i = at; i < at + 16; i++)
		printf(" %02x", words[i / 4] >> 8 * (i & 3) & 0xff);
	putchar('\n');
}

static int print_config(void)
{
	struct mdk_config_spec spec = mdk_page_spec(&page, 0);
	u32 at, size = mdk_config_size(&spec);
	struct mdk_config_map *map = calloc(1, sizeof(*map) + size / 4 * sizeof(map->words[0]));
	u32 *words = calloc(size / 4, sizeof(*words));

	if (!map || !words || mdk_config_check(&spec)) {
		free(words);
		free(map);
		return EXIT_CANNOT;
	}
	mdk_config_build(&spec, map);
	for (at = 0; at < size; at += 4)
		words[at / 4] = map->words[at / 4].reset;
	assign(map, words);
	puts("00:00.0 mediated device");
	for (at = 0; at < size; at += 16)
		print_line(words, at);
	free(words);
	free(map);
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	int ret;

	if (argc != 3 || (strcmp(argv[1], "page") && strcmp(argv[1], "config"))) {
		fputs("usage: describe page|config DRIVER.so\n", stderr);
		return EXIT_USAGE;
	}
	ret = load(argv[2]);
	if (ret)
		return ret;
	if (!strcmp(argv[1], "config"))
		return print_config();
	mdk_page_print(&page);
	return EXIT_DONE;
}
