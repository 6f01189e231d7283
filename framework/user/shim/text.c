// SPDX-License-Identifier: GPL-2.0-only
/* Texts: the kernel's printf, its log, numbers. */
#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/driver.h>

#include "private.h"

/* The C library's. */
#undef snprintf
#undef vsnprintf

/* A text that is being written; @at goes on beyond @size, as the length that there would be. */
struct out {
	char *buf;
	size_t size;
	size_t at;
};

static void put(struct out *out, char c)
{
	if (out->at < out->size)
		out->buf[out->at] = c;
	out->at++;
}

static void put_text(struct out *out, const char *text)
{
	while (*text)
		put(out, *text++);
}

static void put_hex(struct out *out, u8 byte, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	put(out, digits[byte >> 4]);
	put(out, digits[byte & 15]);
}

/* %pU: bytes of a GUID (l, L) are stored with the first three numbers' lowest byte first. */
static void put_uuid(struct out *out, const u8 *b, char kind)
{
	static const u8 little[] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	bool swapped = kind == 'l' || kind == 'L', upper = kind == 'L' || kind == 'B';
	int i;

	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			put(out, '-');
		put_hex(out, b[swapped ? little[i] : i], upper);
	}
}

/* %pM, %*ph: bytes with something between them, or nothing. */
static void put_bytes(struct out *out, const u8 *b, int nr, char between)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (i && between)
			put(out, between);
		put_hex(out, b[i], false);
	}
}

static void put_plain(struct out *out, const char *spec, ...)
{
	char text[128];
	va_list args;

	va_start(args, spec);
	vsnprintf(text, sizeof(text), spec, args);
	va_end(args);
	put_text(out, text);
}

static void put_format(struct out *out, const struct va_format *vaf)
{
	char text[512];
	va_list copy;

	va_copy(copy, *vaf->va);
	user_vsnprintf(text, sizeof(text), vaf->fmt, copy);
	va_end(copy);
	put_text(out, text);
}

/* Behind a %p. Return: letters that are part of it. */
static int put_pointer(struct out *out, const char *fmt, int width, const void *ptr)
{
	switch (*fmt) {
	case 'U':
		put_uuid(out, ptr, strchr("lLbB", fmt[1]) && fmt[1] ? fmt[1] : 'b');
		return 1 + (fmt[1] && strchr("lLbB", fmt[1]));
	case 'M':
		put_bytes(out, ptr, 6, ':');
		return 1;
	case 'm':
		put_bytes(out, ptr, 6, 0);
		return 1;
	case 'h':
		put_bytes(out, ptr, max(width, 1), fmt[1] == 'C' ? ':' : fmt[1] == 'D' ? '-' :
						   fmt[1] == 'N' ? 0 : ' ');
		return 1 + (fmt[1] && strchr("CDN", fmt[1]));
	case 'e':
		put_plain(out, "%ld", (long)ptr);
		return 1;
	case 'V':
		put_format(out, ptr);
		return 1;
	case 'S': case 's': case 'x': case 'K':
		put_plain(out, "%p", ptr);
		return 1;
	case 'a':
		put_plain(out, "%#llx", *(const unsigned long long *)ptr);
		return 1 + (fmt[1] == 'p' || fmt[1] == 'd');
	}
	put_plain(out, "%p", ptr);
	return 0;
}

struct spec {
	char text[24];
	int len;
	int width;
	int precision;
	int longs;
	char kind;
};

static const char *spec_number(const char *fmt, int *number, va_list *args)
{
	if (*fmt == '*') {
		*number = va_arg(*args, int);
		return fmt + 1;
	}
	for (*number = 0; isdigit((u8)*fmt); fmt++)
		*number = *number * 10 + (*fmt - '0');
	return fmt;
}

/* What is between the percent and the letter, with numbers in the place of stars. */
static const char *spec_read(const char *fmt, struct spec *spec, va_list *args)
{
	char flags[8] = "", size[3] = "";
	size_t n = 0;

	*spec = (struct spec){ .precision = -1 };
	while (*fmt && strchr("-+ #0", *fmt) && n < sizeof(flags) - 1)
		flags[n++] = *fmt++;
	fmt = spec_number(fmt, &spec->width, args);
	if (*fmt == '.')
		fmt = spec_number(fmt + 1, &spec->precision, args);
	for (n = 0; *fmt && strchr("hlzjtL", *fmt); fmt++) {
		spec->longs += *fmt == 'h' ? -1 : *fmt == 'l' ? 1 : 2;
		if (n < sizeof(size) - 1)
			size[n++] = *fmt;
	}
	spec->kind = *fmt;
	spec->len = snprintf(spec->text, sizeof(spec->text), "%%%s", flags);
	if (spec->width)
		spec->len += snprintf(spec->text + spec->len, sizeof(spec->text) - spec->len,
					"%d", spec->width);
	if (spec->precision >= 0)
		spec->len += snprintf(spec->text + spec->len, sizeof(spec->text) - spec->len,
					".%d", spec->precision);
	snprintf(spec->text + spec->len, sizeof(spec->text) - spec->len, "%s%c", size,
		   spec->kind);
	return *fmt ? fmt + 1 : fmt;
}

static void put_string(struct out *out, const struct spec *spec, const char *text)
{
	size_t len = strnlen(text ?: "(null)", spec->precision >= 0 ? (size_t)spec->precision :
								      SIZE_MAX);
	bool left = strchr(spec->text, '-');
	size_t pad = spec->width > 0 && (size_t)spec->width > len ? spec->width - len : 0, i;

	for (i = 0; !left && i < pad; i++)
		put(out, ' ');
	for (i = 0; i < len; i++)
		put(out, (text ?: "(null)")[i]);
	for (i = 0; left && i < pad; i++)
		put(out, ' ');
}

static const char *put_spec(struct out *out, const char *fmt, va_list *args)
{
	struct spec spec;

	fmt = spec_read(fmt, &spec, args);
	if (spec.kind == 's')
		put_string(out, &spec, va_arg(*args, const char *));
	else if (spec.kind == 'p')
		fmt += put_pointer(out, fmt, spec.width, va_arg(*args, const void *));
	else if (spec.kind == '%')
		put(out, '%');
	else if (spec.longs > 0)
		put_plain(out, spec.text, va_arg(*args, long long));
	else
		put_plain(out, spec.text, va_arg(*args, int));
	return fmt;
}

int user_vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out out = { .buf = buf, .size = size };
	va_list copy;

	va_copy(copy, args);
	while (*fmt) {
		if (*fmt == '%')
			fmt = put_spec(&out, fmt + 1, &copy);
		else
			put(&out, *fmt++);
	}
	va_end(copy);
	if (size)
		buf[min(out.at, size - 1)] = 0;
	return out.at;
}

int user_snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = user_vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = user_vsnprintf(buf, size, fmt, args);

	return size ? min_t(size_t, len, size - 1) : 0;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

char *kvasprintf(gfp_t flags, const char *fmt, va_list args)
{
	int len = user_vsnprintf(NULL, 0, fmt, args);
	char *text = kmalloc(len + 1, flags);

	if (text)
		user_vsnprintf(text, len + 1, fmt, args);
	return text;
}

char *kasprintf(gfp_t flags, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = kvasprintf(flags, fmt, args);
	va_end(args);
	return text;
}

int user_sscanf(const char *text, const char *fmt, ...)
{
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = vsscanf(text, fmt, args);
	va_end(args);
	return ret;
}

/* The log: a line is one write, so that those of two threads do not mix. */
int user_vprintk(const char *fmt, va_list args)
{
	char text[1024];
	int len = vscnprintf(text, sizeof(text), fmt, args), from = 0, line;
	const char *file;

	if (user_failing(&file, &line))
		return len;
	if (text[0] == KERN_SOH[0] && text[1])
		from = 2;
	if (len == from || text[len - 1] != '\n')
		len = min_t(int, len + 1, sizeof(text) - 1), text[len - 1] = '\n';
	return write(STDERR_FILENO, text + from, len - from);
}

int user_printk(const char *fmt, ...)
{
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = user_vprintk(fmt, args);
	va_end(args);
	return ret;
}

void user_dev_printk(const char *level, const struct device *dev, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	user_vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	user_printk("%s%s %s: %s", level, dev ? dev_driver_string(dev) : "(NULL device *)",
		    dev ? dev_name(dev) : "", text);
}

bool user_ratelimit(struct user_ratelimit *limit)
{
	u64 now = ktime_get_ns();
	bool print;

	while (__atomic_exchange_n(&limit->lock, 1, __ATOMIC_ACQUIRE))
		user_yield();
	if (!limit->begun || now - limit->begun > 5ULL * NSEC_PER_SEC) {
		limit->begun = now;
		limit->printed = 0;
	}
	print = limit->printed < 10;
	limit->printed += print;
	__atomic_store_n(&limit->lock, 0, __ATOMIC_RELEASE);
	return print;
}

/* Files that show something */

void seq_vprintf(struct seq_file *m, const char *fmt, va_list args)
{
	if (m->count < m->size)
		m->count += user_vsnprintf(m->buf + m->count, m->size - m->count, fmt, args);
	m->count = min(m->count, m->size);
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}

void seq_puts(struct seq_file *m, const char *text)
{
	seq_printf(m, "%s", text);
}

void seq_putc(struct seq_file *m, char c)
{
	seq_printf(m, "%c", c);
}

int sysfs_emit(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, PAGE_SIZE, fmt, args);
	va_end(args);
	return len;
}

int sysfs_emit_at(char *buf, int at, const char *fmt, ...)
{
	va_list args;
	int len;

	if (at < 0 || at >= (int)PAGE_SIZE)
		return 0;
	va_start(args, fmt);
	len = vscnprintf(buf + at, PAGE_SIZE - at, fmt, args);
	va_end(args);
	return len;
}
