// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Helpers of the group irq. */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "control.h"
#include "irq.h"

#define ID_WAIT_MS	3000
#define MAX_IDS		65536
#define MAX_OPEN	900	/* descriptors that a process may have, with some to spare */

int irq_set(int device, const struct irq_request *req)
{
	struct vfio_irq_set *set = calloc(1, IRQ_SET_MINSZ + req->size + 64);
	int ret;

	if (!set)
		return -ENOMEM;
	set->argsz = req->argsz ? req->argsz : (uint32_t)(IRQ_SET_MINSZ + req->size);
	set->flags = req->flags;
	set->index = req->index;
	set->start = req->start;
	set->count = req->count;
	if (req->size)
		memcpy(set->data, req->payload, req->size);
	ret = vfio_ioctl(device, VFIO_DEVICE_SET_IRQS, set);
	free(set);
	return ret;
}

int irq_arm(int device, unsigned int index, uint32_t start, uint32_t count, const int32_t *fds)
{
	const struct irq_request req = {
		.flags = EVENTFD | TRIGGER, .index = index, .start = start, .count = count,
		.payload = fds, .size = count * sizeof(*fds),
	};

	return irq_set(device, &req);
}

int irq_trigger_bool(int device, const struct irq *irq, uint32_t vectors)
{
	uint8_t bools[MAX_USED];
	const struct irq_request req = {
		.flags = BOOL | TRIGGER, .index = irq->index, .count = irq->used,
		.payload = bools, .size = irq->used,
	};

	for (uint32_t i = 0; i < irq->used; i++)
		bools[i] = (vectors >> i) & 1;
	return irq_set(device, &req);
}

int irq_trigger_none(int device, const struct irq *irq, uint32_t start, uint32_t count)
{
	const struct irq_request req = {
		.flags = NONE | TRIGGER, .index = irq->index, .start = start, .count = count,
	};

	return irq_set(device, &req);
}

int irq_disarm(int device, const struct irq *irq)
{
	return irq_trigger_none(device, irq, 0, 0);
}

/* What the device has */

void irqs_load(const struct env *env, struct irqs *irqs)
{
	struct vfio_device_info info;
	struct vfio_irq_info irq;

	need_device_info(env, &info);
	irqs->num = info.num_irqs;
	irqs->nr = 0;
	for (unsigned int i = 0; i < info.num_irqs && irqs->nr < MAX_IRQS; i++) {
		if (vfio_irq_info(env->vfio.device, i, &irq) || !irq.count ||
		    !(irq.flags & VFIO_IRQ_INFO_EVENTFD))
			continue;
		irqs->v[irqs->nr++] = (struct irq) {
			i, irq.count, irq.flags, irq.count < MAX_USED ? irq.count : MAX_USED,
		};
	}
}

void need_irqs(const struct env *env, struct irqs *irqs)
{
	irqs_load(env, irqs);
	if (!irqs->nr)
		skip("the device has no interrupt");
}

void need_checked_requests(const struct env *env, struct irqs *irqs)
{
	const int32_t no_fd = -1;

	need_irqs(env, irqs);
	for (unsigned int i = 0; i < irqs->nr; i++)
		if (!irq_arm(env->vfio.device, irqs->v[i].index, irqs->v[i].count, 1, &no_fd))
			skip("index %u has %u vectors and takes one more: not safe to try",
			     irqs->v[i].index, irqs->v[i].count);
}

void need_armed(const struct env *env, const struct irq *irq, int32_t *fds)
{
	int ret;

	events_new(fds, irq->used);
	did("SET_IRQS of index %u: an eventfd for each of its first %u vectors", irq->index, irq->used);
	ret = irq_arm(env->vfio.device, irq->index, 0, irq->used, fds);
	if (ret) {
		failed("0: VFIO_IRQ_INFO_EVENTFD is set", "%s", err_name(ret));
		test_end();
	}
}

void reopen(struct env *env)
{
	vfio_close(&env->vfio);
	need_open(env, &env->dev, &env->vfio);
}

/* Eventfds */

int event_new(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	if (fd < 0) {
		failed("an eventfd", "%s", err_name(-errno));
		test_end();
	}
	return fd;
}

void events_new(int32_t *fds, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		fds[i] = event_new();
}

void events_close(int32_t *fds, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
}

uint64_t event_take(int fd, unsigned int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint64_t n = 0;

	poll(&pfd, 1, (int)ms);
	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

uint32_t events_take(const int32_t *fds, uint32_t n, unsigned int ms)
{
	uint32_t seen = 0;

	sleep_ms(ms);
	for (uint32_t i = 0; i < n; i++)
		if (fds[i] >= 0 && event_take(fds[i], 0))
			seen |= 1u << i;
	return seen;
}

int event_id_in(const char *path)
{
	char text[1024], *at;
	ssize_t n;

	n = sysfs_read(path, text, sizeof(text) - 1);
	if (n <= 0)
		return -1;
	text[n] = '\0';
	at = strstr(text, "eventfd-id:");
	return at ? atoi(at + strlen("eventfd-id:")) : -1;
}

int event_id(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	return event_id_in(path);
}

/* A server can be looked into. */
static unsigned int ids_of_server(const int *ids, unsigned int n)
{
	char dir[64], path[PATH_MAX];
	pid_t pid = control_pid();
	unsigned int held = 0;
	struct dirent *entry;
	DIR *fds;
	int id;

	snprintf(dir, sizeof(dir), "/proc/%d/fdinfo", pid);
	fds = pid > 0 ? opendir(dir) : NULL;
	while (fds && (entry = readdir(fds))) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		id = event_id_in(path);
		for (unsigned int i = 0; id >= 0 && i < n; i++)
			held += ids[i] == id;
	}
	if (fds)
		closedir(fds);
	return held;
}

/*
 * New eventfds take the lowest numbers, so those that are free come up: in a guest. On a machine
 * with others they may be somebody else's by now.
 */
static unsigned int ids_missing(const int *ids, unsigned int n)
{
	static int fds[MAX_OPEN];
	static bool given[MAX_IDS];
	unsigned int opened = 0, missing = 0;
	int id, max = -1;

	memset(given, 0, sizeof(given));
	for (unsigned int i = 0; i < n; i++)
		max = ids[i] > max ? ids[i] : max;
	for (id = -1; opened < MAX_OPEN && id < max; opened++) {
		fds[opened] = eventfd(0, EFD_CLOEXEC);
		if (fds[opened] < 0)
			break;
		id = event_id(fds[opened]);
		if (id >= 0 && id < MAX_IDS)
			given[id] = true;
	}
	while (opened > 0)
		close(fds[--opened]);
	for (unsigned int i = 0; i < n; i++)
		missing += ids[i] >= 0 && ids[i] < MAX_IDS && !given[ids[i]];
	return missing;
}

unsigned int event_ids_kept(const int *ids, unsigned int n)
{
	uint64_t end = now_ms() + ID_WAIT_MS;
	unsigned int kept;

	while ((kept = control_active() ? ids_of_server(ids, n) : ids_missing(ids, n)) &&
	       now_ms() < end)
		sleep_ms(20);
	return kept;
}
