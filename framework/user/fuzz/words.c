// SPDX-License-Identifier: GPL-2.0-only
/* Names of the text form. */
#include "event.h"

/*
 * Letters of a form, a word each: r a region, i an index of interrupts, A what is done with them,
 * a an address or offset, w a width, s a size, n a number of interrupts, v a value, p protection,
 * t a file's name, h what happens to the parent, b bytes to the line's end. What follows a | may be left out; e is "= VALUE".
 */
const struct event_form event_forms[EVENT_KINDS] = {
	[EVENT_OPEN] = { "open", "" },
	[EVENT_CLOSE] = { "close", "" },
	[EVENT_RESET] = { "reset", "" },
	[EVENT_STEP] = { "step", "" },
	[EVENT_RUN] = { "run", "v" },
	[EVENT_MEMORY] = { "memory", "as" },
	[EVENT_READ] = { "read", "raw|e" },
	[EVENT_WRITE] = { "write", "rawv" },
	[EVENT_PEEK] = { "peek", "raw|e" },
	[EVENT_POKE] = { "poke", "rawv" },
	[EVENT_IRQS] = { "irqs", "iA|an" },
	[EVENT_MAP] = { "map", "asp|v" },
	[EVENT_UNMAP] = { "unmap", "as" },
	[EVENT_FILL] = { "fill", "ab" },
	[EVENT_ATTR] = { "attr", "tv" },
	[EVENT_PLANE] = { "plane", "v" },
	[EVENT_PARENT] = { "parent", "h" },
};

const char *const event_regions[] = {
	"bar0", "bar1", "bar2", "bar3", "bar4", "bar5", "rom", "config", "vga",
};
const unsigned int event_nr_regions = sizeof(event_regions) / sizeof(event_regions[0]);

const char *const event_irqs[] = { "intx", "msi", "msix", "err", "req" };
const unsigned int event_nr_irqs = sizeof(event_irqs) / sizeof(event_irqs[0]);

const char *const event_parents[PARENT_EVENTS] = {
	[PARENT_SUSPEND] = "suspend",
	[PARENT_RESUME] = "resume",
	[PARENT_RESET_PREPARE] = "reset-prepare",
	[PARENT_RESET_DONE] = "reset-done",
	[PARENT_ERROR] = "error",
};

const char *const event_actions[IRQS_ACTIONS] = {
	[IRQS_OFF] = "off",	    [IRQS_ON] = "on",	      [IRQS_MASK] = "mask",
	[IRQS_UNMASK] = "unmask",   [IRQS_TRIGGER] = "trigger", [IRQS_WIRE] = "wire",
	[IRQS_SIGNAL] = "signal",
};
