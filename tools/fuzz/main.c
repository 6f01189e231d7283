// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays inputs on a device of the kernel that runs. usage:
 *   mdk-fuzz-guest --rows FILE [--structures FILE] [--inputs FOLDER] [--seed N] MODE
 * MODE: --play EVENTS SECONDS   inputs until so many events, or for so long; 0: no such limit
 *       --show NR               prints input NR of that seed, and plays nothing
 *       --replay FILE           plays a file, and says what came of each event
 * exit 0: nothing was found, 1: something was, 2: usage, or a file that cannot be played,
 * 3: could not run. What was found is printed with its input.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "guest.h"
#include "structures.h"

/* Without an event in so many seconds it hangs. */
#define HANG_SECONDS 120.0
/* How often it is said how far it is. */
#define TELL_SECONDS 30.0
/* One input in so many is looked at to its end, by one more open. */
#define THOROUGH 8
/* A file is played so often: where time is real not each time is the same. */
#define REPLAYS 10
/* Real seconds between the devices of which is learnt what does not stand still. */
#define LEARN_US 1200000

static struct {
	uint64_t seed;
	uint64_t events_most;
	double seconds;
	const char *replay;
	const struct events *input;
	double begin;
} run;

/* What was found */

static void print_events(const char *what, const struct events *events)
{
	printf("mdk-fuzz: begin of %s\n", what);
	file_write(stdout, events);
	printf("mdk-fuzz: end of %s\n", what);
	fflush(stdout);
}

static void add(struct events *all, const struct event *event)
{
	struct event *room = events_add(all);

	if (room)
		*room = *event;
}

/* Each input finds the guest's memory empty: what this one has filled is so again. */
static void add_emptied(struct events *all, const struct events *one)
{
	struct event event;

	for (size_t i = 0; i < one->nr; i++) {
		if (one->list[i].kind != EVENT_FILL)
			continue;
		event = one->list[i];
		memset(event.data, 0, sizeof(event.data));
		add(all, &event);
	}
}

/*
 * One of the other inputs of the same device. Not its writes to files of the device: these were put
 * back, and who comes after one is not compared with a new user.
 */
static void add_earlier(struct events *all, const struct events *one)
{
	static const struct event closed = { .kind = EVENT_CLOSE };

	for (size_t i = 0; i < one->nr; i++)
		if (one->list[i].kind != EVENT_ATTR)
			add(all, &one->list[i]);
	add(all, &closed);
	add_emptied(all, one);
}

static void print_all(uint64_t nr)
{
	struct events all = { 0 }, one;

	for (uint64_t i = nr - nr % GUEST_INPUTS_EACH; i < nr; i++) {
		one = guest_input(run.seed, i);
		add_earlier(&all, &one);
		events_free(&one);
	}
	one = guest_input(run.seed, nr);
	for (size_t i = 0; i < one.nr; i++)
		add(&all, &one.list[i]);
	events_free(&one);
	print_events("all inputs", &all);
	events_free(&all);
}

static void print_input(const struct events *events)
{
	print_events("an input", events);
	if (!run.replay)
		print_all(progress->input);
}

static void found(void)
{
	fflush(stderr);
	print_input(run.input);
	progress->told = true;
	_exit(1);
}

/* What is behind a page that a driver has taken away, or never had: a guest's own mistake. */
static void bus_error(int nr, siginfo_t *info, void *context)
{
	uintptr_t page = (uintptr_t)info->si_addr & ~4095UL;

	(void)nr;
	(void)context;
	if (mmap((void *)page, 4096, PROT_READ | PROT_WRITE,
		 MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		_exit(3);
}

/* The process that plays */

static void play_one(const struct events *events, bool thorough)
{
	run.input = events;
	player_play(events, thorough);
	progress->inputs++;
}

static bool is_over(void)
{
	return (run.events_most && progress->events >= run.events_most) ||
	       (run.seconds > 0 && guest_now() - run.begin >= run.seconds);
}

static void play_many(void)
{
	struct events events;

	for (; !is_over(); progress->input++) {
		guest_say_input(progress->input, progress->events);
		guest_keep((progress->input + 1) % GUEST_INPUTS_EACH);
		events = guest_input(run.seed, progress->input);
		play_one(&events, progress->input % THOROUGH == 0);
		events_free(&events);
	}
}

static void play_file(void)
{
	struct events events = { 0 };

	if (!file_read(run.replay, &events))
		_exit(2);
	player_verbose = true;
	for (unsigned int i = 0; i < REPLAYS; i++) {
		play_one(&events, true);
		player_verbose = false;
	}
	events_free(&events);
}

static void play_all(void)
{
	struct sigaction action = { .sa_sigaction = bus_error, .sa_flags = SA_SIGINFO };

	sigaction(SIGBUS, &action, NULL);
	guest_listen();
	player_found = found;
	player_watches = guest_looks;
	player_awaits = guest_awaits;
	player_blames = guest_blames;
	if (run.replay)
		play_file();
	else
		play_many();
	exit(0);
}

/* The one that watches it */

static void tell(void)
{
	double seconds = guest_now() - run.begin;

	printf("mdk-fuzz: %llu events, %llu inputs, %.1f s, %.0f a second; %llu of %llu SET_IRQS were valid\n",
	       (unsigned long long)progress->events, (unsigned long long)progress->inputs, seconds,
	       (double)progress->events / (seconds > 0 ? seconds : 1),
	       (unsigned long long)progress->good_irqs, (unsigned long long)progress->irqs);
	fflush(stdout);
}

static int say_found(const char *what)
{
	struct events events = { 0 };

	fprintf(stderr, "finding: %s; in input %llu\n", what, (unsigned long long)progress->input);
	if (!run.replay)
		events = guest_input(run.seed, progress->input);
	else if (!file_read(run.replay, &events))
		return 2;
	print_input(&events);
	events_free(&events);
	return 1;
}

/* False: it hangs, or has not ended yet; *told is when it was last said how far it is. */
static bool wait_for(pid_t child, int *status)
{
	double moved = guest_now(), told = moved;
	uint64_t events = progress->events;

	while (guest_now() - moved < HANG_SECONDS) {
		if (waitpid(child, status, WNOHANG) == child)
			return true;
		usleep(50000);
		if (progress->events != events)
			moved = guest_now();
		events = progress->events;
		if (guest_now() - told < TELL_SECONDS)
			continue;
		told = guest_now();
		tell();
	}
	return false;
}

static int watch(pid_t child)
{
	char what[80];
	int status = 0;

	if (!wait_for(child, &status)) {
		kill(child, SIGKILL);
		return say_found("hang: nothing has happened for two minutes");
	}
	tell();
	if (WIFEXITED(status) && (progress->told || WEXITSTATUS(status) < 3))
		return WEXITSTATUS(status);
	if (WIFEXITED(status) && !progress->inputs)
		return WEXITSTATUS(status);
	snprintf(what, sizeof(what), "the end of the program, by %s %d",
		 WIFSIGNALED(status) ? "signal" : "status",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return say_found(what);
}

static int play(void)
{
	pid_t child;

	run.begin = guest_now();
	fflush(NULL);
	child = fork();
	if (!child)
		play_all();
	if (child < 0) {
		fprintf(stderr, "mdk-fuzz: no process for an input: %s [U37]\n", strerror(errno));
		return 3;
	}
	return watch(child);
}

static int show(uint64_t nr)
{
	struct events events = guest_input(run.seed, nr);

	progress->input = nr;
	print_input(&events);
	events_free(&events);
	return 0;
}

/* Of a third device, seconds later: a clock is no secret of an earlier user's. */
static bool learn_later(void)
{
	struct user_device *dev;
	bool good;

	usleep(LEARN_US);
	dev = user_device_create(device_info.type, PLAYER_UUID);
	good = dev && !user_device_open(dev);
	if (good) {
		before_learn(dev);
		user_device_close(dev);
	}
	if (dev)
		user_device_remove(dev);
	return good;
}

static int usage(void)
{
	fprintf(stderr, "usage: mdk-fuzz-guest --rows FILE [--structures FILE] [--inputs FOLDER] "
			"[--seed N] --play EVENTS SECONDS|--show NR|--replay FILE\n");
	return 2;
}

/* Files and folders of the options before the mode. */
struct files {
	const char *rows, *structures, *inputs;
};

/* Return: where the mode is. */
static int take_options(int argc, char **argv, struct files *files)
{
	int at;

	for (at = 1; at + 1 < argc; at += 2) {
		if (!strcmp(argv[at], "--rows"))
			files->rows = argv[at + 1];
		else if (!strcmp(argv[at], "--structures"))
			files->structures = argv[at + 1];
		else if (!strcmp(argv[at], "--inputs"))
			files->inputs = argv[at + 1];
		else if (!strcmp(argv[at], "--seed"))
			run.seed = strtoull(argv[at + 1], NULL, 10);
		else
			break;
	}
	return at;
}

/* Return: an exit status. */
static int read_files(const struct files *files)
{
	const char *type = guest_rows(files->rows);

	if (!type || !guest_begin(type) || !player_begin(type))
		return 3;
	if (files->structures && !structures_read(files->structures))
		return 2;
	return files->inputs && !guest_read_inputs(files->inputs) ? 2 : 0;
}

static int run_mode(char **mode)
{
	if (!strcmp(mode[0], "--show") && mode[1])
		return show(strtoull(mode[1], NULL, 10));
	if (!strcmp(mode[0], "--replay") && mode[1]) {
		run.replay = mode[1];
		return learn_later() ? play() : 3;
	}
	if (strcmp(mode[0], "--play") || !mode[1] || !mode[2])
		return usage();
	run.events_most = strtoull(mode[1], NULL, 10);
	run.seconds = strtod(mode[2], NULL);
	return learn_later() ? play() : 3;
}

int main(int argc, char **argv)
{
	struct files files = { NULL };
	int at = take_options(argc, argv, &files), ret;

	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (!files.rows || at >= argc || progress == MAP_FAILED)
		return usage();
	ret = read_files(&files);
	return ret ? ret : run_mode(argv + at);
}
