// SPDX-License-Identifier: GPL-2.0-only
/* doctor: tools, QEMU, KVM, the kernels of the lab, headers. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/sdk.h"
#include "doctor.h"
#include "root.h"

#define PROGRAM_SECONDS 30

/* Names in tools/packages; of an installed command those that it runs, as it is built already. */
static void read_packages(struct lab_list *names)
{
	bool all = !sdk_is_installed();

	char *path = lab_fmt("%s/tools/packages", sdk_root()), *save = NULL;
	char *text = lab_read_file(path, NULL);

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		bool wanted = all || strstr(line, "[run]");

		line[strcspn(line, "# \t")] = '\0';
		if (wanted && *line)
			lab_list_add(names, line);
	}
	free(text);
	free(path);
}

/* "installed NAME" lines for those of names that dpkg knows; NULL: no dpkg here. */
static char *ask_dpkg(const struct doctor *doctor, const struct lab_list *names)
{
	struct lab_list argv = { 0 };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .output = "/dev/null", .capture = &out, .timeout = PROGRAM_SECONDS };
	int code;

	lab_list_add(&argv, "dpkg-query");
	lab_list_addf(&argv, "--admindir=%s/var/lib/dpkg", doctor->root);
	lab_list_add(&argv, "-W");
	lab_list_add(&argv, "-f${db:Status-Status} ${Package}\\n");
	for (size_t i = 0; i < names->count; i++)
		lab_list_add(&argv, names->items[i]);
	cmd.argv = argv.items;
	lab_buf_add(&out, "\n", 1);
	if (lab_run(&cmd, &code) != LAB_END_EXIT)
		lab_buf_free(&out);
	lab_list_free(&argv);
	return out.data;
}

/* In the tree they are those of its tests too. A host that only runs drivers is well without. */
static void say_missing(struct doctor *doctor, const char *missing)
{
	char *fix = lab_fmt("apt-get install --no-install-recommends%s", missing);

	if (sdk_is_installed())
		doctor_note(doctor, "D1", fix, "some verbs of the command need what is missing:%s",
			    missing);
	else
		doctor_problem(doctor, "D1", fix, "missing:%s", missing);
}

void doctor_check_packages(struct doctor *doctor)
{
	struct lab_list names = { 0 };
	struct lab_buf missing = { 0 };
	char *known = NULL;

	read_packages(&names);
	if (root_exists(doctor, "/var/lib/dpkg/status"))
		known = ask_dpkg(doctor, &names);
	for (size_t i = 0; known && i < names.count; i++) {
		char *line = lab_fmt("\ninstalled %s\n", names.items[i]);

		if (!strstr(known, line))
			lab_buf_addf(&missing, " %s", names.items[i]);
		free(line);
	}
	if (!known)
		doctor_note(doctor, "D2",
			    lab_strdup("install what tools/packages of the SDK names, by hand"),
			    "no package database of Debian's kind");
	else if (missing.len)
		say_missing(doctor, missing.data);
	else
		doctor_ok(doctor, "all packages of tools/packages are installed");
	lab_buf_free(&missing);
	lab_list_free(&names);
	free(known);
}

void doctor_check_qemu(struct doctor *doctor)
{
	char *program = root_program(doctor, "qemu-system-x86_64");
	char *argv[] = { program, "--version", NULL };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = {
		.argv = argv, .output = "/dev/null", .capture = &out, .timeout = PROGRAM_SECONDS,
	};
	int code = -1;
	bool works = program && lab_run(&cmd, &code) == LAB_END_EXIT && !code && out.len;

	if (works)
		doctor_ok(doctor, "%.*s", (int)strcspn(out.data, "\n"), out.data);
	else
		doctor_problem(doctor, "D3", lab_strdup("apt-get install qemu-system-x86"),
			       "qemu-system-x86_64 %s", program ? "does not start" : "is missing");
	lab_buf_free(&out);
	free(program);
}

void doctor_check_kvm(struct doctor *doctor)
{
	char *path = root_path(doctor, "/dev/kvm");
	int fd = open(path, O_RDWR | O_CLOEXEC), err = errno;

	if (fd < 0)
		doctor_note(doctor, "D4", NULL, "/dev/kvm: %s; the lab does not need it",
			    strerror(err));
	else if (ioctl(fd, KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		doctor_note(doctor, "D4", NULL,
			    "/dev/kvm is there and does not answer; the lab does not need it");
	else
		doctor_ok(doctor, "/dev/kvm answers; the lab does without it all the same");
	if (fd >= 0)
		close(fd);
	free(path);
}

/* A half of a kernel is worse than none: it is not fetched again. */
static void check_parts(struct doctor *doctor, const struct kernel *kernel)
{
	const char *const parts[] = { kernel->vmlinux, kernel->kdir, kernel->moddir };
	static const char *const what[] = { "its image", "its headers", "its modules" };
	struct lab_list missing = { 0 };
	char *words;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(parts); i++)
		if (!lab_exists(parts[i]))
			lab_list_add(&missing, what[i]);
	words = names_joined(&missing);
	if (missing.count)
		doctor_problem(doctor, "D5",
			       lab_fmt("rm -r '%s'; %s kernel %s", kernel->dir, sdk_command(),
				       kernel->release), "%s lacks %s", kernel->release, words);
	else
		doctor_ok(doctor, "%s is whole: image, headers and modules", kernel->release);
	free(words);
	lab_list_free(&missing);
}

void doctor_check_cache(struct doctor *doctor)
{
	struct lab_list releases = { 0 };
	struct kernel kernel = { 0 };
	const char *which = doctor->asked ? doctor->asked : "6.1";
	char *words;

	kernel_cached(&releases);
	names_sort(&releases);
	words = names_joined(&releases);
	if (kernel_peek(which, &kernel) == LAB_OK)
		check_parts(doctor, &kernel);
	else
		doctor_note(doctor, "D5", lab_fmt("%s kernel %s", sdk_command(), which),
			    "kernel %s is not in the cache yet; it is fetched when it is needed",
			    which);
	if (releases.count)
		doctor_ok(doctor, "in the cache: %s", words);
	kernel_free(&kernel);
	free(words);
	lab_list_free(&releases);
}

void doctor_check_headers(struct doctor *doctor)
{
	const char *release = doctor->release;
	char *build = root_link(doctor, "/lib/modules/%s/build", release);
	bool there = root_exists(doctor, "/lib/modules/%s/build/include/generated/autoconf.h",
				 release) ||
		     (build && *build == '/' &&
		      root_exists(doctor, "%s/include/generated/autoconf.h", build));

	if (there)
		doctor_ok(doctor, "headers of %s, which runs, are there", release);
	else
		doctor_note(doctor, "D6", lab_fmt("apt-get install linux-headers-%s", release),
			    "no headers of %s, which runs: no driver can be built for this host",
			    release);
	free(build);
}
