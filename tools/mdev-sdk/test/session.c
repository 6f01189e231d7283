// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "again.h"
#include "console.h"
#include "modules.h"
#include "oops.h"
#include "report.h"
#include "session.h"

#define TIMEOUT		120
#define MAX_REPEAT	6
#define MAX_WORDS	20
#define MAX_BOOTS	3

/* The last one is for bus=kernel alone. */
static const char *const framework[] = {
	"mdk_mdev", "mdk_vfio_mdev", "mdk_model", "mdk_mdev_kernel",
};
static const char *const buses[] = { "own", "kernel", "private", "auto" };

FILE *session_out(const struct session *session)
{
	return session->json || session->shell ? stderr : stdout;
}

void session_free(struct session *session)
{
	kernel_free(&session->kernel);
	lab_list_free(&session->modules);
	lab_list_free(&session->wanted);
	lab_list_free(&session->names);
	free(session->conform_args);
	free(session->expected_skips);
	testconf_free(&session->conf);
	free(session->copy);
	free(session->repeat);
	free(session->only);
}

/* Kbuild leaves each module in the folder of its source. */
static char *framework_module(const char *release, const char *name)
{
	static const char *const folders[] = { "", "mdev/", "vfio_mdev/", "mdk/", "model/" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(folders); i++) {
		char *path = lab_fmt("%s/build/%s/framework/%s%s.ko", sdk_root(), release,
				     folders[i], name);

		if (lab_exists(path))
			return path;
		free(path);
	}
	return NULL;
}

int session_check_bus(const char *bus)
{
	for (size_t i = 0; bus && i < LAB_ARRAY_SIZE(buses); i++)
		if (!strcmp(bus, buses[i]))
			return LAB_OK;
	if (bus)
		lab_error("--bus %s: there is no such bus; own, kernel, private or auto is needed",
			  bus);
	return bus ? LAB_USAGE : LAB_OK;
}

static int add_framework_module(struct session *session, const char *name)
{
	const char *release = session->kernel.release;
	char *path = framework_module(release, name);

	if (!path) {
		lab_error("no %s.ko below %s/build/%s/framework; build it with: make -C %s "
			  "framework KVER=%s%s", name, sdk_root(), release, sdk_root(), release,
			  strcmp(name, "mdk_mdev_kernel") ? "" : ", which leaves it out where the "
			  "kernel has no mdev core of its own");
		return LAB_CANNOT;
	}
	if (session->bus && !strcmp(name, "mdk_mdev"))
		lab_list_addf(&session->modules, "%s bus=%s", path, session->bus);
	else
		lab_list_add(&session->modules, path);
	free(path);
	return LAB_OK;
}

int session_add_framework(struct session *session)
{
	bool kernel;
	int ret = sdk_bus_is_kernel(session->bus, &kernel);
	size_t count = LAB_ARRAY_SIZE(framework) - !kernel;

	/* Nothing in a guest loads what is asked for later. */
	if (kernel)
		lab_list_add(&session->wanted, "mdev");
	for (size_t i = 0; i < count && !ret; i++)
		ret = add_framework_module(session, framework[i]);
	return ret;
}

int session_expect(struct session *session, const char *path, bool must_exist)
{
	session->expected_skips = lab_read_file(path, NULL);
	if (session->expected_skips || !must_exist)
		return LAB_OK;
	lab_errno("cannot read the list of expected skips %s", path);
	return LAB_USAGE;
}

char *session_conform(void)
{
	char *path = lab_fmt("%s/build/host/conform/mdev-conform", sdk_root());

	if (lab_exists(path))
		return path;
	lab_error("no test program %s; build it with: make -C %s", path, sdk_root());
	free(path);
	return NULL;
}

static void add_patterns(struct lab_list *argv, const char *option, const struct lab_list *patterns)
{
	for (size_t i = 0; patterns && i < patterns->count; i++)
		lab_list_addf(argv, "%s=%s", option, patterns->items[i]);
}

int session_list_tests(const struct lab_list *only, const struct lab_list *skip,
		       struct lab_list *names)
{
	struct lab_list argv = { 0 };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .capture = &out, .timeout = 30 };
	char *path = session_conform(), *save = NULL;
	int code = -1;

	if (!path)
		return LAB_CANNOT;
	lab_list_add(&argv, path);
	lab_list_add(&argv, "--list");
	add_patterns(&argv, "--only", only);
	add_patterns(&argv, "--skip", skip);
	cmd.argv = argv.items;
	if (lab_run(&cmd, &code) == LAB_END_EXIT && !code && out.data)
		for (char *name = strtok_r(out.data, "\n", &save); name;
		     name = strtok_r(NULL, "\n", &save))
			lab_list_add(names, name);
	lab_list_free(&argv);
	lab_buf_free(&out);
	free(path);
	return code ? LAB_CANNOT : LAB_OK;
}

int session_write(const struct session *session, const struct guest_result *result)
{
	int ret = LAB_OK;

	/* A command of the user's own: what it said is what he wants to see. */
	if (session->run && !session->ktap)
		fputs(result->output, stdout);
	if (session->ktap)
		ret = lab_replace_file(session->ktap, result->output, strlen(result->output));
	if (!ret && session->log)
		ret = lab_replace_file(session->log, result->log, strlen(result->log));
	return ret;
}

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

/* In a run without a suite nobody else reads the words of the guest's init. */
static void add_bail_out(struct judgement *judgement, const char *output)
{
	const char *hit = strstr(output, "Bail out! ");

	if (!hit)
		return;
	lab_list_addf(&judgement->problems, "the guest gave up: %.*s", (int)strcspn(hit + 10, "\n"),
		      hit + 10);
	judgement->gave_up = true;
}

static void add_end(struct judgement *judgement, const struct session *session,
		    const struct guest_result *result)
{
	if (result->timed_out)
		lab_list_addf(&judgement->problems, "the guest hung: ended after %u s",
			      session->timeout ? session->timeout : TIMEOUT);
	else if (result->status < 0)
		lab_list_add(&judgement->problems, "the guest stopped before its program ended");
	else if (session->run && result->status && !judgement->problems.count)
		lab_list_addf(&judgement->problems, "the command ended with status %d",
			      result->status);
	else if (result->status > 1 && !judgement->problems.count)
		lab_list_addf(&judgement->problems, "mdev-conform ended with status %d",
			      result->status);
}

/*
 * Not the driver's: that a module was loaded outside of its package is true of every driver that is
 * tested, and the clocks settle whenever the machine is slow enough for it.
 */
static bool is_noise(const char *line, size_t len)
{
	static const char *const noise[] = {
		"taints kernel", "tainting kernel", "] clocksource: ", "] tsc: ",
		"mdev-lab: modules loaded",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(noise); i++)
		if (memmem(line, len, noise[i], strlen(noise[i])))
			return true;
	return false;
}

/* Without its time, and once: busybox's insmod tries twice. */
static void add_message(struct lab_buf *words, const char *line, size_t len)
{
	const char *stop = *line == '[' ? memmem(line, len, "] ", 2) : NULL;
	size_t skip = stop ? stop + 2 - line : 0;
	char *text = lab_fmt("%.*s\n", (int)(len - skip), line + skip);

	if (!strstr(words->data, text))
		lab_buf_addf(words, "%s", text);
	free(text);
}

/* Why a module did not load: what the kernel said from its insmod to the guest's end. */
static void add_last_words(struct judgement *judgement, const char *log)
{
	static const char load[] = "mdev-lab: load ", end[] = "mdev-lab: exit ";
	struct lab_buf words = { 0 };
	const char *line = log;
	int lines = 0;

	for (const char *hit = log; (hit = strstr(hit, load)); hit += strlen(load))
		line = hit;
	lab_buf_addf(&words, "%s", judgement->tail ? judgement->tail : "");
	for (line += strcspn(line, "\n"); *line; line += strcspn(line, "\n")) {
		size_t len = strcspn(++line, "\n");

		if (memmem(line, len, end, strlen(end)) || lines++ == MAX_WORDS)
			break;
		if (!is_noise(line, len))
			add_message(&words, line, len);
	}
	free(judgement->tail);
	judgement->tail = words.data;
}

static void plan_paths(const struct module_plan *plan, struct lab_list *paths)
{
	for (size_t i = 0; i < plan->count; i++)
		lab_list_add(paths, plan->items[i].path);
}

/* A type or a pattern that the driver's guest does not know: the user's, not a finding. */
static bool is_usage(const struct session *session, const struct judgement *judgement,
		     const struct guest_result *result)
{
	return !session->run && !judgement->version && result->status == LAB_USAGE;
}

static int say_usage(const struct guest_result *result)
{
	static const char bail[] = "Bail out! ", own[] = "mdev-conform: ";
	const char *hit = strstr(result->output, bail);
	const char *words = hit ? hit + strlen(bail) : strstr(result->output, own);

	words = words && !hit ? words + strlen(own) : words;
	lab_error("the suite did not begin: %.*s", words ? (int)strcspn(words, "\n") : 0, words ? words : "");
	return LAB_USAGE;
}

/*
 * What the user's own commands end with is no finding about the driver, but what its kernel says of
 * itself is. The guest's script ends with 2 where the type that was asked for is not there.
 */
static int shell_status(const struct judgement *judgement, const struct guest_result *result)
{
	if (judgement->splats || !judge_failures(judgement))
		return judgement->splats ? LAB_FOUND : LAB_OK;
	return judgement->gave_up && result->status == LAB_USAGE ? LAB_USAGE : LAB_CANNOT;
}

/* log: what of the kernel's words no test is blamed for. */
static int judge(const struct session *session, const struct module_plan *plan,
		 const struct guest_result *result, const char *log)
{
	struct judgement judgement;
	struct lab_list paths = { 0 };
	int ret;

	judge_init(&judgement);
	if (!session->run) {
		judge_ktap(&judgement, result->output);
		if (!session->foreign)
			judge_skips(&judgement, session->expected_skips);
	} else {
		add_bail_out(&judgement, result->output);
	}
	if (judgement.gave_up && !judgement.version)
		add_last_words(&judgement, result->log);
	judge_log(&judgement, log);
	add_end(&judgement, session, result);
	plan_paths(plan, &paths);
	if (is_usage(session, &judgement, result))
		ret = say_usage(result);
	else
		ret = session_report(session, &judgement, &paths);
	lab_list_free(&paths);
	if (session->shell)
		ret = shell_status(&judgement, result);
	/* A command has no tests to count. */
	if (session->run && ret == LAB_SKIPPED)
		ret = LAB_OK;
	judge_free(&judgement);
	return ret;
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
	print_boot(boot->plan, &result, session_out(boot->session));
	return judge(boot->session, boot->plan, &result, boot->again->judged.data);
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
	struct oops_source source = { NULL, boot->session->copy, boot->session->tree };
	struct judgement judgement;
	struct lab_list paths = { 0 };
	int ret = boot->ret;

	plan_paths(boot->plan, &paths);
	source.modules = &paths;
	judge_init(&judgement);
	judge_log(&judgement, result->log + boot->log_len);
	if (judgement.splat) {
		oops_print(judgement.splat, &source, session_out(boot->session));
		ret = ret ? ret : LAB_FOUND;
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
	struct oops_source source = { &paths, session->copy, session->tree };
	bool more = true;
	int ret = LAB_OK;

	plan_paths(boot->plan, &paths);
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

static int boot(struct session *session, const struct module_plan *plan, char *program)
{
	char *init = lab_fmt("%s/tools/lab/guest-init.sh", sdk_root());
	struct again again;
	struct boot boot = { .session = session, .plan = plan, .again = &again };
	struct guest guest = {
		.kernel = &session->kernel, .plan = plan, .files = session->files, .init = init,
		.program = program,
		.timeout = session->timeout ? session->timeout : TIMEOUT,
		.icount = session->icount, .append = session->append, .qemu = session->qemu,
		.memory = session->conf.memory,
		.ready = session->interactive ? ready : NULL, .arg = &boot,
	};
	int ret = boot_all(&boot, &guest);

	free(init);
	return ret;
}

int session_add_shell(struct lab_list *files)
{
	char *poke = lab_fmt("%s/build/host/conform/mdev-poke", sdk_root());
	int ret = LAB_OK;

	if (!lab_exists(poke)) {
		lab_error("no program %s; build it with: make -C %s", poke, sdk_root());
		ret = LAB_CANNOT;
	}
	lab_list_addf(files, "%s:/bin/mdev-poke", poke);
	lab_list_addf(files, "%s/tools/lab/guest-shell.sh:/lab/shell", sdk_root());
	free(poke);
	return ret;
}

/* Better known before the boot than after it. */
static int check_output(const char *option, const char *path)
{
	char *copy, *folder;
	int ret = LAB_OK;

	if (!path)
		return ret;
	copy = lab_strdup(path);
	folder = dirname(copy);
	if (access(folder, W_OK)) {
		lab_errno("%s %s: the folder %s cannot be written to", option, path, folder);
		ret = LAB_USAGE;
	}
	free(copy);
	return ret;
}

int session_check_outputs(const struct session *session)
{
	return check_output("--ktap", session->ktap) || check_output("--log", session->log) ||
	       check_output("--junit", session->junit) ? LAB_USAGE : LAB_OK;
}

/* What of the framework only some drivers use; kernels without a network do not have the first. */
static const char *const on_demand[] = { "mdk_net", "mdk_legacy" };

static bool wanted(const struct session *session, const char *name)
{
	bool hit = false;

	for (size_t i = 0; !hit && i < session->modules.count; i++) {
		char *file = lab_strdup(session->modules.items[i]);

		/* Options stand behind a space. */
		file[strcspn(file, " ")] = '\0';
		hit = module_needs(file, name);
		free(file);
	}
	return hit;
}

static void add_on_demand(struct session *session)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(on_demand); i++) {
		char *path = wanted(session, on_demand[i]) ?
			framework_module(session->kernel.release, on_demand[i]) : NULL;

		if (path)
			lab_list_add(&session->modules, path);
		free(path);
	}
}

int session_run(struct session *session)
{
	struct module_plan plan = { 0 };
	char *program;
	int ret;

	if (session_check_outputs(session))
		return LAB_USAGE;
	program = session->run ? NULL : session_conform();
	if (!program && !session->run)
		return LAB_CANNOT;
	/* VFIO finds no IOMMU backend without it, and only asks for it by softdep. */
	lab_list_add(&session->wanted, "vfio_iommu_type1");
	add_on_demand(session);
	ret = modules_plan(&session->kernel, &session->wanted, &session->modules, &plan);
	if (!ret)
		ret = boot(session, &plan, program);
	modules_plan_free(&plan);
	free(program);
	return ret;
}

/* The command that repeats what failed, or NULL. */
static char *repeat_failed(const struct session *session, const struct judgement *judgement,
			   const char *culprit)
{
	bool few = judgement->failed <= MAX_REPEAT;
	struct lab_buf out = { 0 };

	if (!session->repeat || !judge_failures(judgement))
		return NULL;
	lab_buf_addf(&out, "%s", session->repeat);
	if (!few || (!culprit && !judgement->failed))
		lab_buf_addf(&out, "%s", session->only);
	else if (culprit)
		lab_buf_addf(&out, " --only '%s'", culprit);
	for (size_t i = 0; few && i < judgement->count; i++)
		if (judgement->results[i].verdict == VERDICT_FAILED &&
		    (!culprit || strcmp(culprit, judgement->results[i].name)))
			lab_buf_addf(&out, " --only '%s'", judgement->results[i].name);
	return out.data;
}

/* The first id of the SDK among the kernel's words, such as [M8]. Return: there is one. */
static bool print_explain(const char *words, FILE *out)
{
	for (const char *at = words; (at = strchr(at, '[')); at++) {
		size_t digits = strspn(at + 1 + !!at[1], "0123456789");

		if ((at[1] == 'K' || at[1] == 'M') && digits && at[2 + digits] == ']') {
			fprintf(out, "more: %s explain %.*s\n", sdk_command(), (int)digits + 1,
				at + 1);
			return true;
		}
	}
	return false;
}

/* Of a load that failed, or else of the first test that failed with a cause of ours. */
static void print_more(const struct judgement *judgement, FILE *out)
{
	if (judgement->problems.count && judgement->tail && print_explain(judgement->tail, out))
		return;
	for (size_t i = 0; i < judgement->count; i++)
		if (judgement->results[i].verdict == VERDICT_FAILED &&
		    print_explain(judgement->results[i].diagnostics, out))
			return;
}

static void print_report(const struct report *report, const struct oops_source *source, FILE *out)
{
	const struct judgement *judgement = report->judgement;

	judge_print_failures(judgement, out);
	if (judgement->splat)
		oops_print(judgement->splat, source, out);
	if (judgement->splats > 1)
		fprintf(out, "         and %zu more in the kernel's log\n", judgement->splats - 1);
	if (report->culprit)
		fprintf(out, "         in the test %s\n", report->culprit);
	judge_print_rest(judgement, out);
	if (judgement->count || judgement->plan >= 0 || judge_failures(judgement))
		fprintf(out, "%zu passed, %zu failed, %zu skipped\n", judgement->passed,
			judge_failures(judgement), judgement->skipped);
	print_more(judgement, out);
	if (report->repeat)
		fprintf(out, "repeat: %s\n", report->repeat);
}

int session_report(const struct session *session, const struct judgement *judgement,
		   const struct lab_list *modules)
{
	struct oops_source source = { modules, session->copy, session->tree };
	const char *culprit = judge_culprit(judgement, &session->names);
	char *repeat = repeat_failed(session, judgement, culprit);
	struct report report = {
		.kernel = &session->kernel, .what = session->what, .modules = modules,
		.judgement = judgement, .culprit = culprit, .repeat = repeat,
	};
	int ret = LAB_OK;

	print_report(&report, &source, session_out(session));
	if (session->junit)
		ret = report_junit(&report, session->junit);
	if (session->json)
		report_json(&report, stdout);
	free(repeat);
	return ret ? ret : judge_status(judgement);
}
