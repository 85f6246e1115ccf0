/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/session.h"

#include "base/encode.h"
#include "base/json.h"
#include "base/tree.h"
#include "serve/api.h"

#define COOKIE "truce="

static int64_t const second = 1000000000;

void sessions_init(struct sessions *s)
{
	memset(s, 0, sizeof *s);
	(void)pthread_mutex_init(&s->lock, NULL);
}

void sessions_done(struct sessions *s)
{
	(void)pthread_mutex_destroy(&s->lock);
	sign_forget(s->one, sizeof s->one);
}

/* -- what a role may -- */

const char *const *session_may(enum people_role r)
{
	static const char *const none[] = {NULL};
	static const char *const analyst[] = {"take", "confirm", "reject",
		"note", "amend", "merge", "split", "link", "withdraw", NULL};
	static const char *const reviewer[] = {"take", "confirm", "reject",
		"note", NULL};
	static const char *const chief[] = {"take", "confirm", "reject",
		"note", "publish", NULL};
	static const char *const liaison[] = {"reply", NULL};
	static const char *const guarantor[] = {"acknowledge", "decide",
		"fulfil", "decline", "contest", NULL};

	switch (r) {
	case PEOPLE_ANALYST: return analyst;
	case PEOPLE_REVIEWER: return reviewer;
	case PEOPLE_CHIEF: return chief;
	case PEOPLE_LIAISON: return liaison;
	case PEOPLE_GUARANTOR: return guarantor;
	default: return none;
	}
}

static enum level level_of(enum people_role r)
{
	switch (r) {
	case PEOPLE_ANALYST:
	case PEOPLE_REVIEWER:
	case PEOPLE_CHIEF:
	case PEOPLE_AUDITOR:
		return LEVEL_MISSION;
	case PEOPLE_LIAISON:
	case PEOPLE_GUARANTOR:
		return LEVEL_PARTIES;
	default:
		return LEVEL_PUBLIC;
	}
}

/* -- the tables -- */

static void secret(char out[SECRET_HEX])
{
	uint8_t at[SECRET_LEN];
	struct text t = text_on(out, SECRET_HEX);

	sign_random(at, sizeof at);
	text_hex(&t, (struct bytes){at, sizeof at});
}

/* In a time that does not tell how much of it fits. */
static bool same(struct bytes given, const char *text)
{
	uint8_t differs = 0;

	if (given.len != SECRET_HEX - 1 || !text[0])
		return false;
	for (size_t i = 0; i < given.len; i++)
		differs |= given.at[i] ^ (uint8_t)text[i];
	return differs == 0;
}

static struct session *find(struct sessions *s, struct bytes name)
{
	for (size_t i = 0; i < SESSIONS; i++)
		if (same(name, s->one[i].name))
			return &s->one[i];
	return NULL;
}

/* A free one, or the one that ends first. */
static struct session *place(struct sessions *s, struct instant now)
{
	struct session *first = &s->one[0];

	for (size_t i = 0; i < SESSIONS; i++) {
		if (!s->one[i].name[0] ||
			s->one[i].until.utc_ns <= now.utc_ns)
			return &s->one[i];
		if (s->one[i].until.utc_ns < first->until.utc_ns)
			first = &s->one[i];
	}
	return first;
}

static void new_challenge(
	struct sessions *s, struct instant now, char out[SECRET_HEX])
{
	struct challenge *c;

	(void)pthread_mutex_lock(&s->lock);
	c = &s->challenge[s->turn++ % CHALLENGES];
	secret(c->text);
	c->until = instant_plus_ns(now, CHALLENGE_S * second);
	memcpy(out, c->text, SECRET_HEX);
	(void)pthread_mutex_unlock(&s->lock);
}

/* Once. */
static bool take_challenge(
	struct sessions *s, struct bytes text, struct instant now)
{
	bool good = false;

	(void)pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < CHALLENGES; i++)
		if (same(text, s->challenge[i].text)) {
			good = s->challenge[i].until.utc_ns > now.utc_ns;
			s->challenge[i].text[0] = '\0';
		}
	(void)pthread_mutex_unlock(&s->lock);
	return good;
}

/* The value of our cookie; empty: none. */
static struct bytes cookie(struct bytes all)
{
	size_t n = sizeof COOKIE - 1;

	for (size_t i = 0; i < all.len;) {
		const uint8_t *end = memchr(all.at + i, ';', all.len - i);
		size_t stop = end ? (size_t)(end - all.at) : all.len;
		struct bytes one = bytes_part(all, i, stop - i);

		while (one.len > 0 && one.at[0] == ' ')
			one = bytes_part(one, 1, one.len);
		if (bytes_start(one, COOKIE))
			return bytes_part(one, n, one.len);
		i = stop + 1;
	}
	return (struct bytes){0};
}

/* A key that was revoked since: the session ends. */
static bool still_good(const struct api *api, struct sessions *s,
	struct bytes name, struct asker *a, struct instant now)
{
	struct fault f = {0};
	struct session *x;
	bool good = api->office &&
		api->office->person(api->office->self, a->is.key, now, &a->is,
			&f);

	/* What cannot be read now says nothing about the key. */
	good = good || f.kind != FAULT_INPUT;
	(void)pthread_mutex_lock(&s->lock);
	x = find(s, name);
	if (x && good)
		x->looked = now;
	else if (x)
		x->name[0] = '\0';
	(void)pthread_mutex_unlock(&s->lock);
	return good;
}

void session_asker(const struct api *api, const struct wire_request *q,
	struct asker *a)
{
	struct sessions *s = api->sessions;
	struct bytes name = cookie(q->cookie);
	struct session *x;
	bool look = false;

	*a = (struct asker){
		.level = api->open ? LEVEL_MISSION : LEVEL_PUBLIC};
	if (!s || name.len == 0)
		return;
	(void)pthread_mutex_lock(&s->lock);
	x = find(s, name);
	if (x && x->until.utc_ns > q->now.utc_ns) {
		a->known = true;
		a->is = x->who;
		a->until = x->until;
		memcpy(a->token, x->token, sizeof a->token);
		look = instant_seconds(x->looked, q->now) > SESSION_LOOK_S;
	}
	(void)pthread_mutex_unlock(&s->lock);
	if (look && !still_good(api, s, name, a, q->now))
		*a = (struct asker){.level = api->open ? LEVEL_MISSION
			: LEVEL_PUBLIC};
	if (a->known)
		a->level = level_of(a->is.role);
}

/* -- answers -- */

void session_say(struct json *j, const struct office_person *p)
{
	char hex[2 * PERSON_LEN + 1];
	struct text t = text_on(hex, sizeof hex);

	text_hex(&t, (struct bytes){p->person, PERSON_LEN});
	json_key_text(j, "person", hex);
	json_key_text(j, "org", p->org);
	json_key_text(j, "role", people_role_name(p->role));
}

static void say_nobody(struct json *j, enum level level)
{
	json_key_text(j, "person", NULL);
	json_key_text(j, "org", NULL);
	json_key_text(j, "role", level == LEVEL_PUBLIC ? "public" : "mission");
}

static void say(const struct asker *a, const char *origin,
	const char *challenge, struct arena *arena, struct wire_response *r)
{
	static const char *const none[] = {NULL};
	const char *const *may = a->known ? session_may(a->is.role) : none;
	struct text t = text_in(arena, 8192);
	struct json j = json_on(&t);
	char hex[2 * SIGN_KEY + 1];
	struct text h = text_on(hex, sizeof hex);

	text_hex(&h, (struct bytes){a->is.key, SIGN_KEY});
	json_object(&j);
	json_key_text(&j, "schema", "truce.session/1");
	json_key_text(&j, "origin", origin[0] ? origin : NULL);
	json_key_text(&j, "challenge", challenge);
	if (a->known)
		session_say(&j, &a->is);
	else
		say_nobody(&j, a->level);
	json_key_text(&j, "level", level_name(a->level));
	json_key_text(&j, "key", a->known ? hex : NULL);
	json_key_text(&j, "token", a->known ? a->token : NULL);
	json_key(&j, "until");
	if (a->known)
		json_time(&j, a->until, 0);
	else
		json_text(&j, NULL);
	json_key(&j, "may");
	json_list(&j);
	for (size_t i = 0; may[i]; i++)
		json_text(&j, may[i]);
	json_close(&j);
	json_close(&j);
	text_char(&t, '\n');
	*r = (struct wire_response){.status = 200, .cache = "no-store",
		.type = "application/json", .body = text_view(&t)};
}

static void set_cookie(const struct api *api, const char *value,
	int64_t seconds, struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, 256);

	text_fmt(&t, COOKIE "%s; Path=/; HttpOnly; SameSite=Strict; "
		"Max-Age=%lld%s", value, (long long)seconds,
		api->secure ? "; Secure" : "");
	r->cookie = t.at;
}

static void show(const struct api *api, const struct wire_request *q,
	const struct asker *a, struct arena *arena, struct wire_response *r)
{
	char origin[SIGN_NAME_MAX + 1] = "", challenge[SECRET_HEX];
	struct fault f = {0};

	if (!api->office->origin(api->office->self, origin, &f))
		origin[0] = '\0';
	new_challenge(api->sessions, q->now, challenge);
	say(a, origin, challenge, arena, r);
}

struct proof_given {
	uint8_t key[SIGN_KEY], signature[SIGN_LEN];
	const char *challenge;
};

static bool read_proof(const struct wire_request *q, struct arena *a,
	struct proof_given *p, struct fault *f)
{
	const struct tree *t;
	const char *key, *signature;
	size_t n;

	if (!tree_read(q->body, a, &t, f))
		return false;
	key = tree_text(t, "key");
	signature = tree_text(t, "signature");
	p->challenge = tree_text(t, "challenge");
	if (!key || !signature || !p->challenge)
		return fault(f, FAULT_INPUT, "wants key (hex), challenge, "
			"signature (base64)");
	return hex_read(bytes_of(key), p->key, SIGN_KEY, f) &&
		base64_read(bytes_of(signature), p->signature, SIGN_LEN, &n,
			f) && (n == SIGN_LEN || fault(f, FAULT_INPUT,
				"a signature is 64 bytes"));
}

static bool holds(const char *origin, const struct proof_given *p)
{
	char at[SIGN_NAME_MAX + 128];
	struct text t = text_on(at, sizeof at);

	text_fmt(&t, "cfm/session/v1\n%s\n%s\n", origin, p->challenge);
	return !t.full && sign_holds(p->key, text_view(&t), p->signature);
}

static void begin(const struct api *api, const struct wire_request *q,
	struct arena *arena, struct wire_response *r)
{
	char origin[SIGN_NAME_MAX + 1], challenge[SECRET_HEX];
	char name[SECRET_HEX];
	struct sessions *s = api->sessions;
	struct proof_given p;
	struct asker a = {.known = true};
	struct session *x;
	struct fault f = {0};

	if (!read_proof(q, arena, &p, &f)) {
		wire_problem(r, arena, 400, "%s", f.text);
	} else if (!api->office->origin(api->office->self, origin, &f)) {
		api_fault(&f, arena, r);
	} else if (!take_challenge(s, bytes_of(p.challenge), q->now)) {
		wire_problem(r, arena, 403, "the challenge is none of ours, or "
			"was used, or is over two minutes old");
	} else if (!holds(origin, &p)) {
		wire_problem(r, arena, 403, "the signature is not that key's "
			"over cfm/session/v1, origin and challenge");
	} else if (!api->office->person(api->office->self, p.key, q->now,
		&a.is, &f)) {
		wire_problem(r, arena, f.kind == FAULT_INPUT ? 403 : 503,
			"%s", f.text);
	} else {
		a.level = level_of(a.is.role);
		a.until = instant_plus_ns(q->now, SESSION_S * second);
		if (a.until.utc_ns > a.is.not_after.utc_ns)
			a.until = a.is.not_after;
		secret(name);
		secret(a.token);
		(void)pthread_mutex_lock(&s->lock);
		x = place(s, q->now);
		*x = (struct session){.who = a.is, .until = a.until,
			.looked = q->now};
		memcpy(x->name, name, sizeof name);
		memcpy(x->token, a.token, sizeof a.token);
		(void)pthread_mutex_unlock(&s->lock);
		new_challenge(s, q->now, challenge);
		say(&a, origin, challenge, arena, r);
		set_cookie(api, name, SESSION_S, arena, r);
	}
}

bool session_writes(const struct wire_request *q, const struct asker *a,
	struct arena *arena, struct wire_response *r)
{
	if (!a->known)
		wire_problem(r, arena, 401, "no session: POST /api/v1/session "
			"by an enrolled key");
	else if (!same(q->token, a->token))
		wire_problem(r, arena, 403, "X-Truce-Token is not this "
			"session's");
	else
		return true;
	return false;
}

static void end(const struct api *api, const struct wire_request *q,
	const struct asker *a, struct arena *arena, struct wire_response *r)
{
	struct sessions *s = api->sessions;
	struct session *x;

	if (!session_writes(q, a, arena, r))
		return;
	(void)pthread_mutex_lock(&s->lock);
	x = find(s, cookie(q->cookie));
	if (x)
		sign_forget(x, sizeof *x);
	(void)pthread_mutex_unlock(&s->lock);
	*r = (struct wire_response){.status = 204, .cache = "no-store",
		.type = "text/plain"};
	set_cookie(api, "", 0, arena, r);
}

void session_answer(const struct api *api, const struct wire_request *q,
	const struct asker *a, struct arena *arena, struct wire_response *r)
{
	if (!api->sessions || !api->office)
		wire_problem(r, arena, 404, "no sessions here");
	else if (q->method == WIRE_POST)
		begin(api, q, arena, r);
	else if (q->method == WIRE_DELETE)
		end(api, q, a, arena, r);
	else
		show(api, q, a, arena, r);
}
