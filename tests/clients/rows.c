// SPDX-License-Identifier: GPL-2.0-only
/* What rows of a model do without code of the driver's: the fixture mdkrows must be loaded. */
#include "../fixtures/mdkrows/mdkrows.h"
#include "client.h"
#include "rows.h"

struct vfio rows = VFIO_CLOSED;

static int create_rows(void)
{
	return write_file(class_path("mdkrows/mdev_supported_types/mdkrows-1/create"), UUID_A);
}

uint32_t get32(uint64_t at)
{
	uint32_t val = 0xdeadbeef;

	if (pread(rows.device, &val, sizeof(val), at) != sizeof(val))
		diag("read at %llx: %s", (unsigned long long)at, strerror(errno));
	return val;
}

void put32(uint64_t at, uint32_t val)
{
	if (pwrite(rows.device, &val, sizeof(val), at) != sizeof(val))
		diag("write at %llx: %s", (unsigned long long)at, strerror(errno));
}

/* Parameters */

static int set(const char *name, const char *text)
{
	char file[32];

	snprintf(file, sizeof(file), "rows/%s", name);
	return write_file(mdev_path(UUID_A, file), text);
}

static long shown(const char *name)
{
	char file[32], text[64];
	int ret;

	snprintf(file, sizeof(file), "rows/%s", name);
	ret = read_file(mdev_path(UUID_A, file), text, sizeof(text));
	return ret < 0 ? ret : strtol(text, NULL, 0);
}

/* How often the kernel's log has the id of a message. */
static int logged(const char *id)
{
	char command[96];

	snprintf(command, sizeof(command), "test $(dmesg | grep -c '\\[%s\\]') = 1", id);
	return system(command);
}

/* Whoever may write the file could fill the log. */
static void test_flood(void)
{
	for (int i = 0; i < 100; i++)
		set("any", "0");
	ok_is(system("test $(dmesg | grep -c '\\[K182\\]') -lt 50"), 0, "flood.of_bad_numbers");
	for (int i = 0; i < 100; i++)
		set("closed", "10");
	ok_is(system("test $(dmesg | grep -c '\\[K181\\]') -lt 50"), 0, "flood.while_it_is_open");
	for (int i = 0; i < 100; i++)
		set("creation", "11");
	ok_is(system("test $(dmesg | grep -c '\\[K180\\]') -lt 50"), 0, "flood.after_the_first_open");
}

static void test_range(void)
{
	ok_is(shown("any"), MDKROWS_DFLT, "param.default");
	ok(shown("name") >= 0, "param.shares_a_directory_with_an_attribute");
	ok_is(set("any", "0"), -EINVAL, "param.below_its_range");
	ok_is(logged("K182"), 0, "param.one_message_says_so");
	ok_is(set("any", "501"), -EINVAL, "param.above_its_range");
	ok_is(set("any", "4294967301"), -EINVAL, "param.beyond_32_bits");
	ok_is(set("any", "-5"), -EINVAL, "param.negative");
	ok_is(set("any", "five"), -EINVAL, "param.no_number");
	ok_is(set("any", "\n"), -EINVAL, "param.nothing_written");
	ok_is(shown("any"), MDKROWS_DFLT, "param.refused_changes_nothing");
	ok_is(set("any", "5"), 0, "param.smallest");
	ok_is(set("any", "0x1f4\n"), 0, "param.largest_in_hex");
	ok_is(shown("any"), MDKROWS_MAX, "param.is_shown");
}

static void test_when(void)
{
	ok_is(set("closed", "7"), 0, "param.closed_while_closed");
	ok_is(set("creation", "8"), 0, "param.creation_before_the_first_open");
	ok_is(open_user_pci(&rows, UUID_A), 0, "param.open");
	ok_is(get32(MDKROWS_CLOSED), 7, "param.closed_reached_the_state");
	ok_is(get32(MDKROWS_CREATION), 8, "param.creation_reached_the_state");
	ok_is(set("any", "9"), 0, "param.any_while_open");
	ok_is(get32(MDKROWS_ANY), 9, "param.any_reached_the_state");
	ok_is(set("closed", "10"), -EBUSY, "param.closed_while_open");
	ok_is(logged("K181"), 0, "param.closed_says_why");
	ok_is(set("creation", "11"), -EBUSY, "param.creation_while_open");
	ok_is(logged("K180"), 0, "param.creation_says_why");
	ok_is(reset_user(&rows), 0, "param.reset");
	ok(get32(MDKROWS_ANY) == 9 && get32(MDKROWS_CLOSED) == 7 && get32(MDKROWS_CREATION) == 8,
	   "param.survives_a_reset_that_clears_the_state");
	close_user(&rows);
	ok_is(set("closed", "12"), 0, "param.closed_after_close");
	ok_is(set("creation", "13"), -EBUSY, "param.creation_after_close");
	ok_is(open_user_pci(&rows, UUID_A), 0, "param.open_again");
	ok(get32(MDKROWS_ANY) == 9 && get32(MDKROWS_CLOSED) == 12, "param.survives_a_close");
	test_flood();
	close_user(&rows);
}

int rows_main(void)
{
	ok_is(create_rows(), 0, "create");
	test_range();
	test_when();
	remove_mdev(UUID_A);
	ok_is(create_rows(), 0, "create_again");
	ok(shown("any") == MDKROWS_DFLT && !set("creation", "14"), "param.new_device_new_values");
	test_causes();
	test_more_causes();
	test_regs();
	test_rows_display();
	remove_mdev(UUID_A);
	return done();
}
