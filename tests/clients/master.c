// SPDX-License-Identifier: GPL-2.0-only
/* A guest that switches its device off, by bus mastering or by D3hot: fixture mdkpin. */
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>

#include "../fixtures/mdkpin/mdkpin.h"
#include "client.h"

#define BOTH (READ | WRITE)
#define CONFIG (7ULL << 40)
#define A 0x100000UL
#define PAGES 16
#define RING (A + 8 * PAGE)
#define SOON 2000
#define QUIET 150

static uint32_t *mem;

static uint32_t get(const struct vfio *v, uint32_t reg)
{
	uint32_t value = 0;

	if (pread(v->device, &value, sizeof(value), reg) != sizeof(value))
		diag("read of 0x%x: %s", reg, strerror(errno));
	return value;
}

static void put(const struct vfio *v, uint32_t reg, uint64_t value, size_t size)
{
	if (pwrite(v->device, &value, size, reg) != (ssize_t)size)
		diag("write of 0x%x: %s", reg, strerror(errno));
}

/* The arguments that most commands have, and the command. */
static int run_slot(const struct vfio *v, unsigned int slot, unsigned int command, uint64_t iova,
		    uint32_t data)
{
	put(v, MDKPIN_SLOT, slot, 4);
	put(v, MDKPIN_IOVA, iova, 8);
	put(v, MDKPIN_DATA, data, 4);
	put(v, MDKPIN_OFFSET, 0, 4);
	put(v, MDKPIN_COMMAND, command, 4);
	return get(v, MDKPIN_RESULT);
}

static int run(const struct vfio *v, unsigned int command, uint64_t iova, uint32_t data)
{
	return run_slot(v, 0, command, iova, data);
}

static int pin_slot(const struct vfio *v, unsigned int slot, uint64_t size)
{
	put(v, MDKPIN_SIZE, size, 8);
	put(v, MDKPIN_DIR, BOTH, 4);
	return run_slot(v, slot, MDKPIN_PIN, A, 0);
}

static int ring_start(const struct vfio *v)
{
	put(v, MDKPIN_SIZE, 8, 8);
	return run(v, MDKPIN_RING_START, RING, 0);
}

/* Configuration space */

static uint16_t config16(const struct vfio *v, unsigned int at)
{
	uint16_t value = 0;

	pread(v->device, &value, sizeof(value), CONFIG + at);
	return value;
}

static void set_config16(const struct vfio *v, unsigned int at, uint16_t value)
{
	pwrite(v->device, &value, sizeof(value), CONFIG + at);
}

static unsigned int pm_control(const struct vfio *v)
{
	unsigned int at = config16(v, PCI_CAPABILITY_LIST) & 0xff;

	while (at && (config16(v, at) & 0xff) != PCI_CAP_ID_PM)
		at = config16(v, at) >> 8;
	return at + PCI_PM_CTRL;
}

static void set_power(const struct vfio *v, unsigned int state)
{
	set_config16(v, pm_control(v), state);
}

/* Interrupts */

/* Of a line in debugfs; -1: there is none. */
static long counted(const char *uuid, const char *name)
{
	char path[100], text[2048], *at;

	snprintf(path, sizeof(path), "/sys/kernel/debug/mdk/%s", uuid);
	if (read_file(path, text, sizeof(text)) < 0)
		return -1;
	at = strstr(text, name);
	return at ? atol(at + strlen(name)) : -1;
}

/* Until the next call. */
/* Everything that it must not do, and what goes on. */
static void test_off(const struct vfio *v, const char *why)
{
	int msi = armed(v, VFIO_PCI_MSI_IRQ_INDEX), intx = armed(v, VFIO_PCI_INTX_IRQ_INDEX);
	int err = armed(v, VFIO_PCI_ERR_IRQ_INDEX);
	long before = counted(UUID_A, "messages_dropped ");

	mem[0] = 0x600d;
	/* What the first slot had is dead and still there. */
	ok_is(pin_slot(v, 1, PAGE), -ESHUTDOWN, name_of(why, "pin"));
	ok_is(run(v, MDKPIN_DMA_READ, A, 0), -ESHUTDOWN, name_of(why, "dma_read"));
	ok(get(v, MDKPIN_DATA) != 0x600d, name_of(why, "nothing_was_read"));
	ok_is(run(v, MDKPIN_DMA_WRITE, A, 0xbad), -ESHUTDOWN, name_of(why, "dma_write"));
	ok_is(mem[0], 0x600d, name_of(why, "nothing_was_written"));
	ok_is(ring_start(v), -ESHUTDOWN, name_of(why, "ring"));
	ok(!run(v, MDKPIN_MESSAGE, 0, 0) && !heard(msi, QUIET), name_of(why, "no_message"));
	ok_is(counted(UUID_A, "messages_dropped "), before + 1, name_of(why, "message_is_counted"));
	run(v, MDKPIN_PIN_LEVEL, 0, 1);
	ok(heard(intx, SOON), name_of(why, "intx_goes_on"));
	run(v, MDKPIN_PIN_LEVEL, 0, 0);
	ok(run(v, MDKPIN_BROKEN, 0, 0) == 1 && heard(err, SOON), name_of(why, "err_goes_on"));
	close(msi);
	close(intx);
	close(err);
}
#define OFF_TESTS 10

/* A pin, and a descriptor that was fetched and is not completed. */
static bool works(const struct vfio *v)
{
	memset(mem, 0, PAGES * PAGE);
	return !pin_slot(v, 0, 4 * PAGE) && !run(v, MDKPIN_WRITE, 0, 0x1234) &&
	       mem[0] == 0x1234 && !ring_start(v) && !run(v, MDKPIN_RING_PRODUCE, 0, 2) &&
	       !run(v, MDKPIN_RING_FETCH, 0, 0);
}

static void test_on(const struct vfio *v, const char *name)
{
	int msi = armed(v, VFIO_PCI_MSI_IRQ_INDEX);

	ok(works(v) && run(v, MDKPIN_MESSAGE, 0, 0) == 1 && heard(msi, SOON), name);
	close(msi);
}

/* What it had before it was switched off. */
static void test_dead(const struct vfio *v, const char *why)
{
	ok_is(wait_locked(0), 0, name_of(why, "no_page_stays_pinned"));
	ok_is(run(v, MDKPIN_READ, 0, 0), -ESHUTDOWN, name_of(why, "no_read_by_an_old_pin"));
	ok_is(run(v, MDKPIN_WRITE, 0, 0xbad), -ESHUTDOWN, name_of(why, "no_write_by_an_old_pin"));
	ok_is(run(v, MDKPIN_SGT, 0, 0), -ESHUTDOWN, name_of(why, "no_scatter_list_of_an_old_pin"));
	ok_is(run(v, MDKPIN_RING_FETCH, 0, 0), -ESHUTDOWN, name_of(why, "no_fetch"));
	ok_is(run(v, MDKPIN_RING_COMPLETE, 0, 0), -ESHUTDOWN, name_of(why, "no_write_back"));
	ok_is(run(v, MDKPIN_RING_WRITE, A + PAGE, 1), -ESHUTDOWN, name_of(why, "no_buffer"));
}
#define DEAD_TESTS 7

static void test_forgotten(const struct vfio *v, const char *name)
{
	int ret = run(v, MDKPIN_READ, 0, 0);

	ok_is(ret, -EFAULT, name);
	run(v, MDKPIN_UNPIN, 0, 0);
}

static bool whole_range(const struct vfio *v)
{
	return !get(v, MDKPIN_QUIESCE_IOVA) && get(v, MDKPIN_QUIESCE_SIZE) == ~0U;
}

static void test_clear(const struct vfio *v)
{
	uint32_t quiesces = get(v, MDKPIN_QUIESCES), resets = get(v, MDKPIN_RESETS);

	vfio_bus_master(v->device, false);
	ok_is(get(v, MDKPIN_QUIESCES), quiesces + 1, "clear.quiesce_once");
	ok(whole_range(v), "clear.of_everything");
	test_dead(v, "clear");
	test_off(v, "clear");
	vfio_bus_master(v->device, false);
	ok_is(get(v, MDKPIN_QUIESCES), quiesces + 1, "clear.not_a_second_time");
	ok_is(get(v, MDKPIN_RESETS), resets, "clear.is_no_reset");
	vfio_bus_master(v->device, true);
	test_forgotten(v, "clear.what_died_stays_dead");
	test_on(v, "clear.mended");
}
#define CLEAR_TESTS (6 + DEAD_TESTS + OFF_TESTS)

/* The other enable bits say nothing about DMA. */
static void test_other_bits(const struct vfio *v)
{
	uint32_t quiesces = get(v, MDKPIN_QUIESCES);

	set_config16(v, PCI_COMMAND, PCI_COMMAND_MASTER);
	set_config16(v, PCI_COMMAND, PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY);
	pwrite(v->device, &(uint8_t){ 0 }, 1, CONFIG + PCI_COMMAND + 1);
	ok(get(v, MDKPIN_QUIESCES) == quiesces && !run(v, MDKPIN_WRITE, 0, 7) && mem[0] == 7,
	   "bits.others_have_no_effect");
	pwrite(v->device, &(uint8_t){ PCI_COMMAND_MEMORY }, 1, CONFIG + PCI_COMMAND);
	ok_is(run(v, MDKPIN_WRITE, 0, 8), -ESHUTDOWN, "bits.one_byte_clears_it");
	run(v, MDKPIN_UNPIN, 0, 0);
	vfio_bus_master(v->device, true);
}

static void test_sleep(const struct vfio *v)
{
	uint32_t quiesces;

	test_on(v, "d3hot.before");
	quiesces = get(v, MDKPIN_QUIESCES);
	set_power(v, 3);
	ok_is(get(v, MDKPIN_QUIESCES), quiesces + 1, "d3hot.quiesce_once");
	test_dead(v, "d3hot");
	test_off(v, "d3hot");
	vfio_bus_master(v->device, true);
	run(v, MDKPIN_UNPIN, 0, 0);
	ok_is(pin_slot(v, 0, PAGE), -ESHUTDOWN, "d3hot.bus_mastering_does_not_wake_it");
	set_power(v, 0);
	test_on(v, "d3hot.back_in_d0");
}
#define SLEEP_TESTS (4 + DEAD_TESTS + OFF_TESTS)

static void test_failing(const struct vfio *v)
{
	uint32_t resets = get(v, MDKPIN_RESETS);

	set_param_of("mdkpin", "quiesce_errno", "5");
	vfio_bus_master(v->device, false);
	set_param_of("mdkpin", "quiesce_errno", "0");
	ok_is(get(v, MDKPIN_RESETS), resets + 1, "fail.reset");
	ok_is(wait_locked(0), 0, "fail.no_page_stays_pinned");
	run(v, MDKPIN_UNPIN, 0, 0);
	vfio_bus_master(v->device, true);
	test_on(v, "fail.mended");
}

static void test_reset(const struct vfio *v)
{
	ioctl(v->device, VFIO_DEVICE_RESET);
	ok(!(config16(v, PCI_COMMAND) & PCI_COMMAND_MASTER), "reset.clears_the_bit");
	ok_is(wait_locked(0), 0, "reset.no_page_stays_pinned");
	ok_is(run(v, MDKPIN_READ, 0, 0), -ESHUTDOWN, "reset.off");
	run(v, MDKPIN_UNPIN, 0, 0);
	vfio_bus_master(v->device, true);
	test_on(v, "reset.mended");
	set_power(v, 3);
	ioctl(v->device, VFIO_DEVICE_RESET);
	run(v, MDKPIN_UNPIN, 0, 0);
	vfio_bus_master(v->device, true);
	test_on(v, "reset.wakes_it");
}

static bool map_all(const struct vfio *v)
{
	return !vfio_map_dma(v, A, mem, PAGES * PAGE, BOTH);
}

static void test_close(struct vfio *v)
{
	close_user(v);
	ok(!open_user(v, UUID_A) && map_all(v), "close.open_again");
	ok(!(config16(v, PCI_COMMAND) & PCI_COMMAND_MASTER), "close.clears_the_bit");
	run(v, MDKPIN_UNPIN, 0, 0);
	ok_is(pin_slot(v, 0, PAGE), -ESHUTDOWN, "close.off");
	vfio_bus_master(v->device, true);
}

static atomic_bool switched;

static void *switch_off(void *arg)
{
	const struct vfio *user = arg;

	vfio_bus_master(user->device, false);
	atomic_store(&switched, true);
	return NULL;
}

/* Whoever switches it on while it is being stopped waits: else his pins go without a stop. */
static void test_switch(struct vfio *v)
{
	pthread_t other;
	long since;

	pin_slot(v, 0, PAGE);
	set_param_of("mdkpin", "quiesce_ms", "1000");
	since = now_ms();
	pthread_create(&other, NULL, switch_off, v);
	usleep(150000);
	ok(!atomic_load(&switched), "switch.off_takes_its_time");
	vfio_bus_master(v->device, true);
	ok(now_ms() - since >= 1000, "switch.on_waits_for_it");
	set_param_of("mdkpin", "quiesce_ms", "0");
	pthread_join(other, NULL);
	run(v, MDKPIN_UNPIN, 0, 0);
	test_on(v, "switch.on");
}

/* Threads that pin, write and copy all the time; behind the write of the bit none does. */
static void test_race(const struct vfio *v, unsigned int begin, unsigned int end, const char *name)
{
	unsigned int late = 0, acted = 0;

	put(v, MDKPIN_SIZE, 2 * PAGE, 8);
	run(v, begin, A, 0x77);
	for (int i = 0; i < 100; i++) {
		vfio_bus_master(v->device, true);
		usleep(500 + i * 37);
		if (i & 1)
			vfio_bus_master(v->device, false);
		else
			set_power(v, 3);
		acted += !!mem[0];
		memset(mem, 0, 2 * PAGE);
		usleep(3000);
		late += !!mem[0];
		set_power(v, 0);
	}
	vfio_bus_master(v->device, false);
	run(v, end, A, 0);
	diag("it wrote in %u rounds, in %u of them too late", acted, late);
	ok(acted > 20 && !late, name);
	ok_is(wait_locked(0), 0, name);
}

/* The same for a model that does not look at the bit. */
static void test_careless(const char *model, const char *uuid)
{
	struct vfio v = VFIO_CLOSED;
	char file[100];

	snprintf(file, sizeof(file), "%s/mdev_supported_types/%s-1/create", model, model);
	ok(!write_file(class_path(file), uuid) && !open_user(&v, uuid) && map_all(&v),
	   name_of(model, "open"));
	ok_is((int)get(&v, MDKPIN_INIT_RESULT), -ENODEV, name_of(model, "pin_in_init"));
	ok_is((int)get(&v, MDKPIN_OPEN_RESULT), -EAGAIN, name_of(model, "pin_in_open"));
	test_on(&v, name_of(model, "acts"));
	set_power(&v, 3);
	ok_is(run(&v, MDKPIN_READ, 0, 0), 0, name_of(model, "acts_in_d3hot"));
	close_user(&v);
	ok_is(remove_mdev(uuid), 0, name_of(model, "remove"));
}
#define CARELESS_TESTS 6

int sdkmaster_main(void)
{
	struct vfio v = VFIO_CLOSED;

	mem = memory(PAGES * PAGE);
	ok(!write_file(class_path("mdkpin/mdev_supported_types/mdkpin-1/create"), UUID_A) &&
	   !open_user(&v, UUID_A) && map_all(&v), "open");
	test_off(&v, "power_on");
	vfio_bus_master(v.device, true);
	test_on(&v, "on");
	test_clear(&v);
	test_other_bits(&v);
	test_sleep(&v);
	test_failing(&v);
	test_reset(&v);
	test_close(&v);
	test_switch(&v);
	test_race(&v, MDKPIN_STRESS, MDKPIN_STRESS_STOP, "race.pins");
	test_race(&v, MDKPIN_COPIES, MDKPIN_COPIES_STOP, "race.copies");
	close_user(&v);
	test_careless("mdkalways", UUID_B);
	test_careless("mdkold", UUID_C);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}
