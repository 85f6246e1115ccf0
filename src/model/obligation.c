/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/obligation.h"

#include "model/codec.h"

static const char *const states[OBLIGATION_STATES] = {"open",
	"acknowledged", "decided", "fulfilled", "declined", "lapsed"};
static const char *const falls[OBLIGATION_FALLS] = {"", "no_breach",
	"no_trigger", "no_pledge"};

const char *obligation_state_name(enum obligation_state s)
{
	return states[s];
}

const char *obligation_fall_name(enum obligation_fall fall)
{
	return falls[fall];
}

void obligation_name(struct obligation *o)
{
	struct sha256 s;
	struct digest d;
	const char *const part[] = {"obligation", o->pledge, o->actor,
		o->step, o->finding.text};

	sha256_start(&s);
	for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
		sha256_add(&s, bytes_of(part[i]));
		sha256_add(&s, bytes_of("\n"));
	}
	d = sha256_end(&s);
	o->id = id_make('o', o->opens.from, digest_view(&d));
}

static const char *or_null(const char *s)
{
	return *s ? s : NULL;
}

bool obligation_write(
	const struct obligation *o, struct fields *s, struct fault *f)
{
	fields_text(s, "schema", "truce.obligation/1");
	fields_text(s, "id", o->id.text);
	fields_i64(s, "version", o->version);
	fields_text(s, "pledge", o->pledge);
	fields_text(s, "actor", o->actor);
	fields_text(s, "step", or_null(o->step));
	write_texts(s, "act", o->act, o->acts);
	write_texts(s, "to", o->to, o->tos);
	fields_text(s, "instrument", or_null(o->instrument));
	fields_text(s, "endorsed", or_null(o->endorsed));
	fields_text(s, "stage", or_null(o->stage));
	fields_text(s, "modality", or_null(o->modality));
	fields_text(s, "strength", or_null(o->strength));
	fields_text(s, "authority", or_null(o->authority));
	fields_text(s, "wording_sha256", o->wording_sha256);
	fields_text(s, "finding", o->finding.text);
	fields_text(s, "completed_by", o->completed_by.text);
	fields_time(s, "opens.from", o->opens.from);
	fields_time(s, "opens.to", o->opens.to);
	fields_time(s, "due.from", o->due.from);
	fields_time(s, "due.to", o->due.to);
	fields_flag(s, "stands", o->fall == OBLIGATION_STANDS);
	fields_text(s, "fell_by", or_null(falls[o->fall]));
	fields_text(s, "replaced_by", or_null(o->replaced_by.text));
	return fields_done(s, f);
}

static enum obligation_fall fall_of(const struct tree *t)
{
	const char *word = tree_text(t, "fell_by");

	for (int i = 1; word && i < OBLIGATION_FALLS; i++)
		if (strcmp(word, falls[i]) == 0)
			return (enum obligation_fall)i;
	return OBLIGATION_STANDS;
}

static struct span span_of(const struct tree *t)
{
	return (struct span){tree_time(t, "from"), tree_time(t, "to")};
}

bool obligation_read(const struct tree *t, struct arena *a,
	struct obligation *o, struct fault *f)
{
	const struct {
		const char *key, **to;
	} texts[] = {{"pledge", &o->pledge}, {"actor", &o->actor},
		{"step", &o->step}, {"instrument", &o->instrument},
		{"endorsed", &o->endorsed}, {"stage", &o->stage},
		{"modality", &o->modality}, {"strength", &o->strength},
		{"authority", &o->authority},
		{"wording_sha256", &o->wording_sha256}};

	*o = (struct obligation){.version =
			(uint32_t)tree_i64(t, "version", 0)};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!read_text(t, texts[i].key, a, texts[i].to, f))
			return fault_in(f, "obligation");
	if (!read_id(t, "id", &o->id, f) ||
		!read_id(t, "finding", &o->finding, f) ||
		!read_id(t, "completed_by", &o->completed_by, f) ||
		!read_id(t, "replaced_by", &o->replaced_by, f) ||
		!read_texts(tree_get(t, "act"), a, &o->act, &o->acts, f) ||
		!read_texts(tree_get(t, "to"), a, &o->to, &o->tos, f))
		return fault_in(f, "obligation");
	o->opens = span_of(tree_get(t, "opens"));
	o->due = span_of(tree_get(t, "due"));
	o->fall = fall_of(t);
	return true;
}

enum obligation_clock obligation_clock(
	const struct obligation *o, struct instant now)
{
	const int64_t day = INT64_C(86400) * 1000000000;
	int64_t near;

	if (!instant_known(o->due.from) || !instant_known(now))
		return CLOCK_NONE;
	if (now.utc_ns >= o->due.to.utc_ns &&
		now.utc_ns > o->due.from.utc_ns)
		return CLOCK_PASSED;
	if (now.utc_ns >= o->due.from.utc_ns)
		return CLOCK_PERHAPS;
	near = (o->due.from.utc_ns - o->opens.from.utc_ns) / 4;
	near = near < day ? near : day;
	return now.utc_ns >= o->due.from.utc_ns - near ? CLOCK_NEAR
						       : CLOCK_AHEAD;
}

const char *obligation_clock_name(enum obligation_clock c)
{
	static const char *const words[CLOCKS] = {
		"none", "ahead", "near", "perhaps_passed", "passed"};

	return words[c];
}

enum obligation_state obligation_at(
	enum obligation_state s, enum obligation_clock c)
{
	return c == CLOCK_PASSED && (s == OBLIGATION_OPEN ||
			s == OBLIGATION_ACKNOWLEDGED) ? OBLIGATION_LAPSED : s;
}
