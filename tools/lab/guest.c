// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "guest.h"
#include "pack.h"

/*
 * Memory is not cleared on allocation: a reply that was never filled in must show what it leaks.
 * An oops ends the guest: with locks held for ever, whatever comes after it fails as well.
 * On a busy host timer interrupts come in bursts, and the kernel's check of them at boot panics.
 */
#define COMMAND_LINE "console=ttyS0 quiet oops=panic panic=-1 init_on_alloc=0 init_on_free=0 " \
		     "watchdog_thresh=30 no_timer_check"

#define ICOUNT_LINE " nokaslr norandmaps tsc=reliable random.trust_cpu=off " \
		    "random.trust_bootloader=off"

static const char *const busybox_paths[] = { "/bin/busybox", "/usr/bin/busybox" };

static const char *busybox(void)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(busybox_paths); i++)
		if (lab_exists(busybox_paths[i]))
			return busybox_paths[i];
	lab_error("no %s: the guest needs it; install the package busybox-static",
		  busybox_paths[0]);
	return NULL;
}

static int add_base(struct lab_cpio *cpio)
{
	static const char *const dirs[] = {
		"bin", "dev", "lab", "lab/ko", "proc", "root", "sys", "tmp",
	};
	/* Enough for the init script; it has every other applet as "busybox NAME". */
	static const char *const applets[] = {
		"[", "cat", "chmod", "cut", "dd", "dmesg", "echo", "env", "false", "find", "grep",
		"head", "hexdump", "insmod", "kill", "ln", "ls", "lsmod", "mkdir", "mknod", "mount",
		"ps", "readlink", "reboot", "rm", "rmmod", "sed", "sh", "sleep", "sort", "stty",
		"tail", "test", "timeout", "tr", "true", "uname", "wc", "xargs",
	};
	const char *path = busybox();

	if (!path)
		return LAB_CANNOT;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(dirs); i++)
		lab_cpio_dir(cpio, dirs[i]);
	for (size_t i = 0; i < LAB_ARRAY_SIZE(applets); i++) {
		char *name = lab_fmt("bin/%s", applets[i]);

		lab_cpio_link(cpio, name, "busybox");
		free(name);
	}
	return lab_cpio_file(cpio, "bin/busybox", path, 0755);
}

/* Decompressed here: the guest is many times slower at it. */
static int add_module(struct lab_cpio *cpio, const struct module *module, const char *name)
{
	size_t len, plain_len;
	char *data = lab_read_file(module->path, &len), *plain = NULL;
	int ret = LAB_CANNOT;

	if (data && len > 4 && memcmp(data, "\177ELF", 4))
		plain = lab_decompress(data, len, &plain_len);
	if (!data)
		lab_errno("cannot read the module %s", module->path);
	else if (plain)
		ret = lab_cpio_data(cpio, name, plain, plain_len, 0644);
	else
		ret = lab_cpio_data(cpio, name, data, len, 0644);
	free(plain);
	free(data);
	return ret;
}

static int add_modules(struct lab_cpio *cpio, const struct module_plan *plan)
{
	struct lab_buf list = { 0 };
	int ret = LAB_OK;

	lab_buf_add(&list, "", 0);
	for (size_t i = 0; !ret && i < plan->count; i++) {
		const struct module *module = &plan->items[i];
		char *name = lab_fmt("lab/ko/%s.ko", module->name);

		ret = add_module(cpio, module, name);
		lab_buf_addf(&list, "/%s %s\n", name, module->options);
		free(name);
	}
	if (!ret)
		ret = lab_cpio_data(cpio, "lab/modules", list.data, list.len, 0644);
	lab_buf_free(&list);
	return ret;
}

/* The folders above name must be in the image before it. */
static void add_parents(struct lab_cpio *cpio, const char *name)
{
	char *copy = lab_strdup(name);

	for (char *p = strchr(copy, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		lab_cpio_dir(cpio, copy);
		*p = '/';
	}
	free(copy);
}

static int add_files(struct lab_cpio *cpio, const struct lab_list *files)
{
	int ret = LAB_OK;

	for (size_t i = 0; !ret && files && i < files->count; i++) {
		char *host = lab_strdup(files->items[i]);
		char *guest = strchr(host, ':');

		if (!guest || guest[1] != '/') {
			lab_error("--file '%s': HOST:GUEST with an absolute GUEST is needed", host);
			ret = LAB_USAGE;
		} else {
			*guest = '\0';
			guest += 2;
			add_parents(cpio, guest);
			ret = lab_cpio_file(cpio, guest, host, 0);
		}
		free(host);
	}
	return ret;
}

static int fill_image(struct lab_cpio *cpio, const struct guest *guest)
{
	const char *base = guest->program ? strrchr(guest->program, '/') : NULL;
	char *name = guest->program ? lab_fmt("bin/%s", base ? base + 1 : guest->program) : NULL;
	char *run = lab_fmt("%s\n", guest->command);
	int ret = add_base(cpio);

	if (!ret)
		ret = lab_cpio_file(cpio, "init", guest->init, 0755);
	if (!ret && name)
		ret = lab_cpio_file(cpio, name, guest->program, 0755);
	if (!ret)
		ret = add_modules(cpio, guest->plan);
	if (!ret)
		ret = add_files(cpio, guest->files);
	if (!ret)
		ret = lab_cpio_data(cpio, "lab/run", run, strlen(run), 0644);
	free(name);
	free(run);
	return ret;
}

int guest_image(const struct guest *guest, const char *path)
{
	struct lab_cpio *cpio = lab_cpio_open(path);
	int ret = fill_image(cpio, guest);
	int closed = lab_cpio_close(cpio);

	return ret ? ret : closed;
}

static int make_image(const struct guest *guest, const char *dir)
{
	char *path = lab_fmt("%s/initrd", dir);
	int ret = guest_image(guest, path);

	free(path);
	return ret;
}

/* Nothing that differs between two boots: no random addresses, no entropy, no wall clock. */
#define ICOUNT_OPTIONS "-icount shift=0,sleep=off -cpu max,-rdrand,-rdseed " \
		       "-rtc base=2026-01-01T00:00:00,clock=vm -seed 1"

static void add_words(struct lab_list *argv, const char *words)
{
	char *copy = lab_strdup(words), *save = NULL;

	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		lab_list_add(argv, word);
	free(copy);
}

static void qemu_command(const struct guest *guest, struct lab_list *argv)
{
	const char *const fixed[] = {
		"qemu-system-x86_64", "-nodefaults", "-no-user-config", "-no-reboot",
		"-display", "none", "-accel", "tcg",
		"-kernel", guest->kernel->vmlinux, "-initrd", "initrd",
		"-serial", "file:log",
	};
	const char *const tty[] = { "-chardev", "stdio,id=tty,signal=off", "-serial", "chardev:tty" };
	const char *const file[] = { "-serial", "file:output" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(fixed); i++)
		lab_list_add(argv, fixed[i]);
	for (size_t i = 0; guest->ready && i < LAB_ARRAY_SIZE(tty); i++)
		lab_list_add(argv, tty[i]);
	for (size_t i = 0; !guest->ready && i < LAB_ARRAY_SIZE(file); i++)
		lab_list_add(argv, file[i]);
	lab_list_add(argv, "-m");
	lab_list_addf(argv, "%u", guest->memory ? guest->memory : 512);
	lab_list_add(argv, "-append");
	lab_list_addf(argv, "%s%s %s", COMMAND_LINE, guest->icount ? ICOUNT_LINE : "",
		      guest->append ? guest->append : "");
	if (guest->icount)
		add_words(argv, ICOUNT_OPTIONS);
	for (size_t i = 0; guest->qemu && i < guest->qemu->count; i++)
		add_words(argv, guest->qemu->items[i]);
}

static enum lab_end run_qemu(const struct guest *guest, const char *dir, struct console *console,
			     int *code)
{
	char *qemu = lab_fmt("%s/qemu", dir);
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { .cwd = dir, .output = qemu, .timeout = guest->timeout,
			       .relay = console ? &console->relay : NULL };
	enum lab_end end;

	qemu_command(guest, &argv);
	cmd.argv = argv.items;
	end = lab_run(&cmd, code);

	lab_list_free(&argv);
	free(qemu);
	return end;
}

/* A serial line ends its lines with \r\n. */
static char *plain_lines(char *text)
{
	char *to = text;

	for (char *from = text; *from; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = '\0';
	return text;
}

static char *read_serial(const char *dir, const char *name)
{
	char *path = lab_fmt("%s/%s", dir, name);
	char *text = lab_read_file(path, NULL);

	free(path);
	return text ? plain_lines(text) : lab_strdup("");
}

static int status_of(const char *log)
{
	static const char mark[] = "mdev-lab: exit ";
	const char *hit = strstr(log, mark);

	return hit ? atoi(hit + strlen(mark)) : -1;
}

/* *words: how QEMU itself ended, where that was no end of the guest; the caller's to free. */
static int check_end(enum lab_end end, int code, const char *dir, char **words)
{
	char *said;

	*words = NULL;
	switch (end) {
	case LAB_END_TIMEOUT:
	case LAB_END_RELAY:
		return LAB_OK;
	case LAB_END_INTERRUPTED:
		return LAB_CANNOT;
	case LAB_END_NOSTART:
		lab_error("cannot run qemu-system-x86_64; install the package qemu-system-x86");
		return LAB_CANNOT;
	default:
		if (end == LAB_END_EXIT && !code)
			return LAB_OK;
	}
	said = read_serial(dir, "qemu");
	said[strcspn(said, "\n")] = '\0';
	*words = lab_fmt("%s %d%s%s", end == LAB_END_SIGNAL ? "signal" : "status",
			 code, *said ? ": " : "", said);
	free(said);
	return LAB_OK;
}

/* Options that QEMU does not take, a kernel that it cannot load. */
static int check_began(const struct guest_result *result)
{
	if (!result->qemu || *result->log || *result->output)
		return LAB_OK;
	lab_error("QEMU ended with %s", result->qemu);
	return LAB_CANNOT;
}

/* One boot, from its start: what the console's callback needs to make a result. */
struct boot {
	const struct guest *guest;
	const char *dir;
	double start;
	struct console console;
};

static void take_result(const struct boot *boot, struct guest_result *result)
{
	const char *before = boot->console.before.data;

	*result = (struct guest_result){
		.output = boot->guest->ready ? plain_lines(lab_strdup(before ? before : "")) :
			  read_serial(boot->dir, "output"),
		.log = read_serial(boot->dir, "log"),
		.seconds = lab_now() - boot->start, .shell = boot->console.live,
	};
	result->status = result->shell ? boot->console.status : status_of(result->log);
}

static void console_ready(void *arg)
{
	const struct boot *boot = arg;
	struct guest_result result;

	take_result(boot, &result);
	boot->guest->ready(boot->guest->arg, &result);
	guest_result_free(&result);
}

int guest_run(const struct guest *guest, struct guest_result *result)
{
	char *dir = lab_scratch_tmp("mdev-sdk-");
	struct boot boot = { .guest = guest, .dir = dir, .start = lab_now() };
	int code, ret;

	if (!dir)
		return LAB_CANNOT;
	console_init(&boot.console, console_ready, &boot);
	ret = make_image(guest, dir);
	if (!ret) {
		enum lab_end end = run_qemu(guest, dir, guest->ready ? &boot.console : NULL, &code);

		console_end(&boot.console);
		take_result(&boot, result);
		result->timed_out = end == LAB_END_TIMEOUT;
		ret = check_end(end, code, dir, &result->qemu);
		ret = ret ? ret : check_began(result);
	}
	console_free(&boot.console);
	lab_scratch_drop(dir);
	return ret;
}

void guest_result_free(struct guest_result *result)
{
	free(result->output);
	free(result->log);
	free(result->qemu);
	*result = (struct guest_result){ 0 };
}
