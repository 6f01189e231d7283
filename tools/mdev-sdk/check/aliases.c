// SPDX-License-Identifier: GPL-2.0-only
/* Names that stand for one that rules know: given by the user, and found in the tree. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "aliases.h"
#include "common/conf.h"
#include "common/sdk.h"
#include "flow/flow.h"

#define ROUNDS 3	/* a wrapper of a wrapper of a wrapper */

struct alias *aliases_find_name(const struct aliases *aliases, const char *name, size_t len)
{
	for (size_t i = 0; i < aliases->count; i++) {
		struct alias *alias = &aliases->items[i];

		if (!strncmp(alias->name, name, len) && !alias->name[len])
			return alias;
	}
	return NULL;
}

static struct alias *add(struct aliases *aliases, const char *name, const char *api,
			 enum alias_by by)
{
	struct alias *alias;

	aliases->items = lab_grow(aliases->items, aliases->count + 1, sizeof(*alias));
	alias = &aliases->items[aliases->count++];
	*alias = (struct alias){
		.name = lab_strdup(name), .api = lab_strdup(api), .by = by, .plain = true,
	};
	return alias;
}

/* Those that the user gives. */

static bool is_identifier(const char *text)
{
	return *text && !isdigit((unsigned char)*text) && !text[strspn(text, SOURCE_WORD)];
}

int aliases_add_pair(struct aliases *aliases, const char *name, const char *api, const char *where)
{
	const struct alias *other;

	if (!is_identifier(name) || !is_identifier(api) || !strcmp(name, api)) {
		lab_error("%s: '%s' cannot stand for '%s'; the names of two functions are needed, as in "
			  "os_copy_from_user=copy_from_user", where, name, api);
		return LAB_USAGE;
	}
	other = aliases_find_name(aliases, name, strlen(name));
	if (!other) {
		add(aliases, name, api, ALIAS_GIVEN);
		return LAB_OK;
	}
	if (!strcmp(other->api, api))
		return LAB_OK;
	lab_error("%s: %s stands for %s already, and cannot stand for %s as well", where, name,
		  other->api, api);
	return LAB_USAGE;
}

/* Blanks around the sign say nothing. */
int aliases_add(struct aliases *aliases, const char *text, const char *where)
{
	char *name = lab_strdup(text), *equals = strchr(name, '='), *end;
	int ret;

	for (end = equals; end && end > name && strchr(" \t=", *end); end--)
		*end = '\0';
	if (equals)
		equals += 1 + strspn(equals + 1, " \t");
	ret = aliases_add_pair(aliases, name, equals ? equals : "", where);
	free(name);
	return ret;
}

static int read_pair(void *data, const struct conf_line *line)
{
	char *where = lab_fmt("%s:%u", line->path, line->number);
	int ret = aliases_add_pair(data, line->key, line->value, where);

	free(where);
	return ret;
}

int aliases_read(struct aliases *aliases, const char *path)
{
	static const struct conf_keys keys = { .any = read_pair };

	return conf_read(path, &keys, aliases);
}

int aliases_check(const struct aliases *aliases, const struct known *known)
{
	for (size_t i = 0; i < aliases->count; i++) {
		const struct alias *alias = &aliases->items[i];
		const char *nearest;

		if (known_has(known, alias->api))
			continue;
		nearest = known_nearest(known, alias->api);
		lab_error("%s is to stand for %s, which no rule knows%s%s; tools/cocci/names has the "
			  "names that rules know", alias->name, alias->api,
			  nearest ? "; the nearest one is " : "", nearest ? nearest : "");
		return LAB_USAGE;
	}
	return LAB_OK;
}

/* Those that are found. */

struct definition {
	char *name, *callee, *path;
	bool plain;
	unsigned int line, end;
};

struct finding {
	struct aliases *aliases;
	const struct known *known;
	struct lab_list named, wrapped, unlike;
	struct definition *definitions;
	size_t count;
};

static void take_definition(void *data, const struct flow_forward *forward)
{
	struct finding *finding = data;
	struct definition definition = {
		.name = lab_strdup(forward->name), .path = lab_strdup(forward->path),
		.callee = forward->callee ? lab_strdup(forward->callee) : NULL,
		.plain = forward->plain, .line = forward->line, .end = forward->end,
	};

	finding->definitions = lab_grow(finding->definitions, finding->count + 1,
					sizeof(definition));
	finding->definitions[finding->count++] = definition;
}

static bool read_definitions(struct finding *finding, const struct sources *sources)
{
	char *table = lab_fmt("%s/tools/cocci/names", sdk_root());
	struct flow *flow = flow_new(table);

	free(table);
	for (size_t i = 0; flow && i < sources->count; i++)
		if (sources->items[i].text)
			flow_add(flow, sources->items[i].path, sources->items[i].text);
	if (!flow)
		return false;
	flow_forwards(flow, take_definition, finding);
	flow_free(flow);
	return true;
}

/* true: there is one more. */
static bool try_body(struct finding *finding, const struct definition *definition)
{
	const char *callee = definition->callee, *api = callee;
	const struct alias *other;
	struct alias *alias;
	bool plain = definition->plain;

	if (!callee || known_has(finding->known, definition->name) ||
	    aliases_find_name(finding->aliases, definition->name, strlen(definition->name)))
		return false;
	other = aliases_find_name(finding->aliases, callee, strlen(callee));
	if (other) {
		api = other->api;
		plain &= other->plain;
	} else if (!lab_list_has(&finding->wrapped, callee)) {
		return false;
	}
	alias = add(finding->aliases, definition->name, api, ALIAS_BODY);
	alias->plain = plain;
	alias->path = lab_strdup(definition->path);
	alias->line = definition->line;
	alias->end = definition->end;
	return true;
}

/* PREFIX_API, whatever its case, for the longest API; NULL: it is none. */
static const char *api_by_name(const struct finding *finding, const char *name, size_t len)
{
	const char *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < finding->named.count; i++) {
		const char *api = finding->named.items[i];
		size_t tail = strlen(api);

		if (tail > most && tail + 1 < len && name[len - tail - 1] == '_' &&
		    !strncasecmp(name + len - tail, api, tail)) {
			best = api;
			most = tail;
		}
	}
	if (!best || *name == '_')
		return NULL;
	for (size_t i = 0; i < finding->unlike.count; i++) {
		size_t prefix = strlen(finding->unlike.items[i]);

		if (prefix < len && name[prefix] == '_' &&
		    !strncasecmp(name, finding->unlike.items[i], prefix))
			return NULL;
	}
	return best;
}

/* A function of the tree does what its body says, whatever its name. */
static bool is_defined(const struct finding *finding, const char *name)
{
	for (size_t i = 0; i < finding->count; i++)
		if (!strcmp(finding->definitions[i].name, name))
			return true;
	return false;
}

static void try_name(struct finding *finding, const char *word, size_t len)
{
	const char *api = api_by_name(finding, word, len);
	char *name;

	if (!api || aliases_find_name(finding->aliases, word, len))
		return;
	name = strndup(word, len);
	if (!known_has(finding->known, name) && !is_defined(finding, name))
		add(finding->aliases, name, api, ALIAS_NAME);
	free(name);
}

static void try_calls(struct finding *finding, const struct source *source)
{
	char *code = source_code(source);

	for (char *p = code + strcspn(code, SOURCE_WORD); *p; p += strcspn(p, SOURCE_WORD)) {
		size_t len = strspn(p, SOURCE_WORD);

		if (p[len + strspn(p + len, " \t")] == '(')
			try_name(finding, p, len);
		p += len;
	}
	free(code);
}

static void finding_free(struct finding *finding)
{
	for (size_t i = 0; i < finding->count; i++) {
		free(finding->definitions[i].name);
		free(finding->definitions[i].callee);
		free(finding->definitions[i].path);
	}
	free(finding->definitions);
	lab_list_free(&finding->named);
	lab_list_free(&finding->wrapped);
	lab_list_free(&finding->unlike);
}

void aliases_find(struct aliases *aliases, const struct table *table, const struct known *known,
		  const struct sources *sources)
{
	struct finding finding = { .aliases = aliases, .known = known };
	bool more = true;

	table_names(table, "named", &finding.named);
	table_names(table, "named", &finding.wrapped);
	table_names(table, "wrapped", &finding.wrapped);
	table_names(table, "unlike", &finding.unlike);
	if (!read_definitions(&finding, sources))
		more = false;
	for (size_t i = 0; i < sources->count; i++)
		if (sources->items[i].text)
			try_calls(&finding, &sources->items[i]);
	for (unsigned int round = 0; more && round < ROUNDS; round++) {
		more = false;
		for (size_t i = 0; i < finding.count; i++)
			more |= try_body(&finding, &finding.definitions[i]);
	}
	finding_free(&finding);
}

void aliases_free(struct aliases *aliases)
{
	for (size_t i = 0; i < aliases->count; i++) {
		free(aliases->items[i].name);
		free(aliases->items[i].api);
		free(aliases->items[i].path);
	}
	free(aliases->items);
	*aliases = (struct aliases){ 0 };
}
