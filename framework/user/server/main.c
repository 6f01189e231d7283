// SPDX-License-Identifier: GPL-2.0-only
/* A driver as a process: its devices, each at a socket, for clients that speak vfio-user. */
#include <argp.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "net.h"
#include "serve.h"

#define MAX_INSTANCES	64u

enum { OPTION_FAILURES = 256, OPTION_DESCRIBE };

enum { EXIT_OK, EXIT_USAGE = 2, EXIT_CANNOT_RUN };

struct options {
	const char *path, *type, *uuid, *net;
	unsigned int instances;
	bool failures, describe;
};

static const struct argp_option option_table[] = {
	{ "socket", 's', "PATH", 0, "where clients find the first device; needed", 0 },
	{ "type", 't', "T", 0, "a type of the driver (default: its first)", 0 },
	{ "uuid", 'u', "U", 0, "of the first device (default: a new one)", 0 },
	{ "instances", 'n', "N", 0, "so many devices (default: 1); further ones at PATH.2, PATH.3, …; 0: "
	  "none, they are made over PATH.control", 0 },
	{ "net", 'N', "HOW:PATH", 0, "a cable to the switch of another process: listen:PATH, or "
	  "connect:PATH", 0 },
	{ "failures", OPTION_FAILURES, NULL, 0, "first load the driver with each call that can fail failing "
	  "once, and look at what it does then", 0 },
	{ "describe", OPTION_DESCRIBE, NULL, 0, "serve nothing, print what the driver's model says as "
	  "JSON", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 }
};

static unsigned int number(struct argp_state *state, const char *arg)
{
	char *end;
	unsigned long value = strtoul(arg, &end, 10);

	if (*end || *arg < '0' || *arg > '9' || value > MAX_INSTANCES)
		argp_error(state, "--instances is '%s', 0 to %u is needed [U8]", arg, MAX_INSTANCES);
	return (unsigned int)value;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 's':
		o->path = arg;
		break;
	case 't':
		o->type = arg;
		break;
	case 'u':
		o->uuid = arg;
		break;
	case 'n':
		o->instances = number(state, arg);
		break;
	case 'N':
		if (!net_where_good(arg))
			argp_error(state, "--net is '%s', listen:PATH or connect:PATH is needed, with a "
				   "path of at most %d characters [U8]", arg, SOCKET_PATH - 1);
		o->net = arg;
		break;
	case OPTION_FAILURES:
		o->failures = true;
		break;
	case OPTION_DESCRIBE:
		o->describe = true;
		break;
	case ARGP_KEY_END:
		if (o->describe)
			break;
		if (!o->path)
			argp_error(state, "--socket PATH is needed [U8]");
		if (strlen(o->path) + SOCKET_SUFFIX >= SOCKET_PATH)
			argp_error(state, "the path of --socket has %zu characters, at most %d are "
				   "possible [U5]", strlen(o->path), SOCKET_PATH - SOCKET_SUFFIX - 1);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.doc = "Serves a driver's devices by vfio-user, until SIGINT or SIGTERM.\v"
	       "Exit: 0 ended by a signal, 2 usage, 3 could not run.",
};

/* The type named in full, or by what follows the parent's name and a dash. */
static const char *find_type(const char *want)
{
	const char *name;

	for (unsigned int i = 0; (name = user_type_name(i)); i++) {
		const char *dash = strchr(name, '-');

		if (!want || !strcmp(name, want) || (dash && !strcmp(dash + 1, want)))
			return name;
	}
	return NULL;
}

static bool new_uuid(char uuid[SERVE_UUID])
{
	FILE *in = fopen("/proc/sys/kernel/random/uuid", "re");
	bool done = in && fgets(uuid, SERVE_UUID, in);

	if (in)
		fclose(in);
	return done;
}

static bool create(const struct options *o, const char *type, unsigned int i, struct why *why)
{
	char path[2 * SOCKET_PATH], uuid[SERVE_UUID];

	if (!i && o->uuid)
		snprintf(uuid, sizeof(uuid), "%s", o->uuid);
	else if (!new_uuid(uuid))
		return log_why(why, "no UUID can be made: %s", strerror(errno));
	snprintf(path, sizeof(path), i ? "%s.%u" : "%s", o->path, i + 1);
	if (serve_create(type, uuid, path, why))
		return false;
	log_line("%s of type %s is at %s", uuid, type, path);
	return true;
}

static int serve(const struct options *o, const sigset_t *ends)
{
	const char *type = find_type(o->type);
	struct why why = { "" };
	bool good = type;
	int sig;

	if (!type)
		log_why(&why, "the driver has no type '%s' [U9]", o->type ? o->type : "");
	for (unsigned int i = 0; good && i < o->instances; i++)
		good = create(o, type, i, &why);
	good = good && (!o->net || net_start(o->net, &why));
	if (good && control_start(o->path, &why)) {
		log_line("ready; commands are taken at %s.control", o->path);
		sigwait(ends, &sig);
		control_end();
	} else {
		log_line("%s", why.text);
		good = false;
	}
	serve_end();
	net_end();
	return good ? EXIT_OK : type ? EXIT_CANNOT_RUN : EXIT_USAGE;
}

static void put(void *data, const char *text)
{
	fputs(text, data);
}

static int describe(void)
{
	if (user_describe(put, stdout))
		return fflush(stdout) ? EXIT_CANNOT_RUN : EXIT_OK;
	log_line("the driver has no model, only layer 1: nothing but its types is known of it [U43]");
	return EXIT_CANNOT_RUN;
}

/* Every thread has the mask of the first one: only sigwait() sees them. */
int main(int argc, char **argv)
{
	struct options o = { .instances = 1 };
	sigset_t ends;
	int ret;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	if (o.failures)
		user_try_failures();
	ret = user_start();
	if (ret) {
		log_line("the driver does not start: %s [U10]", strerror(-ret));
		return EXIT_CANNOT_RUN;
	}
	ret = o.describe ? describe() : serve(&o, &ends);
	user_stop();
	return ret;
}
