/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What a test is, what it gets, and the helpers that several groups share. */
#ifndef CONFORM_SUITE_H
#define CONFORM_SUITE_H

#include <stdint.h>

#include "ktap.h"
#include "mdev.h"
#include "vfio.h"

/*
 * A test without this flag makes its own devices, and may count on having all free instances of
 * the type. One with it gets a device that other tests of this kind used before, freshly opened:
 * so a driver that loses an instance with each creation does not run dry half-way.
 */
#define USES_DEVICE	0x1
/* One that only looks at what is there: it needs no device and changes nothing. */
#define LOOKS_ONLY	0x2
/* One that does not apply where the tree says MDK_NO_DMA; and one that applies there only. */
#define WITH_DMA	0x4
#define WITHOUT_DMA	0x8
/* One that does not apply where the tree's hook cannot make the device send a message. */
#define WITH_MESSAGE	0x10

#define DEFAULT_TIMEOUT	15	/* seconds */

struct env {
	const struct test *test;	/* that is running */
	const struct parent *parent;
	const char *type;
	struct mdev dev;
	struct vfio vfio;
	bool given;	/* the device is somebody's: neither made nor removed here */
};

struct mdk_test;

struct test {
	const char *name;
	const char *what;		/* one line for --list -v */
	void (*run)(struct env *env);
	unsigned int flags;
	unsigned int timeout;		/* seconds without a did(), 0: the default */
	const struct mdk_test *vendor;	/* of the driver's tree; NULL: the suite's own */
};

struct group {
	const char *name;
	const struct test *tests;	/* ends with an entry without a name */
};

extern const struct test sysfs_tests[];
extern const struct test info_tests[];
extern const struct test region_tests[];
extern const struct test region_mmap_tests[];
extern const struct test config_tests[];
extern const struct test irq_tests[];
extern const struct test irq_event_tests[];
extern const struct test attribute_tests[];
extern const struct test dma_tests[];
extern const struct test dma_hook_tests[];
extern const struct test dma_hostile_tests[];
extern const struct test dma_last_tests[];
extern const struct test migrate_tests[];
extern const struct test migrate_arc_tests[];
extern const struct test migrate_load_tests[];
extern const struct test migrate_file_tests[];
extern const struct test migrate_stop_tests[];
extern const struct test lifetime_tests[];
extern const struct test removal_tests[];

/* Runs one test in a process of its own; the result is in *report. */
void run_test(struct env *env, const struct test *test);
/* Removes the device that the tests with USES_DEVICE share. */
void run_end(struct env *env);

/* How a process that run_process() started has ended; early: by an exit() of its own. */
enum ending { ENDED, ENDED_EARLY, ENDED_BY_SIGNAL, ENDED_BY_TIMEOUT, ENDED_NEVER };
enum ending run_process(void (*fn)(void *arg), void *arg, unsigned int timeout, int *number);

/* For tests: fail and end the test if the device cannot be made, opened, or asked. */
void need_mdev(struct env *env, struct mdev *m);
void need_open(struct env *env, const struct mdev *m, struct vfio *v);
void need_closed_and_removed(const struct mdev *m, struct vfio *v);
void need_device_info(const struct env *env, struct vfio_device_info *info);

/* Monotonic time in milliseconds. */
uint64_t now_ms(void);
void sleep_ms(unsigned int ms);
/*
 * How long a race is run: @ms on a kernel. A server of vfio-user answers one request at a time, so
 * there it is that much less.
 */
unsigned int race_ms(unsigned int ms);
/* How long is waited for what must not come; a server does at once what it does. */
unsigned int quiet_ms(unsigned int ms);
/* Both as long there as on a kernel: somebody looks for races in the server. */
void race_long(void);
const char *err_name(long ret);

#endif
