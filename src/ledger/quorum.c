/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/quorum.h"

#include "base/encode.h"
#include "ledger/bracket.h"
#include "ledger/clocks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 3, REQUEST = 64 << 10, FOLDER = 24 };

static const char next_path[] = "ledger/policy/next.policy";
static const char policy_path[] = "ledger/policy/accepted.policy";

static const char *local_folder(size_t i, char out[FOLDER])
{
	struct text t = text_on(out, FOLDER);

	text_fmt(&t, "ledger/witness/%zu", i + 1);
	return out;
}

/* -- made at once -- */

static bool make_local(struct disk *d, const struct sign_key *log, size_t i,
	struct text *policy, struct fault *f)
{
	struct note_key watched = {.type = NOTE_SIGNS}, key;
	char folder[FOLDER], name[SIGN_NAME_MAX + 1];
	struct text t = text_on(name, sizeof name);
	struct cosigner c;
	bool ok;

	text_fmt(&t, "%s/witness-%zu", log->name, i + 1);
	memcpy(watched.name, log->name, sizeof watched.name);
	memcpy(watched.key, log->public_key, sizeof watched.key);
	if (!text_check(&t, f) ||
		!cosigner_make(d, local_folder(i, folder), name, &key, f) ||
		!cosigner_open(&c, d, folder, true, f))
		return false;
	ok = cosigner_add(&c, &watched, f);
	cosigner_close(&c);
	text_fmt(policy, "witness local-%zu ", i + 1);
	note_key_print(&key, policy);
	text_char(policy, '\n');
	return ok;
}

static bool make_both(struct disk *d, const struct sign_key *log,
	const char *path, struct fault *f)
{
	char at[SECRETS_FILE_MAX];
	struct text t = text_on(at, sizeof at);

	text_add(&t, "# made with the log: both witnesses lie on its machine\n"
		     "log ");
	sign_vkey_print(log->name, log->public_key, &t);
	text_char(&t, '\n');
	for (size_t i = 0; i < QUORUM_LOCAL; i++)
		if (!make_local(d, log, i, &t, f))
			return false;
	text_add(&t, "group accepted all local-1 local-2\n"
		     "quorum accepted\n");
	return small_write(d, path, text_view(&t), false, f);
}

bool quorum_make(
	struct disk *d, const struct sign_key *log, struct fault *f)
{
	bool there;
	uint64_t n;

	return d->size(d->self, policy_path, &n, &there, f) &&
		(there || make_both(d, log, policy_path, f));
}

/* Every line but those that name logs: it is this log's own. */
static bool rename_log(struct disk *d, const struct sign_key *log,
	struct bytes was, struct fault *f)
{
	char at[SECRETS_FILE_MAX];
	struct text t = text_on(at, sizeof at);
	struct reader r = reader(was);
	struct bytes line;

	text_add(&t, "log ");
	sign_vkey_print(log->name, log->public_key, &t);
	text_char(&t, '\n');
	while (note_next_line(&r, &line)) {
		size_t k = 0;

		while (k < line.len && (line.at[k] == ' ' ||
				line.at[k] == '\t'))
			k++;
		if (bytes_start(bytes_part(line, k, line.len), "log"))
			continue;
		text_bytes(&t, line);
		text_char(&t, '\n');
	}
	return text_check(&t, f) &&
		small_write(d, next_path, text_view(&t), false, f);
}

bool quorum_make_next(
	struct disk *d, const struct sign_key *log, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct policy *p = malloc(sizeof *p);
	bool far = true, ok;
	size_t n = 0;

	if (!p)
		return fault(f, FAULT_LIMIT, "memory");
	ok = small_read(d, policy_path, at, &n, f) && (n == 0 ||
		policy_read((struct bytes){at, n}, p, f));
	for (size_t i = 0; ok && n > 0 && i < p->names; i++)
		far = far && (p->name[i].is_group || p->name[i].url.len > 0);
	if (ok && n > 0 && !far)
		ok = make_both(d, log, next_path, f);
	else if (ok && n > 0 && p->logs > 0)
		ok = rename_log(d, log, (struct bytes){at, n}, f);
	free(p);
	return ok;
}

/* -- opening -- */

static bool open_local(struct quorum *q, size_t i, struct fault *f)
{
	char folder[FOLDER], path[FOLDER + 4];
	struct text t = text_on(path, sizeof path);
	bool there;
	uint64_t n;

	text_fmt(&t, "%s/key", local_folder(i, folder));
	if (!q->disk->size(q->disk->self, path, &n, &there, f))
		return false;
	if (!there)
		return true;
	if (!cosigner_open(&q->local[q->locals], q->disk, folder, true, f))
		return false;
	q->locals++;
	return true;
}

/* The policy that the log names.  One that root keys have put in force may
 * have been laid beside the old one before: it takes its place. */
static bool find_policy(struct quorum *q, size_t *n, struct fault *f)
{
	struct disk *d = q->disk;
	struct digest is;

	if (!small_read(d, policy_path, q->text, n, f))
		return false;
	is = sha256_of((struct bytes){q->text, *n});
	if (digest_equal(&is, &q->hash))
		return true;
	if (!small_read(d, next_path, q->text, n, f))
		return false;
	is = sha256_of((struct bytes){q->text, *n});
	return digest_equal(&is, &q->hash) ?
		small_write(d, policy_path, (struct bytes){q->text, *n}, false,
			f) && d->remove(d->self, next_path, f) :
		fault(f, FAULT_SYSTEM, "%s: is not the one that the log names "
			"(nor is %s)", policy_path, next_path);
}

bool quorum_open(struct quorum *q, struct disk *d, const struct digest *want,
	struct fault *f)
{
	static const struct digest none;
	size_t n;

	*q = (struct quorum){.disk = d, .hash = *want};
	q->wanted = !digest_equal(want, &none);
	if (!q->wanted)
		return true;
	if (!find_policy(q, &n, f))
		return false;
	if (!policy_read((struct bytes){q->text, n}, &q->policy, f))
		return fault_in(f, "%s", policy_path);
	for (size_t i = 0; i < QUORUM_LOCAL; i++)
		if (!open_local(q, i, f)) {
			quorum_close(q);
			return false;
		}
	return true;
}

void quorum_close(struct quorum *q)
{
	for (size_t i = 0; i < q->locals; i++)
		cosigner_close(&q->local[i]);
	q->locals = 0;
	if (q->keeping)
		log_close(&q->kept);
	q->keeping = false;
}

/* -- asking -- */

static struct cosigner *local_of(struct quorum *q, const struct note_key *k)
{
	for (size_t i = 0; i < q->locals; i++)
		if (memcmp(q->local[i].key.public_key, k->key, SIGN_KEY) == 0)
			return &q->local[i];
	return NULL;
}

static bool request(const struct quorum_ask *a, uint64_t old, struct text *t,
	struct fault *f)
{
	struct merkle_path p = {.count = 0};

	if (old > 0 && old < a->checkpoint->size && a->tree &&
		!merkle_tree_extends(a->tree, old, a->checkpoint->size, &p, f))
		return false;
	text_fmt(t, "old %" PRIu64 "\n", old);
	for (size_t i = 0; i < p.count; i++) {
		text_base64(t, digest_view(&p.at[i]));
		text_char(t, '\n');
	}
	text_char(t, '\n');
	text_bytes(t, a->note);
	return text_check(t, f);
}

static void ask_local(struct cosigner *c, struct letter *x)
{
	struct cosigned r;

	cosigner_answer(c, x->body, (uint64_t)time(NULL), &r);
	x->status = r.status;
	x->len = strlen(r.text);
	memcpy(x->reply, r.text, x->len);
	x->why = r.why;
}

/* Its line, if it is what it was asked for. */
static bool take_line(struct quorum *q, size_t i, const struct quorum_ask *a,
	const struct letter *x, struct text *lines)
{
	const struct note_key *key = &q->policy.name[i].key;
	char at[QUORUM_REPLY + 2048];
	struct text t = text_on(at, sizeof at);
	struct fault no;
	struct note n;
	uint64_t time_s;
	struct bytes text;
	size_t k = 0;

	if (!note_read(a->note, &n, &no))
		return false;
	text = n.text;
	text_bytes(&t, text);
	text_char(&t, '\n');
	text_bytes(&t, (struct bytes){x->reply, x->len});
	if (!text_check(&t, &no) || !note_read(text_view(&t), &n, &no) ||
		!bytes_equal(n.text, text) ||
		!note_cosigned(&n, key, &time_s, &no) || time_s == 0)
		return false;
	/* The one of its key, and no more of what it sent. */
	while (!note_line_by(&n.line[k], key) || time_s != bytes_be(
			(struct bytes){n.line[k].raw + NOTE_ID, 8}))
		k++;
	note_line_print(&n.line[k], lines);
	q->said_s[i] = local_of(q, key) ? 0 : time_s;
	return true;
}

static void say_why(struct quorum *q, size_t i, const char *what)
{
	struct text t = text_on(q->why, sizeof q->why);

	text_add(&t, "witness ");
	text_bytes(&t, bytes_part(q->policy.name[i].name, 0, 64));
	text_fmt(&t, " %.100s", what);
}

/* False: to be asked again, from another size. */
static bool take_answer(struct quorum *q, size_t i, const struct quorum_ask *a,
	const struct letter *x, struct text *lines)
{
	struct bytes b = {x->reply, x->len};
	uint64_t size;

	q->state[i] = QUORUM_SILENT;
	if (x->status == 200 && take_line(q, i, a, x, lines)) {
		q->state[i] = QUORUM_AGREES;
		q->seen[i] = a->checkpoint->size;
		return true;
	}
	if (x->status == 409 && b.len > 1 && b.at[b.len - 1] == '\n' &&
		note_number(bytes_part(b, 0, b.len - 1), &size)) {
		if (size > a->checkpoint->size) {
			q->state[i] = QUORUM_AHEAD;
			say_why(q, i, "has seen more than is here");
			return true;
		}
		q->seen[i] = size;
		return false;
	}
	if (x->status == 422) {
		q->state[i] = QUORUM_FORK;
		say_why(q, i, "has seen another history");
		return true;
	}
	say_why(q, i, x->status == 0 ? x->why.text : x->status == 404
			? "does not watch this log"
			: "gave no cosignature that holds");
	return true;
}

static size_t ask_round(struct quorum *q, const struct quorum_ask *a,
	bool done[POLICY_NAMES], struct letter *x, char *body,
	struct text *lines, struct fault *f)
{
	size_t who[POLICY_NAMES], n = 0, again = 0;

	for (size_t i = 0; i < q->policy.names; i++) {
		const struct policy_name *w = &q->policy.name[i];
		struct text t = text_on(body + n * REQUEST, REQUEST);
		struct text url = text_on(x[n].url, sizeof x[n].url);
		struct cosigner *c;

		if (done[i] || w->is_group)
			continue;
		if (!request(a, q->seen[i], &t, f))
			return SIZE_MAX;
		x[n].body = text_view(&t);
		x[n].status = 0;
		x[n].len = 0;
		c = local_of(q, &w->key);
		if (c) {
			ask_local(c, &x[n]);
			done[i] = take_answer(q, i, a, &x[n], lines);
			again += !done[i];
			continue;
		}
		if (w->url.len == 0 || !q->courier) {
			say_why(q, i, "cannot be reached from here");
			done[i] = true;
			continue;
		}
		text_bytes(&url, w->url);
		text_add(&url, "/add-checkpoint");
		who[n++] = i;
	}
	if (n > 0 && !q->courier->carry(q->courier->self, x, n, f))
		return SIZE_MAX;
	for (size_t k = 0; k < n; k++) {
		done[who[k]] = take_answer(q, who[k], a, &x[k], lines);
		again += !done[who[k]];
	}
	return again;
}

bool quorum_cosign(struct quorum *q, const struct quorum_ask *a,
	struct text *lines, struct fault *f)
{
	size_t n = q->policy.names, again = n;
	struct letter *x = calloc(n + 1, sizeof *x);
	char *body = malloc((n + 1) * REQUEST);
	bool done[POLICY_NAMES] = {false};
	bool ok = x && body;

	if (!ok)
		fault(f, FAULT_LIMIT, "memory");
	q->why[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		q->state[i] = QUORUM_SILENT;
		q->said_s[i] = 0;
	}
	for (int round = 0; ok && again > 0 && round < ROUNDS; round++) {
		again = ask_round(q, a, done, x, body, lines, f);
		ok = again != SIZE_MAX;
	}
	free(x);
	free(body);
	return ok;
}

size_t quorum_count(const struct quorum *q, enum quorum_state s)
{
	size_t n = 0;

	for (size_t i = 0; i < q->policy.names; i++)
		n += !q->policy.name[i].is_group && q->state[i] == s;
	return n;
}

bool quorum_met(const struct quorum *q)
{
	bool yes[POLICY_NAMES];

	for (size_t i = 0; i < q->policy.names; i++)
		yes[i] = q->state[i] == QUORUM_AGREES;
	return policy_weigh(&q->policy, yes);
}

int64_t quorum_clock(const struct quorum *q, uint64_t now_s, size_t *n)
{
	uint64_t at[POLICY_NAMES], least, most;

	*n = 0;
	for (size_t i = 0; i < q->policy.names; i++)
		if (q->said_s[i] > 0)
			at[(*n)++] = q->said_s[i];
	least = bracket_least(at, *n, BRACKET_LIARS);
	most = bracket_most(at, *n, BRACKET_LIARS);
	if (least > 0 && now_s > least && now_s - least > CLOCKS_OFF_S)
		return (int64_t)(now_s - least);
	if (most > now_s && most - now_s > CLOCKS_OFF_S)
		return -(int64_t)(most - now_s);
	return 0;
}

void quorum_recall(struct quorum *q, struct bytes note)
{
	struct fault no;
	struct note n;
	bool read = note_read(note, &n, &no);

	for (size_t i = 0; i < q->policy.names; i++) {
		const struct note_key *key = &q->policy.name[i].key;
		uint64_t time_s = 0;

		q->said_s[i] = 0;
		if (read && !q->policy.name[i].is_group && !local_of(q, key) &&
			note_cosigned(&n, key, &time_s, &no))
			q->said_s[i] = time_s;
	}
}

bool quorum_keep(struct quorum *q, struct bytes note, uint64_t now_s,
	struct fault *f)
{
	struct log_options o = {.folder = "ledger/cosigned",
		.use = LOG_JOURNAL, .writable = true};
	struct journal_record r = {.kind = JOURNAL_COSIGNATURE,
		.received = {(int64_t)now_s * 1000000000}, .payload = note};

	sign_random(o.id, sizeof o.id);
	if (!q->keeping && !log_open(&q->kept, q->disk, &o, f))
		return false;
	q->keeping = true;
	return log_append(&q->kept, &r, 1, f);
}

bool quorum_other(struct quorum *q, size_t i, const char *origin,
	struct letter *x, struct fault *f)
{
	const struct policy_name *w = &q->policy.name[i];
	struct cosigner *c = local_of(q, &w->key);
	struct text url = text_on(x->url, sizeof x->url);
	char id[COSIGNER_ID];

	*x = (struct letter){.status = 0};
	cosigner_id(origin, id);
	if (c) {
		x->status = 200;
		return cosigner_note(c, id, x->reply, sizeof x->reply,
			&x->len, f);
	}
	if (w->url.len == 0 || !q->courier)
		return true;
	text_bytes(&url, w->url);
	text_fmt(&url, "/checkpoint/%s", id);
	return q->courier->carry(q->courier->self, x, 1, f);
}
