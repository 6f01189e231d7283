// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk run: the driver as a process, and what to type for a QEMU that has its device. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/args.h"
#include "common/sdk.h"
#include "common/userspace.h"
#include "lab/lab.h"
#include "run_guest.h"
#include "verbs.h"

#define QEMU "qemu-system-x86_64"
#define SINCE_MAJOR 10U
#define SINCE_MINOR 1U
/* The server's own limit: a UUID may come behind it. */
#define PATH_MOST 70

/* "QEMU emulator version 7.2.22 (Debian ...)"; false: there is none. */
static bool qemu_version(unsigned int *major, unsigned int *minor)
{
	char *argv[] = { QEMU, "--version", NULL };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &text, .timeout = 10, .output = "/dev/null" };
	const char *at = NULL;
	int code;

	if (lab_run(&cmd, &code) == LAB_END_EXIT && !code && text.len)
		at = strstr(text.data, "version ");
	if (at && sscanf(at, "version %u.%u", major, minor) != 2)
		at = NULL;
	lab_buf_free(&text);
	return at;
}

static void print_qemu(void)
{
	unsigned int major, minor;

	if (!qemu_version(&major, &minor))
		printf("qemu    none here; vfio-user-pci is in QEMU %u.%u and newer, such as that of Debian's "
		       "testing: run these lines where it is\n", SINCE_MAJOR, SINCE_MINOR);
	else if (major < SINCE_MAJOR || (major == SINCE_MAJOR && minor < SINCE_MINOR))
		printf("qemu    %u.%u here is too old: vfio-user-pci is in QEMU %u.%u and newer, such as that of "
		       "Debian's testing; run these lines where it is\n", major, minor, SINCE_MAJOR,
		       SINCE_MINOR);
	else
		printf("qemu    %u.%u has vfio-user-pci\n", major, minor);
}

static void print_lines(const char *socket, unsigned int instances)
{
	printf("\n  " QEMU " -M q35,memory-backend=ram -m 1G \\\n"
	       "    -object memory-backend-memfd,id=ram,size=1G,share=on \\\n");
	for (unsigned int i = 1; i <= instances; i++) {
		char *device = userspace_device(socket, i);

		printf("    -device '%s' \\\n", device);
		free(device);
	}
	printf("    ...\n\n");
}

static char *default_socket(const char *tree)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	char *name = userspace_name(tree);
	char *path = lab_fmt("%s/%s.sock", dir && *dir ? dir : "/tmp", name);

	free(name);
	return path;
}

/* Ends by a signal of the terminal, which the server or the debugger gets itself. */
static int become(const struct args *args, const char *program, const char *socket,
		  unsigned int nr)
{
	char *instances = lab_fmt("%u", nr);
	const char *argv[16] = { NULL };
	size_t n = 0;

	if (args->gdb) {
		argv[n++] = "gdb";
		argv[n++] = "-q";
		argv[n++] = "-ex";
		argv[n++] = "run";
		argv[n++] = "--args";
		setenv("ASAN_OPTIONS", "detect_leaks=0", 0);
	}
	argv[n++] = program;
	argv[n++] = "--socket";
	argv[n++] = socket;
	argv[n++] = "--instances";
	argv[n++] = instances;
	if (args->types.count) {
		argv[n++] = "--type";
		argv[n++] = args->types.items[0];
	}
	if (args->net) {
		argv[n++] = "--net";
		argv[n++] = args->net;
	}
	fflush(stdout);
	if (args->guest) {
		int ret = run_guest(args->kernel, (char *const *)argv, socket, nr);

		free(instances);
		return ret;
	}
	execvp(argv[0], (char *const *)argv);
	lab_error("cannot run %s: %s; %s", argv[0], strerror(errno),
		  args->gdb ? "install the package gdb" : "build it again");
	free(instances);
	return LAB_CANNOT;
}

/* The server looks at the rest of it. */
static bool net_good(const char *net)
{
	return !net || lab_has_prefix(net, "listen:") || lab_has_prefix(net, "connect:");
}

static int check(const struct args *args, const char *socket)
{
	if (args->types.count > 1) {
		lab_error("run serves devices of one type, and --type was given %zu times; leave out all "
			  "but one", args->types.count);
		return LAB_USAGE;
	}
	if (args->guest && args->gdb) {
		lab_error("--guest and --gdb both want the terminal; start the guest by hand, with the "
			  "lines that run --gdb prints");
		return LAB_USAGE;
	}
	if (args->instances > 64) {
		lab_error("--instances %u: at most 64 are possible; end some, or run the driver twice",
			  args->instances);
		return LAB_USAGE;
	}
	if (!net_good(args->net)) {
		lab_error("--net %s: listen:PATH or connect:PATH is needed; one of two runs listens, the "
			  "other connects to the same path", args->net);
		return LAB_USAGE;
	}
	if (strlen(socket) > PATH_MOST) {
		lab_error("--socket %s has %zu characters, at most %d are possible; choose a shorter path",
			  socket, strlen(socket), PATH_MOST);
		return LAB_USAGE;
	}
	return userspace_check_sanitizer(args->sanitizer);
}

int cmd_run(const struct args *args)
{
	const char *tree = args->operand ? args->operand : ".";
	char *socket = args->socket ? lab_strdup(args->socket) : default_socket(tree);
	unsigned int instances = args->instances ? args->instances : 1;
	char *program = NULL;
	int ret = check(args, socket);

	if (!ret)
		ret = userspace_build(tree, args->sanitizer, &program);
	if (!ret) {
		if (!args->guest) {
			print_qemu();
			print_lines(socket, instances);
			printf("stop    Ctrl-C; commands: echo devices | socat - UNIX:%s.control\n", socket);
		}
		ret = become(args, program, socket, instances);
	}
	free(program);
	free(socket);
	return ret;
}
