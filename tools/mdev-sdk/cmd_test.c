// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk test: from a driver's folder, or its built module, to a verdict. */
#define _GNU_SOURCE
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "modules.h"
#include "session.h"
#include "tree.h"

/* Quoted for a shell where that is needed. */
static char *quoted(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+=:,@";
	struct lab_buf out = { 0 };

	if (*text && !text[strspn(text, plain)])
		return lab_strdup(text);
	lab_buf_addf(&out, "'");
	for (; *text; text++)
		if (*text == '\'')
			lab_buf_addf(&out, "'\\''");
		else
			lab_buf_add(&out, text, 1);
	lab_buf_addf(&out, "'");
	return out.data;
}

static void add_option(struct lab_buf *out, const char *name, const char *value)
{
	char *word = quoted(value);

	lab_buf_addf(out, " %s %s", name, word);
	free(word);
}

static char *options_of(const char *name, const struct lab_list *values)
{
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	for (size_t i = 0; i < values->count; i++)
		add_option(&out, name, values->items[i]);
	return out.data;
}

static char *repeat_command(const struct args *args, const char *what)
{
	char *word = quoted(what), *types = options_of("--type", &args->types);
	struct lab_buf out = { 0 };

	lab_buf_addf(&out, "%s test %s", sdk_command(), word);
	if (args->kernel)
		add_option(&out, "--kernel", args->kernel);
	lab_buf_addf(&out, "%s", types);
	free(types);
	free(word);
	return out.data;
}

/* The kernel that a module was built for stands in the module. */
static int kernel_of_module(const char *path, const char *asked, struct kernel *kernel)
{
	char *vermagic = module_info(path, "vermagic");
	int ret;

	if (!vermagic) {
		lab_error("%s is no kernel module: it has no vermagic", path);
		return LAB_USAGE;
	}
	vermagic[strcspn(vermagic, " ")] = '\0';
	ret = kernel_get(asked ? asked : vermagic, false, kernel);
	if (!ret && strcmp(kernel->release, vermagic)) {
		lab_error("%s was built for %s, not for %s; give the driver's folder, or no "
			  "--kernel", path, vermagic, kernel->release);
		ret = LAB_USAGE;
	}
	free(vermagic);
	return ret;
}

static bool needs(const char *path, const char *module)
{
	char *depends = module_info(path, "depends"), *save = NULL;
	bool hit = false;

	for (char *name = depends ? strtok_r(depends, ",", &save) : NULL; name;
	     name = strtok_r(NULL, ",", &save))
		hit |= !strcmp(name, module);
	free(depends);
	return hit;
}

/* A driver on the kernel's own mdev core gets that one, and not the framework's beside it. */
static int add_module(struct session *session, const char *path)
{
	int ret = needs(path, "mdev") ? LAB_OK : session_add_framework(session);

	if (!ret)
		lab_list_add(&session->modules, path);
	return ret;
}

static int expect_beside(struct session *session, const char *folder)
{
	char *path = lab_fmt("%s/expected-skips", folder);
	int ret = session_expect(session, path, false);

	free(path);
	return ret;
}

static void print_kernel(const struct session *session)
{
	fprintf(session_out(session), "kernel  %s (Debian %s)\n", session->kernel.release,
		session->kernel.version);
}

static int prepare_module(const struct args *args, const char *path, struct session *session)
{
	char *copy = lab_strdup(path);
	int ret = kernel_of_module(path, args->kernel, &session->kernel);

	if (!ret) {
		print_kernel(session);
		ret = add_module(session, path);
	}
	if (!ret)
		ret = expect_beside(session, dirname(copy));
	free(copy);
	return ret;
}

static int prepare_tree(const struct args *args, const char *path, struct session *session)
{
	struct lab_list built = { 0 };
	double start;
	int ret = tree_check(path);

	if (!ret)
		ret = kernel_get(args->kernel ? args->kernel : "6.1", false, &session->kernel);
	start = lab_now();
	if (!ret) {
		print_kernel(session);
		ret = tree_build(path, &session->kernel, &built, &session->copy);
		session->tree = path;
	}
	if (!ret)
		fprintf(session_out(session), "build   %.1f s, %s\n", lab_now() - start, path);
	for (size_t i = 0; !ret && i < built.count; i++)
		ret = i ? (lab_list_add(&session->modules, built.items[i]), LAB_OK)
			: add_module(session, built.items[i]);
	if (!ret)
		ret = expect_beside(session, path);
	lab_list_free(&built);
	return ret;
}

static int list_tests(const struct args *args)
{
	struct lab_list names = { 0 };
	int ret = session_list_tests(&args->only, &names);

	for (size_t i = 0; i < names.count; i++)
		puts(names.items[i]);
	lab_list_free(&names);
	return ret;
}

static int check_only(const struct args *args, struct session *session)
{
	int ret = session_list_tests(&args->only, &session->names);

	/* A name with a type in brackets is known in the guest only. */
	for (size_t i = 0; i < args->only.count; i++)
		if (strchr(args->only.items[i], '['))
			return LAB_OK;
	if (ret || session->names.count)
		return ret;
	lab_error("--only %s: there is no such test; mdev-sdk test --list has them all",
		  args->only.count ? args->only.items[0] : "");
	return LAB_USAGE;
}

static int run(const struct args *args, const char *what)
{
	char *types = options_of("--type", &args->types);
	char *only = options_of("--only", &args->only);
	struct session session = {
		.ktap = args->ktap, .log = args->log, .junit = args->junit,
		.json = args->json, .what = what, .timeout = args->timeout, .only = only,
		.conform_args = lab_fmt("%s%s", types, only),
		.repeat = repeat_command(args, what),
	};
	int ret = check_only(args, &session);

	free(types);
	if (!ret)
		ret = lab_has_suffix(what, ".ko") ? prepare_module(args, what, &session)
						  : prepare_tree(args, what, &session);
	if (!ret)
		ret = session_run(&session);
	session_free(&session);
	return ret;
}

int cmd_test(const struct args *args)
{
	const char *what = args->operand ? args->operand : ".";

	if (args->list)
		return list_tests(args);
	if (lab_exists(what))
		return run(args, what);
	lab_error("there is no %s; test takes the folder of a driver or a built .ko", what);
	return LAB_USAGE;
}
