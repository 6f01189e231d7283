// SPDX-License-Identifier: GPL-2.0-only
/* doctor: what starts mdevctl's devices when their parent registers, which is a rule of udev. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "root.h"

#define RULE "60-mdevctl.rules"
#define OWN_RULE "/etc/udev/rules.d/" RULE

/* Of files with one name udev takes that of the first folder. */
static const char *const folders[] = {
	"/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
	"/usr/lib/udev/rules.d", "/lib/udev/rules.d",
};

static const char *const programs[] = {
	"/usr/bin/mdevctl", "/usr/sbin/mdevctl", "/usr/local/bin/mdevctl", "/usr/local/sbin/mdevctl",
	"/bin/mdevctl", "/sbin/mdevctl",
};

static char *rule_path(const struct doctor *doctor)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(folders); i++)
		if (root_exists(doctor, "%s/" RULE, folders[i]))
			return lab_fmt("%s/" RULE, folders[i]);
	return NULL;
}

/* Characters of a path; what the rule has around it are blanks and quotes. */
static bool in_path(char c)
{
	return c && !strchr(" \t\n\"'{};|&=", c);
}

/* The next path that ends in /mdevctl before a blank, or NULL; *at goes on behind it. */
static char *next_program(const char **at)
{
	static const char name[] = "/mdevctl ";
	const char *text = *at, *hit = strstr(text, name), *from = hit;

	if (!hit)
		return NULL;
	while (from > text && in_path(from[-1]))
		from--;
	*at = hit + strlen(name);
	return lab_fmt("%.*s", (int)(hit + strlen(name) - 1 - from), from);
}

static char *without_comments(char *text)
{
	struct lab_buf out = { 0 };
	char *save = NULL;

	lab_buf_add(&out, "", 0);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (line[strspn(line, " \t")] != '#')
			lab_buf_addf(&out, "%s\n", line);
	free(text);
	return out.data;
}

/* The first program that the rule calls and that is not there, or NULL. */
static char *missing_program(const struct doctor *doctor, const char *rule)
{
	char *text = root_read(doctor, "%s", rule), *program;
	const char *at;

	if (!text)
		return NULL;
	text = without_comments(text);
	at = text;
	while ((program = next_program(&at)) && root_exists(doctor, "%s", program))
		free(program);
	free(text);
	return program;
}

static const char *real_program(const struct doctor *doctor)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(programs); i++)
		if (root_exists(doctor, "%s", programs[i]))
			return programs[i];
	return NULL;
}

/* A rule of ours in place of the package's; one that is in that place already is mended there. */
static char *way_out(const char *rule, const char *missing, const char *real)
{
	if (!real)
		return lab_strdup("apt-get install mdevctl");
	if (!strcmp(rule, OWN_RULE))
		return lab_fmt("sed -i 's|%s|%s|' " OWN_RULE " && udevadm control --reload", missing, real);
	return lab_fmt("sed 's|%s|%s|' %s >" OWN_RULE " && udevadm control --reload", missing, real, rule);
}

void doctor_autostart(struct doctor *doctor)
{
	char *rule = rule_path(doctor), *missing = rule ? missing_program(doctor, rule) : NULL;
	const char *real = real_program(doctor);

	if (missing)
		doctor_problem(doctor, "D112", way_out(rule, missing, real),
			       "mdevctl: %s calls %s, which is not there%s%s: no device starts by itself "
			       "when its parent registers", rule, missing, real ? "; it is " : "",
			       real ? real : "");
	free(missing);
	free(rule);
}
