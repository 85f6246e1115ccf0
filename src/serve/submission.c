/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/submission.h"

#include "base/json.h"
#include "base/tree.h"
#include "model/activity.h"

static bool id_ok(const char *id)
{
	size_t n = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789_-");

	return n >= 8 && n <= SUBMISSION_ID && id[n] == '\0';
}

/* All make a browser ask before it sends them from another page, and we never
 * say yes. */
static const struct accepted {
	const char *type, *ending;
	const char *begins; /* a picture's first bytes; NULL: text */
} all[] = {
	{"application/json", ".json", NULL},
	{"text/csv", ".csv", NULL},
	{"image/jpeg", ".jpg", "\xff\xd8\xff"},
	{"image/png", ".png", "\x89PNG\r\n\x1a\n"},
};

static const struct accepted *accepted(struct bytes type)
{
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (bytes_start(type, all[i].type))
			return &all[i];
	return NULL;
}

static bool named_by_itself(struct bytes body, const char *id)
{
	struct digest d = sha256_of(body);
	char hex[SHA256_HEX];

	return strcmp(digest_hex(&d, hex), id) == 0;
}

static bool sound(const struct wire_request *q, const struct accepted *is,
	const char *id, struct arena *a, struct wire_response *r)
{
	size_t most = is->begins ? PHOTO_BYTES : SUBMISSION_BYTES;
	const struct tree *t;
	struct fault f = {0};

	if (q->body.len > most)
		wire_problem(r, a, 413, "over %zu bytes", most);
	else if (q->body.len == 0)
		wire_problem(r, a, 422, "the body is empty");
	else if (is->begins && !bytes_start(q->body, is->begins))
		wire_problem(r, a, 422, "it does not begin as %s does",
			is->type);
	else if (is->begins && !named_by_itself(q->body, id))
		wire_problem(r, a, 422, "a photo's ID is the SHA-256 of its "
			"bytes, 64 hex digits");
	else if (strcmp(is->ending, ".json") == 0 &&
		!tree_read(q->body, a, &t, &f))
		wire_problem(r, a, 422, "%s", f.text);
	else
		return true;
	return false;
}

/* Under a name that no walk of the inbox sees, synced, then renamed. */
static bool keep(struct disk *d, const char *path, const char *part,
	struct bytes body, struct fault *f)
{
	int file;
	bool ok;

	if (!d->open(d->self, part, DISK_WRITE, &file, f))
		return false;
	ok = d->truncate(d->self, file, 0, f) &&
		d->write(d->self, file, 0, body, f) &&
		d->sync(d->self, file, f);
	d->close(d->self, file);
	return ok && d->replace(d->self, part, path, f);
}

static void receipt(const char *id, const char *source, struct bytes body,
	bool before, struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, 1024);
	struct json j = json_on(&t);
	struct digest d = sha256_of(body);
	char hex[SHA256_HEX];

	json_object(&j);
	json_key_text(&j, "schema", "truce.submission/1");
	json_key_text(&j, "id", id);
	json_key_text(&j, "source", source);
	json_key_i64(&j, "bytes", (int64_t)body.len);
	json_key_text(&j, "sha256", digest_hex(&d, hex));
	json_close(&j);
	text_char(&t, '\n');
	*r = (struct wire_response){.status = before ? 200 : 201,
		.type = "application/json", .cache = "no-store",
		.body = text_view(&t)};
}

/* What is kept under the name; *there false: nothing. */
static bool kept(struct disk *d, const char *path, struct bytes body,
	bool *there, bool *same, struct fault *f)
{
	struct bytes old;
	uint64_t n;

	*same = false;
	if (!d->size(d->self, path, &n, there, f))
		return false;
	if (!*there || n != body.len)
		return true;
	if (!d->map(d->self, path, &old, f))
		return false;
	*same = bytes_equal(old, body);
	d->unmap(d->self, old);
	return true;
}

void submission_answer(const struct api *api, const struct wire_request *q,
	const char *id, struct arena *a, struct wire_response *r)
{
	const struct accepted *is = accepted(q->content_type);
	const char *source = "";
	char path[1024], part[1024];
	struct text p = text_on(path, sizeof path);
	struct text h = text_on(part, sizeof part);
	bool bad = false, there, same;
	struct fault f = {0};

	(void)wire_parameter(q->query, "source", a, &source, &bad);
	text_fmt(&p, "inbox/%s/%s%s%s", source, id,
		is && !is->begins ? ACTIVITY_SENT : "", is ? is->ending : "");
	text_fmt(&h, "inbox/%s/.%s.part", source, id);
	if (!api->disk)
		wire_problem(r, a, 403, "no submissions here: truce serve "
			"--submissions");
	else if (!id_ok(id))
		wire_problem(r, a, 400, "an ID of 8 to %d letters and digits",
			SUBMISSION_ID);
	else if (!is)
		wire_problem(r, a, 415, "application/json, text/csv, "
			"image/jpeg or image/png");
	else if (bad || !source_find(api->mission->source,
		api->mission->source_count, source))
		wire_problem(r, a, 400, "source='%.80s' is not in "
			"sensors.csv", source);
	else if (!sound(q, is, id, a, r))
		return;
	else if (!kept(api->disk, path, q->body, &there, &same, &f))
		api_fault(&f, a, r);
	else if (there && !same)
		wire_problem(r, a, 409, "other bytes were kept as %s before",
			id);
	else if (!there && !keep(api->disk, path, part, q->body, &f))
		api_fault(&f, a, r);
	else
		receipt(id, source, q->body, there, a, r);
}
