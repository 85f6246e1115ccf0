/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reportsjson.c - reports, notices and claims as JSON: the keys are the
 * columns of the CSV forms.
 *
 * {"schema":"truce.reports/1","reports":[{...}]}, and so truce.notices/1 with
 * "notices" and truce.claims/1 with "claims"; or a bare list, told by its
 * first object's keys. */
#include "formats/objects.h"
#include "formats/statement.h"

static const struct {
	const char *list, *key; /* key: what tells an object of it */
	statement_maker *make;
} kinds[] = {
	{"reports", "report_id", statement_report},
	{"notices", "notice_id", statement_notice},
	{"claims", "claim_id", statement_claim},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Of which list the first sound object is, where the whole is no JSON. */
static size_t kind_of_cut(struct bytes in, struct arena *a)
{
	size_t mark = a->used, k;

	for (k = 0; k < KINDS; k++) {
		struct objects list = objects_in(in, kinds[k].list);
		struct bytes b = objects_next(&list);
		const struct tree *t;
		struct fault why;

		if (b.len > 0 && tree_read(b, a, &t, &why) &&
			tree_get(t, kinds[k].key))
			break;
		a->used = mark;
	}
	a->used = mark;
	return k;
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	size_t mark = a->used;
	const struct tree *t;
	size_t k;

	if (!tree_read(in, a, &t, f)) {
		k = kind_of_cut(in, a);
		if (f->kind != FAULT_INPUT || k == KINDS)
			return false;
		return statements_json(
			in, kinds[k].list, o, a, to, kinds[k].make, f);
	}
	for (k = 0; k < KINDS; k++)
		if (tree_get(t, kinds[k].list) ||
			tree_get(tree_at(t, 0), kinds[k].key))
			break;
	a->used = mark; /* read once more, beside the rows */
	if (k == KINDS)
		return fault(f, FAULT_INPUT, "no list of reports, notices or "
			"claims");
	return statements_json(
		in, kinds[k].list, o, a, to, kinds[k].make, f);
}

static bool holds(struct bytes head, const char *word)
{
	return memmem(head.at, head.len, word, strlen(word)) != NULL;
}

static int sniff(struct bytes head, const struct origin *o)
{
	struct bytes b = head;

	(void)o;
	while (b.len > 0 && strchr(" \t\r\n", b.at[0]) && b.at[0])
		b = bytes_part(b, 1, b.len);
	if (b.len == 0 || (b.at[0] != '{' && b.at[0] != '['))
		return 0;
	if (holds(b, "\"truce.reports/1\"") ||
		holds(b, "\"truce.notices/1\"") ||
		holds(b, "\"truce.claims/1\""))
		return 95;
	return holds(b, "\"report_id\"") || holds(b, "\"notice_id\"") ||
				holds(b, "\"claim_id\"") ?
		80 :
		0;
}

const struct format format_reportsjson = {
	.name = "reportsjson",
	.about = "reports, notices and claims (JSON)",
	.sniff = sniff,
	.decode = decode,
};
