// SPDX-License-Identifier: GPL-2.0-only
/* run --guest: the driver's server beside a QEMU that has its devices in a stock guest. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/sdk.h"
#include "common/userspace.h"
#include "lab/guest.h"
#include "run_guest.h"

#define READY_SECONDS 30
#define FETCH_SECONDS 1800

/* Its messages are on the terminal by then. To be freed; NULL: there is none. */
static char *find_qemu(void)
{
	char *tool = lab_fmt("%s/tools/lab/qemu-newest", sdk_root());
	char *argv[] = { tool, NULL };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &text, .timeout = FETCH_SECONDS };
	char *path = NULL;
	int code;

	if (lab_run(&cmd, &code) == LAB_END_EXIT && !code && text.len) {
		path = lab_strdup(text.data);
		path[strcspn(path, "\n")] = '\0';
	} else if (!lab_interrupted()) {
		lab_error("run --guest needs a QEMU with vfio-user-pci, and there is none; %s says why, "
			  "or install QEMU 10.1 or newer", tool);
	}
	lab_buf_free(&text);
	free(tool);
	return path;
}

static int make_image(const struct kernel *kernel, const char *path)
{
	char *init = lab_fmt("%s/tools/lab/user-guest-init.sh", sdk_root());
	struct lab_list none = { 0 };
	struct module_plan plan = { 0 };
	struct guest guest = { .kernel = kernel, .plan = &plan, .files = &none, .init = init,
			       .command = "" };
	int ret = guest_image(&guest, path);

	free(init);
	return ret;
}

/* In this process's group, so that both have the terminal. */
static pid_t start(char *const *argv)
{
	pid_t pid = fork();

	if (!pid) {
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		execv(argv[0], argv);
		_exit(127);
	}
	return pid;
}

/* Return: its exit status, 128 and more for a signal's. */
static int end_of(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* *server is 0 if it has ended. */
static bool is_ready(pid_t *server, const char *path)
{
	double end = lab_now() + READY_SECONDS;
	bool there = false;

	while (!there && *server && lab_now() < end && !lab_interrupted()) {
		if (waitpid(*server, NULL, WNOHANG) == *server)
			*server = 0;
		there = userspace_answers(path);
		usleep(20000);
	}
	if (!there)
		lab_error("the driver's server was not ready within %d s; its own lines above say why",
			  READY_SECONDS);
	return there && *server;
}

static void qemu_line(struct lab_list *argv, const struct kernel *kernel, const char *initrd,
		      const char *socket, unsigned int instances)
{
	static const char *const words[] = {
		"-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-accel", "tcg",
		"-M", "q35,memory-backend=ram", "-m", "512", "-serial", "mon:stdio",
		"-object", "memory-backend-memfd,id=ram,size=512M,share=on",
		"-append", "console=ttyS0 quiet panic=-1 no_timer_check iomem=relaxed",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++)
		lab_list_add(argv, words[i]);
	lab_list_add(argv, "-kernel");
	lab_list_add(argv, kernel->vmlinux);
	lab_list_add(argv, "-initrd");
	lab_list_add(argv, initrd);
	for (unsigned int i = 1; i <= instances; i++) {
		char *device = userspace_device(socket, i);

		lab_list_add(argv, "-device");
		lab_list_add(argv, device);
		free(device);
	}
}

/* QEMU first, as its end is the user's; the server's status says what it found until its end. */
static int run_both(char *const *server_argv, const struct lab_list *qemu, const char *socket)
{
	pid_t server = start(server_argv);
	int ret = LAB_CANNOT, status;

	if (is_ready(&server, socket)) {
		status = end_of(start(qemu->items));
		if (status)
			lab_error("QEMU ended with status %d; its own lines above say why", status);
		ret = status ? LAB_CANNOT : LAB_OK;
	}
	if (server > 0) {
		kill(server, SIGTERM);
		status = end_of(server);
		ret = ret == LAB_OK && status ? LAB_FOUND : ret;
	}
	return ret;
}

int run_guest(const char *wanted, char *const *server_argv, const char *socket,
	      unsigned int instances)
{
	char *scratch = lab_scratch_tmp("mdk-run."), *initrd = NULL, *qemu = find_qemu();
	struct kernel kernel = { 0 };
	struct lab_list argv = { 0 };
	int ret = qemu && scratch ? sdk_kernel_get(wanted, false, &kernel) : LAB_CANNOT;

	if (!ret) {
		initrd = lab_fmt("%s/initrd", scratch);
		ret = make_image(&kernel, initrd);
	}
	if (!ret) {
		lab_list_add(&argv, qemu);
		qemu_line(&argv, &kernel, initrd, socket, instances);
		ret = run_both(server_argv, &argv, socket);
	}
	lab_list_free(&argv);
	kernel_free(&kernel);
	lab_scratch_drop(scratch);
	free(initrd);
	free(qemu);
	return ret;
}
