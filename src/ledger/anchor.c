/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/anchor.h"

#include "ledger/body.h"
#include "ledger/sign.h"
#include "ledger/stamp.h"

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

bool anchor_check(const struct fields *body, uint64_t index,
	const char *origin, const struct merkle_tree *tree, struct disk *d,
	const struct authorities *known, struct anchor_seen *seen,
	struct fault *f)
{
	struct digest name, imprint, root, is;
	struct instant at;
	struct bytes token;
	uint64_t size;
	size_t by;

	if (!body_digest(body, "token_sha256", &name) ||
		!body_digest(body, "imprint", &imprint) ||
		!body_number(body, "size", &size) || size == 0 || size > index)
		return fault(f, FAULT_INPUT, "wants token_sha256, imprint, and "
			"a size that was there");
	root = merkle_tree_root(tree, size);
	is = anchor_imprint(origin, size, &root);
	if (!digest_equal(&is, &imprint))
		return fault(f, FAULT_INPUT, "its imprint is not that of the "
			"first %" PRIu64 " entries", size);
	if (!blobs_get_sound(d, &name, &token, f))
		return false;
	if (!stamp_imprint(token, &is, f) || !digest_equal(&is, &imprint)) {
		blobs_release(d, token);
		return fault(f, FAULT_INPUT, "its token is over something "
			"else");
	}
	by = known ? anchor_by(known, token, &imprint, &at) : 0;
	blobs_release(d, token);
	seen->tokens++;
	if (!known || by == known->count) {
		seen->unknown++;
		return true;
	}
	if (size > seen->said[by].size)
		seen->said[by] = (struct anchor_word){size, at, 1};
	return true;
}
