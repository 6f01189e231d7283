// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts, each vector by an eventfd of its own. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "commands.h"
#include "poke.h"

#define MAX_ARMED	64

POKE_COMMANDS(POKE_DECLARE)

static const char *const index_names[] = { "intx", "msi", "msix", "err", "req" };

#define NR_NAMES	(sizeof(index_names) / sizeof(index_names[0]))

struct armed {
	uint32_t index;
	uint32_t vector;
};

static struct armed armed[MAX_ARMED];
static struct pollfd events[MAX_ARMED];		/* of each of them */
static unsigned int nr_armed;

const char *index_name(uint64_t index)
{
	static char number[24];

	if (index < NR_NAMES)
		return index_names[index];
	snprintf(number, sizeof(number), "index %u", (unsigned int)index);
	return number;
}

int index_of(const char *word)
{
	unsigned long value;
	char *end;

	for (size_t i = 0; i < NR_NAMES; i++)
		if (!strcasecmp(index_names[i], word))
			return (int)i;
	value = strtoul(word, &end, 0);
	return *word >= '0' && *word <= '9' && !*end && value < 256 ? (int)value : -1;
}

static int find_armed(uint64_t index, uint64_t vector)
{
	for (unsigned int i = 0; i < nr_armed; i++)
		if (armed[i].index == index && armed[i].vector == vector)
			return (int)i;
	return -1;
}

/* " intx (1 vector), msi (4 vectors)" */
static int say_no_index(const struct poke *poke, uint64_t index)
{
	struct vfio_irq_info irq;
	char list[256] = " none";
	size_t used = 0;

	for (uint32_t i = 0; i < NR_NAMES && used < sizeof(list); i++)
		if (!vfio_irq_info(poke->vfio.device, i, &irq) && irq.count)
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s %s (%u)",
						 used ? "," : "", index_name(i), irq.count);
	return say("T148", "the device has no interrupts of %s; it has, with the number of vectors:%s",
		   index_name(index), list);
}

static int need_vector(const struct poke *poke, uint64_t index, uint64_t vector)
{
	struct vfio_irq_info irq;

	if (vfio_irq_info(poke->vfio.device, (uint32_t)index, &irq) || !irq.count)
		return say_no_index(poke, index);
	if (vector < irq.count)
		return 0;
	if (irq.count == 1)
		return say("T148", "%s has 1 vector, 0; there is no vector %llu", index_name(index),
			   (unsigned long long)vector);
	return say("T148", "%s has %u vectors, 0 to %u; there is no vector %llu", index_name(index),
		   irq.count, irq.count - 1, (unsigned long long)vector);
}

static int listen_to(const struct poke *poke, uint32_t index, uint32_t vector, int event)
{
	int ret = vfio_listen(poke->vfio.device, index, vector, event);

	if (!ret)
		return 0;
	if (ret == -EINVAL)
		return say("T148", "the device does not let one listen to vector %u of %s now (EINVAL); a PCI "
			   "function uses one of intx, msi and msix at a time, and the driver may take all "
			   "vectors from 0 on only", vector, index_name(index));
	return say("T148", "the device answered %s to a listener at vector %u of %s; the driver or the "
		   "kernel's log says why", errno_words(ret), vector, index_name(index));
}

/* Again is no mistake: what has come since the first time counts too. */
int do_arm(struct poke *poke, const struct command *c)
{
	uint64_t index = c->number[0], vector = c->count == 2 ? c->number[1] : 0;
	int at = find_armed(index, vector), event, ret = need_vector(poke, index, vector);

	if (ret)
		return ret;
	if (at < 0 && nr_armed == MAX_ARMED)
		return say("T148", "%u vectors are listened to, and more cannot be; use another run",
			   nr_armed);
	event = at < 0 ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : events[at].fd;
	if (event < 0)
		return say("T148", "the kernel has no eventfd for it: %s; close some files of this user",
			   errno_words(-errno));
	ret = listen_to(poke, (uint32_t)index, (uint32_t)vector, event);
	if (ret || at >= 0)
		return ret;
	events[nr_armed] = (struct pollfd){ .fd = event, .events = POLLIN };
	armed[nr_armed++] = (struct armed){ (uint32_t)index, (uint32_t)vector };
	return 0;
}

static int hear(const struct poke *poke, unsigned int first, unsigned int nr)
{
	uint64_t count;
	bool any = false;

	if (poll(&events[first], nr, POKE_SECONDS * 1000) > 0)
		for (unsigned int i = first; i < first + nr; i++) {
			if (read(events[i].fd, &count, sizeof(count)) != sizeof(count))
				continue;
			any = true;
			if (armed[i].index == VFIO_PCI_INTX_IRQ_INDEX)
				vfio_unmask(poke->vfio.device, armed[i].index);
			if (nr == 1)
				printf("heard: %llu\n", (unsigned long long)count);
			else
				printf("heard %s %u: %llu\n", index_name(armed[i].index),
				       armed[i].vector, (unsigned long long)count);
		}
	if (any)
		return 0;
	return say("T148", "none came for %u s; see that the device raises it, and that its capability and bus "
		   "mastering are on: mdk_irq in the trace says which was not delivered", POKE_SECONDS);
}

int do_heard(struct poke *poke, const struct command *c)
{
	int at = c->count ? find_armed(c->number[0], c->number[1]) : 0;

	if (!nr_armed)
		return say("T148", "nothing is listened to; arm INDEX [VECTOR] first, in the same line");
	if (at < 0)
		return say("T148", "vector %llu of %s is not listened to; arm %s %llu first",
			   (unsigned long long)c->number[1], index_name(c->number[0]), c->word[0],
			   (unsigned long long)c->number[1]);
	return hear(poke, (unsigned int)at, c->count ? 1 : nr_armed);
}
