/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/cosigner.h"

#include "base/encode.h"
#include "ledger/merkle.h"
#include "ledger/secrets.h"

#include <inttypes.h>

enum { PATH = 2 * COSIGNER_FOLDER };

static const char *path_of(const char *folder, const char *name,
	char out[PATH])
{
	struct text t = text_on(out, PATH);

	text_fmt(&t, "%.*s/%s", COSIGNER_FOLDER, folder, name);
	return out;
}

void cosigner_id(const char *origin, char out[COSIGNER_ID])
{
	struct digest d = sha256_of(bytes_of(origin));
	struct text t = text_on(out, COSIGNER_ID);

	text_hex(&t, (struct bytes){d.at, COSIGNER_ID / 2});
}

static const char *state_path(const char *folder, const char *id,
	char out[PATH])
{
	char name[32];
	struct text t = text_on(name, sizeof name);

	text_fmt(&t, "logs/%.16s", id);
	return path_of(folder, name, out);
}

/* -- its key -- */

static bool read_key(struct disk *d, const char *folder, struct sign_key *k,
	bool *got, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	char path[PATH];
	size_t n;
	bool ok;

	if (!small_read(d, path_of(folder, "key", path), at, &n, f))
		return false;
	*got = n > 0;
	ok = n == 0 || sign_key_read((struct bytes){at, n}, k, f);
	sign_forget(at, sizeof at);
	return ok || fault_in(f, "%s", path);
}

static bool make_key(struct disk *d, const char *folder, const char *name,
	struct sign_key *k, struct fault *f)
{
	char at[2 * SIGN_NAME_MAX], path[PATH];
	struct text t = text_on(at, sizeof at);
	struct text n = text_on(k->name, sizeof k->name);
	bool ok;

	text_add(&n, name);
	sign_random(k->seed, sizeof k->seed);
	sign_key_fill(k);
	sign_key_print(k, &t);
	ok = text_check(&n, f) && small_write(d, path_of(folder, "key", path),
		text_view(&t), true, f);
	sign_forget(at, sizeof at);
	return ok;
}

static struct note_key public_of(const struct sign_key *k)
{
	struct note_key n = {.type = NOTE_COSIGNS};

	memcpy(n.name, k->name, sizeof n.name);
	memcpy(n.key, k->public_key, sizeof n.key);
	return n;
}

bool cosigner_make(struct disk *d, const char *folder, const char *name,
	struct note_key *key, struct fault *f)
{
	char at[2 * SIGN_NAME_MAX], path[PATH];
	struct text t = text_on(at, sizeof at);
	struct note_key again;
	struct sign_key k;
	bool got;

	if (!sign_ready(f) || !read_key(d, folder, &k, &got, f) ||
		(!got && !make_key(d, folder, name, &k, f)))
		return false;
	*key = public_of(&k);
	sign_forget(&k, sizeof k);
	note_key_print(key, &t);
	/* A name that no note may hold is refused here. */
	if (!note_key_read(text_view(&t), &again, f))
		return false;
	text_char(&t, '\n');
	return small_write(d, path_of(folder, "vkey", path), text_view(&t),
		false, f);
}

/* -- what it saw -- */

struct state { /* of one log, as a file says */
	struct witness_log log;
	struct note_key by; /* the note, which may be of an earlier key */
	struct bytes note;  /* view; none: nothing was seen yet */
};

/* "KEY", or "KEY OLD" where the note is still by the old one. */
static bool read_keys(struct bytes line, struct state *s, struct fault *f)
{
	size_t k = 0;

	while (k < line.len && line.at[k] != ' ')
		k++;
	if (!note_key_read(bytes_part(line, 0, k), &s->log.key, f))
		return false;
	s->by = s->log.key;
	return k == line.len ||
		(note_key_read(bytes_part(line, k + 1, line.len), &s->by, f) &&
			strcmp(s->by.name, s->log.key.name) == 0);
}

/* Key, size and root, then the note that says so. */
static bool read_state(const struct cosigner *own, struct bytes b,
	struct state *s, struct fault *f)
{
	struct note_key key_of = public_of(&own->key);
	struct witness_log *log = &s->log;
	struct reader r = reader(b);
	struct bytes key = {0}, line = {0};
	struct checkpoint c;
	struct note n;
	size_t k = 0;
	uint64_t at_s = 1;
	bool by;

	*s = (struct state){.log.size = 0};
	if (!note_next_line(&r, &key) || !note_next_line(&r, &line) ||
		!read_keys(key, s, f))
		return fault(f, FAULT_SYSTEM, "is no state of a witness");
	while (k < line.len && line.at[k] != ' ')
		k++;
	s->note = bytes_part(b, r.pos, b.len);
	if (!note_number(bytes_part(line, 0, k), &log->size) ||
		!note_digest(bytes_part(line, k + 1, line.len), &log->root))
		return fault(f, FAULT_SYSTEM, "wants size and root");
	if (log->size == 0 && s->note.len == 0)
		return true;
	return (note_read(s->note, &n, f) && note_checkpoint(&n, &c, f) &&
		       note_signed(&n, &s->by, &by, f) && by &&
		       strcmp(c.origin, log->key.name) == 0 &&
		       c.size == log->size && n.count == 2 &&
		       (!key_of.name[0] ||
			       note_cosigned(&n, &key_of, &at_s, f)) &&
		       at_s > 0 && digest_equal(&c.root, &log->root)) ||
		fault(f, FAULT_SYSTEM,
			"its note does not say what was seen");
}

static bool write_state(
	struct cosigner *c, const struct state *s, struct fault *f)
{
	const struct witness_log *log = &s->log;
	char at[SECRETS_FILE_MAX], id[COSIGNER_ID], path[PATH];
	struct text t = text_on(at, sizeof at);

	cosigner_id(log->key.name, id);
	note_key_print(&log->key, &t);
	if (memcmp(s->by.key, log->key.key, SIGN_KEY) != 0) {
		text_char(&t, ' ');
		note_key_print(&s->by, &t);
	}
	text_fmt(&t, "\n%" PRIu64 " ", log->size);
	text_base64(&t, digest_view(&log->root));
	text_char(&t, '\n');
	text_bytes(&t, s->note);
	/* A key, a checkpoint, two signatures: 2 KB at most. */
	return small_write(c->disk, state_path(c->folder, id, path),
		text_view(&t), false, f);
}

static bool take_state(void *self, const char *name, struct fault *f)
{
	struct cosigner *c = self;
	uint8_t at[SECRETS_FILE_MAX];
	char path[PATH], id[COSIGNER_ID];
	struct state s;
	size_t n;

	if (strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".new") == 0)
		return true; /* cut short: nothing was answered */
	if (c->logs == COSIGNER_LOGS)
		return fault(f, FAULT_LIMIT, "more than %d logs",
			COSIGNER_LOGS);
	if (!small_read(c->disk, state_path(c->folder, name, path), at, &n, f))
		return false;
	if (!read_state(c, (struct bytes){at, n}, &s, f))
		return fault_in(f, "%s", path);
	cosigner_id(s.log.key.name, id);
	if (strcmp(id, name) != 0)
		return fault(f, FAULT_SYSTEM, "%s: is of another log", path);
	c->log[c->logs++] = s.log;
	return true;
}

bool cosigner_open(struct cosigner *c, struct disk *d, const char *folder,
	bool writable, struct fault *f)
{
	char path[PATH];
	struct text t = text_on(c->folder, sizeof c->folder);
	bool got;

	*c = (struct cosigner){.disk = d};
	text_add(&t, folder);
	if (!text_check(&t, f) || !read_key(d, folder, &c->key, &got, f))
		return false;
	if (writable && !got)
		return fault(f, FAULT_INPUT, "%s: no key of a witness", folder);
	if (writable && !d->lock(d->self, folder, &c->lock, f))
		return false;
	c->writable = writable;
	if (d->list(d->self, path_of(folder, "logs", path), take_state, c, f))
		return true;
	cosigner_close(c);
	return false;
}

void cosigner_close(struct cosigner *c)
{
	if (c->writable)
		c->disk->close(c->disk->self, c->lock);
	c->writable = false;
	sign_forget(&c->key, sizeof c->key);
}

bool cosigner_add(
	struct cosigner *c, const struct note_key *key, struct fault *f)
{
	struct state s = {.log.key = *key, .by = *key};

	for (size_t i = 0; i < c->logs; i++) {
		if (strcmp(c->log[i].key.name, key->name) != 0)
			continue;
		return memcmp(c->log[i].key.key, key->key, SIGN_KEY) == 0 ||
			fault(f, FAULT_INPUT, "%.100s: is watched under "
				"another key", key->name);
	}
	if (key->type != NOTE_SIGNS)
		return fault(f, FAULT_INPUT, "a witness' key for a log");
	if (c->logs == COSIGNER_LOGS)
		return fault(f, FAULT_LIMIT, "more than %d logs",
			COSIGNER_LOGS);
	if (!write_state(c, &s, f))
		return false;
	c->log[c->logs++] = s.log;
	return true;
}

bool cosigner_accept(
	struct cosigner *c, const struct note_key *key, struct fault *f)
{
	char id[COSIGNER_ID], path[PATH];
	uint8_t at[SECRETS_FILE_MAX];
	struct state s;
	size_t i = 0, n;

	while (i < c->logs && strcmp(c->log[i].key.name, key->name) != 0)
		i++;
	if (i == c->logs || key->type != NOTE_SIGNS)
		return fault(f, FAULT_INPUT, "%.100s: no log that is watched",
			key->name);
	cosigner_id(key->name, id);
	if (!small_read(c->disk, state_path(c->folder, id, path), at, &n, f))
		return false;
	if (!read_state(c, (struct bytes){at, n}, &s, f))
		return fault_in(f, "%s", path);
	s.log.key = *key;
	if (s.note.len == 0)
		s.by = *key;
	if (!write_state(c, &s, f))
		return false;
	c->log[i] = s.log;
	return true;
}

/* -- answering -- */

/* The text, the log's line, ours. */
static bool make_note(const struct cosigner *c, const struct witness_answer *a,
	struct bytes request, struct bytes line, struct text *t,
	struct fault *f)
{
	struct bytes text = a->signed_;
	struct bytes lines = bytes_part(request,
		(size_t)(text.at - request.at), request.len);
	struct note n;
	bool by = false;

	/* witness_answer() has read it, and found the log's signatures sound
	 * and one of them there. */
	if (!note_read(lines, &n, f)) /* GCOVR_EXCL_BR_LINE */
		return false;
	text_bytes(t, text);
	text_char(t, '\n');
	for (size_t i = 0; !by; i++) {
		struct note one = {.text = n.text, .count = 1};

		one.line[0] = n.line[i];
		if (!note_signed(&one, /* GCOVR_EXCL_BR_LINE */
			&c->log[a->log].key, &by, f))
			return false;
		if (by)
			note_line_print(&n.line[i], t);
	}
	text_bytes(t, line);
	return text_check(t, f);
}

static bool cosign(struct cosigner *c, const struct witness_answer *a,
	struct bytes request, uint64_t now_s, struct cosigned *out)
{
	char at[SECRETS_FILE_MAX];
	struct text t = text_on(at, sizeof at);
	struct text line = text_on(out->text, sizeof out->text);
	struct state s = {.log = c->log[a->log], .by = c->log[a->log].key};
	struct fault *f = &out->why;

	s.log.size = a->checkpoint.size;
	s.log.root = a->checkpoint.root;
	/* Of a checkpoint, which is short. */
	if (!note_cosign( /* GCOVR_EXCL_BR_LINE */
		a->signed_, &c->key, now_s, &line, f))
		return false;
	if (!make_note( /* GCOVR_EXCL_BR_LINE */
		c, a, request, text_view(&line), &t, f))
		return false;
	/* Kept first: then it may leave. */
	s.note = text_view(&t);
	if (!write_state(c, &s, f))
		return false;
	c->log[a->log] = s.log;
	return true;
}

void cosigner_answer(struct cosigner *c, struct bytes request, uint64_t now_s,
	struct cosigned *out)
{
	struct witness_answer a;
	struct text t = text_on(out->text, sizeof out->text);

	*out = (struct cosigned){.type = "text/plain"};
	witness_answer(request, c->log, c->logs, &a);
	out->status = a.status;
	text_add(&t, a.text);
	if (a.status == 409)
		out->type = "text/x.tlog.size";
	if (a.status != 200 || cosign(c, &a, request, now_s, out))
		return;
	t = text_on(out->text, sizeof out->text);
	text_add(&t, "not kept: nothing was cosigned\n");
	out->status = 500;
}

bool cosigner_note(struct cosigner *c, const char *id, uint8_t *out,
	size_t size, size_t *n, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	char path[PATH];
	struct state s;
	size_t len;

	*n = 0;
	if (strlen(id) != COSIGNER_ID - 1 ||
		strspn(id, "0123456789abcdef") != COSIGNER_ID - 1)
		return true;
	if (!small_read(c->disk, state_path(c->folder, id, path), at, &len, f))
		return false;
	if (len == 0)
		return true;
	if (!read_state(c, (struct bytes){at, len}, &s, f))
		return fault_in(f, "%s", path);
	if (s.note.len > size)
		return fault(f, FAULT_LIMIT, "%s: too long", path);
	if (s.note.len > 0)
		memcpy(out, s.note.at, s.note.len);
	*n = s.note.len;
	return true;
}
