# SPDX-License-Identifier: GPL-2.0-only
# What C files call, without a compiler: they may be for a kernel that is not here. All branches of an #if
# count, since nobody knows which one is taken. Prints lines:
#   header NAME     an #include <NAME>
#   call NAME       NAME and a parenthesis, each time
#   own NAME        a function or macro that the files declare or define, or a pointer to a function

BEGIN {
	n = split("if else while for do switch case return goto sizeof typeof __typeof__ " \
		  "_Static_assert __attribute__ __attribute asm __asm__ __volatile__ volatile defined " \
		  "_Generic __extension__ __auto_type alignof _Alignof __alignof__ const static inline extern " \
		  "struct union enum typedef unsigned signed void char short int long float double bool _Bool " \
		  "u8 u16 u32 u64 s8 s16 s32 s64 uint8_t uint16_t uint32_t uint64_t int8_t int16_t int32_t " \
		  "int64_t size_t ssize_t uint ulong offsetof", word, " ")
	for (i = 1; i <= n; i++)
		keyword[word[i]] = 1
	n = split("__printf __scanf __aligned __section __acquires __releases __must_hold __cond_lock __alias", word, " ")
	for (i = 1; i <= n; i++)
		attribute[word[i]] = 1
}

FNR == 1 {
	in_comment = 0
	directive = ""
	begin_file()
}

function begin_file() {
	depth = parens = 0
	prev = prev2 = ""
}

# The line without comments, and with nothing in its strings.
function plain(line,    out, at) {
	out = ""
	for (;;) {
		if (in_comment) {
			at = index(line, "*/")
			if (!at)
				return out
			line = substr(line, at + 2)
			in_comment = 0
		}
		if (!match(line, /\/\*|\/\/|"([^"\\]|\\.)*"|'([^'\\]|\\.)*'/))
			return out line
		out = out substr(line, 1, RSTART - 1) " "
		at = substr(line, RSTART, 2)
		if (at == "//")
			return out
		in_comment = at == "/*"
		if (!in_comment)
			out = out "\"\" "
		line = substr(line, RSTART + (in_comment ? 2 : RLENGTH))
	}
}

# What is behind a name and its parenthesis begins a declaration: NAME (*pointer)(…
function declares(rest) {
	return rest ~ /^[ \t]*\([ \t]*\*[ \t]*[A-Za-z_0-9]*[ \t]*(\[[^]]*\])?[ \t]*\)[ \t]*\(/
}

function is_name(token) {
	return token ~ /^[A-Za-z_]/
}

# NAME( outside of functions: a type before it makes it a declaration, unless it is an attribute.
function is_own(name, in_macro) {
	if (in_macro || depth || parens || name in attribute)
		return 0
	return prev == "*" || (is_name(prev) && prev !~ /^(static|extern|inline|return|else|do)$/)
}

function take(name, rest, in_macro) {
	if (prev == "(" || prev2 == "(")
		if (prev == "*" && rest ~ /^[ \t]*(\[[^]]*\])?[ \t]*\)[ \t]*\(/)
			print "own", name
	if (rest !~ /^[ \t]*\(/ || keyword[name] || prev == "." || prev == "->" ||
	    prev ~ /^(struct|union|enum|goto)$/ || declares(rest))
		return
	print (is_own(name, in_macro) ? "own" : "call"), name
}

# In_macro: a macro's text, whose braces are nobody's.
function scan(line, in_macro,    token, rest) {
	while (match(line, /[A-Za-z_][A-Za-z0-9_]*|->|[0-9][A-Za-z0-9_.]*|[^ \t]/)) {
		token = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		if (is_name(token)) {
			take(token, line, in_macro)
		} else if (!in_macro) {
			depth += token == "{"
			depth -= token == "}" && depth
			parens += token == "("
			parens -= token == ")" && parens
			if (token == "{" && depth == 1)
				parens = 0
		}
		prev2 = prev
		prev = token
	}
}

# Of a directive all lines as one.
function direct(line,    was, was2, name) {
	if (match(line, /^[ \t]*#[ \t]*include[ \t]*</)) {
		line = substr(line, RSTART + RLENGTH)
		print "header", substr(line, 1, index(line, ">") - 1)
	} else if (match(line, /^[ \t]*#[ \t]*define[ \t]+/)) {
		line = substr(line, RSTART + RLENGTH)
		match(line, /^[A-Za-z0-9_]+/)
		name = substr(line, 1, RLENGTH)
		print "own", name
		line = substr(line, RLENGTH + 1)
		sub(/^\([^)]*\)/, "", line)
		was = prev
		was2 = prev2
		prev = prev2 = ""
		scan(line, 1)
		prev = was
		prev2 = was2
	}
}

{
	line = plain($0)
	if (directive == "" && line !~ /^[ \t]*#/) {
		# Both branches of an #if may have opened a brace; a function ends in the first column.
		if (line ~ /^}/)
			depth = 1
		scan(line, 0)
		next
	}
	directive = directive line
	if (sub(/\\[ \t\r]*$/, " ", directive))
		next
	direct(directive)
	directive = ""
}
