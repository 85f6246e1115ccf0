/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A person's version of an incident: amended, merged, split, linked.  It says
 * which entries it was made of, and why (docs/people.md, 34). */
#include "base/encode.h"
#include "ledger/body.h"
#include "ledger/people_event.h"

enum { WITH_MAX = 16, WITH_LINE = 2 * SHA256_LEN + 1 };

static const char wants[] = "wants does (amend, merge, split, link), of and "
	"with (earlier incidents that fit), why";

bool people_versions(const struct people_item *i)
{
	return i->act == PEOPLE_VERSION;
}

static bool same_subject(
	const struct people_item *a, const uint8_t subject[ENTRY_SUBJECT])
{
	return memcmp(a->subject, subject, ENTRY_SUBJECT) == 0;
}

/* An earlier version of an incident. */
static const struct people_item *incident(
	const struct people *p, const struct digest *leaf)
{
	const struct people_item *i = people_item_of(p, leaf);

	return i && i->type == ENTRY_INCIDENT ? i : NULL;
}

/* Lines of leaves, ascending, each of another incident. */
static bool with_fits(const struct people *p, const struct people_entry *x)
{
	char lines[WITH_MAX * WITH_LINE + 1];
	struct bytes left;
	struct digest leaf, last = {{0}};
	const struct people_item *i;
	struct fault no;
	bool first = true;

	if (!people_text(x->body, "with", lines, sizeof lines))
		return false;
	for (left = bytes_of(lines);; first = false) {
		if (left.len < WITH_LINE - 1 ||
			!hex_read(bytes_part(left, 0, WITH_LINE - 1), leaf.at,
				SHA256_LEN, &no) ||
			(!first && memcmp(last.at, leaf.at, SHA256_LEN) >= 0))
			return false;
		i = incident(p, &leaf);
		if (!i || same_subject(i, x->entry->subject))
			return false;
		last = leaf;
		if (left.len == WITH_LINE - 1)
			return true;
		if (left.at[WITH_LINE - 1] != '\n')
			return false;
		left = bytes_part(left, WITH_LINE, left.len);
	}
}

static bool said(const struct people_entry *x, const char *name)
{
	const struct field *y = fields_find(x->body, name);

	return !y || (y->value.len > 0 && !bytes_are(y->value, "\"\""));
}

bool people_version(struct people *p, const struct people_entry *x,
	struct people_item *i, struct fault *f)
{
	static const char *const names[] = {"does", "of", "why", NULL};
	const struct people_item *of;
	bool hidden, merge, split, ok;
	struct digest leaf;
	struct bytes does;

	i->act = PEOPLE_VERSION;
	ok = people_texts(x, names, &hidden);
	if (hidden)
		return true;
	if (!ok || !said(x, "why") || !body_digest(x->body, "of", &leaf))
		return people_refuse(p, "body", wants, f);
	does = body_text(fields_find(x->body, "does")->value);
	merge = bytes_are(does, "merge");
	split = bytes_are(does, "split");
	of = incident(p, &leaf);
	if (!of || !(merge || split || bytes_are(does, "amend") ||
			   bytes_are(does, "link")) ||
		(!split && !same_subject(of, x->entry->subject)))
		return people_refuse(p, "body", wants, f);
	i->target = (uint64_t)(of - p->item);
	if (!merge || (!fields_find(x->body, "with") && x->withheld) ||
		with_fits(p, x))
		return true;
	return people_refuse(p, "body", wants, f);
}
