/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/reply.h"

bool replies_laid(const struct replies *r)
{
	return instant_known(r->opened) && r->opened.utc_ns != 0;
}

bool replies_open(const struct replies *r, struct instant now)
{
	return replies_laid(r) && now.utc_ns < r->until.utc_ns;
}

bool reply_late(const struct replies *r, const struct reply *x)
{
	return replies_laid(r) && x->at.utc_ns >= r->until.utc_ns;
}

enum reply_state reply_state(
	const struct replies *r, const char *party, struct instant now)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct reply *x = &r->reply[i];

		if ((int64_t)x->of == r->of && !reply_late(r, x) &&
			strcmp(x->party, party) == 0)
			return REPLY_REPLIED;
	}
	return replies_open(r, now) ? REPLY_OPEN : REPLY_LAPSED;
}

const char *reply_state_name(enum reply_state s)
{
	static const char *const name[] = {"open", "replied", "lapsed"};

	return name[s];
}

struct instant reply_until(const struct mission *m, struct instant opened)
{
	return instant_plus_ns(
		opened, (int64_t)m->reply_h * 3600 * 1000000000);
}

static void say_parties(const struct replies *r, const struct mission *m,
	struct instant now, struct json *j)
{
	json_key(j, "parties");
	json_list(j);
	for (size_t i = 0; replies_laid(r) && i < m->party_count; i++) {
		json_object(j);
		json_key_text(j, "party", m->party[i].id);
		json_key_text(j, "state", reply_state_name( reply_state(r,
			m->party[i].id, now)));
		json_close(j);
	}
	json_close(j);
}

static void say_replies(const struct replies *r, struct json *j)
{
	json_key(j, "replies");
	json_list(j);
	for (size_t i = 0; i < r->count; i++) {
		const struct reply *x = &r->reply[i];

		json_object(j);
		json_key_time(j, "at", x->at, 6);
		json_key_i64(j, "index", (int64_t)x->entry);
		json_key_flag(j, "late", reply_late(r, x));
		json_key_i64(j, "of", (int64_t)x->of);
		json_key_text(j, "party", x->party);
		json_key_text(j, "text", x->says);
		json_close(j);
	}
	json_close(j);
}

void replies_say(const struct replies *r, const struct mission *m,
	struct instant now, struct json *j)
{
	bool laid = replies_laid(r);

	json_object(j);
	json_key(j, "early");
	if (r->why) {
		json_object(j);
		json_key_time(j, "at", r->early, 6);
		json_key_text(j, "why", r->why);
		json_close(j);
	} else {
		json_text(j, NULL);
	}
	json_key_flag(j, "open", replies_open(r, now));
	json_key_time(j, "opened", laid ? r->opened : INSTANT_UNKNOWN, 6);
	say_parties(r, m, now, j);
	say_replies(r, j);
	json_key_time(j, "until", laid ? r->until : INSTANT_UNKNOWN, 6);
	json_close(j);
}
