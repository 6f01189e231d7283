// SPDX-License-Identifier: GPL-2.0-only
/* The rules and what their heads say. */
#define _GNU_SOURCE
#include <ctype.h>
#include <glob.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"
#include "common/sdk.h"
#include "lab/kernel.h"
#include "rules.h"
#include "table.h"

const char *const severity_names[SEVERITIES] = { "note", "warning", "error" };
const char *const confidence_names[CONFIDENCES] = { "low", "moderate", "high" };
const char *const mode_names[MODES] = { "report", "org", "context", "patch" };

int check_name(const char *const *names, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (!strcasecmp(names[i], text))
			return i;
	return -1;
}

/* What is being read. */
struct head {
	struct rule *rule;
	int severity, confidence;	/* -1: not said */
	char **paragraphs;		/* where the next /// line belongs */
	const char *wrong;		/* what cannot be */
};

static void join(char **text, const char *separator, const char *more)
{
	char *longer = *text ? lab_fmt("%s%s%s", *text, separator, more) : lab_strdup(more);

	free(*text);
	*text = longer;
}

/* "///" lines: the first says what; from "Do:" on, how to mend it; the rest is why. */
static void read_words(struct head *head, const char *text)
{
	struct rule *rule = head->rule;
	char **to = head->paragraphs;

	if (!rule->what) {
		rule->what = lab_strdup(text);
		return;
	}
	if (lab_has_prefix(text, "Do: ")) {
		head->paragraphs = &rule->mend;
		join(&rule->mend, "\n", text + strlen("Do: "));
	} else if (!*text) {
		if (*to && !lab_has_suffix(*to, "\n"))
			join(to, "", "\n");
	} else {
		join(to, *to && lab_has_suffix(*to, "\n") ? "\n" : " ", text);
	}
}

static void add_words(struct lab_list *list, const char *text)
{
	char *copy = lab_strdup(text), *save = NULL;

	for (char *word = strtok_r(copy, " \t", &save); word; word = strtok_r(NULL, " \t", &save))
		lab_list_add(list, word);
	free(copy);
}

static void read_options(struct head *head, const char *text)
{
	add_words(&head->rule->options, text);
}

/* "anything" is each file. */
static void read_needs(struct head *head, const char *text)
{
	char *words = strcmp(text, "anything") ? table_expand(text, " ") : NULL;

	if (words)
		lab_list_add(&head->rule->needs, words);
	free(words);
}

static void read_severity(struct head *head, const char *text)
{
	head->severity = check_name(severity_names, SEVERITIES, text);
	if (head->severity < 0)
		head->wrong = "Severity is none of error, warning, note";
}

static void read_confidence(struct head *head, const char *text)
{
	head->confidence = check_name(confidence_names, CONFIDENCES, text);
	/* The kernel has more words for it, such as Average. */
	if (head->confidence < 0 && head->rule->kind != RULE_KERNEL)
		head->wrong = "Confidence is none of High, Moderate, Low";
}

static void read_class(struct head *head, const char *text)
{
	free(head->rule->class);
	head->rule->class = strcmp(text, "none") ? lab_strdup(text) : NULL;
}

static void read_message(struct head *head, const char *text)
{
	free(head->rule->messages);
	head->rule->messages = lab_strdup(text);
}

static void read_not_in(struct head *head, const char *text)
{
	free(head->rule->not_in);
	head->rule->not_in = lab_strdup(text);
}

static void read_fix(struct head *head, const char *text)
{
	head->rule->mechanical = !strcmp(text, "mechanical");
	if (!head->rule->mechanical)
		head->wrong = "Fix is not 'mechanical'";
}

static void read_aliases(struct head *head, const char *text)
{
	if (!strcmp(text, "plain"))
		head->rule->aliases = RULE_ALIASES_PLAIN;
	else if (!strcmp(text, "named"))
		head->rule->aliases = RULE_ALIASES_NAMED;
	else
		head->wrong = "Aliases is none of plain, named";
}

static void read_match(struct head *head, const char *text)
{
	if (head->rule->match)
		head->wrong = "Match stands there twice";
	else if (regcomp(&head->rule->regex, text, REG_EXTENDED | REG_NOSUB))
		head->wrong = "Match is no regular expression";
	else
		head->rule->match = lab_strdup(text);
}

static void read_flow(struct head *head, const char *text)
{
	if (head->rule->match)
		head->wrong = "Flow stands there twice";
	else
		head->rule->match = lab_strdup(text);
}

static const struct head_key {
	const char *name;
	void (*read)(struct head *head, const char *text);
	bool ours;		/* the kernel's rules say it otherwise */
} head_keys[] = {
	{ "Options:", read_options, false },
	{ "Confidence:", read_confidence, false },
	{ "Severity:", read_severity, true },
	{ "Class:", read_class, true },
	{ "Message:", read_message, true },
	{ "Needs:", read_needs, true },
	{ "Not-in:", read_not_in, true },
	{ "Fix:", read_fix, true },
	{ "Aliases:", read_aliases, true },
	{ "Match:", read_match, true },
	{ "Flow:", read_flow, true },
};

static void read_key(struct head *head, char *text)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(head_keys); i++) {
		const struct head_key *key = &head_keys[i];
		size_t len = strlen(key->name);

		if (lab_has_prefix(text, key->name) &&
		    (!key->ours || head->rule->kind != RULE_KERNEL)) {
			key->read(head, text + len + strspn(text + len, " \t"));
			return;
		}
	}
}

static void read_virtual(struct head *head, char *text)
{
	char *save = NULL;

	for (char *word = strtok_r(text, " ,;", &save); word; word = strtok_r(NULL, " ,;", &save)) {
		int mode = check_name(mode_names, MODES, word);

		if (mode >= 0)
			head->rule->modes[mode] = true;
	}
}

static void trim(char *line)
{
	size_t len = strlen(line);

	while (len && isspace((unsigned char)line[len - 1]))
		line[--len] = '\0';
}

static void read_line(struct head *head, char *line)
{
	trim(line);
	if (lab_has_prefix(line, "///"))
		read_words(head, line + 3 + strspn(line + 3, " /"));
	else if (lab_has_prefix(line, "//"))
		read_key(head, line + 2 + strspn(line + 2, " #"));
	else if (lab_has_prefix(line, "virtual "))
		read_virtual(head, line + strlen("virtual "));
	else if (*line == '@' && strstr(line, ":ocaml"))
		head->rule->ocaml = true;
}

static const char *what_lacks(const struct head *head)
{
	const struct rule *rule = head->rule;

	if (head->wrong)
		return head->wrong;
	if (rule->kind == RULE_KERNEL)
		return rule->modes[MODE_REPORT] ? NULL : "it has no 'virtual report'";
	if (!rule->what)
		return "no line begins with ///";
	if (head->confidence < 0)
		return "there is no line // Confidence:";
	if (head->severity < 0)
		return "there is no line // Severity:";
	if (rule->kind == RULE_TEXT)
		return rule->match ? NULL : "there is no line // Match:";
	if (rule->kind == RULE_FLOW)
		return rule->match ? NULL : "there is no line // Flow:";
	return rule->modes[MODE_REPORT] ? NULL : "it has no 'virtual report'";
}

static const char unreadable[] = "it cannot be read";

static void rule_free(struct rule *rule)
{
	if (rule->match && rule->kind == RULE_TEXT)
		regfree(&rule->regex);
	free(rule->match);
	free(rule->id);
	free(rule->path);
	free(rule->what);
	free(rule->why);
	free(rule->listed);
	free(rule->mend);
	free(rule->class);
	free(rule->messages);
	free(rule->not_in);
	lab_list_free(&rule->options);
	lab_list_free(&rule->needs);
	free(rule);
}

static struct rule *new_rule(struct rules *rules)
{
	struct rule *rule = lab_grow(NULL, 1, sizeof(*rule));

	memset(rule, 0, sizeof(*rule));
	rules->items = lab_grow(rules->items, rules->count + 1, sizeof(*rules->items));
	rules->items[rules->count++] = rule;
	return rule;
}

static void read_head(struct head *head, char *text)
{
	char *save = NULL;

	head->paragraphs = &head->rule->why;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		read_line(head, line);
	if (head->confidence >= 0)
		head->rule->confidence = head->confidence;
	else
		head->rule->confidence = CONFIDENCE_MODERATE;
	head->rule->severity = head->severity >= 0 ? head->severity : SEVERITY_WARNING;
	if (head->rule->kind == RULE_TEXT || head->rule->kind == RULE_FLOW)
		head->rule->modes[MODE_REPORT] = true;
}

/* What it lacks, or NULL; errno says why the file cannot be read. */
static const char *add_rule(struct rules *rules, const char *path, const char *id,
			    enum rule_kind kind)
{
	char *text = lab_read_file(path, NULL);
	struct head head = { .severity = -1, .confidence = -1 };
	char *whole;

	if (!text)
		return unreadable;
	head.rule = new_rule(rules);
	head.rule->id = lab_strdup(id);
	head.rule->path = lab_strdup(path);
	head.rule->kind = kind;
	whole = kind == RULE_KERNEL ? NULL : table_expand(text, ", ");
	if (kind != RULE_KERNEL && !whole)
		head.wrong = "it asks for names() of a family that tools/cocci/names has not";
	read_head(&head, text);
	free(whole);
	free(text);
	return what_lacks(&head);
}

int rules_add(struct rules *rules, const char *path, const char *id, enum rule_kind kind)
{
	const char *lacks = add_rule(rules, path, id, kind);

	if (lacks == unreadable)
		lab_errno("cannot read the rule %s", path);
	else if (lacks)
		lab_error("the rule %s is no good: %s; CONTRIBUTING.md says what is in its head",
			  path, lacks);
	return lacks ? LAB_CANNOT : LAB_OK;
}

struct rule *rules_add_program(struct rules *rules, const char *id, const char *what)
{
	struct rule *rule = new_rule(rules);

	rule->id = lab_strdup(id);
	rule->what = lab_strdup(what);
	rule->kind = RULE_PROGRAM;
	rule->severity = SEVERITY_WARNING;
	rule->confidence = CONFIDENCE_MODERATE;
	return rule;
}

static int load_kind(struct rules *rules, const char *suffix, enum rule_kind kind)
{
	char *pattern = lab_fmt("%s/tools/cocci/rules/*%s", sdk_root(), suffix);
	glob_t found = { 0 };
	int ret = LAB_OK;

	if (!glob(pattern, 0, NULL, &found))
		for (size_t i = 0; !ret && i < found.gl_pathc; i++) {
			char *name = strrchr(found.gl_pathv[i], '/') + 1;
			char *id = strndup(name, strlen(name) - strlen(suffix));

			ret = rules_add(rules, found.gl_pathv[i], id, kind);
			free(id);
		}
	globfree(&found);
	free(pattern);
	return ret;
}

static int compare_rules(const void *a, const void *b)
{
	return strcmp((*(struct rule *const *)a)->id, (*(struct rule *const *)b)->id);
}

int rules_load(struct rules *rules)
{
	int ret = load_kind(rules, ".cocci", RULE_COCCI);

	if (!ret)
		ret = load_kind(rules, ".text", RULE_TEXT);
	if (!ret)
		ret = load_kind(rules, ".flow", RULE_FLOW);
	if (rules->count)
		qsort(rules->items, rules->count, sizeof(*rules->items), compare_rules);
	return ret;
}

/* The newest first is not needed: what pays in one version pays in all. */
static char *find_kernel_scripts(void)
{
	char *patterns[] = {
		lab_strdup("/usr/src/linux-headers-*/scripts/coccinelle"),
		lab_strdup("/usr/src/linux-source-*/scripts/coccinelle"),
		lab_fmt("%s/sources/*/scripts/coccinelle", kernel_cache()),
	};
	char *folder = NULL;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(patterns); i++) {
		glob_t found = { 0 };

		if (!folder && !glob(patterns[i], 0, NULL, &found))
			folder = lab_strdup(found.gl_pathv[found.gl_pathc - 1]);
		globfree(&found);
		free(patterns[i]);
	}
	return folder;
}

/* A line of the list, a name and our reason; false: it is a comment. */
static bool read_listed(char *line, const char **why)
{
	char *mark = strchr(line, '#');

	*why = mark ? mark + 1 + strspn(mark + 1, " \t") : "";
	line[strcspn(line, " \t#")] = '\0';
	return *line;
}

/* A file that another kernel has written otherwise is like one that is not there. */
static void add_kernel_rule(struct rules *rules, const char *folder, const char *name,
			    const char *why, struct lab_buf *missing)
{
	char *path = lab_fmt("%s/%s.cocci", folder, name), *id = lab_fmt("linux/%s", name);
	bool there = lab_exists(path);
	size_t before = rules->count;
	const char *lacks = there ? add_rule(rules, path, id, RULE_KERNEL) : "";

	if (!lacks)
		rules->items[before]->listed = lab_strdup(why);
	else if (rules->count > before)
		rule_free(rules->items[--rules->count]);
	if (lacks)
		lab_buf_addf(missing, there ? "%s%s (%s)" : "%s%s", missing->len ? ", " : "", name,
			     lacks);
	free(path);
	free(id);
}

static char *read_list(void)
{
	char *list = lab_fmt("%s/tools/cocci/kernel-rules", sdk_root());
	char *text = lab_read_file(list, NULL);

	free(list);
	return text;
}

static void add_named(struct rules *rules, const char *folder, char **absent)
{
	char *text = read_list(), *save = NULL;
	struct lab_buf missing = { 0 };
	const char *why;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		if (read_listed(line, &why))
			add_kernel_rule(rules, folder, line, why, &missing);
	if (missing.len)
		*absent = lab_fmt("%s has no %s", folder, missing.data);
	lab_buf_free(&missing);
	free(text);
}

static void add_absent(struct rules *rules, const char *id, const char *why)
{
	struct rule *rule = new_rule(rules);

	rule->id = lab_strdup(id);
	rule->kind = RULE_KERNEL;
	rule->severity = SEVERITY_WARNING;
	rule->confidence = CONFIDENCE_MODERATE;
	rule->listed = lab_strdup(why);
}

const struct rule *rules_add_listed(struct rules *rules, const char *id)
{
	char *text = read_list(), *save = NULL, *absent = NULL;
	const char *why;

	rules_add_kernel(rules, NULL, &absent);
	free(absent);
	for (char *line = text ? strtok_r(text, "\n", &save) : NULL;
	     line && !rules_find(rules, id); line = strtok_r(NULL, "\n", &save))
		if (read_listed(line, &why) && !strcmp(line, id + strlen("linux/")))
			add_absent(rules, id, why);
	free(text);
	return rules_find(rules, id);
}

int rules_add_kernel(struct rules *rules, const char *folder, char **absent)
{
	char *where = folder ? lab_strdup(folder) : find_kernel_scripts();
	int ret = LAB_OK;

	*absent = NULL;
	if (where && lab_is_dir(where)) {
		add_named(rules, where, absent);
	} else if (folder) {
		lab_error("--kernel-scripts '%s' is no folder; a kernel's scripts/coccinelle or none "
			  "is needed", folder);
		ret = LAB_USAGE;
	} else {
		*absent = lab_strdup("this machine has no scripts/coccinelle of a kernel; "
				     "--kernel-scripts DIR names one");
	}
	free(where);
	return ret;
}

const struct rule *rules_find(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->count; i++)
		if (!strcmp(rules->items[i]->id, id))
			return rules->items[i];
	return NULL;
}

int rules_unknown(const struct rules *rules, const char *id)
{
	struct nearest nearest = { .word = id, .below = 10 };

	for (size_t i = 0; i < rules->count; i++)
		nearest_try(&nearest, rules->items[i]->id);
	if (nearest.found)
		lab_error("there is no rule '%s'; did you mean '%s'?", id, nearest.found);
	else
		lab_error("there is no rule '%s'; mdev-sdk explain --rules lists them", id);
	return LAB_USAGE;
}

void rules_free(struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		rule_free(rules->items[i]);
	free(rules->items);
	*rules = (struct rules){ 0 };
}
