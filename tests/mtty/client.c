// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user of mtty sees: a 16550 that echoes, with interrupts, and 24 ports in all.
 * Runs in the guest; creates its devices itself; prints KTAP.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial_reg.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "vfio.h"

#define PARENT "/sys/class/mdev_bus/mtty/"
#define TYPES PARENT "mdev_supported_types/"
#define DEVICES "/sys/bus/mdev/devices/"

static int results, failures;

static void result(bool ok, const char *name, const char *found)
{
	if (!ok) {
		failures++;
		printf("# found: %s\n", found);
	}
	printf("%sok %d mtty.%s\n", ok ? "" : "not ", ++results, name);
}

static void result_number(long found, long needed, const char *name)
{
	char text[64];

	snprintf(text, sizeof(text), "%ld (0x%lx), needed: %ld (0x%lx)", found, found, needed, needed);
	result(found == needed, name, text);
}

/* Files */

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static long read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t got;

	text[0] = 0;
	if (fd < 0)
		return -errno;
	got = read(fd, text, size - 1);
	close(fd);
	if (got < 0)
		return -errno;
	text[got] = 0;
	return got;
}

static long available(const char *type)
{
	char path[256], text[32];

	snprintf(path, sizeof(path), TYPES "%s/available_instances", type);
	return read_file(path, text, sizeof(text)) < 0 ? -1 : atol(text);
}

static void uuid_of(int nr, char *uuid)
{
	sprintf(uuid, "83b8f4f2-509f-382f-3c1e-e6bfe0fa1%03x", nr & 0xfff);
}

static int create(const char *type, int nr)
{
	char path[256], uuid[40];

	uuid_of(nr, uuid);
	snprintf(path, sizeof(path), TYPES "%s/create", type);
	return write_file(path, uuid);
}

static int remove_device(int nr)
{
	char path[256], uuid[40];

	uuid_of(nr, uuid);
	snprintf(path, sizeof(path), DEVICES "%s/remove", uuid);
	return write_file(path, "1");
}

/* How many fit, and the errno of the one that does not. */
static int fill(const char *type, int *refused)
{
	int nr = 0, i;

	while (!(*refused = create(type, nr)))
		nr++;
	for (i = 0; i < nr; i++)
		remove_device(i);
	return nr;
}

static void test_types(void)
{
	char text[128];
	int refused;

	result_number(available("mtty-1"), 24, "available_single");
	result_number(available("mtty-2"), 12, "available_dual");
	result_number(fill("mtty-1", &refused), 24, "create_24_single");
	result_number(refused, -ENOSPC, "port_25_refused");
	result_number(fill("mtty-2", &refused), 12, "create_12_dual");
	result_number(refused, -ENOSPC, "dual_13_refused");
	result_number(available("mtty-1"), 24, "available_again");

	read_file(TYPES "mtty-1/name", text, sizeof(text));
	result(!strcmp(text, "Single port serial\n"), "type_name", text);
	read_file(PARENT "mtty_dev/sample_mtty_dev", text, sizeof(text));
	result(!strcmp(text, "This is phy device\n"), "parent_attribute", text);
}

static void test_attribute(void)
{
	char path[256], uuid[40], text[128], want[128];

	create("mtty-2", 1);
	uuid_of(1, uuid);
	snprintf(path, sizeof(path), DEVICES "%s/vendor/sample_mdev_dev", uuid);
	snprintf(want, sizeof(want), "This is MDEV %s\n", uuid);
	read_file(path, text, sizeof(text));
	result(!strcmp(text, want), "device_attribute", text);
	remove_device(1);
}

/* The UART */

struct uart {
	struct vfio vfio;
	uint64_t bar;
	int irq;
};

static int uart_in(struct uart *u, int reg)
{
	uint8_t val;

	return pread(u->vfio.device, &val, 1, u->bar + reg) == 1 ? val : -1;
}

static void uart_out(struct uart *u, int reg, uint8_t val)
{
	if (pwrite(u->vfio.device, &val, 1, u->bar + reg) != 1)
		printf("# write of register %d failed: %s\n", reg, strerror(errno));
}

static int set_irqs(int device, uint32_t flags, uint32_t count, int fd)
{
	struct {
		struct vfio_irq_set set;
		int fd;
	} req = {
		.set = { .argsz = sizeof(req), .flags = flags, .index = VFIO_PCI_INTX_IRQ_INDEX,
			 .count = count },
		.fd = fd,
	};

	return vfio_ioctl(device, VFIO_DEVICE_SET_IRQS, &req);
}

static void unmask(struct uart *u)
{
	set_irqs(u->vfio.device, VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK, 1, 0);
}

/* Deliveries since the last call. */
static long interrupts(struct uart *u)
{
	struct pollfd p = { .fd = u->irq, .events = POLLIN };
	uint64_t count = 0;

	if (poll(&p, 1, 100) == 1 && read(u->irq, &count, sizeof(count)) != sizeof(count))
		return -1;
	return count;
}

static int group_of(const char *uuid)
{
	char path[256], target[256];
	ssize_t len;

	snprintf(path, sizeof(path), DEVICES "%s/iommu_group", uuid);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -1;
	target[len] = 0;
	return atoi(strrchr(target, '/') + 1);
}

static int uart_open(struct uart *u, int nr, unsigned int port)
{
	struct vfio_region_info info;
	const char *step = "";
	char uuid[40];
	int ret;

	uuid_of(nr, uuid);
	u->vfio = (struct vfio)VFIO_CLOSED;
	ret = vfio_open(&u->vfio, group_of(uuid), uuid, &step);
	if (ret) {
		printf("# open: %s: %s\n", step, strerror(-ret));
		return ret;
	}
	vfio_region_info(u->vfio.device, port, &info);
	u->bar = info.offset;
	u->irq = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return set_irqs(u->vfio.device, VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER, 1,
			u->irq);
}

static void uart_close(struct uart *u)
{
	close(u->irq);
	vfio_close(&u->vfio);
}

static void test_echo(struct uart *u)
{
	static const char text[] = "mediated!";
	char back[sizeof(text)] = "";
	size_t i;

	uart_out(u, UART_FCR, UART_FCR_ENABLE_FIFO);
	result_number(uart_in(u, UART_IIR) & 0xc0, 0xc0, "fifo_announced");
	uart_out(u, UART_IER, UART_IER_RDI);
	for (i = 0; i < sizeof(text) - 1; i++)
		uart_out(u, UART_TX, text[i]);
	result_number(interrupts(u), 1, "one_interrupt_while_masked");
	result_number(uart_in(u, UART_IIR) & 0x0f, UART_IIR_RDI, "iir_data");
	for (i = 0; uart_in(u, UART_LSR) & UART_LSR_DR && i < sizeof(back) - 1; i++)
		back[i] = uart_in(u, UART_RX);
	result(!strcmp(back, text), "bytes_come_back", back);
	result_number(uart_in(u, UART_IIR) & 0x0f, UART_IIR_NO_INT, "iir_idle");
	unmask(u);
	result_number(interrupts(u), 0, "no_interrupt_without_cause");
	uart_out(u, UART_TX, 'x');
	result_number(interrupts(u), 1, "interrupt_after_unmask");
	unmask(u);
	result_number(interrupts(u), 1, "interrupt_again_while_asserted");
	uart_in(u, UART_RX);
	unmask(u);
}

static void test_transmitter(struct uart *u)
{
	interrupts(u);
	uart_out(u, UART_IER, UART_IER_THRI);
	result_number(interrupts(u), 1, "interrupt_of_empty_transmitter");
	result_number(uart_in(u, UART_IIR) & 0x0f, UART_IIR_THRI, "iir_transmitter");
	result_number(uart_in(u, UART_IIR) & 0x0f, UART_IIR_NO_INT, "iir_read_clears_it");
	uart_out(u, UART_IER, 0);
	unmask(u);
}

static void test_overrun(struct uart *u)
{
	int i;

	uart_out(u, UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR);
	for (i = 0; i < 17; i++)
		uart_out(u, UART_TX, i);
	result_number(uart_in(u, UART_LSR) & UART_LSR_OE, UART_LSR_OE, "overrun_is_told");
	result_number(uart_in(u, UART_LSR) & UART_LSR_OE, 0, "overrun_is_told_once");
	for (i = 0; uart_in(u, UART_LSR) & UART_LSR_DR; i++)
		uart_in(u, UART_RX);
	result_number(i, 16, "fifo_holds_16");
}

/* As a stock 8250 driver finds out what it has in front of it. */
static void test_detection(struct uart *u)
{
	uart_out(u, UART_SCR, 0x5a);
	result_number(uart_in(u, UART_SCR), 0x5a, "scratch");
	uart_out(u, UART_MCR, UART_MCR_LOOP | UART_MCR_OUT2 | UART_MCR_RTS);
	result_number(uart_in(u, UART_MSR) & 0xf0, UART_MSR_DCD | UART_MSR_CTS, "modem_loopback");
	uart_out(u, UART_MCR, 0);
	uart_in(u, UART_MSR);
	result_number(uart_in(u, UART_MSR), UART_MSR_DCD | UART_MSR_DSR | UART_MSR_CTS,
		      "modem_lines");
	uart_out(u, UART_LCR, UART_LCR_DLAB);
	uart_out(u, UART_DLL, 0x0c);
	uart_out(u, UART_DLM, 0x01);
	result_number(uart_in(u, UART_DLL) | uart_in(u, UART_DLM) << 8, 0x010c, "divisor");
	uart_out(u, UART_LCR, UART_LCR_WLEN8);
	result_number(uart_in(u, UART_IER), 0, "divisor_is_not_ier");
}

static void test_next_user(int nr)
{
	struct uart u;

	if (uart_open(&u, nr, 0))
		return;
	result_number(uart_in(&u, UART_SCR) | (uart_in(&u, UART_LSR) & UART_LSR_DR), 0,
		      "next_user_finds_nothing");
	uart_close(&u);
}

/* The bytes that the documented recipe shows with lspci -xxvv, and the name in vendor space. */
static void test_config(struct uart *u)
{
	static const uint8_t want[] = { 0x48, 0x43, 0x53, 0x32, 0x00, 0x00, 0x00, 0x02,
					0x10, 0x02, 0x00, 0x07 };
	uint64_t base = (uint64_t)VFIO_PCI_CONFIG_REGION_INDEX << 40;
	uint8_t header[sizeof(want)];
	char name[16] = "";

	result(pread(u->vfio.device, header, sizeof(header), base) == sizeof(header) &&
		       !memcmp(header, want, sizeof(want)),
	       "config_header", "other bytes than the recipe's");
	result(pread(u->vfio.device, name, 15, base + 0x60) == 15 &&
		       !strcmp(name, "PCI Serial/UART"),
	       "config_vendor_area", name);
}

static void test_ports(void)
{
	struct uart a, b;

	create("mtty-2", 7);
	if (uart_open(&a, 7, 0))
		return;
	test_config(&a);
	test_echo(&a);
	test_transmitter(&a);
	test_overrun(&a);
	test_detection(&a);
	b = a;
	b.bar = (uint64_t)1 << 40;
	uart_out(&a, UART_SCR, 1);
	uart_out(&b, UART_SCR, 2);
	result_number(uart_in(&a, UART_SCR) << 8 | uart_in(&b, UART_SCR), 0x102, "ports_are_two");
	uart_close(&a);
	test_next_user(7);
	result_number(remove_device(7), 0, "remove");
}

int main(void)
{
	puts("KTAP version 1");
	test_types();
	test_attribute();
	test_ports();
	printf("1..%d\n# mdev-conform: end\n", results);
	return failures ? 1 : 0;
}
