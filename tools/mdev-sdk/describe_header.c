// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk describe --header: numbers of a device, for C and assembler. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "lab/lab.h"

/* A register's name in full, as a macro: with its region's where two regions have one of it. */
struct name {
	const char *driver, *region, *reg;
	bool twice;
};

/* Letters, digits and underscores, large. */
static char *macro_of(const char *first, const char *second, const char *third)
{
	char *text = lab_fmt("%s%s%s%s%s", first, *second ? "_" : "", second, *third ? "_" : "", third);

	for (char *p = text; *p; p++)
		*p = isalnum((unsigned char)*p) ? (char)toupper((unsigned char)*p) : '_';
	return text;
}

static char *name_of(const struct name *name)
{
	if (name->twice)
		return macro_of(name->driver, name->region, name->reg);
	return macro_of(name->driver, name->reg, "");
}

/* #define NAME<suffix>, and the value in one column. */
static void print_define(const char *name, const char *suffix, const char *value)
{
	char *whole = lab_fmt("%s%s", name, suffix);

	printf("#define %-39s %s\n", whole, value);
	free(whole);
}

static void print_number(const char *name, const char *suffix, const char *format,
			 unsigned long long number)
{
	char value[24];

	snprintf(value, sizeof(value), format, number);
	print_define(name, suffix, value);
}

static void print_bits(const char *reg, const cJSON *bits)
{
	const cJSON *bit;

	cJSON_ArrayForEach(bit, bits) {
		unsigned int low = describe_number(bit, "low"), high = describe_number(bit, "high");
		unsigned int mask = (0xffffffffu >> (31 - (high - low))) << low;
		char *name = macro_of(reg, describe_text(bit, "name"), "");

		print_number(name, low == high ? "" : "_MASK", "0x%08llx", mask);
		if (low != high)
			print_number(name, "_SHIFT", "%llu", low);
		free(name);
	}
}

static void print_reg(const struct name *name, const cJSON *reg)
{
	unsigned int offset = describe_number(reg, "offset");
	char *macro = name_of(name), value[64];

	snprintf(value, sizeof(value), "(0x%03x + 0x%x * (n))", offset, describe_number(reg, "stride"));
	if (describe_number(reg, "count") > 1)
		print_define(macro, "(n)", value);
	else
		print_number(macro, "", "0x%03llx", offset);
	print_bits(macro, cJSON_GetObjectItem(reg, "bits"));
	free(macro);
}

static bool is_twice(const cJSON *regions, const char *wanted)
{
	const cJSON *region, *reg;
	unsigned int nr = 0;

	cJSON_ArrayForEach(region, regions) {
		cJSON_ArrayForEach(reg, cJSON_GetObjectItem(region, "registers")) {
			nr += !strcmp(describe_text(reg, "name"), wanted);
		}
	}
	return nr > 1;
}

static void print_region(const struct description *d, const cJSON *regions, const cJSON *region)
{
	const char *driver = describe_text(d->driver, "driver");
	const cJSON *size = cJSON_GetObjectItem(region, "size"), *reg;
	struct name name = { .driver = driver, .region = describe_text(region, "name") };
	char *macro = macro_of(driver, "REGION", name.region);

	printf("\n/* %s: %s */\n", name.region, describe_text(region, "kind"));
	print_number(macro, "", "%llu", describe_number(region, "index"));
	print_number(macro, "_SIZE", "0x%llx", (unsigned long long)cJSON_GetNumberValue(size));
	cJSON_ArrayForEach(reg, cJSON_GetObjectItem(region, "registers")) {
		name.reg = describe_text(reg, "name");
		name.twice = is_twice(regions, name.reg);
		if (strcmp(describe_text(reg, "kind"), "reserved"))
			print_reg(&name, reg);
	}
	free(macro);
}

void describe_header(const struct description *d)
{
	const cJSON *pci = cJSON_GetObjectItem(d->driver, "pci"), *region;
	const cJSON *regions = cJSON_GetObjectItem(d->type, "regions");
	const char *driver = describe_text(d->driver, "driver");
	char *guard = macro_of(driver, "REGS_H", ""), *name = macro_of(driver, "", "");

	printf("/* SPDX-License-Identifier: GPL-2.0-only OR MIT */\n"
	       "/* %s as its guest sees it, type %s: made by mdev-sdk describe --header. */\n"
	       "#ifndef %s\n#define %s\n\n", driver, describe_text(d->type, "id"), guard, guard);
	print_number(name, "_VENDOR_ID", "0x%04llx", describe_number(pci, "vendor"));
	print_number(name, "_DEVICE_ID", "0x%04llx", describe_number(pci, "device"));
	print_number(name, "_REVISION", "0x%02llx", describe_number(pci, "revision"));
	cJSON_ArrayForEach(region, regions) {
		print_region(d, regions, region);
	}
	printf("\n#endif /* %s */\n", guard);
	free(name);
	free(guard);
}
