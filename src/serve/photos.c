/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/photos.h"

#include "serve/files.h"

struct finding_photo {
	struct arena *arena;
	struct bytes body;
};

static bool take(void *self, const struct row *row, struct fault *f)
{
	struct finding_photo *x = self;
	char *at;

	if (strcmp(row->kind, "photo") != 0)
		return true;
	at = arena_text(x->arena, row->body, f);
	x->body = (struct bytes){(const uint8_t *)at, row->body.len};
	return at != NULL;
}

static bool is_name(const char *s)
{
	return strlen(s) == SHA256_LEN * 2 &&
		strspn(s, "0123456789abcdef") == SHA256_LEN * 2;
}

/* Its bytes: of evidence, named by itself (ledger/blobs.h).  A browser draws
 * them, and does nothing else with them. */
static void send(const struct api *api, const char *name, bool png,
	struct arena *a, struct wire_response *r)
{
	struct text path = text_in(a, 256), folder = text_in(a, 4200);

	text_fmt(&folder, "%s/blobs/sha256", api->folder);
	text_fmt(&path, "/%.2s/%.2s/%s", name, name + 2, name);
	files_below(folder.at, text_view(&path), a, r);
	if (r->status != 200)
		return;
	r->type = png ? "image/png" : "image/jpeg";
	r->cache = "private, max-age=86400";
	r->policy = "default-src 'none'; sandbox";
}

void photos_answer(const struct api *api, const struct wire_request *q,
	const char *name, struct arena *a, struct wire_response *r)
{
	static const char png[] = "\"media_type\":\"image/png\"";
	struct finding_photo x = {.arena = a};
	struct query find = {.type = ROW_OBSERVATION, .id = name,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const char *form = "";
	bool bad = false;
	struct fault f = {0};
	struct text t;

	(void)wire_parameter(q->query, "f", a, &form, &bad);
	if (bad || (*form && strcmp(form, "json") != 0)) {
		wire_problem(r, a, 400, "f=%.20s, wants json", form);
	} else if (!is_name(name)) {
		wire_problem(r, a, 404, "a photo is named by its SHA-256");
	} else if (!api->store->engine->find(
		api->store, &find, take, &x, &f)) {
		api_fault(&f, a, r);
	} else if (x.body.len == 0) {
		wire_problem(r, a, 404, "no such photo was taken in");
	} else if (*form) {
		t = text_in(a, x.body.len + 2);
		text_bytes(&t, x.body);
		text_char(&t, '\n');
		api_text(r, "application/json", &t);
	} else {
		send(api, name, memmem(x.body.at, x.body.len, png,
			sizeof png - 1) != NULL, a, r);
	}
}
