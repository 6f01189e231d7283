// SPDX-License-Identifier: GPL-2.0-only
/* From a driver's folder, or its built module, to a session that can boot. */
#define _GNU_SOURCE
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "common/tree.h"
#include "framework.h"
#include "lab/modules.h"
#include "prepare.h"
#include "session.h"

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

/* A driver on the kernel's own mdev core gets that one, and not the framework's beside it. */
static int add_module(struct session *session, const char *path)
{
	int ret = module_needs(path, "mdev") ? LAB_OK : session_add_framework(session);

	if (!ret)
		lab_list_add(&session->modules, path);
	return ret;
}

/*
 * A tree that has the list is held to it, and one that `new` has made had it: whoever removes it
 * says that none is expected. Of any other driver nobody has said which tests apply to it.
 */
int session_expect_beside(struct session *session, const char *folder)
{
	char *path = lab_fmt("%s/expected-skips", folder);
	char *record = lab_fmt("%s/" RECORD_NAME, folder);
	int ret = session_expect(session, path, false);

	session->foreign = !session->expected_skips && !lab_exists(record);
	free(record);
	free(path);
	return ret;
}

int session_read_conf(struct session *session, const char *folder)
{
	int ret = testconf_read(folder, &session->conf);

	session->append = session->conf.append;
	session->qemu = &session->conf.qemu;
	for (size_t i = 0; i < session->conf.kernel_modules.count; i++)
		lab_list_add(&session->wanted, session->conf.kernel_modules.items[i]);
	return ret;
}

static void print_kernel(const struct session *session)
{
	fprintf(session_out(session), "kernel  %s (Debian %s)\n", session->kernel.release,
		session->kernel.version);
}

static int prepare_module(struct session *session, const char *path, const char *kernel)
{
	char *copy = lab_strdup(path), *folder = dirname(copy);
	int ret = session_read_conf(session, folder);

	if (!ret)
		ret = kernel_of_module(path, kernel, &session->kernel);
	if (!ret) {
		print_kernel(session);
		ret = add_module(session, path);
	}
	if (!ret)
		ret = session_expect_beside(session, folder);
	free(copy);
	return ret;
}

static int prepare_tree(struct session *session, const char *path, const char *kernel)
{
	struct lab_list built = { 0 };
	double start;
	int ret = tree_check(path);

	if (!ret)
		ret = session_read_conf(session, path);
	if (!ret)
		ret = sdk_kernel_get(kernel, false, &session->kernel);
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
		ret = session_expect_beside(session, path);
	lab_list_free(&built);
	return ret;
}

int session_check_what(const char *what)
{
	if (lab_exists(what))
		return LAB_OK;
	lab_error("there is no %s; the folder of a driver or a built .ko is needed", what);
	return LAB_USAGE;
}

int session_prepare(struct session *session, const char *what, const char *kernel)
{
	if (session_check_what(what))
		return LAB_USAGE;
	return lab_has_suffix(what, ".ko") ? prepare_module(session, what, kernel) :
	       prepare_tree(session, what, kernel);
}
