// SPDX-License-Identifier: GPL-2.0-only
/* Lines of a kernel's log that say that something is wrong. */
#include <string.h>

#include "splat.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* How a report of the kernel against itself begins; what follows it belongs to it. */
static const char *const splat_starts[] = {
	"BUG:", "kernel BUG at", "WARNING:", "Oops:", "Oops ", "general protection fault",
	"stack segment", "divide error", "invalid opcode", "double fault", "Kernel panic",
	"INFO: task ", "INFO: rcu", "rcu: INFO:", "UBSAN:", "KASAN:", "KCSAN:", "kmemleak:",
	"unreferenced object", "list_add corruption", "list_del corruption", "refcount_t:",
	"possible recursive locking", "Call Trace:", "Unable to handle kernel",
	"sysfs: cannot create duplicate", "kobject_add_internal failed",
};

/* Begins like one, and is none: what an instrument says of itself as the kernel starts. */
static const char *const no_splats[] = {
	"kmemleak: Kernel memory leak detector initialized",
	"kmemleak: Automatic memory scanning thread started",
};

/* What the framework says of a mistake in a driver's code, by the ids at the ends of its lines. */
static const char *const mistakes[] = {
	"[K75]", "[K76]", "[K77]", "[K78]", "[K79]", "[K177]", "[K183]", "[K210]", "[K211]", "[K220]",
	"[K221]",
};

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

const char *splat_message(const char *line)
{
	const char *end;

	while (*line == '[') {
		end = strchr(line, ']');
		if (!end)
			break;
		line = end + 1;
		line += strspn(line, " ");
	}
	return line;
}

static bool is_start(const char *text)
{
	for (size_t i = 0; i < COUNT(splat_starts); i++)
		if (begins(text, splat_starts[i]))
			return true;
	return false;
}

bool splat_begins(const char *line, size_t len)
{
	const char *text = splat_message(line);
	size_t word = strcspn(text, ": \n");

	if (text > line + len)
		return false;
	for (size_t i = 0; i < COUNT(no_splats); i++)
		if (begins(text, no_splats[i]))
			return false;
	/* A subsystem may put its name before it: "watchdog: BUG: soft lockup". */
	return is_start(text) || (begins(text + word, ": ") && is_start(text + word + 2));
}

bool splat_is_mistake(const char *line, size_t len)
{
	while (len && strchr("\r ", line[len - 1]))
		len--;
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		size_t id = strlen(mistakes[i]);

		if (len >= id && !strncmp(line + len - id, mistakes[i], id))
			return true;
	}
	return false;
}
