/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/audit.h"
#include "ledger/bracket.h"

#include "base/encode.h"
#include "base/json.h"
#include "cmd/authorities.h"
#include "cmd/load.h"
#include "cmd/mirrored.h"
#include "cmd/recompute.h"
#include "cmd/scratch.h"
#include "feeds/file.h"
#include "ledger/access.h"
#include "ledger/chain_ack.h"
#include "ledger/equivocation.h"
#include "ledger/kept.h"
#include "ledger/mirror.h"
#include "ledger/receipt.h"
#include "roles/frames.h"
#include "roles/import.h"
#include "roles/indexed.h"
#include "roles/replay.h"
#include "spool/files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

extern const struct cmd cmd_audit;

enum { ARENA = 1 << 24 };

#define NAMES ((size_t)4 << 30) /* mission.yaml, sensors.csv, geo/ */
#define NOTES ((size_t)KEPT_MAX * (NOTE_MAX + 64))

static const char one_machine[] =
	"all keys lie on one machine: no protection against its operator";
static const char key_taken[] =
	"the log's key was taken from the mirror itself: compare it with yours";

static const char key_in_file[] =
	"the log's key was taken from the file itself: compare it with yours";

struct ask {
	const char *where, *key, *genesis, *policy, *since;
	const char *entry, *leaf, *text, *record, *ca;
	bool json, anew, index_differs;
	char index[500]; /* what is said of it; "" there is none */
	struct arena arena;
	/* what they say */
	struct mirror_seen seen;
	struct policy quorum;
	struct mirror_anchors anchors;
	struct bracket at; /* of the entry that --entry asks for */
	bool asks_at;
	const char *scratch; /* a folder for copies; NULL: none is wanted */
};

static void say(void *self, const char *line)
{
	if (!*(bool *)self)
		printf("  %s\n", line);
}

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

static void print_anchors(const struct anchor_seen *s)
{
	char when[INSTANT_TEXT];
	size_t n = anchor_count(s);

	printf("  time stamps: %" PRIu64 ", %" PRIu64 " of them by nobody who "
		"is known here", s->tokens, s->unknown);
	if (s->size > 0)
		printf("; the first %" PRIu64 " entries were there no later "
			"than %s, by %zu authorit%s", s->size,
			instant_print(s->at, 0, when), n,
			n == 1 ? "y" : "ies");
	printf("%s\n", n >= ANCHOR_WANTED ? "" :
		" (two are wanted)");
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

/* Intakes that say another time than the witnesses' clocks. */
static void print_times(const struct audit_times *t)
{
	char stated[INSTANT_TEXT], from[INSTANT_TEXT], to[INSTANT_TEXT];

	if (t->outside == 0)
		return;
	printf("  %" PRIu64 " intakes state a time that the witnesses do not "
		"bear out: entry %" PRIu64 " says %s, and was logged between "
		"%s and %s\n", t->outside, t->first,
		instant_print(t->stated, 0, stated), time_of(t->from_s, from),
		time_of(t->to_s, to));
}

/* Authors whose clocks are not those of the witnesses. */
static void print_clocks(const struct clocks_seen *s)
{
	char stated[INSTANT_TEXT], from[INSTANT_TEXT], to[INSTANT_TEXT];

	if (s->off == 0)
		return;
	printf("  %" PRIu64 " entries state a time more than %d s from when "
		"they were logged: entry %" PRIu64 " says %s, and was logged "
		"between %s and %s\n", s->off, CLOCKS_OFF_S, s->first,
		instant_print(s->stated, 0, stated), time_of(s->from_s, from),
		time_of(s->to_s, to));
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

static void print_text(const struct audit *a, const char *limit,
	const char *index, const struct bracket *at, size_t witnesses)
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
	print_times(&a->times);
	print_at(at);
	print_clocks(&a->clocks);
	print_pulse(&a->pulse);
	if (a->told)
		printf("  %" PRIu64 " entries say who was told what: truce "
			"disclose told\n", a->told);
	if (a->custody.frames)
		print_frames(&a->custody);
	if (a->anchors.tokens)
		print_anchors(&a->anchors);
	if (a->uncommitted)
		printf("  %" PRIu64 " spool records are not in an intake yet\n",
			a->uncommitted);
	if (a->twice && a->is.verified)
		printf("  %" PRIu64 " intakes, the first entry %" PRIu64
			", take in records that another took in too: an older "
			"version logged them twice; nothing is missing\n",
			a->twice, a->first_twice);
	if (limit)
		printf("%s\n", limit);
	if (*index)
		printf("%s\n", index);
	if (a->is.verified) {
		print_verdict(a, witnesses);
		return;
	}
	printf("%s\nNOT VERIFIED ", a->is.where);
	if (a->is.index != UINT64_MAX)
		printf("%" PRIu64 " ", a->is.index);
	else
		printf("- ");
	printf("%s\n", a->is.rule);
}

static void count(struct json *j, const char *key, uint64_t n)
{
	json_key(j, key);
	json_i64(j, (int64_t)n);
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
	count(j, "stamps", a->anchors.tokens);
	count(j, "stamps_unknown", a->anchors.unknown);
	count(j, "stamps_authorities", anchor_count(&a->anchors));
	count(j, "stamped", a->anchors.size);
}

/* c: NULL when nothing was recomputed. */
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
	count(j, "uncommitted", a->uncommitted);
	count_evidence(j, a);
}

static void print_json(const struct audit *a, const char *limit,
	const char *index, size_t witnesses, const struct compared *c)
{
	static char buffer[8192];
	struct text t = text_on(buffer, sizeof buffer);
	struct json j = json_on(&t);
	char hex[SHA256_HEX], at[INSTANT_TEXT];

	json_object(&j);
	json_key(&j, "schema");
	json_text(&j, "truce.audit/1");
	json_key(&j, "verified");
	json_flag(&j, a->is.verified);
	json_key(&j, "index");
	if (a->is.verified || a->is.index == UINT64_MAX)
		json_null_value(&j);
	else
		json_i64(&j, (int64_t)a->is.index);
	json_key(&j, "rule");
	json_text(&j, a->is.verified ? NULL : a->is.rule);
	json_key(&j, "where");
	json_text(&j, a->is.verified ? NULL : a->is.where);
	count_log(&j, a);
	count(&j, "witnesses", witnesses);
	if (a->policy) {
		json_key(&j, "accepted");
		json_flag(&j, a->accepted);
	}
	if (a->joint) {
		json_key(&j, "jointly_accepted");
		json_flag(&j, a->jointly);
	}
	count(&j, "times_proved", a->times.proved);
	count(&j, "times_outside", a->times.outside);
	count(&j, "clocks_proved", a->clocks.proved);
	count(&j, "clocks_off", a->clocks.off);
	count(&j, "heartbeats", a->pulse.beats);
	count(&j, "heartbeats_late", a->pulse.late);
	json_key(&j, "heartbeat_missing");
	if (pulse_missing(&a->pulse, (struct instant){
		(int64_t)time(NULL) * 1000000000}))
		json_i64(&j, (int64_t)a->pulse.last.beat + 1);
	else
		json_null_value(&j);
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
	json_key(&j, "log");
	json_text(&j, a->vkey);
	json_key(&j, "root");
	json_text(&j, digest_hex(&a->root, hex));
	json_key(&j, "genesis");
	json_text(&j, digest_hex(&a->genesis, hex));
	json_key(&j, "limits");
	json_list(&j);
	if (limit)
		json_text(&j, limit);
	if (*index)
		json_text(&j, index);
	json_close(&j);
	if (c)
		recompute_json(&j, c);
	json_close(&j);
	printf("%s\n", buffer);
}

static int report(const struct ask *q, const struct audit *a,
	const char *limit, size_t witnesses, const struct compared *c)
{
	if (q->json)
		print_json(a, limit, q->index, witnesses, c);
	else
		print_text(a, limit, q->index, q->asks_at ? &q->at : NULL,
			witnesses);
	if (c && !q->json)
		recompute_print(c);
	return a->is.verified && (!c || compared_well(c)) ? EXIT_DONE : EXIT_NO;
}

/* -- what the auditor brings -- */

static bool read_hash(const char *hex, struct digest *d, struct fault *f)
{
	return hex_read(bytes_of(hex), d->at, SHA256_LEN, f);
}

static bool read_anchors(struct ask *q, struct fault *f)
{
	struct mirror_anchors *a = &q->anchors;
	struct bytes b;

	if (q->key) {
		if (!note_key_read(bytes_of(q->key), &a->key, f))
			return fault_in(f, "--key");
		a->has_key = true;
	}
	if (q->genesis) {
		if (!read_hash(q->genesis, &a->genesis, f))
			return fault_in(f, "--genesis");
		a->has_genesis = true;
	}
	if (q->policy) {
		if (!file_read(q->policy, &q->arena, &b, f) ||
			!policy_read(b, &q->quorum, f))
			return fault_in(f, "%s", q->policy);
		a->policy = &q->quorum;
	}
	if (q->since) {
		if (!file_read(q->since, &q->arena, &q->seen.note, f))
			return fault_in(f, "%s", q->since);
		q->seen.size = UINT64_MAX;
		a->seen = &q->seen;
		a->seen_count = 1;
	}
	return true;
}

/* -- a mission, a mirror, a file -- */

/* Whose frames those of the spool are.  A mission whose files are in error
 * is audited all the same: then its frames have no key that is known. */
static bool know_sensors(const char *folder, struct arena *a,
	struct frames_sensors *out, struct fault *f)
{
	static struct complaints complaints;
	struct mission m = {.name = ""};
	struct fault why = {0};

	if (!mission_load(folder, a, &m, &complaints, &why)) {
		if (why.kind == FAULT_LIMIT)
			*f = why;
		return why.kind != FAULT_LIMIT;
	}
	return frames_sensors(&m, a, out, f);
}

/* Is there a witness whose key does not lie here? */
static bool elsewhere(const struct audit *a)
{
	for (size_t i = 0; i < a->asked; i++)
		if (!a->witness[i].local && a->witness[i].last_s > 0)
			return true;
	return false;
}

static int make_anew(struct ask *q, const char *mission, struct compared *c)
{
	struct fault f = {0};
	const char *anew = path_join(&q->arena, q->scratch, "anew", &f);

	return anew ? recompute(&cmd_audit, mission, anew, c)
		    : cmd_fault(&cmd_audit, &f);
}

/* Lists and reports are read from it.  False: it says something else. */
static bool index_agrees(struct ask *q, struct disk *disk)
{
	struct text t = text_on(q->index, sizeof q->index);
	struct store s = {stores[0], NULL};
	struct indexed x = {0};
	struct ledger *l = NULL;
	struct fault f = {0};
	struct bytes whole = {0};
	bool ok = ledger_open(&l, disk, false, &f) &&
		s.engine->open(&s, q->where, false, &f) &&
		s.engine->get(&s, REPLAY_WHOLE, &q->arena, &whole, &f) &&
		(whole.len == 0 || indexed_compare(&s, l, disk, &x, &f));

	if (s.self)
		s.engine->close(&s);
	ledger_close(l);
	if (!ok)
		text_fmt(&t, "index.db was not compared: %.200s", f.text);
	else if (whole.len == 0)
		text_fmt(&t, "index.db was not compared: a replay runs, or "
			"was cut off; `truce replay` makes it whole");
	else if (x.first[0])
		text_fmt(&t, "index.db is not what the log says: %s; delete "
			"it, and `truce replay` makes it anew", x.first);
	else
		text_fmt(&t, "index.db, which lists and reports are read "
			"from, has %" PRIu64 " records as the log has them, "
			"and %" PRIu64 " detections, looks and words of "
			"health that are lines of its batches", x.same,
			x.lines);
	return !ok || !x.first[0];
}

static int audit_mission(struct ask *q)
{
	struct files files = {.root = -1};
	struct frames_sensors sensors = {NULL, 0};
	struct chain_keys keys = frames_keys(&sensors);
	struct authorities known = {.count = 0};
	const struct audit_with with = {q->seen.note, &keys, &known};
	struct compared c = {0};
	struct arena names = {0};
	const char *index;
	struct fault f = {0};
	struct audit a;
	bool ok, anew;
	int code;

	ok = load_folder(q->where, &f) && files_open(&files, q->where, &f) &&
		arena_map(&names, NAMES, &f) &&
		know_sensors(q->where, &names, &sensors, &f) &&
		authorities_load(q->where, q->ca, &names, &known, &f) &&
		ledger_audit_with(&files.disk, &with, say, &q->json, &a, &f);
	arena_unmap(&names);
	index = path_join(&q->arena, q->where, "index.db", &f);
	ok = ok && (!q->asks_at || !a.is.verified ||
		bracket_of(&files.disk, &q->at, &f));
	q->index_differs = ok && index && a.is.verified &&
		file_exists(index) && !index_agrees(q, &files.disk);
	files_close(&files);
	if (!ok)
		return cmd_fault(&cmd_audit, &f);
	/* Of what is not what was logged nothing is made. */
	anew = q->anew && a.is.verified;
	if (anew && a.uncommitted > 0) {
		(void)fault(&f, FAULT_INPUT, "%s: %" PRIu64 " received records "
			"are in no intake yet, and could be taken away again; "
			"replay it first", q->where, a.uncommitted);
		return cmd_fault(&cmd_audit, &f);
	}
	if (anew && (code = make_anew(q, q->where, &c)) != EXIT_DONE)
		return code;
	code = report(q, &a, elsewhere(&a) ? NULL : one_machine, a.cosigned,
		anew ? &c : NULL);
	return code == EXIT_DONE && q->index_differs ? EXIT_NO : code;
}

/* A mission of the pack alone, whose received records and bodies are held
 * against each other, and its findings made anew. */
static int pack_anew(struct ask *q, struct disk *from, struct audit *a,
	struct compared *c)
{
	struct files to = {.root = -1};
	struct import_ask ask = {.from = from, .unsigned_ = true,
		.anchors = q->anchors};
	struct imported x = {0};
	struct fault f = {0};
	const char *mission =
		path_join(&q->arena, q->scratch, "mission", &f);
	bool ok = mission && folder_make(mission, &f) &&
		files_open(&to, mission, &f);

	ask.to = &to.disk;
	ok = ok && import_new(&ask, &x, &f);
	files_close(&to);
	if (x.refused)
		a->is = x.audit.is;
	if (!ok)
		return x.refused ? EXIT_NO : cmd_fault(&cmd_audit, &f);
	a->spool_records = x.records;
	return make_anew(q, mission, c);
}

static void print_list(const struct manifest_said *s)
{
	if (!s->there)
		return;
	printf("  %zu files as MANIFEST says, %s%s\n", s->files, s->by_log ?
		"signed by the log's key" : s->who[0] ? "signed by another "
		"key than the log's: " : "which nobody signed", s->who);
}

struct hearing { /* what a mirror's entries say beside */
	struct pulse pulse;
	struct clocks clocks;
	uint64_t told;
};

static const char *hear(void *self, const struct people_entry *x,
	const struct merkle_tree *tree, struct fault *f)
{
	struct hearing *h = self;
	const char *rule = pulse_take(&h->pulse, x, tree, f);

	if (!rule)
		rule = access_take(&h->told, x, tree, f);
	return rule ? rule : clocks_note(&h->clocks, x->entry->clock, f) ?
		NULL : "memory";
}

/* What the policy's witnesses say of a mirror, and when. */
static bool hear_witnesses(struct ask *q, const struct mirror *m,
	const struct kept *k, struct hearing *h, struct audit *a,
	struct fault *f)
{
	a->policy = q->anchors.policy != NULL;
	if (!a->policy)
		return true;
	a->accepted = m->witnessed.met;
	for (size_t i = 0; i < q->quorum.names; i++) {
		struct audit_witness *w = &a->witness[a->asked];

		if (q->quorum.name[i].is_group)
			continue;
		memcpy(w->name, q->quorum.name[i].key.name, sizeof w->name);
		w->last_s = m->witnessed.time_s[i];
		a->asked++;
	}
	if (!kept_times(k, &q->quorum, m, &h->clocks,
		q->asks_at ? &q->at : NULL, f))
		return false;
	a->clocks = h->clocks.seen;
	return true;
}

/* --since, and those that it keeps. */
static bool add_kept(struct ask *q, struct disk *d, struct arena *arena,
	struct kept *k, struct fault *f)
{
	size_t n = q->anchors.seen_count;
	struct mirror_seen *all;

	if (!kept_read(d, arena, k, f) || !(all = arena_array(&q->arena,
		n + k->count + 1, sizeof *all, f)))
		return false;
	if (n > 0)
		all[0] = q->seen;
	for (size_t i = 0; i < k->count; i++)
		all[n + i] = k->note[i];
	q->anchors.seen = all;
	q->anchors.seen_count = n + k->count;
	return true;
}

static int audit_mirror(struct ask *q)
{
	struct hearing heard = {.told = 0};
	static struct mirror m;
	static struct kept kept;
	struct arena notes = {0};
	struct files files = {.root = -1};
	struct manifest_said list = {.who = ""};
	struct compared c = {0};
	struct fault f = {0};
	struct audit a = {0};
	struct text vkey = text_on(a.vkey, sizeof a.vkey);
	int code = EXIT_DONE;
	bool ok;

	q->anchors.self = &heard;
	q->anchors.also = hear;
	ok = files_open(&files, q->where, &f) &&
		arena_map(&notes, NOTES, &f) &&
		add_kept(q, &files.disk, &notes, &kept, &f) &&
		mirror_audit(&files.disk, &q->anchors, &m, &f) &&
		(!m.is.verified || hear_witnesses(q, &m, &kept, &heard, &a,
			&f));
	q->anchors.seen = &q->seen;
	q->anchors.seen_count = q->since != NULL;
	arena_unmap(&notes);
	if (ok && m.is.verified &&
		!manifest_audit(&files.disk, &m.signer, &list, &f)) {
		ok = f.kind == FAULT_INPUT;
		m.is.verified = outcome_fails_by(&m.is, UINT64_MAX,
			"manifest", &f);
	}
	a.pulse = heard.pulse.seen;
	a.told = heard.told;
	pulse_free(&heard.pulse);
	clocks_free(&heard.clocks);
	q->anchors.also = NULL;
	q->anchors.self = NULL;
	if (!ok) {
		files_close(&files);
		return cmd_fault(&cmd_audit, &f);
	}
	a.is = m.is;
	a.entries = m.entries;
	a.signed_size = m.size;
	a.batches = m.batches;
	a.intakes = m.intakes;
	a.blobs = m.blobs;
	a.people = m.people;
	a.root = m.root;
	a.genesis = m.genesis;
	if (m.key.name[0])
		note_key_print(&m.key, &vkey);
	if (!q->json) {
		printf("  %" PRIu64 " of %" PRIu64 " entries, %" PRIu64
			" signatures\n", m.entries, m.size, m.signatures);
		printf("  %" PRIu64 " bodies at hand, %" PRIu64 " batches, %"
			PRIu64 " evidence files\n", m.bodies, m.batches,
			m.blobs);
		print_list(&list);
	}
	if (q->anew && m.is.verified && !list.full) {
		(void)fault(&f, FAULT_INPUT, "%s: of level full only can "
			"findings be made anew", q->where);
		code = cmd_fault(&cmd_audit, &f);
	} else if (q->anew && m.is.verified) {
		code = pack_anew(q, &files.disk, &a, &c);
	}
	files_close(&files);
	if (code != EXIT_DONE && a.is.verified)
		return code;
	return report(q, &a, q->key ? NULL : key_taken, m.witnessed.witnesses,
		q->anew && a.is.verified ? &c : NULL);
}

static bool find_leaf(struct ask *q, struct digest *leaf, struct fault *f)
{
	struct bytes b;

	if (q->leaf)
		return read_hash(q->leaf, leaf, f) || fault_in(f, "--leaf");
	if (q->text) {
		*leaf = merkle_leaf(bytes_of(q->text));
		return true;
	}
	if (!q->entry)
		return fault(f, FAULT_INPUT, "what is proved? give --entry "
			"FILE, --leaf HEX or --text TEXT");
	if (!file_read(q->entry, &q->arena, &b, f))
		return false;
	*leaf = merkle_leaf(b);
	return true;
}

static int not_verified(const struct fault *f, const char *rule)
{
	printf("%s\nNOT VERIFIED - %s\n", f->text, rule);
	return EXIT_NO;
}

/* Who cosigned the checkpoint that a proof ends in; asked for by --policy
 * alone. */
static bool policy_met(const struct ask *q, const struct proof *p,
	const struct checkpoint *c, const char **rule, struct fault *f)
{
	static struct note n;
	struct witnessed w;

	*rule = "checkpoint";
	if (!q->policy)
		return true;
	if (!note_read(p->note, &n, f) ||
		!policy_judge(&q->quorum, &n, c->origin, &w, f))
		return false;
	*rule = "quorum";
	if (!w.met)
		return fault(f, FAULT_INPUT,
			"too few of the policy's witnesses cosigned");
	printf("  %zu of the policy's witnesses cosigned\n", w.witnesses);
	return true;
}

/* A .receipt; and the record that it is about, when it is at hand. */
static int audit_receipt(struct ask *q, struct bytes b)
{
	static struct disclosure d;
	const struct note_key *key = q->key ? &q->anchors.key : NULL;
	struct receipt r = {.batch = &d};
	const char *rule = "";
	struct checkpoint c;
	struct fault f = {0};
	struct bytes record;

	if (!receipt_read(b, &q->arena, &r, &rule, &f) ||
		!receipt_holds(&r, key, &c, &rule, &f))
		return not_verified(&f, rule);
	if (!policy_met(q, &d.proof, &c, &rule, &f))
		return not_verified(&f, rule);
	if (q->record && !file_read(q->record, &q->arena, &record, &f))
		return cmd_fault(&cmd_audit, &f);
	if (q->record && !receipt_is_of(&r, record)) {
		(void)fault(&f, FAULT_INPUT, "%s: the receipt is of another "
			"record", q->record);
		return not_verified(&f, "receipt");
	}
	printf("  record %" PRIu64 " of its spool, %" PRIu64 " of %" PRIu64
		" in the batch%s\n", bytes_be((struct bytes){r.header + 8, 8}),
		r.at + 1, r.of, q->record ? ": the one given" : "");
	if (!key)
		printf("  no key given: only the path is proved\n");
	printf("VERIFIED entry %" PRIu64 " of %" PRIu64 ", %s\n",
		d.proof.index, c.size, c.origin);
	return EXIT_DONE;
}

/* Whose cosignatures stand under both?  Without a policy their keys are not
 * known, so names alone prove nothing and are not told. */
static bool print_both(const struct ask *q, const struct equivocation *e,
	struct fault *f)
{
	for (size_t i = 0; q->policy && i < q->quorum.names; i++) {
		const struct note_key *k = &q->quorum.name[i].key;
		uint64_t at[2];

		if (q->quorum.name[i].is_group)
			continue;
		if (!note_cosigned(&e->note[0], k, &at[0], f) ||
			!note_cosigned(&e->note[1], k, &at[1], f))
			return false;
		if (at[0] && at[1])
			printf("  both cosigned by witness %s\n", k->name);
	}
	return true;
}

static int audit_fork(struct ask *q, struct bytes b)
{
	static struct equivocation e;
	struct fault f = {0};
	char hex[SHA256_HEX];

	if (!equivocation_read(b, q->key ? &q->anchors.key : NULL, &e, &f))
		return cmd_fault(&cmd_audit, &f);
	for (size_t i = 0; i < 2; i++)
		printf("  signed: %" PRIu64 " entries, root %s\n",
			e.says[i].size, digest_hex(&e.says[i].root, hex));
	if (e.longer)
		printf("  but the longer history has, at %" PRIu64
			" entries, root %s\n", e.says[0].size,
			digest_hex(&e.root, hex));
	if (!print_both(q, &e, &f))
		return cmd_fault(&cmd_audit, &f);
	if (!q->key)
		printf("%s\n", key_in_file);
	printf("FORKED: %s signed two histories\n", e.says[0].origin);
	return EXIT_NO;
}

/* A .disclosure, or a .tlog-proof and what it speaks of. */
static int audit_file(struct ask *q)
{
	static struct disclosure d;
	const struct note_key *key = q->key ? &q->anchors.key : NULL;
	struct digest leaf = {{0}};
	const char *rule;
	struct checkpoint c;
	struct fault f = {0};
	struct bytes b;
	bool ok, opened;

	if (!file_read(q->where, &q->arena, &b, &f) || !sign_ready(&f))
		return cmd_fault(&cmd_audit, &f);
	if (bytes_start(b, "truce.receipt/"))
		return audit_receipt(q, b);
	if (bytes_start(b, "truce.equivocation/"))
		return audit_fork(q, b);
	opened = bytes_start(b, "truce.disclosure/");
	if (!opened && !find_leaf(q, &leaf, &f))
		return cmd_fault(&cmd_audit, &f);
	ok = opened ? disclosure_read(b, &q->arena, &d, &f)
		    : proof_read(b, &d.proof, &f);
	ok = ok && proof_holds(&d.proof, opened ? &d.leaf : &leaf, key, &c,
		&f);
	if (!ok)
		return not_verified(&f, "proof");
	if (!policy_met(q, &d.proof, &c, &rule, &f))
		return not_verified(&f, rule);
	if (opened)
		printf("  %zu fields, %zu withheld, %s\n", d.count,
			d.withheld, d.named ? "names proven"
					    : "names not proven");
	if (!key)
		printf("  no key given: only the path is proved\n");
	printf("VERIFIED entry %" PRIu64 " of %" PRIu64 ", %s\n",
		d.proof.index, c.size, c.origin);
	return EXIT_DONE;
}

/* A checkpoint or tiles, and no mission about them. */
static bool is_mirror(struct ask *q)
{
	struct fault no;
	const char *note = path_join(&q->arena, q->where, "checkpoint", &no);
	const char *tile = path_join(&q->arena, q->where, "tile", &no);
	const char *own = path_join(&q->arena, q->where, "ledger", &no);

	return note && tile && own && !folder_exists(own) &&
		(file_exists(note) || folder_exists(tile));
}

static int audit(struct ask *q)
{
	if (file_exists(q->where) && !folder_exists(q->where))
		return audit_file(q);
	q->asks_at = q->entry != NULL;
	if (q->asks_at && !note_number(bytes_of(q->entry), &q->at.index))
		return cmd_usage(&cmd_audit, "--entry wants the number of an "
			"entry, where a folder is audited");
	return is_mirror(q) ? audit_mirror(q) : audit_mission(q);
}

/* What wants copies. */
static int in_scratch(void *self, const char *folder)
{
	struct ask *q = self;
	struct files to = {.root = -1};
	struct fault f = {0};
	const char *copy = path_join(&q->arena, folder, "mirror", &f);
	bool ok = copy != NULL;

	q->scratch = folder;
	if (!mirrored_is_url(q->where))
		return audit(q);
	ok = ok && folder_make(copy, &f) && files_open(&to, copy, &f) &&
		mirrored_copy(q->where, &to.disk, &f);
	files_close(&to);
	q->where = copy;
	return ok ? audit(q) : cmd_fault(&cmd_audit, &f);
}

static int run(int argc, char **argv)
{
	static struct ask q;
	const struct ui_option options[] = {
		{"--json", NULL, &q.json}, {"--recompute", NULL, &q.anew},
		{"--key", &q.key, NULL},
		{"--genesis", &q.genesis, NULL}, {"--policy", &q.policy, NULL},
		{"--since", &q.since, NULL}, {"--entry", &q.entry, NULL},
		{"--leaf", &q.leaf, NULL}, {"--text", &q.text, NULL},
		{"--record", &q.record, NULL}, {"--ca", &q.ca, NULL},
		{NULL, NULL, NULL},
	};
	struct fault f = {0};
	int code;

	if (!ui_options(&cmd_audit, &argc, argv, options))
		return EXIT_USAGE;
	if (argc < 2)
		return cmd_usage(&cmd_audit, "which mission?");
	if (argc > 2)
		return cmd_usage(&cmd_audit, "one mission at a time");
	q.where = argv[1];
	if (!arena_map(&q.arena, ARENA, &f) || !read_anchors(&q, &f))
		code = cmd_fault(&cmd_audit, &f);
	else if (q.anew && !folder_exists(q.where) &&
		!mirrored_is_url(q.where))
		code = cmd_usage(&cmd_audit, "--recompute wants a mission, or "
			"a pack of level full");
	else if (q.anew || mirrored_is_url(q.where))
		code = scratch_run(&cmd_audit, in_scratch, &q);
	else
		code = audit(&q);
	arena_unmap(&q.arena);
	return code;
}

const struct cmd cmd_audit = {
	.name = "audit",
	.usage = "audit MISSION|PACK|URL|FILE [--key KEY] [--genesis HEX] "
		"[--policy FILE] [--since CHECKPOINT] [--recompute] [--json]",
	.about = "verify log, signatures, evidence; make all anew",
	.run = run,
};
