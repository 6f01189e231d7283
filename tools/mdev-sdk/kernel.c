// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk kernel: where a kernel, its headers and its modules are. */
#include <string.h>

#include "common/args.h"
#include "common/sdk.h"
#include "lab/kernel.h"
#include "verbs.h"

struct key {
	const char *name;
	size_t member;
};

static const struct key keys[] = {
	{ "release", offsetof(struct kernel, release) },
	{ "version", offsetof(struct kernel, version) },
	{ "kdir", offsetof(struct kernel, kdir) },
	{ "vmlinux", offsetof(struct kernel, vmlinux) },
	{ "moddir", offsetof(struct kernel, moddir) },
	{ "makeflags", offsetof(struct kernel, makeflags) },
};

static const char *value(const struct kernel *kernel, const struct key *key)
{
	return *(char *const *)((const char *)kernel + key->member);
}

static const struct key *key_find(const char *name)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

int cmd_kernel(const struct args *args)
{
	const struct key *one = args->print ? key_find(args->print) : NULL;
	struct kernel kernel = { 0 };
	int ret;

	if (args->print && !one) {
		lab_error("--print '%s' is no key; one of release, version, kdir, vmlinux, moddir, "
			  "makeflags is needed", args->print);
		return LAB_USAGE;
	}
	ret = sdk_kernel_get(args->operand, args->update, &kernel);
	if (ret)
		return ret;
	if (one)
		puts(value(&kernel, one));
	for (size_t i = 0; !one && i < LAB_ARRAY_SIZE(keys); i++)
		printf("%s=%s\n", keys[i].name, value(&kernel, &keys[i]));
	kernel_free(&kernel);
	return LAB_OK;
}
