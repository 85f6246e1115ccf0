/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * vectors_records.h - the second half of vectors.c: entries, bodies, frames,
 * witnesses, time stamps. */
#ifndef TESTS_VECTORS_RECORDS_H
#define TESTS_VECTORS_RECORDS_H

/* -- bodies -- */

enum { FIELDS = 5 };

static struct {
	uint8_t secret[BODY_SECRET];
	struct shown list, field[FIELDS]; /* `!` and the others */
	struct digest root;               /* with `!` */
} body;

static void set_value(struct shown *s, const char *value)
{
	s->value = bytes_of(value);
	s->leaf = shown_leaf(s);
}

static struct shown open_field(const char *name, const char *value)
{
	struct shown s = {.open = true, .name = bytes_of(name)};

	body_salt(body.secret, s.name, s.salt);
	set_value(&s, value);
	return s;
}

static struct digest root_of(const struct shown *s, size_t n)
{
	struct merkle m = {0};

	for (size_t i = 0; i < n; i++)
		merkle_add(&m, &s[i].leaf);
	return merkle_root(&m);
}

static void show(const char *name, const struct shown *s, size_t n,
	const struct digest *root, const char *want)
{
	static struct disclosure d;
	struct fault f = {0};
	char got[64];

	d.count = n;
	d.entry.body = *root;
	memcpy(d.field, s, n * sizeof *s);
	if (shown_check(&d, &f))
		(void)snprintf(got, sizeof got, "%s, %zu withheld",
			d.named ? "names proven" : "names not proven",
			d.withheld);
	else
		(void)snprintf(got, sizeof got, "refuse");
	put(got, want, "body/%s", name);
}

/* What is not sound, under a root of its own. */
static void show_bad(const char *name, const struct shown *s, size_t n)
{
	struct digest root = root_of(s, n);

	show(name, s, n, &root, "refuse");
}

static void shown_in_part(const struct digest *bare)
{
	static const char names[] = "class\nlat\nlon\nsource\ntime";
	struct shown all[FIELDS + 1], x[FIELDS + 2];
	const size_t n = FIELDS + 1;

	body.list = open_field("!", names);
	all[0] = body.list;
	memcpy(all + 1, body.field, sizeof body.field);
	body.root = root_of(all, n);
	show("all", all, n, &body.root, "names proven, 0 withheld");
	memcpy(x, all, sizeof all);
	x[2].open = false;
	show("some", x, n, &body.root, "names proven, 1 withheld");
	for (size_t i = 1; i < n; i++)
		x[i].open = false;
	show("all-but-names", x, n, &body.root, "names proven, 5 withheld");
	show("without-list", body.field, FIELDS, bare,
		"names not proven, 0 withheld");
	memcpy(x, all, sizeof all);
	x[0].open = false;
	show("list-shut", x, n, &body.root, "names not proven, 1 withheld");
	show("short", all, n - 1, &body.root, "refuse");
	memcpy(x, all, sizeof all);
	set_value(&x[1], "shot");
	show("other-value", x, n, &body.root, "refuse");
	memcpy(x, all, sizeof all);
	memset(x[1].salt, 0, BODY_SALT);
	set_value(&x[1], "explosion");
	show("other-salt", x, n, &body.root, "refuse");
	/* a name twice, and listed so */
	x[0] = open_field("!", "class\nclass\nlat\nlon\nsource\ntime");
	x[1] = body.field[0];
	memcpy(x + 2, body.field, sizeof body.field);
	show_bad("twice", x, n + 1);
	memcpy(x, all, sizeof all);
	x[1] = all[2];
	x[2] = all[1];
	show_bad("swapped", x, n);
	memcpy(x, all, sizeof all);
	x[0] = open_field("!", "lat\nclass\nlon\nsource\ntime");
	show_bad("list-out-of-order", x, n);
	x[0] = open_field("!", "class");
	show_bad("list-short", x, n);
	show("empty", x, 0, &body.root, "refuse");
}

static void entry_flips(const uint8_t raw[ENTRY_LEN], const uint8_t key[32])
{
	uint8_t other[ENTRY_LEN];
	struct entry e;
	struct fault f = {0};

	memcpy(other, raw, sizeof other);
	for (size_t bit = 0; bit < 8 * (size_t)ENTRY_LEN; bit += 13) {
		struct bytes b = {other, ENTRY_LEN};
		uint8_t id[ENTRY_KEY_ID];

		other[bit >> 3] ^= (uint8_t)(1 << (bit & 7));
		sign_key_id(key, id);
		put(word(entry_read(b, &e, &f) &&
				memcmp(id, e.key_id, sizeof id) == 0 &&
				sign_entry_holds(key, b)),
			"refuse", "cosign/entry/flip/%zu", bit);
		other[bit >> 3] ^= (uint8_t)(1 << (bit & 7));
	}
}

static void entry_fields(const struct tree *v, const struct entry *e)
{
	const struct tree *list = tree_get(v, "fields");

	for (size_t i = 0; i < FIELDS; i++) {
		const struct tree *x = tree_at(list, i);
		struct digest path[128];
		bool ok;
		size_t n = path_at(x, "disclosure_proof", path, &ok);

		body.field[i] = open_field(tree_text(x, "name"),
			tree_text(x, "value"));
		put(hex_of(&body.field[i].leaf), tree_text(x, "leaf_hash_hex"),
			"cosign/entry/field/%s", tree_text(x, "name"));
		put(word(ok && merkle_includes(i, FIELDS, &body.field[i].leaf,
				&e->body, path, n)), "accept",
			"cosign/entry/field/%s/path", tree_text(x, "name"));
	}
}

/* A finding and its confirmation by another person (PROOF.md 17). */
static struct digest made_entry(uint8_t type, uint8_t flags, int64_t ms,
	const struct digest *prev, const char *who)
{
	struct entry e = {.type = type, .flags = flags,
		.clock = {ms * 1000000}, .prev = *prev, .body = body.root};
	struct digest seed = sha256_of(bytes_of(who));
	struct sign_key k = {0};
	uint8_t raw[ENTRY_LEN];

	from_hex("0199b2c3d4e57f008a1b2c3d4e5f6071", e.subject, ENTRY_SUBJECT);
	memcpy(k.seed, seed.at, SIGN_SEED);
	sign_key_fill(&k);
	sign_entry(&k, &e);
	entry_write(&e, raw);
	return entry_leaf((struct bytes){raw, sizeof raw});
}

static void two_persons(void)
{
	static const struct digest none;
	struct digest p = made_entry(ENTRY_FINDING, ENTRY_TWO, 1768213230123,
		&none, "cfm test author key");
	struct digest c = made_entry(ENTRY_REVIEW, 0, 1768213290123, &p,
		"cfm test reviewer key");

	put(hex_of(&p), "54a4e8be5ad7eff0db8ce384d4bfbacb14dee849c21d3adbe4924"
		"35969e9c9f6", "proof17/P");
	put(hex_of(&c), "6ea5b067fbeada8cb730ef49991a13c1ce91c030cf1d673be00d0"
		"0b5b7fcec7f", "proof17/C");
}

static void entries(void)
{
	const struct tree *v = tree_get(cosign.v, "entry_v1_proposal");
	uint8_t raw[ENTRY_LEN], key[32], salt[BODY_SALT];
	struct entry e;
	struct fault f = {0};
	struct digest d;
	char at[64];
	struct text t = text_on(at, sizeof at);

	from_hex(tree_text(v, "entry_hex"), raw, sizeof raw);
	from_hex(tree_text(v, "author_pk_hex"), key, sizeof key);
	from_hex(tree_text(v, "entry_secret_hex"), body.secret, BODY_SECRET);
	if (!entry_read((struct bytes){raw, sizeof raw}, &e, &f))
		exit(1);
	d = entry_leaf((struct bytes){raw, sizeof raw});
	put(hex_of(&d), tree_text(v, "leaf_hash_hex"), "cosign/entry/leaf");
	put(word(sign_entry_holds(key, (struct bytes){raw, sizeof raw})),
		"accept", "cosign/entry/signature");
	entry_flips(raw, key);
	entry_fields(v, &e);
	d = root_of(body.field, FIELDS);
	put(hex_of(&d), tree_text(v, "body_root_hex"), "cosign/entry/body");
	shown_in_part(&e.body);
	body_salt(body.secret, bytes_of("!"), salt);
	text_hex(&t, (struct bytes){salt, sizeof salt});
	put(at, "d7c4d69770338875eac39b091f42cc68", "proof17/salt");
	put(hex_of(&body.root), "c4944587537e7659eb859a140e8006c14768b3930e086"
		"90cbabf200c86f87445", "proof17/root");
	two_persons();
}

/* -- frames -- */

/* The frame after it: a second later, chained. */
static void next_frame(const uint8_t before[FRAME_HEAD],
	const struct frame *old, const struct sign_key *k)
{
	static const char payload[] = "frame payload 42";
	uint8_t raw[FRAME_HEAD + 16], message[13 + FRAME_SIGNED];
	struct digest d = sha256_of(bytes_of(payload));
	struct frame x = {0};
	struct fault f = {0};

	memcpy(raw, before, FRAME_HEAD);
	put_be(raw + 4, 0, 2);
	put_be(raw + 32, old->sequence + 1, 8);
	put_be(raw + 40, (uint64_t)old->start.utc_ns + 1000000000, 8);
	put_be(raw + 48, old->monotonic_ns + 1000000000, 8);
	memcpy(raw + 88, d.at, SHA256_LEN);
	memcpy(raw + 120, old->digest.at, SHA256_LEN);
	memcpy(message, "cfm/frame/v1\n", 13);
	memcpy(message + 13, raw, FRAME_SIGNED);
	sign_make(k, (struct bytes){message, sizeof message},
		raw + FRAME_SIGNED);
	memcpy(raw + FRAME_HEAD, payload, 16);
	if (!frame_read((struct bytes){raw, sizeof raw}, &x, &f))
		(void)fprintf(stderr, "%s\n", f.text);
	put(hex_of(&x.digest), "f089efab6f599b9a3df9f0976f92abb47abe55aaed6cf0"
		"ae00f0ed7204208d8c", "proof17/frame/next");
}

static void frames(void)
{
	static const char first[] = "43465331000100010199b2c3d4e57f008a1b2c3d"
		"4e5f6071000000070000001000000000000000291889f490754bcc000000"
		"001cbe991a08000f4240010200031caf0e87167197ea000252ba00000000"
		"00112233445566aa9e0f425b762c4783f876c3d1fcc04a27cc6eb001a96d"
		"dd325f948d3945c59834", last[] = "ce7d442824cec6ad030804eefc5b"
		"c755162a2fa9ed7d05ff2d72e32b1ac81c03de89959b6cbd28da4b50a763"
		"f08210916f1411ff4371410316f0e5f36740ef03";
	uint8_t raw[FRAME_HEAD + 16] = {0};
	struct bytes b = {raw, sizeof raw};
	struct digest seed = sha256_of(bytes_of("cfm test sensor key"));
	struct sign_key k = {0};
	struct frame x;
	struct fault f = {0};

	from_hex(first, raw, 120);
	from_hex(last, raw + FRAME_SIGNED, SIGN_LEN);
	memcpy(raw + FRAME_HEAD, "frame payload 41", 16);
	memcpy(k.seed, seed.at, SIGN_SEED);
	sign_key_fill(&k);
	if (!frame_read(b, &x, &f)) {
		(void)fprintf(stderr, "%s\n", f.text);
		exit(1);
	}
	put(hex_of(&x.digest), "bf3394d7e1f5055f6b6448938f39825aa79868f0d0179f"
		"070536e21102c4b485", "proof17/frame/id");
	put(word(frame_signed(b, k.public_key)), "accept",
		"proof17/frame/signature");
	next_frame(raw, &x, &k);
	for (size_t bit = 0; bit < 8 * b.len; bit += 17) {
		raw[bit >> 3] ^= (uint8_t)(1 << (bit & 7));
		put(word(frame_read(b, &x, &f) &&
				frame_signed(b, k.public_key)), "refuse",
			"proof17/frame/flip/%zu", bit);
		raw[bit >> 3] ^= (uint8_t)(1 << (bit & 7));
	}
}

/* -- witnesses -- */

static struct {
	struct checkpoint init, next;
	const char *init_note, *next_note;
	char path[2048], bent[2048], longer[8192], request[16384];
} w;

static struct checkpoint checkpoint_of(const char *text)
{
	struct checkpoint c = {.size = 0};
	struct fault f = {0};
	struct note n;

	if (!note_read(bytes_of(text), &n, &f) ||
		!note_checkpoint(&n, &c, &f))
		exit(1);
	return c;
}

static void ask(const char *name, const struct note_key *key,
	const struct checkpoint *last, const char *old, const char *path,
	const char *note, int want)
{
	struct witness_log log = {.key = *key};
	struct witness_answer a;
	char got[16], wanted[16];

	if (last) {
		log.size = last->size;
		log.root = last->root;
	}
	(void)snprintf(w.request, sizeof w.request, "%s\n%s\n%s", old, path,
		note);
	witness_answer(bytes_of(w.request), &log, 1, &a);
	(void)snprintf(got, sizeof got, "%d", a.status);
	(void)snprintf(wanted, sizeof wanted, "%d", want);
	put(got, wanted, "witness/%s", name);
}

/* The consistency proof as lines; `bent`: a bit of the first is changed. */
static void witness_paths(const struct tree *v)
{
	struct text a = text_on(w.path, sizeof w.path);
	struct text b = text_on(w.bent, sizeof w.bent);
	struct text l = text_on(w.longer, sizeof w.longer);
	const struct tree *list = tree_get(v, "consProof");
	struct digest d;

	for (const struct tree *x = list->first; x; x = x->next) {
		bool first = x == list->first;

		from_hex((const char *)x->text.at, d.at, SHA256_LEN);
		text_base64(&a, digest_view(&d));
		text_char(&a, '\n');
		for (int i = 0; first && i < 64; i++) {
			text_base64(&l, digest_view(&d));
			text_char(&l, '\n');
		}
		d.at[0] ^= first;
		text_base64(&b, digest_view(&d));
		text_char(&b, '\n');
	}
}

static void witnesses(void)
{
	const struct tree *v;
	struct note_key monkeys, bananas, posing;
	struct checkpoint forked;
	struct fault f = {0};

	memory.used = 0;
	v = json("witness/witness_vectors.json");
	if (!note_key_read(bytes_of(tree_text(v, "mPK")), &monkeys, &f) ||
		!note_key_read(bytes_of(tree_text(v, "bPK")), &bananas, &f))
		exit(1);
	posing = bananas;
	memcpy(posing.name, "monkeys", 8);
	w.init_note = tree_text(v, "mInit");
	w.next_note = tree_text(v, "mNext");
	w.init = checkpoint_of(w.init_note);
	w.next = checkpoint_of(w.next_note);
	forked = w.init;
	forked.size = 8;
	witness_paths(v);
	ask("first", &monkeys, NULL, "old 0", "", w.init_note, 200);
	ask("next", &monkeys, &w.init, "old 5", w.path, w.next_note, 200);
	ask("no-proof", &monkeys, &w.init, "old 5", "", w.next_note, 422);
	ask("bent-proof", &monkeys, &w.init, "old 5", w.bent, w.next_note,
		422);
	ask("back", &monkeys, &w.next, "old 8", w.path, w.init_note, 400);
	ask("old-size", &monkeys, &w.next, "old 5", w.path, w.next_note, 409);
	ask("same", &monkeys, &w.next, "old 8", "", w.next_note, 200);
	ask("same-other-root", &monkeys, &forked, "old 8", "", w.next_note,
		422);
	ask("unknown", &bananas, NULL, "old 0", "", w.init_note, 404);
	ask("bananas", &posing, NULL, "old 0", "", w.init_note, 403);
	ask("no-old", &monkeys, NULL, "", "", w.init_note, 400);
	ask("long-path", &monkeys, &w.init, "old 5", w.longer, w.next_note,
		400);
	ask("proof-from-0", &monkeys, NULL, "old 0", w.path, w.next_note, 422);
}

/* ``` REQUEST ``` HTTP N [Asserts] LINE */
static const char *next_part(const char **at, const char *from,
	const char *to, size_t *n)
{
	const char *a = strstr(*at, from), *b;

	if (!a)
		return NULL;
	a += strlen(from);
	b = strstr(a, to);
	*n = b ? (size_t)(b - a) : strlen(a);
	*at = a + *n;
	return a;
}

static void litewitness(void)
{
	static const char name[] = "sigsum.org/v1/tree/4d6d8825a6bb689d459628"
		"312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
	struct witness_log log = {.key.type = NOTE_SIGNS};
	const char *at, *request;
	size_t n = 0, m = 0;
	int k = 0;

	memory.used = 0;
	memcpy(log.key.name, name, sizeof name);
	from_hex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf"
		"100f", log.key.key, 32);
	at = (const char *)must("litewitness/add-checkpoint.hurl").at;
	while ((request = next_part(&at, "```\n", "```\nHTTP ", &n))) {
		struct witness_answer a;
		char got[16], want[16], size[16];
		const char *status = next_part(&at, "HTTP ", "\n", &m);
		const char *line;

		witness_answer((struct bytes){(const uint8_t *)request, n},
			&log, 1, &a);
		(void)snprintf(want, sizeof want, "%.*s", (int)m, status);
		line = next_part(&at, "[Asserts]\n", "\n", &m);
		/* C2SP says 404 for an unknown log; the script is older. */
		if (strstr(line, "unknown log") &&
			strstr(line, "unknown log") < line + m)
			(void)snprintf(want, sizeof want, "404");
		(void)snprintf(got, sizeof got, "%d", a.status);
		put(got, want, "litewitness/%d", ++k);
		if (strncmp(line, "body == \"", 9) == 0) {
			(void)snprintf(size, sizeof size, "%.*s", 1, line + 9);
			a.text[strcspn(a.text, "\n")] = '\0';
			put(a.text, size, "litewitness/%d/size", k);
		}
		if (a.status == 200) {
			log.size = a.checkpoint.size;
			log.root = a.checkpoint.root;
		}
	}
}

/* -- time stamps -- */

static const char *stamp(struct bytes reply, struct bytes data,
	struct bytes pem)
{
	static char out[INSTANT_TEXT];
	struct digest d = sha256_of(data);
	struct instant at;
	struct fault f = {0};

	if (!stamp_holds(reply, &d, pem, &at, &f))
		return "refuse";
	return instant_print(at, 0, out);
}

static void stamps(void)
{
	struct bytes data, reply, pem;
	uint8_t other[4096];

	memory.used = 0;
	data = must("rfc3161/data.txt");
	reply = must("rfc3161/r.tsr");
	pem = must("rfc3161/tsa.pem");
	put(stamp(reply, data, pem), "2026-11-23T03:15:14Z", "rfc3161/sound");
	for (size_t i = 0; i < data.len && data.len <= sizeof other; i++) {
		memcpy(other, data.at, data.len);
		other[i] ^= 1;
		put(stamp(reply, (struct bytes){other, data.len}, pem),
			"refuse", "rfc3161/data/%zu", i);
	}
	/* What is stamped, and the signature; elsewhere lie copies of the
	 * certificate and forms that may be written in two ways. */
	for (size_t bit = 8 * 70; bit < 8 * reply.len; bit += 13) {
		size_t i = bit >> 3;

		if (reply.len > sizeof other || (i >= 195 && i < 2050))
			continue;
		memcpy(other, reply.at, reply.len);
		other[i] ^= (uint8_t)(1 << (bit & 7));
		put(stamp((struct bytes){other, reply.len}, data, pem),
			"refuse", "rfc3161/reply/%zu", bit);
	}
}

#endif
