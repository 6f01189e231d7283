// SPDX-License-Identifier: GPL-2.0-only
/* The small parts of lab and command that need neither network nor kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/tree.h"
#include "lab/apt.h"
#include "lab/bzimage.h"
#include "lab/modules.h"
#include "lab/oops.h"
#include "new/name.h"
#include "new/template.h"

static void test_name_form(void **state)
{
	static const char *const good[] = { "myvgpu", "a", "my_vgpu2", "x1" };
	static const char *const bad[] = {
		"", "int", "while", "typeof", "current", "linux", "9a", "_a", "A", "aB", "a-b",
		"a b", "a/b", "../a", "a.b", "mdk_x", "a\n", "\xc3\xa4",
		"a2345678901234567890123456789012345678901",
	};

	(void)state;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(good); i++)
		assert_null(name_wrong(good[i]));
	for (size_t i = 0; i < LAB_ARRAY_SIZE(bad); i++) {
		char *wrong = name_wrong(bad[i]);

		if (!wrong)
			fail_msg("'%s' was accepted", bad[i]);
		free(wrong);
	}
}

static void test_name_length(void **state)
{
	char name[64], *wrong;

	(void)state;
	memset(name, 'a', sizeof(name));
	name[40] = '\0';
	assert_null(name_wrong(name));
	name[40] = 'a';
	name[41] = '\0';
	wrong = name_wrong(name);
	assert_non_null(strstr(wrong, "41 characters"));
	free(wrong);
}

static void test_name_listed(void **state)
{
	static const char dep[] =
		"kernel/sound/snd-hda-intel.ko: kernel/sound/snd-hda-codec.ko.xz kernel/snd.ko\n"
		"kernel/net/e1000.ko.xz:\nkernel/fs/ext4.ko\nplain.ko:\n";

	(void)state;
	assert_true(name_listed(dep, "snd_hda_intel"));
	assert_true(name_listed(dep, "e1000"));
	assert_true(name_listed(dep, "ext4"));
	assert_true(name_listed(dep, "plain"));
	assert_false(name_listed(dep, "snd"));
	assert_false(name_listed(dep, "e100"));
	assert_false(name_listed(dep, "e10000"));
	assert_false(name_listed("", "a"));
}

static void put(unsigned char *p, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		p[i] = value >> (8 * i);
}

/* A boot image with 2 setup sectors and a payload of 64 bytes, 16 bytes into the rest. */
static size_t make_image(unsigned char *image)
{
	memset(image, 0, 4096);
	image[0x1f1] = 2;
	memcpy(image + 0x202, "HdrS", 4);
	put(image + 0x206, 0x20f, 2);
	put(image + 0x248, 16, 4);
	put(image + 0x24c, 64, 4);
	return 3 * 512 + 16 + 64;
}

static void test_bzimage(void **state)
{
	unsigned char image[4096];
	size_t len = make_image(image), offset, size;

	(void)state;
	assert_null(bzimage_payload(image, len, &offset, &size));
	assert_int_equal(offset, 3 * 512 + 16);
	assert_int_equal(size, 64);
	assert_non_null(bzimage_payload(image, len - 1, &offset, &size));
	assert_non_null(bzimage_payload(image, 100, &offset, &size));
	put(image + 0x24c, 0xffffffff, 4);
	assert_non_null(bzimage_payload(image, len, &offset, &size));
	put(image + 0x24c, 0, 4);
	assert_non_null(bzimage_payload(image, len, &offset, &size));
	make_image(image);
	put(image + 0x206, 0x207, 2);
	assert_non_null(bzimage_payload(image, len, &offset, &size));
	make_image(image);
	image[0x202] = 'h';
	assert_non_null(bzimage_payload(image, len, &offset, &size));
}

static void test_bzimage_default_setup(void **state)
{
	unsigned char image[4096];
	size_t offset, size;

	(void)state;
	make_image(image);
	image[0x1f1] = 0;
	assert_null(bzimage_payload(image, sizeof(image), &offset, &size));
	assert_int_equal(offset, 5 * 512 + 16);
}

static void test_apt(void **state)
{
	static const char text[] =
		"Package: linux-image-1-amd64\nVersion: 1-2\nInstalled-Size: 10\n"
		"Depends: kmod, linux-base-1 (= 1-2) | other, linux-modules-1:any\nSize: 77\n\n"
		"Package: linux-base-1\nVersion: 1-2\nDepends: linux-image-1-amd64\n\n\n"
		"Package: linux-modules-1\nVersion: 1-2\n";
	struct apt_index index = { 0 };
	struct lab_list closure = { 0 };

	(void)state;
	apt_parse(text, &index);
	assert_int_equal(index.count, 3);
	assert_int_equal(index.items[0].size, 77);
	assert_int_equal(index.items[0].installed, 10240);
	assert_string_equal(index.items[2].depends, "");
	apt_closure(&index, apt_find(&index, "linux-image-1-amd64"), &closure);
	assert_int_equal(closure.count, 3);
	assert_true(lab_list_has(&closure, "linux-modules-1"));
	assert_null(apt_find(&index, "kmod"));
	lab_list_free(&closure);
	apt_index_free(&index);
}

static void test_frame(void **state)
{
	struct frame frame;

	(void)state;
	assert_true(oops_frame("[    1.2] RIP: 0010:poke.constprop.0+0x5/0x10 [crash]", &frame));
	assert_string_equal(frame.function, "poke.constprop.0");
	assert_string_equal(frame.module, "crash");
	assert_int_equal(frame.offset, 5);
	assert_false(frame.is_return);
	assert_true(oops_frame("[    1.2]  do_one_initcall+0x59/0x220", &frame));
	assert_string_equal(frame.module, "");
	assert_true(frame.is_return);
	assert_true(oops_frame("WARNING: CPU: 0 PID: 8 at /a+b/c.c:11 check+0xa/0x1c [m]", &frame));
	assert_string_equal(frame.function, "check");
	assert_false(oops_frame("[    1.2] RIP: 0010:0x0", &frame));
	assert_false(oops_frame("R10: 0000000000000003 R11: ffffffff82ad4448", &frame));
	assert_false(oops_frame("+0x1/0x2", &frame));
}

static void test_template(void **state)
{
	static const struct word words[] = { { "@NAME@", "vgpu" }, { "@NAME_UPPER@", "VGPU" } };
	static const char text[] = "a@b @NAME@ @NAME_UPPER@_X @NAME@@NAME@ @NAME";
	size_t len = strlen(text);
	char *out = template_expand(text, &len, words, LAB_ARRAY_SIZE(words));

	(void)state;
	assert_string_equal(out, "a@b vgpu VGPU_X vgpuvgpu @NAME");
	assert_int_equal(len, strlen(out));
	free(out);
}

/* Lines with a word that stands for nothing go, whatever else is in them. */
static void test_template_lines(void **state)
{
	static const struct word words[] = {
		{ "@IF_A@", "" }, { "@IF_B@", NULL }, { "@ROWS@", "\tone\n\ttwo" }, { "@X@", "x" },
	};
	static const char text[] = "@IF_A@\ta @X@\n@IF_B@\tb\n@IF_A@\n@ROWS@\n@X@ @IF_B@ c\nend @IF_A@";
	size_t len = strlen(text);
	char *out = template_expand(text, &len, words, LAB_ARRAY_SIZE(words));

	(void)state;
	assert_string_equal(out, "\ta x\n\n\tone\n\ttwo\nend ");
	assert_int_equal(len, strlen(out));
	free(out);
}

static void test_products(void **state)
{
	static const char *const products[] = {
		"a.o", "a.ko", "a.mod", "a.mod.c", ".a.o.cmd", "Module.symvers", "modules.order",
		".git",
	};
	static const char *const sources[] = {
		"a.c", "a.h", "Kbuild", "Makefile", "expected-skips", "README.md", "order",
	};

	(void)state;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(products); i++)
		assert_true(tree_is_product(products[i]));
	for (size_t i = 0; i < LAB_ARRAY_SIZE(sources); i++)
		assert_false(tree_is_product(sources[i]));
}

static void test_module_name(void **state)
{
	char *name = module_name("/a/b-c/vfio-pci-core.ko.xz");

	(void)state;
	assert_string_equal(name, "vfio_pci_core");
	free(name);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name_form), cmocka_unit_test(test_name_length),
		cmocka_unit_test(test_name_listed), cmocka_unit_test(test_bzimage),
		cmocka_unit_test(test_bzimage_default_setup), cmocka_unit_test(test_apt),
		cmocka_unit_test(test_frame), cmocka_unit_test(test_template),
		cmocka_unit_test(test_template_lines),
		cmocka_unit_test(test_products), cmocka_unit_test(test_module_name),
	};

	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
