/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/drafting.h"

#include <stdio.h>

#include "base/sha256.h"
#include "feeds/file.h"

/* A text that is no file of the house, such as "../..", is not looked at: a
 * register may come from anywhere. */
static bool is_within(const char *name)
{
	if (*name == '/' || strncmp(name, "../", 3) == 0 || strchr(name, ':'))
		return false;
	return !strstr(name, "/../");
}

/* No sign that a terminal obeys. */
static const char *plain(struct arena *a, struct bytes in, struct fault *f)
{
	char *s = arena_text(a, in, f);

	for (size_t i = 0; s && i < in.len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 127)
			s[i] = s[i] == '\n' ? '\n' : ' ';
	return s;
}

static bool read_one(const struct pledges *r, size_t i, const char *folder,
	const char *file, struct arena *a, struct drafting *d,
	struct fault *f)
{
	const struct draft *x = &r->draft[i];
	const char *path = path_join(a, folder, x->file, f);
	char hex[SHA256_HEX];
	struct digest sum;
	struct bytes in;

	if (!path)
		return false;
	if (!is_within(x->file) || !file_exists(path)) {
		d->missing++;
		return true;
	}
	if (!file_read(path, a, &in, f))
		return false;
	sum = sha256_of(in);
	if (*x->sha256_hex &&
		strcmp(digest_hex(&sum, hex), x->sha256_hex) != 0) {
		(void)fprintf(stderr, "%s:%zu:%zu: %s is another text: its "
			"SHA-256 is %s\n", file, x->line, x->column, x->file,
			hex);
		d->wrong++;
		return true;
	}
	d->text[i].text = plain(a, in, f);
	return d->text[i].text != NULL;
}

bool drafting_read(const struct pledges *r, const char *folder,
	const char *file, struct arena *a, struct drafting *d,
	struct fault *f)
{
	*d = (struct drafting){.text =
		arena_array(a, r->drafts + 1, sizeof *d->text, f)};
	if (!d->text)
		return false;
	for (size_t i = 0; i < r->drafts; i++)
		if (!read_one(r, i, folder, file, a, d, f))
			return false;
	return drafts_compare(r, d->text, a, &d->change, &d->changes,
		&d->weaker, &d->count, f);
}

void drafting_say(const struct drafting *d, struct text *t)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct weaker *w = &d->weaker[i];

		text_fmt(t, "%s\n  %s after %s, behind \"%.120s\": ",
			i ? "" : "\n\nWeaker from draft to draft", w->is,
			w->was, w->before);
		if (*w->came)
			text_fmt(t, "\"%.200s\" where \"%.200s\" stood",
				w->came, w->gone);
		else
			text_fmt(t, "\"%.400s\" is gone", w->gone);
		if (w->duty_is != MODAL_NONE && w->duty_was > w->duty_is)
			text_fmt(t, " (%s after %s)",
				modality_word_name(w->duty_is),
				modality_word_name(w->duty_was));
		if (w->promise)
			text_fmt(t, " (a promise went: %s)", w->promise);
		if (w->hedge)
			text_fmt(t, " (a way out: %s)", w->hedge);
	}
	if (d->missing > 0)
		text_fmt(t, "\n\n%zu draft%s without a text at hand: not "
			"compared", d->missing, d->missing == 1 ? "" : "s");
}
