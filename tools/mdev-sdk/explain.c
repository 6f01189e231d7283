// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk explain: what an id, an errno or a line of a log means, and what to do about it. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "check/rules.h"
#include "common/args.h"
#include "common/catalog.h"
#include "common/nearest.h"
#include "common/sdk.h"
#include "verbs.h"

#define WIDTH 80
#define INDENT 9
#define NEAREST_MAX 5
#define ERRNO_MAX 4095		/* the kernel's MAX_ERRNO */

/* Entries that were asked for, each once and in the order of their finding. */
struct found {
	const struct entry **items;
	size_t count;
};

static bool found_add(struct found *found, const struct entry *entry)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i] == entry)
			return false;
	found->items = lab_grow(found->items, found->count + 1, sizeof(*found->items));
	found->items[found->count++] = entry;
	return true;
}

/* Output */

static void print_wrapped(const char *key, const char *text)
{
	size_t column = INDENT;

	printf("  %-*s", INDENT - 2, key);
	while (*text) {
		size_t len = strcspn(text, " ");

		if (column > INDENT && column + 1 + len > WIDTH) {
			printf("\n%*s", INDENT, "");
			column = INDENT;
		}
		column += printf("%s%.*s", column > INDENT ? " " : "", (int)len, text);
		text += len + strspn(text + len, " ");
	}
	putchar('\n');
}

static void print_entry(const struct entry *entry)
{
	printf("%s: %s\n", entry->id, entry->title);
	if (entry->says)
		print_wrapped("says:", entry->says);
	print_wrapped("cause:", entry->cause);
	print_wrapped("mend:", entry->mend);
	if (entry->rule)
		print_wrapped("rule:", entry->rule);
}

static void print_json(const struct found *found)
{
	cJSON *root = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(root, "entries");
	char *text;

	for (size_t i = 0; i < found->count; i++) {
		const struct entry *entry = found->items[i];
		cJSON *row = cJSON_CreateObject();

		cJSON_AddStringToObject(row, "id", entry->id);
		cJSON_AddStringToObject(row, "chapter", entry->chapter);
		cJSON_AddStringToObject(row, "title", entry->title);
		if (entry->says)
			cJSON_AddStringToObject(row, "says", entry->says);
		cJSON_AddStringToObject(row, "cause", entry->cause);
		cJSON_AddStringToObject(row, "mend", entry->mend);
		if (entry->rule)
			cJSON_AddStringToObject(row, "rule", entry->rule);
		cJSON_AddItemToArray(list, row);
	}
	text = cJSON_Print(root);
	puts(text);
	free(text);
	cJSON_Delete(root);
}

/* Stars and the like would turn into something else. */
static void markdown_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("*_<>|[]", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void markdown_line(const char *before, const char *text)
{
	fputs(before, stdout);
	markdown_text(text);
	putchar('\n');
}

static void print_markdown(const struct found *found)
{
	const char *chapter = "";

	puts("<!-- Written by `make errors` from tools/mdev-sdk/common/errors.txt. Edit that one. -->\n"
	     "# Errors, and what to do about them\n\n"
	     "`mdev-sdk explain ID` prints an entry, `mdev-sdk explain ENOSPC` all of an errno, and\n"
	     "`dmesg | mdev-sdk explain -` those of a log. A `*` in a message stands for what changes.");
	for (size_t i = 0; i < found->count; i++) {
		const struct entry *entry = found->items[i];

		if (strcmp(chapter, entry->chapter))
			markdown_line("\n## ", entry->chapter);
		chapter = entry->chapter;
		printf("\n### %s: ", entry->id);
		markdown_line("", entry->title);
		if (entry->says)
			printf("\n    %s\n", entry->says);
		markdown_line("\nCause: ", entry->cause);
		markdown_line("\nMend: ", entry->mend);
		if (entry->rule)
			printf("\nFound beforehand by `mdev-sdk check`, rule `%s`.\n", entry->rule);
	}
}

static void print_found(const struct args *args, const struct found *found)
{
	if (args->json)
		print_json(found);
	else if (args->markdown)
		print_markdown(found);
	for (size_t i = 0; i < found->count && !args->json && !args->markdown; i++) {
		if (args->list) {
			printf("%-22s %s\n", found->items[i]->id, found->items[i]->title);
			continue;
		}
		if (i)
			putchar('\n');
		print_entry(found->items[i]);
	}
}

/* What was asked for */

static bool speaks_of(const struct entry *entry, const char *word)
{
	return strcasestr(entry->title, word) || (entry->says && strcasestr(entry->says, word)) ||
	       strcasestr(entry->cause, word);
}

/* Entries that speak of a word which is no id of any. */
static size_t add_speakers(const struct catalog *catalog, const char *word, struct lab_buf *out)
{
	size_t count = 0;

	for (size_t i = 0; i < catalog->count; i++) {
		if (!speaks_of(&catalog->items[i], word))
			continue;
		if (count++ < NEAREST_MAX)
			lab_buf_addf(out, "%s%s", count > 1 ? ", " : "", catalog->items[i].id);
	}
	return count;
}

/* An id, or an errno that some entry is about. */
static const char *nearest_id(const struct catalog *catalog, const char *word)
{
	struct nearest nearest = { .word = word, .below = strlen(word) < 4 ? 2 : 3 };

	for (size_t i = 0; i < catalog->count; i++)
		nearest_try(&nearest, catalog->items[i].id);
	for (int number = 1; number <= ERRNO_MAX; number++) {
		const char *name = strerrorname_np(number);
		size_t from = 0;

		if (name && catalog_errno(catalog, name, &from))
			nearest_try(&nearest, name);
	}
	return nearest.found;
}

static int unknown(const struct catalog *catalog, const char *word)
{
	static const char all[] = "mdev-sdk explain --list names all ids";
	const char *nearest = nearest_id(catalog, word);
	struct lab_buf ids = { 0 };
	size_t count;

	if (strchr(word, ' '))
		lab_error("no message of the SDK is in '%s'; ask for its errno, such as EINVAL; %s",
			  word, all);
	else if (nearest)
		lab_error("unknown id '%s'; did you mean '%s'? %s", word, nearest, all);
	else if (strlen(word) > 2 && (count = add_speakers(catalog, word, &ids)))
		lab_error("'%s' is no id; of it speak %s%s; %s", word, ids.data,
			  count > NEAREST_MAX ? " and more" : "", all);
	else
		lab_error("unknown id '%s'; %s", word, all);
	lab_buf_free(&ids);
	return LAB_USAGE;
}

/* 28 is ENOSPC: messages of the kernel give the number. */
static const char *errno_name(const char *word)
{
	char *end;
	unsigned long number = strtoul(word, &end, 10);
	const char *name = *end || !isdigit((unsigned char)*word) || number > ERRNO_MAX ?
			   NULL : strerrorname_np(number);

	return name ? name : word;
}

static int find_word(const struct catalog *catalog, const char *word, struct found *found)
{
	const struct entry *entry = catalog_find(catalog, word);
	size_t from = 0;

	if (entry)
		found_add(found, entry);
	else
		while ((entry = catalog_errno(catalog, errno_name(word), &from)))
			found_add(found, entry);
	if (!found->count) {
		entry = catalog_match(catalog, word);
		if (entry)
			found_add(found, entry);
	}
	return found->count ? LAB_OK : unknown(catalog, word);
}

/* Standard input, a log: each entry once, below the line that it was found in first. */
static int explain_stream(const struct args *args, const struct catalog *catalog)
{
	struct found found = { 0 };
	char *line = NULL;
	size_t size = 0;
	int ret;

	while (getline(&line, &size, stdin) >= 0) {
		const struct entry *entry;

		line[strcspn(line, "\n")] = '\0';
		entry = catalog_match(catalog, line);
		if (!entry || !found_add(&found, entry) || args->json || args->list)
			continue;
		printf("%s%s\n", found.count > 1 ? "\n" : "", line);
		print_entry(entry);
	}
	if (args->json || args->list)
		print_found(args, &found);
	ret = found.count ? LAB_FOUND : LAB_OK;
	free(found.items);
	free(line);
	return ret;
}

static int explain_entries(const struct args *args, const struct catalog *catalog)
{
	struct found found = { 0 };
	int ret = LAB_OK;

	if (args->operand)
		ret = find_word(catalog, args->operand, &found);
	else
		for (size_t i = 0; i < catalog->count; i++)
			found_add(&found, &catalog->items[i]);
	if (!ret)
		print_found(args, &found);
	free(found.items);
	return ret;
}

/* The rules of check */

static char *example_of(const struct rule *rule, const char *kind)
{
	char *path = lab_fmt("%s/tools/cocci/examples/%s.%s.c", sdk_root(), rule->id, kind);
	char *text = lab_read_file(path, NULL);

	free(path);
	return text;
}

static void print_example(const struct rule *rule, const char *kind)
{
	char *text = example_of(rule, kind);

	if (!text)
		return;
	printf("  %s:\n", kind);
	/* The first line is the licence. */
	for (const char *line = strchr(text, '\n'); line && line[1];
	     line = strchr(line + 1, '\n')) {
		int len = strcspn(line + 1, "\n");

		printf("%*s%.*s\n", len ? INDENT : 0, "", len, line + 1);
	}
	free(text);
}

/* It is the kernel's, and its own words are in its file: here is what it does for us. */
static void print_kernel_rule(const struct rule *rule)
{
	print_wrapped("finds:", rule->listed);
	print_wrapped("file:", rule->path ? rule->path : "none: this machine has no scripts/coccinelle "
		      "of a kernel with it; mdev-sdk source 6.1 fetches one, check --kernel-scripts "
		      "DIR names one");
	if (rule->ocaml)
		print_wrapped("needs:", "spatch with OCaml scripting and an OCaml compiler, such as "
			      "the package ocaml-findlib; check says \"not run\" where it cannot, and "
			      "runs the others");
}

static void print_rule(const struct rule *rule)
{
	char *rank = lab_fmt("%s, of %s confidence%s%s", severity_names[rule->severity],
			     confidence_names[rule->confidence], rule->class ? ", class " : "",
			     rule->class ? rule->class : "");

	printf("%s: %s\n", rule->id, rule->what ? rule->what : rule->listed);
	if (rule->kind == RULE_KERNEL)
		print_kernel_rule(rule);
	else
		print_wrapped("rank:", rank);
	if (rule->why)
		print_wrapped("why:", rule->why);
	if (rule->mend)
		print_wrapped("mend:", rule->mend);
	if (rule->messages)
		print_wrapped("says:", rule->messages);
	if (rule->mechanical)
		print_wrapped("patch:", "check --mode patch makes the change");
	print_example(rule, "wrong");
	print_example(rule, "right");
	free(rank);
}

static void add_example(cJSON *row, const struct rule *rule, const char *kind)
{
	char *text = example_of(rule, kind);

	if (text)
		cJSON_AddStringToObject(row, kind, text);
	free(text);
}

static cJSON *rule_json(const struct rule *rule)
{
	cJSON *row = cJSON_CreateObject();

	cJSON_AddStringToObject(row, "id", rule->id);
	cJSON_AddStringToObject(row, "what", rule->what ? rule->what : rule->listed);
	cJSON_AddStringToObject(row, "severity", severity_names[rule->severity]);
	cJSON_AddStringToObject(row, "confidence", confidence_names[rule->confidence]);
	if (rule->class)
		cJSON_AddStringToObject(row, "class", rule->class);
	if (rule->why)
		cJSON_AddStringToObject(row, "why", rule->why);
	if (rule->mend)
		cJSON_AddStringToObject(row, "mend", rule->mend);
	if (rule->messages)
		cJSON_AddStringToObject(row, "messages", rule->messages);
	cJSON_AddBoolToObject(row, "patch", rule->mechanical);
	add_example(row, rule, "wrong");
	add_example(row, rule, "right");
	return row;
}

/* one: this rule only; NULL: all, a line each. */
static void explain_rules(const struct args *args, const struct rules *rules,
			  const struct rule *one)
{
	cJSON *root = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(root, "rules");
	char *text;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = rules->items[i];

		if (one && rule != one)
			continue;
		if (args->json)
			cJSON_AddItemToArray(list, rule_json(rule));
		else if (one)
			print_rule(rule);
		else
			printf("%-22s %s\n", rule->id, rule->what);
	}
	if (args->json) {
		text = cJSON_Print(root);
		puts(text);
		free(text);
	}
	cJSON_Delete(root);
}

/* Ids of rules have hyphens and small letters, which those of the catalog have not. */
static bool explained_rule(const struct args *args, int *ret)
{
	struct rules rules = { 0 };
	const struct rule *one = NULL;
	bool done = args->rule_list;

	bool kernel = args->operand && lab_has_prefix(args->operand, "linux/");

	if (!done && !kernel && (!args->operand || !strchr(args->operand, '-') ||
				 strpbrk(args->operand, " ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
		return false;
	*ret = rules_load(&rules);
	if (!*ret && args->operand)
		one = kernel ? rules_add_listed(&rules, args->operand) :
		      rules_find(&rules, args->operand);
	done |= one || *ret;
	if (!one && args->operand && (kernel || lab_has_prefix(args->operand, "md"))) {
		*ret = rules_unknown(&rules, args->operand);
		done = true;
	} else if (done && !*ret) {
		explain_rules(args, &rules, one);
	}
	rules_free(&rules);
	return done;
}

int cmd_explain(const struct args *args)
{
	struct catalog catalog;
	int ret;

	if (explained_rule(args, &ret))
		return ret;
	if (!args->operand && !args->list && !args->json && !args->markdown) {
		lab_error("explain needs an id, an errno, a line of a log or -, such as: %s explain "
			  "ENOSPC; --list names all ids, --rules the rules of check", sdk_command());
		return LAB_USAGE;
	}
	catalog_load(&catalog);
	if (args->operand && !strcmp(args->operand, "-"))
		ret = explain_stream(args, &catalog);
	else
		ret = explain_entries(args, &catalog);
	catalog_free(&catalog);
	return ret;
}
