// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tracepoint mdk_access tells of accesses, beside what their user asked for and got.
 * Needs the fixture mdkrace and tracefs.
 */
#include <fcntl.h>
#include <sys/mount.h>

#include "../fixtures/mdkrace/mdkrace.h"
#include "client.h"

#define TRACING "/sys/kernel/tracing/"
#define EVENT TRACING "events/mdk/mdk_access/enable"
#define BAR(n) ((uint64_t)(n) << 40)
#define CONFIG BAR(7)

static const struct access {
	const char *name;
	bool write;
	uint64_t pos;
	unsigned int count;
	uint64_t value;		/* first 8 bytes: what is written, or a read must find */
	const char *place;	/* as told */
	int refused;		/* errno */
} accesses[] = {
	{ "register_write", true, BAR(0) + MDKRACE_PLAIN, 4, 0x123456, "PLAIN", 0 },
	{ "register_read", false, BAR(0) + MDKRACE_PLAIN, 4, 0x123456, "PLAIN", 0 },
	{ "byte_read", false, BAR(0) + MDKRACE_PLAIN + 1, 1, 0x34, "PLAIN", 0 },
	{ "byte_write", true, BAR(0) + MDKRACE_PLAIN + 1, 1, 0x99, "PLAIN", 0 },
	{ "half_read", false, BAR(0) + MDKRACE_PLAIN, 2, 0x9956, "PLAIN", 0 },
	{ "write_of_what_cannot_change", true, BAR(0) + MDKRACE_PLAIN, 4, 0xff000001, "PLAIN", 0 },
	{ "what_became_of_it", false, BAR(0) + MDKRACE_PLAIN, 4, 1, "PLAIN", 0 },
	{ "w1c_read", false, BAR(0) + MDKRACE_EVENTS, 4, 0xffff,
	  "EVENTS (FIRST SOME=0xf LATE)", 0 },
	{ "bits_of_a_byte", false, BAR(0) + MDKRACE_EVENTS + 1, 1, 0xff, "EVENTS (LATE)", 0 },
	{ "w1c_write", true, BAR(0) + MDKRACE_EVENTS, 4, 0xff, "EVENTS (FIRST SOME=0xf)", 0 },
	{ "w1c_read_after", false, BAR(0) + MDKRACE_EVENTS, 4, 0xff00, "EVENTS (LATE)", 0 },
	{ "callback_register_write", true, BAR(0) + MDKRACE_TARGET, 4, 0x55, "TARGET", 0 },
	{ "callback_register_read", false, BAR(0) + MDKRACE_BURSTS, 4, 0, "BURSTS", 0 },
	{ "two_registers", false, BAR(0) + MDKRACE_PLAIN, 8, 1, "PLAIN..CALLED", 0 },
	{ "many_registers", false, BAR(0) + MDKRACE_PLAIN, 64, 1, "PLAIN..(hole)", 0 },
	{ "parts", false, BAR(0) + MDKRACE_EVENTS + 1, 5, 0xffff0000ff, "EVENTS..(hole)", 0 },
	{ "hole_read", false, BAR(0) + 0x100, 4, 0xffffffff, "(hole)", 0 },
	{ "hole_write", true, BAR(0) + 0x100, 4, 0x77, "(hole)", 0 },
	{ "identity", false, CONFIG, 4, 0x10f61af4, "(configuration)", 0 },
	{ "device_id", false, CONFIG + 2, 2, 0x10f6, "(configuration)", 0 },
	{ "command_write", true, CONFIG + 4, 2, 0x0002, "(configuration)", 0 },
	{ "command_read", false, CONFIG + 4, 1, 0x02, "(configuration)", 0 },
	{ "vector_control", false, BAR(2) + MDKRACE_TABLE + 12, 4, 1, "(MSI-X table)", 0 },
	{ "vector_data_write", true, BAR(2) + MDKRACE_TABLE + 9, 1, 0x41, "(MSI-X table)", 0 },
	{ "vector_data_read", false, BAR(2) + MDKRACE_TABLE + 8, 4, 0x4100, "(MSI-X table)", 0 },
	{ "pending", false, BAR(2) + 0xc00, 8, 0, "(MSI-X pending)", 0 },
	{ "memory_write", true, BAR(2) + 8, 8, 0x1122334455667788, "(memory)", 0 },
	{ "memory_read", false, BAR(2) + 9, 2, 0x6677, "(memory)", 0 },
	{ "memory_in_one", false, BAR(2), 24, 0, "(memory)", 0 },
	{ "bare_memory_write", true, BAR(5) + 4, 4, 0xcafe, "(memory)", 0 },
	{ "bare_memory_read", false, BAR(5), 16, 0xcafe00000000, "(memory)", 0 },
	{ "words_write", true, BAR(4) + 4, 4, 0x5a5a5a5a, "(callback)", 0 },
	{ "words_read", false, BAR(4) + 6, 1, 0x5a, "(callback)", 0 },
	{ "behind_a_region", false, BAR(0) + 4096, 4, 0, "(nothing)", EINVAL },
	{ "no_region", true, BAR(1), 4, 0, "(nothing)", EINVAL },
};

static struct vfio v = VFIO_CLOSED;
static char trace[32768];

/* Return: the access did what it should. */
static bool do_access(const struct access *a)
{
	unsigned char raw[64] = { 0 };
	uint64_t value = a->refused ? 0x666 : a->value;
	ssize_t n;

	memcpy(raw, &value, sizeof(value));
	if (a->write)
		n = pwrite(v.device, raw, a->count, a->pos);
	else
		n = pread(v.device, raw, a->count, a->pos);
	memcpy(&value, raw, sizeof(value));
	if (a->refused)
		return n < 0 && errno == a->refused;
	if (a->count < sizeof(value))
		value &= (1ULL << 8 * a->count) - 1;
	if (n == a->count && value == a->value)
		return true;
	diag("%s: %zd, value 0x%llx", a->name, n, (unsigned long long)value);
	return false;
}

/* The next line of the trace that is of an access to our device; *at goes behind it. */
static char *next_line(char **at)
{
	char *found = strstr(*at, "mdk_access: " UUID_A " "), *end;

	if (!found)
		return NULL;
	end = strchr(found, '\n');
	if (end)
		*end = '\0';
	*at = end ? end + 1 : strchr(found, '\0');
	return found + strlen("mdk_access: " UUID_A " ");
}

static void judge(const struct access *a, bool done, char **at)
{
	char needed[256], *found = next_line(at);

	snprintf(needed, sizeof(needed),
		 "%s region %llu offset 0x%llx count %u: %d value 0x%llx %s",
		 a->write ? "write" : "read", (unsigned long long)(a->pos >> 40),
		 (unsigned long long)(a->pos & (BAR(1) - 1)), a->count,
		 a->refused ? -a->refused : (int)a->count, (unsigned long long)a->value, a->place);
	diag("found:  %s", found ? found : "no line");
	if (!found || strcmp(found, needed))
		diag("needed: %s", needed);
	ok(done && found && !strcmp(found, needed), a->name);
}

static void read_trace(int pipe)
{
	size_t have = 0;
	ssize_t n;

	while ((n = read(pipe, trace + have, sizeof(trace) - 1 - have)) > 0)
		have += n;
	trace[have] = '\0';
}

int traces_main(void)
{
	bool did[ARRAY_SIZE(accesses)];
	char *at = trace;
	int pipe;

	ok_is(write_file(class_path("mdkrace/mdev_supported_types/mdkrace-1/create"), UUID_A), 0,
	      "create");
	ok_is(open_user(&v, UUID_A), 0, "open");
	if (mount("tracefs", TRACING, "tracefs", 0, NULL) && errno != EBUSY)
		diag("tracefs: %s", strerror(errno));
	pipe = open(TRACING "trace_pipe", O_RDONLY | O_NONBLOCK);
	ok_is(write_file(EVENT, "1"), 0, "event");
	for (size_t i = 0; i < ARRAY_SIZE(accesses); i++)
		did[i] = do_access(&accesses[i]);
	write_file(EVENT, "0");
	read_trace(pipe);
	for (size_t i = 0; i < ARRAY_SIZE(accesses); i++)
		judge(&accesses[i], did[i], &at);
	ok(!next_line(&at), "one_line_for_each");
	close_user(&v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}
