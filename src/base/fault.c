/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fault(struct fault *f, enum fault_kind kind, const char *fmt, ...)
{
	va_list ap;

	f->kind = kind;
	va_start(ap, fmt);
	(void)vsnprintf(f->text, sizeof f->text, fmt, ap);
	va_end(ap);
	return false;
}

bool fault_errno(struct fault *f, const char *fmt, ...)
{
	int why = errno;
	va_list ap;
	size_t n;

	f->kind = FAULT_SYSTEM;
	va_start(ap, fmt);
	(void)vsnprintf(f->text, sizeof f->text, fmt, ap);
	va_end(ap);
	n = strlen(f->text);
	(void)snprintf(f->text + n, sizeof f->text - n, ": %s",
		strerrordesc_np(why) ? strerrordesc_np(why) : "unknown error");
	return false;
}

bool fault_in(struct fault *f, const char *fmt, ...)
{
	char old[sizeof f->text];
	va_list ap;
	size_t n;

	memcpy(old, f->text, sizeof old);
	va_start(ap, fmt);
	(void)vsnprintf(f->text, sizeof f->text, fmt, ap);
	va_end(ap);
	n = strlen(f->text);
	(void)snprintf(f->text + n, sizeof f->text - n, ": %s", old);
	return false;
}
