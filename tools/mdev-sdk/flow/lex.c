// SPDX-License-Identifier: GPL-2.0-only
/* Tokens of a file. Of #if ... #else the first branch counts; macros follow, as functions. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"

struct macro {
	const char *name, *body, *end;
	unsigned int line;
};

struct lexer {
	struct file *file;
	const char *p, *end;
	unsigned int line;
	size_t room;
	bool in_macro;
	struct macro *macros;
	size_t nr_macros;
};

static void add_token(struct lexer *lexer, const char *at, size_t len, enum token_kind kind)
{
	struct file *file = lexer->file;

	if (file->nr_tokens == lexer->room) {
		lexer->room = lexer->room ? 2 * lexer->room : 1024;
		file->tokens = lab_grow(file->tokens, lexer->room, sizeof(*file->tokens));
	}
	file->tokens[file->nr_tokens++] = (struct token){
		.at = at, .len = len, .line = lexer->line, .kind = kind,
	};
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The end of a line of the preprocessor, with those that it is continued by. */
static const char *directive_end(struct lexer *lexer, const char *p)
{
	for (; p < lexer->end && *p != '\n'; p++) {
		if (*p == '\\' && p[1] == '\n') {
			lexer->line++;
			p++;
		} else if (*p == '/' && p[1] == '*') {
			const char *close = strstr(p + 2, "*/");

			for (; close && p < close; p++)
				lexer->line += *p == '\n';
			p += close != NULL;
		}
	}
	return p;
}

static void note_macro(struct lexer *lexer, const char *p, const char *end, unsigned int line)
{
	const char *name = p + strspn(p, " \t"), *after = name, *close;

	while (is_word(*after))
		after++;
	/* A constant is a name with a body, and no arguments. */
	close = *after == '(' ? memchr(after, ')', end - after) : after - 1;
	if (!close || close + 1 >= end)
		return;
	lexer->macros = lab_grow(lexer->macros, lexer->nr_macros + 1, sizeof(*lexer->macros));
	lexer->macros[lexer->nr_macros++] = (struct macro){
		.name = name, .body = close + 1, .end = end, .line = line,
	};
}

static bool is_directive(const char *p, const char *word)
{
	p++;
	p += strspn(p, " \t");
	return lab_has_prefix(p, word);
}

/* From #else, #elif or "#if 0" to what ends it. */
static void skip_branch(struct lexer *lexer, bool to_else)
{
	unsigned int depth = 1;

	while (lexer->p < lexer->end) {
		const char *p = lexer->p + strspn(lexer->p, " \t");

		if (*p == '#' && is_directive(p, "if"))
			depth++;
		else if (*p == '#' && is_directive(p, "endif"))
			depth--;
		bool over = !depth || (to_else && depth == 1 && *p == '#' && is_directive(p, "el"));

		lexer->p = directive_end(lexer, p);
		if (over)
			return;
		if (lexer->p < lexer->end) {
			lexer->p++;
			lexer->line++;
		}
	}
}

static void take_directive(struct lexer *lexer)
{
	const char *p = lexer->p;
	unsigned int line = lexer->line;

	lexer->p = directive_end(lexer, p);
	if (is_directive(p, "define"))
		note_macro(lexer, strstr(p, "define") + 6, lexer->p, line);
	else if (is_directive(p, "el"))
		skip_branch(lexer, false);
	else if (is_directive(p, "if 0"))
		skip_branch(lexer, true);
}

static void take_comment(struct lexer *lexer)
{
	const char *p = lexer->p;

	if (p[1] == '/') {
		lexer->p += strcspn(p, "\n");
		return;
	}
	for (p += 2; p < lexer->end && !(*p == '*' && p[1] == '/'); p++)
		lexer->line += *p == '\n';
	lexer->p = p < lexer->end ? p + 2 : p;
}

static void take_string(struct lexer *lexer)
{
	const char *start = lexer->p, *p = start + 1;

	while (p < lexer->end && *p != *start && *p != '\n')
		p += *p == '\\' && p[1] ? 2 : 1;
	lexer->p = p < lexer->end ? p + 1 : p;
	add_token(lexer, start, lexer->p - start, TOKEN_STRING);
}

static size_t punct_len(const char *p)
{
	static const char *const longer[] = {
		"<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&",
		"||", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "##",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(longer); i++)
		if (!strncmp(p, longer[i], strlen(longer[i])))
			return strlen(longer[i]);
	return 1;
}

static void take_token(struct lexer *lexer)
{
	const char *start = lexer->p;

	if (is_word(*start)) {
		bool number = isdigit((unsigned char)*start);

		while (lexer->p < lexer->end && is_word(*lexer->p))
			lexer->p++;
		add_token(lexer, start, lexer->p - start, number ? TOKEN_NUMBER : TOKEN_NAME);
	} else if (*start == '"' || *start == '\'') {
		take_string(lexer);
	} else {
		lexer->p += punct_len(start);
		add_token(lexer, start, lexer->p - start, TOKEN_PUNCT);
	}
}

static void lex_range(struct lexer *lexer)
{
	bool line_start = !lexer->in_macro;

	while (lexer->p < lexer->end) {
		const char *p = lexer->p;

		if (*p == '\n') {
			lexer->line++;
			lexer->p++;
			line_start = !lexer->in_macro;
		} else if (isspace((unsigned char)*p) || (*p == '\\' && lexer->in_macro)) {
			lexer->p++;
		} else if (*p == '/' && (p[1] == '*' || p[1] == '/')) {
			take_comment(lexer);
		} else if (*p == '#' && line_start) {
			take_directive(lexer);
		} else {
			line_start = false;
			take_token(lexer);
		}
	}
}

static void lex_macros(struct lexer *lexer)
{
	lexer->in_macro = true;
	lexer->file->first_macro = lexer->file->nr_tokens;
	for (size_t i = 0; i < lexer->nr_macros; i++) {
		const struct macro *macro = &lexer->macros[i];

		lexer->line = macro->line;
		lexer->p = macro->name;
		lexer->end = macro->body;
		lex_range(lexer);
		add_token(lexer, "{", 1, TOKEN_PUNCT);
		lexer->end = macro->end;
		lex_range(lexer);
		add_token(lexer, ";", 1, TOKEN_PUNCT);
		add_token(lexer, "}", 1, TOKEN_PUNCT);
	}
}

/* Brackets that do not fit are left without a match. */
static void match_brackets(struct file *file)
{
	unsigned int *stack = lab_grow(NULL, file->nr_tokens + 1, sizeof(*stack)), depth = 0;

	for (unsigned int i = 0; i < file->nr_tokens; i++) {
		const struct token *token = &file->tokens[i];

		if (token->kind != TOKEN_PUNCT || token->len != 1)
			continue;
		if (strchr("([{", *token->at)) {
			stack[depth++] = i;
		} else if (strchr(")]}", *token->at)) {
			char open = *token->at == ')' ? '(' : *token->at == ']' ? '[' : '{';

			while (depth && *file->tokens[stack[depth - 1]].at != open && open == '{')
				depth--;
			if (!depth || *file->tokens[stack[depth - 1]].at != open)
				continue;
			file->tokens[stack[--depth]].match = i;
			file->tokens[i].match = stack[depth];
		}
	}
	free(stack);
}

void lex(struct file *file)
{
	struct lexer lexer = {
		.file = file, .p = file->text, .end = file->text + strlen(file->text), .line = 1,
	};

	lex_range(&lexer);
	lex_macros(&lexer);
	/* What looks one token ahead need not ask where the end is. */
	add_token(&lexer, "", 0, TOKEN_PUNCT);
	add_token(&lexer, "", 0, TOKEN_PUNCT);
	file->nr_tokens -= 2;
	match_brackets(file);
	free(lexer.macros);
}

bool token_is(const struct file *file, unsigned int at, const char *text)
{
	const struct token *token = &file->tokens[at];

	return strlen(text) == token->len && !memcmp(token->at, text, token->len);
}

struct span span_inside(const struct file *file, unsigned int open)
{
	unsigned int close = file->tokens[open].match;

	return (struct span){ open + 1, close > open ? close : open + 1 };
}
