/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel log, which is the standard error; texts; warnings. */
#ifndef USER_PRINT_H
#define USER_PRINT_H

#include <user/numbers.h>

#define KERN_SOH "\001"
#define KERN_EMERG KERN_SOH "0"
#define KERN_ALERT KERN_SOH "1"
#define KERN_CRIT KERN_SOH "2"
#define KERN_ERR KERN_SOH "3"
#define KERN_WARNING KERN_SOH "4"
#define KERN_NOTICE KERN_SOH "5"
#define KERN_INFO KERN_SOH "6"
#define KERN_DEBUG KERN_SOH "7"
#define KERN_CONT KERN_SOH "c"
#define KERN_DEFAULT ""

/* %pV */
struct va_format {
	const char *fmt;
	va_list *va;
};

int __printf(1, 2) user_printk(const char *fmt, ...);
int user_vprintk(const char *fmt, va_list args);
/* Those of the C library do not know %pU and its like. */
int user_vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
int __printf(3, 4) user_snprintf(char *buf, size_t size, const char *fmt, ...);
#define vsnprintf user_vsnprintf
#define snprintf user_snprintf
#define sprintf(_buf, ...) user_snprintf(_buf, INT_MAX, __VA_ARGS__)
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);
int __printf(3, 4) scnprintf(char *buf, size_t size, const char *fmt, ...);
char *__printf(2, 3) kasprintf(gfp_t flags, const char *fmt, ...);
char *kvasprintf(gfp_t flags, const char *fmt, va_list args);
#undef sscanf
#define sscanf user_sscanf
int user_sscanf(const char *text, const char *fmt, ...);

#define printk user_printk
#ifndef pr_fmt
#define pr_fmt(_fmt) _fmt
#endif
#define pr_emerg(_fmt, ...) printk(KERN_EMERG pr_fmt(_fmt), ##__VA_ARGS__)
#define pr_alert(_fmt, ...) printk(KERN_ALERT pr_fmt(_fmt), ##__VA_ARGS__)
#define pr_crit(_fmt, ...) printk(KERN_CRIT pr_fmt(_fmt), ##__VA_ARGS__)
#define pr_err(_fmt, ...) printk(KERN_ERR pr_fmt(_fmt), ##__VA_ARGS__)
#define pr_warn(_fmt, ...) printk(KERN_WARNING pr_fmt(_fmt), ##__VA_ARGS__)
#define pr_notice(_fmt, ...) printk(KERN_NOTICE pr_fmt(_fmt), ##__VA_ARGS__)
#define pr_info(_fmt, ...) printk(KERN_INFO pr_fmt(_fmt), ##__VA_ARGS__)
#define pr_cont(_fmt, ...) printk(KERN_CONT _fmt, ##__VA_ARGS__)
#define pr_debug(_fmt, ...) ((void)(0 && printk(KERN_DEBUG pr_fmt(_fmt), ##__VA_ARGS__)))
#define pr_devel pr_debug

/* Once, or 10 times in 5 seconds, from each place. */
struct user_ratelimit {
	u64 begun;
	int printed;
	int lock;
};
bool user_ratelimit(struct user_ratelimit *limit);
#define __user_limited(_call)                                                                      \
	do {                                                                                       \
		static struct user_ratelimit __limit;                                              \
												   \
		if (user_ratelimit(&__limit))                                                      \
			_call;                                                                     \
	} while (0)
#define __user_once(_call)                                                                         \
	do {                                                                                       \
		static int __told;                                                                 \
												   \
		if (!__atomic_exchange_n(&__told, 1, __ATOMIC_RELAXED))                            \
			_call;                                                                     \
	} while (0)
#define printk_once(...) __user_once(printk(__VA_ARGS__))
#define printk_ratelimited(...) __user_limited(printk(__VA_ARGS__))
#define no_printk(...) ((void)(0 && printk(__VA_ARGS__)))
#define printk_ratelimit()                                                                         \
	({                                                                                         \
		static struct user_ratelimit __limit;                                              \
												   \
		user_ratelimit(&__limit);                                                          \
	})
#define pr_err_once(...) __user_once(pr_err(__VA_ARGS__))
#define pr_warn_once(...) __user_once(pr_warn(__VA_ARGS__))
#define pr_notice_once(...) __user_once(pr_notice(__VA_ARGS__))
#define pr_info_once(...) __user_once(pr_info(__VA_ARGS__))
#define pr_err_ratelimited(...) __user_limited(pr_err(__VA_ARGS__))
#define pr_warn_ratelimited(...) __user_limited(pr_warn(__VA_ARGS__))
#define pr_notice_ratelimited(...) __user_limited(pr_notice(__VA_ARGS__))
#define pr_info_ratelimited(...) __user_limited(pr_info(__VA_ARGS__))

/*
 * A bug ends the process, with a backtrace where a sanitizer is there to print one. A warning is
 * printed and counted.
 */
void __noreturn __printf(3, 4) user_bug(const char *file, int line, const char *fmt, ...);
void __printf(3, 4) user_warn(const char *file, int line, const char *fmt, ...);
#define BUG() user_bug(__FILE__, __LINE__, "BUG()")
#define BUG_ON(_cond)                                                                              \
	do {                                                                                       \
		if (unlikely(_cond))                                                               \
			user_bug(__FILE__, __LINE__, "BUG_ON(%s)", #_cond);                        \
	} while (0)
#define WARN(_cond, ...)                                                                           \
	({                                                                                         \
		bool __bad = !!(_cond);                                                            \
												   \
		if (unlikely(__bad))                                                               \
			user_warn(__FILE__, __LINE__, __VA_ARGS__);                                \
		__bad;                                                                             \
	})
#define WARN_ON(_cond) WARN(_cond, "WARN_ON(%s)", #_cond)
#define WARN_ONCE(_cond, ...)                                                                      \
	({                                                                                         \
		static int __warned;                                                               \
		bool __bad = !!(_cond);                                                            \
												   \
		if (unlikely(__bad) && !__atomic_exchange_n(&__warned, 1, __ATOMIC_RELAXED))       \
			user_warn(__FILE__, __LINE__, __VA_ARGS__);                                \
		__bad;                                                                             \
	})
#define WARN_ON_ONCE(_cond) WARN_ONCE(_cond, "WARN_ON_ONCE(%s)", #_cond)
#define dump_stack() user_warn(__FILE__, __LINE__, "dump_stack()")

/* Texts to numbers: 0, -EINVAL or -ERANGE, and the whole text, but for a newline at its end. */
int __must_check kstrtoull(const char *text, unsigned int base, unsigned long long *out);
int __must_check kstrtoll(const char *text, unsigned int base, long long *out);
int __must_check kstrtoul(const char *text, unsigned int base, unsigned long *out);
int __must_check kstrtol(const char *text, unsigned int base, long *out);
int __must_check kstrtouint(const char *text, unsigned int base, unsigned int *out);
int __must_check kstrtoint(const char *text, unsigned int base, int *out);
int __must_check kstrtou16(const char *text, unsigned int base, u16 *out);
int __must_check kstrtou8(const char *text, unsigned int base, u8 *out);
int __must_check kstrtos16(const char *text, unsigned int base, s16 *out);
int __must_check kstrtos8(const char *text, unsigned int base, s8 *out);
int __must_check kstrtobool(const char *text, bool *out);
#define kstrtou64(_text, _base, _out) kstrtoull(_text, _base, (unsigned long long *)(_out))
#define kstrtou32 kstrtouint
#define kstrtos64(_text, _base, _out) kstrtoll(_text, _base, (long long *)(_out))
#define kstrtos32 kstrtoint
unsigned long simple_strtoul(const char *text, char **end, unsigned int base);
long simple_strtol(const char *text, char **end, unsigned int base);
unsigned long long simple_strtoull(const char *text, char **end, unsigned int base);

/* The size may be left out where @to is an array. */
ssize_t user_strscpy(char *to, const char *from, size_t size);
ssize_t user_strscpy_pad(char *to, const char *from, size_t size);
#define __user_copy(_fn, _to, _from, _size, ...) _fn(_to, _from, _size)
#define strscpy(_to, ...) __user_copy(user_strscpy, _to, __VA_ARGS__, sizeof(_to))
#define strscpy_pad(_to, ...) __user_copy(user_strscpy_pad, _to, __VA_ARGS__, sizeof(_to))
#define strlcpy user_strlcpy
size_t user_strlcpy(char *to, const char *from, size_t size);
enum { DUMP_PREFIX_NONE, DUMP_PREFIX_ADDRESS, DUMP_PREFIX_OFFSET };
/* Bytes of a row of 16 or 32, in groups of 1, 2, 4 or 8. Return: the length that there would be. */
int hex_dump_to_buffer(const void *mem, size_t size, int row, int group, char *text,
		       size_t text_size, bool ascii);
void print_hex_dump(const char *level, const char *prefix, int kind, int row, int group,
		    const void *mem, size_t size, bool ascii);
#define print_hex_dump_bytes(_prefix, _kind, _mem, _size)                                          \
	((void)({ if (0) print_hex_dump(KERN_DEBUG, _prefix, _kind, 16, 1, _mem, _size, true); }))
#define print_hex_dump_debug(...)                                                                  \
	((void)({ if (0) print_hex_dump(KERN_DEBUG, __VA_ARGS__); }))
int hex_to_bin(unsigned char digit);
int __must_check hex2bin(u8 *to, const char *from, size_t count);
char *bin2hex(char *to, const void *from, size_t count);
extern const char hex_asc[], hex_asc_upper[];
#define hex_asc_lo(_byte) hex_asc[(_byte) & 0xf]
#define hex_asc_hi(_byte) hex_asc[((_byte) & 0xf0) >> 4]

static inline char *hex_byte_pack(char *to, u8 byte)
{
	*to++ = hex_asc_hi(byte);
	*to++ = hex_asc_lo(byte);
	return to;
}

bool mac_pton(const char *text, u8 *mac);
bool sysfs_streq(const char *a, const char *b);
int match_string(const char *const *texts, size_t nr, const char *text);
#define sysfs_match_string(_texts, _text) __sysfs_match_string(_texts, ARRAY_SIZE(_texts), _text)
int __sysfs_match_string(const char *const *texts, size_t nr, const char *text);
char *strim(char *text);
#define strstrip strim
char *strreplace(char *text, char old, char now);
char *skip_spaces(const char *text);
char *strchrnul(const char *text, int c);
void *memchr_inv(const void *mem, int c, size_t size);
void *memset16(u16 *to, u16 val, size_t count);
void *memset32(u32 *to, u32 val, size_t count);
void *memset64(u64 *to, u64 val, size_t count);
#define memzero_explicit(_mem, _size) explicit_bzero(_mem, _size)
void explicit_bzero(void *mem, size_t size);
#define str_has_prefix(_text, _prefix)                                                             \
	(strncmp(_text, _prefix, strlen(_prefix)) ? 0 : strlen(_prefix))
#define str_yes_no(_on) ((_on) ? "yes" : "no")
#define str_on_off(_on) ((_on) ? "on" : "off")
#define str_true_false(_on) ((_on) ? "true" : "false")
#define str_enable_disable(_on) ((_on) ? "enable" : "disable")
#define str_up_down(_on) ((_on) ? "up" : "down")
#define str_high_low(_on) ((_on) ? "high" : "low")
#define str_read_write(_on) ((_on) ? "read" : "write")
#define str_plural(_nr) ((_nr) == 1 ? "" : "s")
#define memset_after(_p, _val, _member)                                                            \
	memset((char *)(_p) + offsetofend(typeof(*(_p)), _member), _val,                           \
	       sizeof(*(_p)) - offsetofend(typeof(*(_p)), _member))
#define memset_startat(_p, _val, _member)                                                          \
	memset((char *)(_p) + offsetof(typeof(*(_p)), _member), _val,                              \
	       sizeof(*(_p)) - offsetof(typeof(*(_p)), _member))
#define str_enabled_disabled(_on) ((_on) ? "enabled" : "disabled")

#endif /* USER_PRINT_H */
