// SPDX-License-Identifier: GPL-2.0-only
/* The boots of a session. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "again.h"
#include "common/sdk.h"
#include "framework.h"
#include "lab/console.h"
#include "lab/judge.h"
#include "lab/modules.h"
#include "lab/oops.h"
#include "program.h"
#include "run.h"
#include "verdict.h"

#define MAX_BOOTS	3

static void print_boot(const struct module_plan *plan, const struct guest_result *result, FILE *out)
{
	fprintf(out, "boot    %.1f s, modules:", result->seconds);
	for (size_t i = 0; i < plan->count; i++)
		fprintf(out, " %s", plan->items[i].name);
	putc('\n', out);
}

/* The last lines of a log, for a guest that did not come far. */
static const char *tail_of(const char *text, int lines)
{
	const char *at = text + strlen(text);

	while (at > text && lines >= 0)
		if (*--at == '\n')
			lines--;
	return at > text ? at + 1 : at;
}

/* The guest's init says a word as soon as it runs. */
static bool has_begun(const struct guest_result *result)
{
	return strstr(result->log, "mdev-lab: ") || *result->output;
}

/* A guest whose init never spoke was no test of anything. */
static int check_booted(const struct session *session, const struct guest_result *result)
{
	if (has_begun(result))
		return LAB_OK;
	lab_error("the kernel %s did not boot within %.0f s; the end of its log:\n%s",
		  session->kernel.release, result->seconds, tail_of(result->log, 12));
	return LAB_CANNOT;
}

/* What a boot hands to those who are called when there is a result. */
struct boot {
	struct session *session;
	const struct module_plan *plan;
	struct again *again;
	int ret;
	size_t log_len;			/* of the log that was judged */
};

/* last: of the last boot, which again has taken. */
static int conclude(const struct boot *boot, const struct guest_result *last)
{
	struct guest_result result = again_result(boot->again, last);
	int ret = session_write(boot->session, &result);

	if (!ret)
		ret = check_booted(boot->session, &result);
	if (ret)
		return ret;
	if (boot->session->judge)
		return boot->session->judge(boot->session, boot->plan, &result,
					    boot->again->judged.data);
	print_boot(boot->plan, &result, session_out(boot->session));
	if (result.qemu)
		lab_error("QEMU ended with %s; what the guest had said by then is judged", result.qemu);
	return session_judge(boot->session, boot->plan, &result, boot->again->judged.data);
}

/* The shell comes next: what there is to say of the tests is said before it. */
static void ready(void *arg, const struct guest_result *result)
{
	struct boot *boot = arg;

	boot->log_len = strlen(result->log);
	if (boot->session->run) {
		print_boot(boot->plan, result, session_out(boot->session));
		return;
	}
	again_take(boot->again, result);
	boot->ret = conclude(boot, result);
}

/* What the kernel said while the user was at its shell. */
static int conclude_shell(const struct boot *boot, const struct guest_result *result)
{
	struct oops_source source = { NULL, boot->session->tree };
	struct judgement judgement;
	struct lab_list paths = { 0 };
	int ret = boot->ret;

	session_module_paths(boot->plan, &paths);
	source.modules = &paths;
	judge_init(&judgement);
	judge_log(&judgement, result->log + boot->log_len);
	if (judgement.splat) {
		oops_print(judgement.splat, &source, session_out(boot->session));
		ret = ret ? ret : LAB_FOUND;
	}
	if (result->qemu) {
		lab_error("QEMU ended with %s", result->qemu);
		ret = LAB_CANNOT;
	}
	judge_free(&judgement);
	lab_list_free(&paths);
	return ret;
}

/* The status of the suite is for the shell to report, and it ends with it. */
static char *guest_command(const struct session *session, const struct again *again)
{
	const char *args = session->conform_args ? session->conform_args : "";
	char *more = again_options(again), *command;
	unsigned int rows, columns;

	console_size(&rows, &columns);
	if (session->run)
		command = lab_strdup(session->run);
	else if (session->interactive)
		command = lab_fmt("mdev-conform %s%s; exec sh /lab/shell tty '' $? %u %u", args,
				  more, rows, columns);
	else
		command = lab_fmt("exec mdev-conform %s%s", args, more);
	free(more);
	return command;
}

/*
 * A kernel that ends before the guest's first program has seen nothing of the driver. Emulated
 * processors make it happen: where there are two, one may run an instruction that the other has
 * patched meanwhile (1 boot in 36), and on a busy machine the timer is too late for the kernel.
 */
static bool ended_by_itself(const struct guest_result *result)
{
	return !result->timed_out && !result->shell && !has_begun(result);
}

static int run_guest(const struct guest *guest, struct guest_result *result)
{
	int ret = guest_run(guest, result);

	for (int try = 2; try <= MAX_BOOTS && !ret && ended_by_itself(result); try++) {
		lab_note("the kernel %s ended before the guest's first program began; boot %d of %d",
			 guest->kernel->release, try, MAX_BOOTS);
		guest_result_free(result);
		ret = guest_run(guest, result);
	}
	return ret;
}

/* One boot. Return: as for all; *more: it broke off, and there is a reason for another one. */
static int boot_once(struct boot *boot, struct guest *guest, bool *more)
{
	char *command = guest_command(boot->session, boot->again);
	struct guest_result result = { 0 };
	int ret;

	guest->command = command;
	ret = run_guest(guest, &result);
	*more = false;
	if (!ret && result.shell) {
		ret = conclude_shell(boot, &result);
	} else if (!ret) {
		*more = again_take(boot->again, &result) && !boot->session->run;
		ret = *more ? LAB_OK : conclude(boot, &result);
	}
	guest_result_free(&result);
	free(command);
	return ret;
}

static int boot_all(struct boot *boot, struct guest *guest)
{
	const struct session *session = boot->session;
	struct lab_list paths = { 0 };
	struct oops_source source = { &paths, session->tree };
	bool more = true;
	int ret = LAB_OK;

	session_module_paths(boot->plan, &paths);
	again_init(boot->again, session->crashes);
	boot->again->names = &session->names;
	boot->again->source = &source;
	boot->again->out = session_out(session);
	while (more && !ret)
		ret = boot_once(boot, guest, &more);
	again_free(boot->again);
	lab_list_free(&paths);
	return ret;
}

static int boot(struct session *session, const struct module_plan *plan)
{
	char *init = lab_fmt("%s/tools/lab/guest-init.sh", sdk_root());
	struct again again;
	struct boot boot = { .session = session, .plan = plan, .again = &again };
	struct guest guest = {
		.kernel = &session->kernel, .plan = plan, .files = session->files, .init = init,
		.program = session->run ? NULL : session->program,
		.timeout = session->timeout ? session->timeout : SESSION_TIMEOUT,
		.icount = session->icount, .append = session->append, .qemu = session->qemu,
		.memory = session->conf.memory,
		.ready = session->interactive ? ready : NULL, .arg = &boot,
	};
	int ret = boot_all(&boot, &guest);

	free(init);
	return ret;
}

int session_run(struct session *session)
{
	struct module_plan plan = { 0 };
	int ret = LAB_OK;

	if (session_check_outputs(session))
		return LAB_USAGE;
	if (!session->run && !session->program)
		ret = program_get(NULL, &session->program);
	if (ret)
		return ret;
	/* VFIO finds no IOMMU backend without it, and only asks for it by softdep. */
	lab_list_add(&session->wanted, "vfio_iommu_type1");
	session_add_on_demand(session);
	ret = modules_plan(&session->kernel, &session->wanted, &session->modules, &plan);
	if (!ret)
		ret = boot(session, &plan);
	modules_plan_free(&plan);
	return ret;
}
