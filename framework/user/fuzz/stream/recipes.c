// SPDX-License-Identifier: GPL-2.0-only
/*
 * What guests have done before they move, made once, by the grammar of events: the first half
 * brings a device to where its stream is taken, and all of it is done to one that has loaded a
 * stream. So there is guest memory where rings of a stream say it is, with something in it.
 */
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <sys/mman.h>

#include "../libfuzzer/grammar.h"
#include "stream.h"

#define RECIPES 24u
#define SEQUENCES 8u

static struct events recipes[RECIPES];
static unsigned int nr_recipes;

unsigned int recipes_nr(void)
{
	return nr_recipes;
}

const struct events *recipe_at(unsigned int nr)
{
	return &recipes[nr % nr_recipes];
}

static void add(struct events *events, struct event event)
{
	struct event *room = events_add(events);

	if (room)
		*room = event;
}

/* As a guest's driver begins: without it a ring has no memory, and no interrupt a listener. */
static void add_begin(struct events *events)
{
	static const uint64_t places[] = { MEMORY_LOW, MEMORY_HIGH };
	unsigned int i;

	for (i = 0; i < 2; i++)
		add(events, (struct event){ .kind = EVENT_MAP, .at = places[i], .value = places[i],
					    .size = MEMORY_SIZE, .width = PROT_READ | PROT_WRITE });
	for (i = VFIO_PCI_MSIX_IRQ_INDEX + 1; i--;)
		if (device_info.irqs[i] && device_info.irqs[i] <= PLAYER_VECTORS) {
			add(events, (struct event){ .kind = EVENT_IRQS, .region = i,
						    .width = IRQS_ON,
						    .size = device_info.irqs[i] });
			break;
		}
	add(events, (struct event){ .kind = EVENT_WRITE, .region = CONFIG_REGION, .width = 2,
				    .at = PCI_COMMAND,
				    .value = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER });
}

/* What ends the user's time, or is not the user's, says nothing of a migration. */
static bool is_kept(const struct event *event)
{
	switch (event->kind) {
	case EVENT_OPEN:
	case EVENT_CLOSE:
	case EVENT_RESET:
	case EVENT_ATTR:
	case EVENT_PARENT:
	case EVENT_MEMORY:
		return false;
	default:
		return true;
	}
}

static void add_more(struct events *events, unsigned int nr)
{
	struct events more = { 0 };
	unsigned int i;

	for (i = 0; i < SEQUENCES; i++) {
		if (chance_one_in(3)) {
			struct event *event = events_room(&more, more.nr, 1);

			if (event)
				grammar_event(event);
		} else {
			grammar_sequence(&more, more.nr);
		}
	}
	/* The first ones are short: what is cut down to them is easily read. */
	for (i = 0; i < more.nr && i < 2 + nr * 2; i++)
		if (is_kept(&more.list[i]))
			add(events, more.list[i]);
	events_free(&more);
}

static void make(struct events *events, unsigned int nr)
{
	chance_seed(0x73747265616d0000ULL + nr);
	add_begin(events);
	add_more(events, nr);
	add(events, (struct event){ .kind = EVENT_RUN, .value = nr & 1 ? 100 : 20000 });
}

void recipes_make(void)
{
	while (nr_recipes < RECIPES) {
		make(&recipes[nr_recipes], nr_recipes);
		nr_recipes++;
	}
}
