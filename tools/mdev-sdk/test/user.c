// SPDX-License-Identifier: GPL-2.0-only
/*
 * test --user: a server of the driver, and the suite over its socket. A sanitizer's report ends the
 * server: its test gets that as its verdict, and the next server goes on behind it, as guests do.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "again.h"
#include "common/coverage.h"
#include "common/sdk.h"
#include "common/userspace.h"
#include "lab/judge.h"
#include "report.h"
#include "user.h"
#include "user_files.h"
#include "user_log.h"

#define START_SECONDS	10
#define DIE_SECONDS	10
#define STOP_SECONDS	20	/* leaks are looked for at the end */
#define MAX_PARTS	4
#define TESTS_OF_PART	30	/* at least, or a second server is not worth its start */
#define SKIP_MARK	" # SKIP " JUDGE_NOT_HERE

/* Which of how many parts of the suite, beside each other; each has a server of its own. */
struct part {
	unsigned int nr, of;
};

/* What is timed. */
struct phases {
	double build, suite;
	double now;
};

/* A server, in a folder of its own. */
struct server {
	char *dir;
	char *socket, *log;
	bool failures;
	pid_t pid;
	bool ended;
	int status;
};

static void become_server(const struct server *server, const char *program)
{
	int log = open(server->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (log < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
		_exit(LAB_CANNOT);
	execl(program, program, "--socket", server->socket, "--instances", "0",
	      server->failures ? "--failures" : (char *)NULL, (char *)NULL);
	_exit(LAB_CANNOT);
}

static bool has_ended(struct server *server)
{
	if (!server->ended && waitpid(server->pid, &server->status, WNOHANG) == server->pid)
		server->ended = true;
	return server->ended;
}

static void nap(void)
{
	nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
}

static bool is_ready(struct server *server)
{
	double end = lab_now() + START_SECONDS;
	bool ready;

	while (!(ready = userspace_answers(server->socket)) && !has_ended(server) &&
	       lab_now() < end)
		nap();
	return ready;
}

static char *read_log(const struct server *server)
{
	char *text = lab_read_file(server->log, NULL);

	return text ? text : lab_strdup("");
}

/* Return: it has, within so many seconds. */
static bool wait_for_end(struct server *server, double wait)
{
	double end = lab_now() + wait;

	while (!has_ended(server) && lab_now() < end)
		nap();
	return server->ended;
}

static void stop(struct server *server)
{
	if (!has_ended(server))
		kill(server->pid, SIGINT);
	wait_for_end(server, STOP_SECONDS);
	if (!has_ended(server)) {
		kill(server->pid, SIGKILL);
		waitpid(server->pid, &server->status, 0);
		server->ended = true;
	}
}

static int start(struct server *server, const char *program)
{
	server->dir = lab_scratch_tmp("mdev-sdk");
	if (!server->dir)
		return LAB_CANNOT;
	server->socket = lab_fmt("%s/s", server->dir);
	server->log = lab_fmt("%s/log", server->dir);
	server->ended = false;
	server->pid = fork();
	if (!server->pid)
		become_server(server, program);
	return server->pid < 0 ? LAB_CANNOT : LAB_OK;
}

static void server_free(struct server *server)
{
	lab_scratch_drop(server->dir);
	free(server->socket);
	free(server->log);
}

static void add_list(struct lab_list *argv, const char *option, const struct lab_list *values)
{
	for (size_t i = 0; i < values->count; i++)
		lab_list_addf(argv, "--%s=%s", option, values->items[i]);
}

static void suite_words(struct lab_list *argv, const struct session *session,
			const struct server *server, const struct args *args,
			const struct part *part, const struct again *again)
{
	lab_list_add(argv, session->program);
	lab_list_addf(argv, "--socket=%s", server->socket);
	add_list(argv, "type", &args->types);
	add_list(argv, "only", &args->only);
	add_list(argv, "skip", &args->skip);
	add_list(argv, "without", &again->without);
	lab_list_addf(argv, "--from=%zu", again->from);
	if (part->of > 1)
		lab_list_addf(argv, "--part=%u/%u", part->nr, part->of);
	if (args->sanitizer && !strcmp(args->sanitizer, "thread"))
		lab_list_add(argv, "--long-races");
}

/* Of a server that ended by itself the suite has no verdict on its last test. */
static int run_suite(struct session *session, struct server *server, const struct args *args,
		     const struct part *part, const struct again *again,
		     struct guest_result *result)
{
	struct lab_buf output = { 0 };
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { .capture = &output,
			       .timeout = session->timeout ? session->timeout : SESSION_TIMEOUT };
	double begin = lab_now();
	enum lab_end end;

	suite_words(&argv, session, server, args, part, again);
	cmd.argv = argv.items;
	end = lab_run(&cmd, &result->status);
	lab_buf_add(&output, "", 0);
	result->output = output.data;
	result->timed_out = end == LAB_END_TIMEOUT;
	result->seconds = lab_now() - begin;
	lab_list_free(&argv);
	return end == LAB_END_INTERRUPTED || end == LAB_END_NOSTART ? LAB_CANNOT : LAB_OK;
}

/* What cannot be over a socket may be skipped, and nothing besides but what the tree lists. */
static char *expected(const struct session *session, const char *output)
{
	struct lab_buf text = { 0 };

	lab_buf_addf(&text, "%s\n", session->expected_skips ? session->expected_skips : "");
	for (const char *hit = output; (hit = strstr(hit, SKIP_MARK)); hit++) {
		const char *name = hit;

		while (name > output && name[-1] != ' ')
			name--;
		lab_buf_addf(&text, "%.*s\n", (int)(hit - name), name);
	}
	return text.data;
}

static int judge(const struct session *session, const struct guest_result *result,
		 const char *log)
{
	static const struct lab_list none;
	char *skips = expected(session, result->output);
	struct judgement judgement;
	int ret;

	judge_init(&judgement);
	judgement.of_suite = true;
	judge_ktap(&judgement, result->output);
	if (!session->foreign)
		judge_skips(&judgement, skips);
	judge_log(&judgement, log);
	if (result->timed_out)
		lab_list_addf(&judgement.problems, "the suite hung: ended after %u s",
			      session->timeout ? session->timeout : SESSION_TIMEOUT);
	else if (result->status > 1 && !judgement.problems.count)
		lab_list_addf(&judgement.problems, "mdev-conform ended with status %d",
			      result->status);
	ret = session_report(session, &judgement, &none);
	judge_free(&judgement);
	free(skips);
	return ret;
}

/* Of the first part; the others have not started for the same reason. */
static int say_no_start(const struct server *server, const struct part *part)
{
	char *log;

	if (part->nr > 1)
		return LAB_FOUND;
	log = read_log(server);
	lab_error("the driver does not start in user space; it said:\n%s", log);
	free(log);
	return LAB_FOUND;
}

/* One server, to the suite's end or its own. */
static int run_once(struct session *session, const char *program, const char *tree,
		    const struct args *args, const struct part *part, struct again *again,
		    struct guest_result *result)
{
	/* Of the first server the driver is looked at as it is loaded, too. */
	struct server server = { .failures = part->nr <= 1 && again->from <= 1 };
	char *log;
	int ret = start(&server, program);
	bool died;

	if (ret)
		return ret;
	ret = is_ready(&server) ? run_suite(session, &server, args, part, again, result) :
				  say_no_start(&server, part);
	/* The suite gives up when the sockets are gone; a report is still being written then. */
	died = wait_for_end(&server, !ret && result->status == LAB_CANNOT ? DIE_SECONDS : 0);
	stop(&server);
	log = read_log(&server);
	result->log = user_log(log, tree);
	if (died && !ret)
		result->status = -1;
	free(log);
	server_free(&server);
	return ret;
}

/* The number of a part's first test is the suite's to say. */
static void take_begin(struct again *again, const struct guest_result *result)
{
	static const char words[] = "# mdev-conform: begins with test ";
	const char *hit = !again->boots && result->output ? strstr(result->output, words) : NULL;

	if (hit)
		again->from = strtoul(hit + strlen(words), NULL, 10);
}

/* What there is of a part, or of all: as of one boot. */
struct outcome {
	struct lab_buf output, log, judged;
	struct {
		int ret, status;
		bool timed_out;
	} end;
};

static void run_part(struct session *session, const char *program, const char *tree,
		     const struct args *args, const struct part *part, struct outcome *outcome)
{
	struct guest_result result = { 0 }, all;
	struct again again;
	bool more = true;
	int ret = LAB_OK;

	again_init(&again, session->crashes);
	again.names = &session->names;
	again.out = session_out(session);
	again.what = "the driver";
	while (more && !ret) {
		guest_result_free(&result);
		result = (struct guest_result){ 0 };
		ret = run_once(session, program, tree, args, part, &again, &result);
		if (!ret)
			take_begin(&again, &result);
		more = !ret && again_take(&again, &result);
	}
	all = again_result(&again, &result);
	lab_buf_addf(&outcome->output, "%s", all.output);
	lab_buf_addf(&outcome->log, "%s", all.log);
	lab_buf_addf(&outcome->judged, "%s", again.judged.data);
	outcome->end.ret = ret;
	outcome->end.status = all.status;
	outcome->end.timed_out = all.timed_out;
	guest_result_free(&result);
	again_free(&again);
}

/* A part in a process of its own leaves what there is of it in files. */

static const char *const part_files[] = { "output", "log", "judged", "end" };

static void write_outcome(const char *dir, unsigned int nr, const struct outcome *outcome)
{
	const struct lab_buf *bufs[] = { &outcome->output, &outcome->log, &outcome->judged };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(part_files); i++) {
		char *path = lab_fmt("%s/%u.%s", dir, nr, part_files[i]);
		bool text = i < LAB_ARRAY_SIZE(bufs);

		lab_replace_file(path, text ? bufs[i]->data : (const void *)&outcome->end,
				 text ? bufs[i]->len : sizeof(outcome->end));
		free(path);
	}
}

static char *read_part(const char *dir, unsigned int nr, const char *file, size_t *len)
{
	char *path = lab_fmt("%s/%u.%s", dir, nr, file);
	char *text = lab_read_file(path, len);

	free(path);
	return text;
}

/* Its lines behind those of the parts before it; head and plan, and the end, stand there once. */
static void add_part_output(struct outcome *all, const char *text, bool first, bool last)
{
	for (size_t len; *text; text += len) {
		len = strcspn(text, "\n");
		len += text[len] == '\n';
		if ((first || !again_is_head(text)) && (last || !again_is_end(text)))
			lab_buf_add(&all->output, text, len);
	}
}

static void read_outcome(const char *dir, const struct part *part, struct outcome *all)
{
	char *output = read_part(dir, part->nr, "output", NULL);
	char *log = read_part(dir, part->nr, "log", NULL);
	char *judged = read_part(dir, part->nr, "judged", NULL);
	size_t len = 0;
	char *end = read_part(dir, part->nr, "end", &len);
	struct outcome one = { .end = { .ret = LAB_CANNOT } };

	if (end && len == sizeof(one.end))
		memcpy(&one.end, end, len);
	add_part_output(all, output ? output : "", part->nr == 1, part->nr == part->of);
	lab_buf_addf(&all->log, "%s", log ? log : "");
	lab_buf_addf(&all->judged, "%s", judged ? judged : "");
	all->end.ret = all->end.ret ? all->end.ret : one.end.ret;
	/* What did not come to its end is worse than any status. */
	if (one.end.status < 0 || (all->end.status >= 0 && one.end.status > all->end.status))
		all->end.status = one.end.status;
	all->end.timed_out |= one.end.timed_out;
	free(output);
	free(log);
	free(judged);
	free(end);
}

static void wait_for_part(pid_t pid)
{
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		if (lab_interrupted())
			kill(pid, SIGINT);
}

static void run_parts(struct session *session, const char *program, const char *tree,
		      const struct args *args, unsigned int of, struct outcome *all)
{
	char *dir = lab_scratch_tmp("mdev-sdk");
	pid_t pids[MAX_PARTS] = { 0 };

	fflush(NULL);
	for (unsigned int i = 0; dir && i < of; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			struct part part = { i + 1, of };
			struct outcome one = { 0 };

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			run_part(session, program, tree, args, &part, &one);
			write_outcome(dir, part.nr, &one);
			fflush(NULL);
			_exit(0);
		}
	}
	for (unsigned int i = 0; dir && i < of; i++)
		wait_for_part(pids[i]);
	for (unsigned int i = 0; dir && i < of; i++)
		read_outcome(dir, &(struct part){ i + 1, of }, all);
	if (!dir)
		all->end.ret = LAB_CANNOT;
	lab_scratch_drop(dir);
}

/* As many as there are processors, and a few tests for each. */
static unsigned int how_many_parts(const struct session *session, const struct args *args)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t most = session->names.count / TESTS_OF_PART;

	if (args->coverage || cpus < 2 || most < 2)
		return 1;
	if (most > MAX_PARTS)
		most = MAX_PARTS;
	return (size_t)cpus < most ? (unsigned int)cpus : (unsigned int)most;
}

static int run_all(struct session *session, const char *program, const char *tree,
		   const struct args *args, struct phases *phases)
{
	unsigned int of = how_many_parts(session, args);
	struct guest_result all = { 0 };
	struct outcome outcome = { 0 };
	char *with_files = NULL;
	int ret;

	if (of > 1)
		run_parts(session, program, tree, args, of, &outcome);
	else
		run_part(session, program, tree, args, &(struct part){ 1, 1 }, &outcome);
	ret = outcome.end.ret;
	phases->suite = lab_now() - phases->now;
	if (!ret) {
		with_files = user_files_play(tree, args, outcome.output.data);
		all.output = with_files;
		all.log = outcome.log.data;
		all.status = outcome.end.status;
		all.timed_out = outcome.end.timed_out;
		ret = session_write(session, &all);
		fprintf(session_out(session), "time    build %.1f s, suite %.1f s\n", phases->build,
			phases->suite);
		if (!ret)
			ret = judge(session, &all, outcome.judged.data);
	}
	free(with_files);
	lab_buf_free(&outcome.output);
	lab_buf_free(&outcome.log);
	lab_buf_free(&outcome.judged);
	return ret;
}

/* Files of events, and no test of the suite. */
static int run_files(struct session *session, const char *tree, const struct args *args)
{
	struct guest_result all = { .output = user_files_play(tree, args, USER_FILES_ALONE) };
	int ret = session_write(session, &all);

	if (!ret)
		ret = judge(session, &all, "");
	free(all.output);
	return ret;
}

int session_run_user(struct session *session, const char *tree, const struct args *args)
{
	struct phases phases = { .now = lab_now() };
	struct coverage coverage = { 0 };
	char *program = NULL, *full = realpath(tree, NULL);
	const char *sanitizer = args->coverage ? "coverage" : args->sanitizer;
	int ret = session_check_outputs(session);

	if (!ret)
		ret = userspace_check_sanitizer(args->sanitizer);
	if (!ret && args->coverage)
		ret = coverage_begin(&coverage, full, args->framework);
	if (!ret)
		ret = userspace_build(tree, sanitizer, &program);
	phases.build = lab_now() - phases.now;
	phases.now = lab_now();
	session->kernel.release = lab_strdup("user space");
	if (!ret) {
		fprintf(session_out(session), "kernel  none: user space, vfio-user, sanitizer %s\n",
			sanitizer ? sanitizer : "address");
		ret = !session->names.count && user_files_any(full, args) ?
			      run_files(session, full, args) :
			      run_all(session, program, full, args, &phases);
	}
	if (args->coverage && !coverage.part && (!ret || ret == LAB_FOUND) &&
	    coverage_report(&coverage, session_out(session)))
		ret = LAB_CANNOT;
	coverage_end(&coverage);
	free(program);
	free(full);
	return ret;
}
