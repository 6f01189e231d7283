// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/sdk.h"
#include "common/tree.h"
#include "common/userspace.h"
#include "lab/lab.h"

static const char *const sanitizers[] = { "address", "thread", "none" };

int userspace_check_sanitizer(const char *sanitizer)
{
	for (size_t i = 0; sanitizer && i < LAB_ARRAY_SIZE(sanitizers); i++)
		if (!strcmp(sanitizer, sanitizers[i]))
			return LAB_OK;
	if (sanitizer)
		lab_error("--sanitizer %s: there is no such sanitizer; address, thread or none is "
			  "needed", sanitizer);
	return sanitizer ? LAB_USAGE : LAB_OK;
}

/* A file alone may be what a killed server left, and is there before anybody listens at it. */
bool userspace_answers(const char *socket_path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool answers;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s.control", socket_path);
	answers = fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address));
	if (fd >= 0)
		close(fd);
	return answers;
}

char *userspace_device(const char *socket, unsigned int nr)
{
	char *suffix = nr > 1 ? lab_fmt(".%u", nr) : lab_strdup("");
	char *device = lab_fmt("{\"driver\":\"vfio-user-pci\",\"socket\":{\"path\":\"%s%s\","
			       "\"type\":\"unix\"}}", socket, suffix);

	free(suffix);
	return device;
}

char *userspace_name(const char *tree)
{
	char *full = realpath(tree, NULL);
	char *name = lab_strdup(full ? strrchr(full, '/') + 1 : tree);

	free(full);
	return name;
}

/* build.sh says by itself what does not build; its last line is the program. */
static int run_build(const char *full, const char *sanitizer, const char *which, const char *out,
		     char **program)
{
	char *script = lab_fmt("%s/framework/user/build.sh", sdk_root());
	char *argv[] = { script, "--sanitizer", (char *)sanitizer, "--program", (char *)which,
			 "--out", (char *)out, (char *)full, NULL };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &text };
	int code = 0, ret = LAB_CANNOT;

	tree_forget_outer_make();
	if (lab_run(&cmd, &code) == LAB_END_EXIT && !code && text.len) {
		text.data[strcspn(text.data, "\n")] = '\0';
		*program = lab_strdup(text.data);
		ret = LAB_OK;
	}
	lab_buf_free(&text);
	free(script);
	return ret;
}

static int build(const char *tree, const char *sanitizer, const char *which, char **program)
{
	char *full = realpath(tree, NULL), *all, *out;
	int ret = full ? tree_check(full) : tree_check(tree);

	if (ret || !full) {
		free(full);
		return ret ? ret : LAB_USAGE;
	}
	all = lab_fmt("%s/user-trees/%s", sdk_build(), sanitizer);
	out = tree_copy_of(all, full);
	ret = lab_mkdir_p(out);
	if (!ret)
		ret = run_build(full, sanitizer, which, out, program);
	free(out);
	free(all);
	free(full);
	return ret;
}

int userspace_build(const char *tree, const char *sanitizer, char **program)
{
	return build(tree, sanitizer ? sanitizer : "address", "server", program);
}

int userspace_build_player(const char *tree, const char *sanitizer, char **program)
{
	return build(tree, sanitizer ? sanitizer : "address", "fuzz", program);
}

int userspace_build_streams(const char *tree, char **program)
{
	return build(tree, "fuzzer", "stream", program);
}

/* Of this tree and this type alone: an input of one type says little to another. */
char *userspace_fuzz_folder(const char *full, const char *type)
{
	char *all = lab_fmt("%s/fuzz", sdk_build());
	char *own = tree_copy_of(all, full);
	char *dir = lab_fmt("%s/%s", own, type ? type : "first");

	free(own);
	free(all);
	return dir;
}
