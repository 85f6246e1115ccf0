/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/anchor.h"

#include "ledger/body.h"
#include "ledger/sign.h"
#include "ledger/stamp.h"
#include "ledger/tiles.h"

#include <inttypes.h>

struct anchor_word anchor_said(const struct anchor_seen *s, size_t least)
{
	struct anchor_word most = {.size = 0};

	for (size_t i = 0; i < ANCHOR_AUTHORITIES; i++) {
		struct anchor_word w = s->said[i];

		for (size_t k = w.by = 0; k < ANCHOR_AUTHORITIES; k++) {
			if (s->said[k].size < w.size)
				continue;
			w.by++;
			if (instant_order(s->said[k].at, w.at) > 0)
				w.at = s->said[k].at;
		}
		if (w.size > most.size && w.by >= least)
			most = w;
	}
	return most;
}

struct digest anchor_imprint(
	const char *origin, uint64_t size, const struct digest *root)
{
	char at[2 * SIGN_NAME_MAX];
	struct text t = text_on(at, sizeof at), o;
	struct checkpoint c = {.size = size, .root = *root};

	o = text_on(c.origin, sizeof c.origin);
	text_add(&o, origin);
	checkpoint_text(&c, &t);
	return sha256_of(text_view(&t));
}

size_t anchor_by(const struct authorities *a, struct bytes token,
	const struct digest *imprint, struct instant *at)
{
	struct fault no;
	size_t i = 0;

	*at = INSTANT_UNKNOWN;
	while (i < a->count &&
		!stamp_holds(token, imprint, a->pem[i], at, &no))
		i++;
	return i;
}

/* The newest checkpoint that has this imprint; 0: none. */
static uint64_t size_of(const struct ledger *l, const struct digest *imprint)
{
	uint64_t size = ledger_size(l);

	for (; size > 0; size--) {
		struct digest root = ledger_root_at(l, size);
		struct digest is = anchor_imprint(
			ledger_origin(l), size, &root);

		if (digest_equal(&is, imprint))
			break;
	}
	return size;
}

bool anchor_entry(const struct ledger *l, struct disk *d,
	const struct authorities *known, struct bytes token,
	struct fields *body, struct ledger_item *out, struct instant *at,
	struct fault *f)
{
	char name[512], hex[SHA256_HEX];
	struct text t = text_on(name, sizeof name);
	struct digest imprint;
	struct blob blob;
	uint64_t size;
	size_t by;

	if (!stamp_imprint(token, &imprint, f))
		return false;
	if ((size = size_of(l, &imprint)) == 0)
		return fault(f, FAULT_INPUT, "the token is over no checkpoint "
			"of this log");
	by = anchor_by(known, token, &imprint, at);
	if (by == known->count)
		return fault(f, FAULT_INPUT, "the token is by none of %zu "
			"authorities that are known (an authority is the "
			"certificate of the key that signs, not a root)",
			known->count);
	if (!stamp_authority(known->pem[by], &t, f) ||
		!blobs_put(d, token, &blob, NULL, f))
		return false;
	fields_text(body, "authority", name);
	fields_text(body, "imprint", digest_hex(&imprint, hex));
	fields_i64(body, "size", (int64_t)size);
	fields_text(body, "token_sha256", digest_hex(&blob.sha256, hex));
	*out = (struct ledger_item){.type = ENTRY_ANCHOR, .body = body};
	entry_subject(*at, digest_view(&blob.sha256), out->subject);
	return fields_done(body, f);
}

const char *anchor_path(uint64_t index, char out[ANCHOR_PATH])
{
	struct text t = text_on(out, ANCHOR_PATH);

	text_add(&t, "stamps/");
	tile_index(index, &t);
	text_add(&t, ".tsr");
	return out;
}

static bool is_whole(const struct people_entry *x)
{
	return x->body && !x->withheld;
}

bool anchor_token(struct disk *d, const struct people_entry *x,
	struct bytes *token, struct fault *f)
{
	static const uint8_t nothing[1];
	struct digest name;

	*token = (struct bytes){0};
	if (!is_whole(x) || !body_digest(x->body, "token_sha256", &name))
		return true;
	if (!blobs_get_sound(d, &name, token, f))
		return false;
	/* One of no bytes is there all the same, and is none. */
	if (token->len == 0) {
		blobs_release(d, *token);
		token->at = nothing;
	}
	return true;
}

/* What the entry says of the log is so. */
static bool fits(const struct anchor_claim *c, uint64_t *size,
	struct digest *imprint, struct fault *f)
{
	const struct fields *body = c->entry->body;
	struct digest name, root, is;

	if (!body_digest(body, "token_sha256", &name) ||
		!body_digest(body, "imprint", imprint) ||
		!body_number(body, "size", size) || *size == 0 ||
		*size > c->entry->index)
		return fault(f, FAULT_INPUT, "wants token_sha256, imprint, and "
			"a size that was there");
	root = merkle_tree_root(c->tree, *size);
	is = anchor_imprint(c->origin, *size, &root);
	if (!digest_equal(&is, imprint))
		return fault(f, FAULT_INPUT, "its imprint is not that of the "
			"first %" PRIu64 " entries", *size);
	is = sha256_of(c->token);
	return !c->token.at || digest_equal(&is, &name) || fault(f,
		FAULT_INPUT, "its token is another one than was logged");
}

static void note_early(const struct anchor_claim *c, uint64_t size,
	struct instant at, struct anchor_seen *seen)
{
	struct instant latest = at;

	for (size_t i = 0; i < c->clocks->count && i < size; i++)
		if (instant_order(c->clocks->at[i], latest) > 0)
			latest = c->clocks->at[i];
	if (latest.utc_ns - at.utc_ns <= CLOCKS_OFF_S * INT64_C(1000000000) ||
		seen->early++ > 0)
		return;
	seen->first_early = c->entry->index;
	seen->stamped = at;
	seen->stated = latest;
}

/* By none that is known; or by somebody who only says that it is one. */
static bool by_nobody(const struct anchor_claim *c,
	const struct authorities *known, struct anchor_seen *seen,
	struct fault *f)
{
	for (size_t i = 0; known && i < known->count; i++)
		if (stamp_names(c->token, known->pem[i]))
			return fault(f, FAULT_INPUT, "its token names the key "
				"of an authority that is known, and does not "
				"hold by it");
	seen->unknown++;
	return true;
}

bool anchor_check(const struct anchor_claim *c,
	const struct authorities *known, struct anchor_seen *seen,
	struct fault *f)
{
	struct digest imprint, is;
	struct instant at;
	uint64_t size = 0;
	size_t by;

	if (!is_whole(c->entry)) {
		seen->missing++;
		return true;
	}
	if (!fits(c, &size, &imprint, f))
		return false;
	if (!c->token.at) {
		seen->missing++;
		seen->gone = seen->gone ? seen->gone : c->entry->index;
		return true;
	}
	if (!stamp_imprint(c->token, &is, f) || !digest_equal(&is, &imprint))
		return fault(f, FAULT_INPUT, "its token is over something "
			"else");
	seen->tokens++;
	by = known ? anchor_by(known, c->token, &imprint, &at) : 0;
	if (!known || by == known->count)
		return by_nobody(c, known, seen, f);
	note_early(c, size, at, seen);
	if (size > seen->said[by].size)
		seen->said[by] = (struct anchor_word){size, at, 1};
	return true;
}
