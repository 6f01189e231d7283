// SPDX-License-Identifier: GPL-2.0-only
/* A child plays an input: the modules are loaded, and nothing of it is left in the parent. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "player.h"
#include "try.h"

/* An input that takes longer hangs. */
#define SECONDS 20
/* One that is known to hang has less: all others take a fraction of a second. */
#define SECONDS_AGAIN 3
#define REPORT_MOST (256u << 10)

static unsigned int patience = SECONDS;

void try_again(const struct verdict *verdict)
{
	if (verdict->hangs)
		patience = SECONDS_AGAIN;
}

static void play_in_child(void (*play)(const void *data), const void *data, int report)
{
	dup2(report, 1);
	dup2(report, 2);
	alarm(patience);
	play(data);
	user_stop();
	exit(0);
}

static char *report_of(int fd)
{
	char *text = calloc(1, REPORT_MOST);
	ssize_t len = text ? pread(fd, text, REPORT_MOST - 1, 0) : -1;

	if (len < 0) {
		fprintf(stderr, "mdk-fuzz: no report can be read: %s [U37]\n", strerror(errno));
		exit(3);
	}
	return text;
}

/* Frames of sanitizers and of the shim's own say nothing of where the mistake is. */
static bool is_ours(const char *frame, size_t len)
{
	static const char *const not[] = { "libsanitizer", "sanitizer_common", "/user/shim/", "/compiler-rt/",
					   "/asan/", "libasan", "libc.so", "/csu/", "/user/fuzz/" };

	for (unsigned int i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		if (memmem(frame, len, not[i], strlen(not[i])))
			return false;
	return memmem(frame, len, ".c:", 3) || memmem(frame, len, ".h:", 3);
}

/* "    #1 0x55 in FUNCTION PATH/FILE:LINE:COLUMN": FILE:LINE */
static void add_place(char *key, size_t size, const char *report)
{
	const char *frame = report, *end, *file;
	size_t len = strlen(key);

	for (; (frame = strstr(frame, "\n    #")); frame = end) {
		end = frame + 1 + strcspn(frame + 1, "\n");
		if (!is_ours(frame, end - frame))
			continue;
		for (file = end; file[-1] != '/' && file[-1] != ' '; file--)
			;
		snprintf(key + len, size - len, " in %.*s",
			 (int)(strcspn(file, ":") + 1 + strspn(file + strcspn(file, ":") + 1, "0123456789")),
			 file);
		return;
	}
}

/* The words from @at to any of @ends. */
static void add_words(char *key, size_t size, const char *at, const char *ends)
{
	size_t len = strcspn(at, ends);

	while (len && (at[len - 1] == ' ' || at[len - 1] == ','))
		len--;
	snprintf(key, size, "%.*s", (int)len, at);
}

static void key_of_sanitizer(char *key, size_t size, const char *error)
{
	const char *address;
	char *cut;

	add_words(key, size, error, "\n");
	address = strstr(key, " on ");
	if (!address)
		address = strstr(key, " (");
	cut = address ? key + (address - key) : NULL;
	if (cut)
		*cut = '\0';
	add_place(key, size, error);
}

/* "PATH/FILE:LINE:COLUMN: runtime error: WORDS", "PATH/FILE:LINE: bug: WORDS" */
static void key_of_line(char *key, size_t size, const char *report, const char *hit)
{
	const char *begin = hit, *words = strstr(hit + 2, ": ");

	while (begin > report && begin[-1] != '\n' && begin[-1] != '/')
		begin--;
	snprintf(key, size, "%.*s in %.*s", (int)strcspn(words + 2, "\n0123456789"), words + 2,
		 (int)(hit - begin), begin);
}

static void key_of_status(char *key, size_t size, int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		snprintf(key, size, "it takes more than %d seconds", SECONDS);
	else if (WIFSIGNALED(status))
		snprintf(key, size, "signal %d", WTERMSIG(status));
	else
		snprintf(key, size, "exit status %d", WEXITSTATUS(status));
}

static void key_of(struct verdict *verdict, int status)
{
	const char *report = verdict->report, *hit;
	char *key = verdict->key;
	size_t size = sizeof(verdict->key);

	*key = '\0';
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	hit = strstr(report, "finding: ");
	if (hit && memmem(hit, strcspn(hit, "\n"), "finding: warning", 16))
		hit = NULL;
	if (hit)
		add_words(key, size, hit, "0123456789;\n");
	else if ((hit = strstr(report, "ERROR: ")))
		key_of_sanitizer(key, size, hit + 7);
	else if ((hit = strstr(report, ": runtime error: ")) || (hit = strstr(report, ": bug: ")) ||
		 (hit = strstr(report, ": warning: ")))
		key_of_line(key, size, report, hit);
	else
		key_of_status(key, size, status);
}

void try_run(void (*play)(const void *data), const void *data, struct verdict *verdict)
{
	int report = memfd_create("report", MFD_CLOEXEC), status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child)
		play_in_child(play, data, report);
	if (report < 0 || child < 0 || waitpid(child, &status, 0) != child) {
		fprintf(stderr, "mdk-fuzz: no process for an input: %s [U37]\n", strerror(errno));
		exit(3);
	}
	verdict->report = report_of(report);
	close(report);
	verdict->hangs = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
	key_of(verdict, status);
}

static void play_events(const void *data)
{
	player_play_twice(data);
	later_user(data);
}

void try_play(const struct events *events, struct verdict *verdict)
{
	try_run(play_events, events, verdict);
}

static const char *line_of_hang;

/* Without a debugger nobody would end it. */
static void on_alarm(int signal)
{
	(void)signal;
	if (write(2, line_of_hang, strlen(line_of_hang)) >= 0)
		_exit(1);
}

void try_here(const char *hangs)
{
	player_verbose = true;
	if (getenv("MDK_FUZZ_ABORT")) {
		player_found = abort;
		user_on_bug(abort);
		return;
	}
	line_of_hang = hangs;
	signal(SIGALRM, on_alarm);
	alarm(SECONDS);
}

bool verdict_same(const char *key, const char *other)
{
	static const char asan[] = "AddressSanitizer: ";
	const char *place = strstr(key, " in "), *place_of_other = strstr(other, " in ");

	if (!strcmp(key, other))
		return true;
	return place && place_of_other && !strcmp(place, place_of_other) &&
	       !strncmp(key, asan, sizeof(asan) - 1) && !strncmp(other, asan, sizeof(asan) - 1);
}

void verdict_free(struct verdict *verdict)
{
	free(verdict->report);
}
