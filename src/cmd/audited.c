/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/audited.h"

#include "base/json.h"

#include <inttypes.h>
#include <time.h>

/* -- in words -- */

static void print_frames(const struct custody_seen *c)
{
	printf("  frames: %" PRIu64 " of %" PRIu64 " sensors, %" PRIu64
		" missing, %" PRIu64 " late, %" PRIu64 " forks, %" PRIu64
		" breaks", c->frames, c->sensors, c->missing, c->late,
		c->forks, c->breaks);
	if (c->unkeyed)
		printf(", %" PRIu64 " of sensors whose key is not known here",
			c->unkeyed);
	printf("\n");
}

static void print_early(const struct anchor_seen *s)
{
	char stamped[INSTANT_TEXT], stated[INSTANT_TEXT];

	if (s->early)
		printf("  %" PRIu64 " time stamps are earlier than entries "
			"under them say that they were made: the first, of "
			"entry %" PRIu64 ", says %s, and an entry under it %s; "
			"the clock of its author or of the authority was "
			"wrong, or it was back-dated\n", s->early,
			s->first_early, instant_print(s->stamped, 0, stamped),
			instant_print(s->stated, 0, stated));
}

static void print_anchors(const struct anchor_seen *s)
{
	char when[INSTANT_TEXT];
	struct anchor_word both = anchor_said(s, ANCHOR_WANTED);
	struct anchor_word one = anchor_said(s, 1);

	printf("  time stamps: %" PRIu64 ", %" PRIu64 " of them by nobody who "
		"is known here", s->tokens, s->unknown);
	if (s->missing)
		printf("; %" PRIu64 " more are not at hand", s->missing);
	if (both.size > 0)
		printf("; the first %" PRIu64 " entries were there no later "
			"than %s, by %zu authorities", both.size,
			instant_print(both.at, 0, when), both.by);
	if (one.size > both.size)
		printf("; the first %" PRIu64 " entries were there no later "
			"than %s, by 1 authority (two are wanted)", one.size,
			instant_print(one.at, 0, when));
	printf("%s\n", one.size > 0 ? "" : " (two are wanted)");
	print_early(s);
}

/* The newest cosignature that the audit saw: nothing later is spoken of.  0:
 * no witness was asked for. */
static uint64_t as_of(const struct audit *a)
{
	uint64_t t = 0;

	for (size_t i = 0; i < a->asked; i++)
		if (a->witness[i].last_s > t)
			t = a->witness[i].last_s;
	return t;
}

static const char *time_of(uint64_t s, char at[INSTANT_TEXT])
{
	return s == 0 ? "no known time" : instant_print((struct instant){
		(int64_t)s * 1000000000}, 0, at);
}

/* Entries that say another time than the witnesses' clocks; the first of
 * them. */
struct misdated {
	uint64_t count, first;
	struct instant stated;
	uint64_t from_s, to_s;
};

static void print_misdated(const struct misdated *m, const char *what)
{
	char stated[INSTANT_TEXT], from[INSTANT_TEXT], to[INSTANT_TEXT];

	if (m->count > 0)
		printf("  %" PRIu64 " %s: entry %" PRIu64 " says %s, and was "
			"logged between %s and %s\n", m->count, what, m->first,
			instant_print(m->stated, 0, stated),
			time_of(m->from_s, from), time_of(m->to_s, to));
}

static void print_times(const struct audit *a)
{
	const struct audit_times *t = &a->times;
	const struct clocks_seen *c = &a->clocks;
	char what[80];
	struct text w = text_on(what, sizeof what);

	text_fmt(&w, "entries state a time more than %d s from when they "
		"were logged", CLOCKS_OFF_S);
	print_misdated(&(struct misdated){t->outside, t->first, t->stated,
		t->from_s, t->to_s}, "intakes state a time that the "
		"witnesses do not bear out");
	print_misdated(&(struct misdated){c->off, c->first, c->stated,
		c->from_s, c->to_s}, what);
}

/* That the log lived, by its own word, and where it did not. */
static void print_pulse(const struct pulse_seen *p)
{
	const struct instant now = {(int64_t)time(NULL) * 1000000000};
	char at[INSTANT_TEXT], to[INSTANT_TEXT];

	if (p->beats == 0)
		return;
	printf("  %" PRIu64 " heartbeats, the last is number %" PRIu64
		" (entry %" PRIu64 "), of %s\n", p->beats, p->last.beat,
		p->last.index, instant_print(p->last.clock, 0, at));
	if (p->late > 0)
		printf("  %" PRIu64 " came late; the first after number %"
			PRIu64 " (entry %" PRIu64 "): none from %s to %s\n",
			p->late, p->late_after.beat, p->late_after.index,
			instant_print(p->late_after.clock, 0, at),
			instant_print(p->late_until, 0, to));
	if (pulse_missing(p, now))
		printf("  heartbeat %" PRIu64 " is missing: it was due %" PRIu64
			" s after number %" PRIu64 "; nothing was logged since,"
			" or it was taken away\n", p->last.beat + 1,
			p->last.next_s, p->last.beat);
}

/* Who saw it, and when last; stale: others saw it much later. */
static void print_witnesses(const struct audit *a)
{
	char at[INSTANT_TEXT];

	for (size_t i = 0; i < a->asked; i++) {
		const struct audit_witness *w = &a->witness[i];

		printf("  witness %s%s: %s%s%s\n", w->name,
			w->local ? " (here)" : "",
			w->last_s ? "cosigned last at " : "silent: never",
			w->last_s ? time_of(w->last_s, at) : "",
			w->last_s && w->last_s + BRACKET_STALE_S < as_of(a) ?
				", stale since" : "");
	}
	if (a->policy && a->signed_size > 0)
		printf("  %s%s\n", a->accepted ? "accepted by its policy"
			: "not accepted by its policy",
			!a->joint ? "" : a->jointly ? ", jointly accepted"
				: ", not jointly accepted");
	if (a->kept_size > a->shown_size)
		printf("  published are %" PRIu64 " entries, though witnesses "
			"cosigned %" PRIu64 ": readers are shown an older log, "
			"until it is signed again\n", a->shown_size,
			a->kept_size);
}

static void print_verdict(const struct audit *a, size_t witnesses)
{
	struct instant t = {(int64_t)as_of(a) * 1000000000};
	char at[INSTANT_TEXT];

	printf("VERIFIED %" PRIu64 " entries, %zu witnesses", a->entries,
		witnesses);
	if (t.utc_ns > 0)
		printf(", as of %s", instant_print(t, 0, at));
	printf("\n");
}

/* When the entry that was asked for was logged. */
static void print_at(const struct bracket *b)
{
	char from[INSTANT_TEXT], to[INSTANT_TEXT];

	if (b)
		printf("  entry %" PRIu64 ", if one witness lies: not before "
			"%s, not after %s\n", b->index,
			b->from_s ? time_of(b->from_s, from) : "not known",
			b->to_s ? time_of(b->to_s, to) : "not known");
}

static void print_spool(const struct audit *a)
{
	if (a->uncommitted)
		printf("  %" PRIu64 " spool records are not in an intake yet\n",
			a->uncommitted);
	if (a->twice && a->is.verified)
		printf("  %" PRIu64 " intakes, the first entry %" PRIu64
			", take in records that another took in too: an older "
			"version logged them twice; nothing is missing\n",
			a->twice, a->first_twice);
	if (a->untimely)
		printf("  %" PRIu64 " spool records, the last in entry %"
			PRIu64 ", say that they came at a time that their "
			"intake and the one before rule out: the clock was "
			"wrong, or they were written later. When they came is "
			"not proven, nor what rests on it\n",
			a->untimely, a->untimely_in);
}

static void print_text(const struct audit *a, const struct audited *v)
{
	const struct people_counts *p = &a->people;
	char hex[SHA256_HEX];

	printf("  %" PRIu64 " keys of %" PRIu64 " persons, %" PRIu64
		" of sensors; %" PRIu64 " proposed, %" PRIu64 " reviewed, %"
		PRIu64 " published, %" PRIu64 " rejected, %" PRIu64
		" not decidable, %" PRIu64 " amended\n", p->keys, p->persons,
		p->sensors, p->proposed, p->reviewed, p->published,
		p->rejected, p->undecided, p->amended);
	if (a->closed)
		printf("  %" PRIu64 " bodies erased, and the log says so\n",
			a->closed);
	printf("  log %s\n  root %s\n", a->vkey,
		a->entries ? digest_hex(&a->root, hex) : "-");
	printf("  entry 0 %s\n", digest_hex(&a->genesis, hex));
	if (a->absent)
		printf("  %" PRIu64 " bodies were not handed over with their "
			"entries\n", a->absent);
	print_witnesses(a);
	print_times(a);
	print_at(v->at);
	print_pulse(&a->pulse);
	if (a->told)
		printf("  %" PRIu64 " entries say who was told what: truce "
			"disclose told\n", a->told);
	if (a->custody.frames)
		print_frames(&a->custody);
	if (a->anchors.tokens + a->anchors.missing)
		print_anchors(&a->anchors);
	print_spool(a);
	if (v->limit)
		printf("%s\n", v->limit);
	if (*v->index)
		printf("%s\n", v->index);
	if (a->is.verified) {
		print_verdict(a, v->witnesses);
		return;
	}
	printf("%s\nNOT VERIFIED ", a->is.where);
	if (a->is.index != UINT64_MAX)
		printf("%" PRIu64 " ", a->is.index);
	else
		printf("- ");
	printf("%s\n", a->is.rule);
}

/* -- as JSON -- */

static void count(struct json *j, const char *key, uint64_t n)
{
	json_key(j, key);
	json_i64(j, (int64_t)n);
}

static void count_stamps(struct json *j, const struct anchor_seen *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < ANCHOR_AUTHORITIES; i++)
		n += s->said[i].size > 0;
	count(j, "stamps", s->tokens);
	count(j, "stamps_unknown", s->unknown);
	count(j, "stamps_missing", s->missing);
	count(j, "stamps_early", s->early);
	count(j, "stamps_authorities", n);
	count(j, "stamped", anchor_said(s, 1).size);
	count(j, "stamped_by_two", anchor_said(s, ANCHOR_WANTED).size);
}

static void count_evidence(struct json *j, const struct audit *a)
{
	count(j, "frames", a->custody.frames);
	count(j, "frames_missing", a->custody.missing);
	count(j, "frames_late", a->custody.late);
	count(j, "frames_forked", a->custody.forks);
	count(j, "frames_broken", a->custody.breaks);
	count(j, "frames_twice", a->custody.twice);
	count(j, "frames_unkeyed", a->custody.unkeyed);
	count(j, "frames_files", a->custody.derived);
	count_stamps(j, &a->anchors);
}

static void count_people(struct json *j, const struct people_counts *p)
{
	count(j, "keys", p->keys);
	count(j, "persons", p->persons);
	count(j, "sensor_keys", p->sensors);
	count(j, "proposed", p->proposed);
	count(j, "reviewed", p->reviewed);
	count(j, "published", p->published);
	count(j, "rejected", p->rejected);
	count(j, "undecided", p->undecided);
	count(j, "amended", p->amended);
}

static void count_log(struct json *j, const struct audit *a)
{
	count(j, "entries", a->entries);
	count(j, "signed", a->signed_size);
	count(j, "batches", a->batches);
	count(j, "intakes", a->intakes);
	count(j, "intakes_twice", a->twice);
	count(j, "blobs", a->blobs);
	count(j, "blob_bytes", a->blob_bytes);
	count(j, "spools", a->spools);
	count(j, "spool_records", a->spool_records);
	count(j, "records_untimely", a->untimely);
	count(j, "uncommitted", a->uncommitted);
	count_evidence(j, a);
}

/* Verified, or the first thing that is not so. */
static void tell_outcome(struct json *j, const struct outcome *is)
{
	json_key(j, "verified");
	json_flag(j, is->verified);
	json_key(j, "index");
	if (is->verified || is->index == UINT64_MAX)
		json_null_value(j);
	else
		json_i64(j, (int64_t)is->index);
	json_key(j, "rule");
	json_text(j, is->verified ? NULL : is->rule);
	json_key(j, "where");
	json_text(j, is->verified ? NULL : is->where);
}

/* By which clocks, and whether the log lives. */
static void tell_times(struct json *j, const struct audit *a)
{
	const struct instant now = {(int64_t)time(NULL) * 1000000000};

	count(j, "times_proved", a->times.proved);
	count(j, "times_outside", a->times.outside);
	count(j, "clocks_proved", a->clocks.proved);
	count(j, "clocks_off", a->clocks.off);
	count(j, "heartbeats", a->pulse.beats);
	count(j, "heartbeats_late", a->pulse.late);
	json_key(j, "heartbeat_missing");
	if (pulse_missing(&a->pulse, now))
		json_i64(j, (int64_t)a->pulse.last.beat + 1);
	else
		json_null_value(j);
}

static void tell_witnesses(
	struct json *j, const struct audit *a, size_t witnesses)
{
	char at[INSTANT_TEXT];

	count(j, "witnesses", witnesses);
	json_key(j, "cosigned");
	json_list(j);
	for (size_t i = 0; i < a->asked; i++) {
		const struct audit_witness *w = &a->witness[i];

		json_object(j);
		json_key_text(j, "witness", w->name);
		json_key_flag(j, "here", w->local);
		json_key_text(j, "last", w->last_s ? time_of(w->last_s, at)
			: NULL);
		json_close(j);
	}
	json_close(j);
	if (a->policy) {
		json_key(j, "accepted");
		json_flag(j, a->accepted);
	}
	if (a->joint) {
		json_key(j, "jointly_accepted");
		json_flag(j, a->jointly);
	}
}

/* Which log it is. */
static void tell_log(struct json *j, const struct audit *a)
{
	char hex[SHA256_HEX];

	json_key(j, "log");
	json_text(j, a->vkey);
	json_key(j, "root");
	json_text(j, digest_hex(&a->root, hex));
	json_key(j, "genesis");
	json_text(j, digest_hex(&a->genesis, hex));
}

static void print_json(const struct audit *a, const struct audited *v)
{
	static char buffer[8192 + POLICY_NAMES * (2 * SIGN_NAME_MAX + 80)];
	struct text t = text_on(buffer, sizeof buffer);
	struct json j = json_on(&t);
	char at[INSTANT_TEXT];

	json_object(&j);
	json_key(&j, "schema");
	json_text(&j, "truce.audit/1");
	tell_outcome(&j, &a->is);
	count_log(&j, a);
	tell_witnesses(&j, a, v->witnesses);
	tell_times(&j, a);
	count(&j, "told", a->told);
	count(&j, "closed", a->closed);
	count(&j, "absent", a->absent);
	json_key(&j, "as_of");
	if (as_of(a) > 0)
		json_text(&j, instant_print((struct instant){
			(int64_t)as_of(a) * 1000000000}, 0, at));
	else
		json_null_value(&j);
	count_people(&j, &a->people);
	tell_log(&j, a);
	json_key(&j, "limits");
	json_list(&j);
	if (v->limit)
		json_text(&j, v->limit);
	if (*v->index)
		json_text(&j, v->index);
	json_close(&j);
	if (v->anew)
		recompute_json(&j, v->anew);
	json_close(&j);
	printf("%s\n", buffer);
}

int audited_print(const struct audit *a, const struct audited *v)
{
	if (v->json)
		print_json(a, v);
	else
		print_text(a, v);
	if (v->anew && !v->json)
		recompute_print(v->anew);
	return a->is.verified && (!v->anew || compared_well(v->anew)) ?
		EXIT_DONE : EXIT_NO;
}
