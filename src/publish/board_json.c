/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * board_json.c - the commitments board as data: truce.board/1. */
#include "base/json.h"
#include "publish/board.h"

static void text_member(struct json *j, const char *key, const char *s)
{
	json_key_text(j, key, *s ? s : NULL);
}

static void span_member(struct json *j, const char *key, struct span s)
{
	json_key(j, key);
	json_object(j);
	json_key_time(j, "from", s.from, 6);
	json_key_time(j, "to", s.to, 6);
	json_close(j);
}

static void owed_json(struct json *j, const struct board_owed *o)
{
	const struct obligation *r = &o->record;

	json_object(j);
	text_member(j, "actor", r->actor);
	json_key_flag(j, "contested", o->contested);
	text_member(j, "deadline", obligation_clock_name(o->clock));
	span_member(j, "due", r->due);
	text_member(j, "endorsed", r->endorsed);
	text_member(j, "fell_by", obligation_fall_name(r->fall));
	text_member(j, "finding", r->finding.text);
	text_member(j, "id", r->id.text);
	json_key(j, "ledger_index");
	if (o->ledger_index < 0)
		json_null_value(j);
	else
		json_i64(j, o->ledger_index);
	span_member(j, "opens", r->opens);
	text_member(j, "pledge", r->pledge);
	text_member(j, "state", obligation_state_name(o->state));
	text_member(j, "step", r->step);
	json_close(j);
}

static void deployed_json(struct json *j, const struct board_deployed *d)
{
	json_object(j);
	text_member(j, "activity", d->id.text);
	json_key_time(j, "from", d->span.from, 6);
	text_member(j, "party", d->party);
	text_member(j, "pledge", d->pledge);
	json_key_time(j, "received", d->received, 6);
	json_key_time(j, "to", d->span.to, 6);
	text_member(j, "what", d->what);
	json_close(j);
}

static void weaker_json(struct json *j, const struct weaker *w)
{
	json_object(j);
	text_member(j, "came", w->came);
	text_member(j, "duty_is", w->duty_is == MODAL_NONE ? ""
		: modality_word_name(w->duty_is));
	text_member(j, "duty_was", w->duty_was == MODAL_NONE ? ""
		: modality_word_name(w->duty_was));
	text_member(j, "gone", w->gone);
	text_member(j, "hedge", w->hedge ? w->hedge : "");
	text_member(j, "instrument", w->instrument);
	text_member(j, "is", w->is);
	text_member(j, "promise", w->promise ? w->promise : "");
	text_member(j, "was", w->was);
	json_close(j);
}

/* Withheld is null: an empty list would say that nothing is owed. */
static void deployed_member(struct json *j, const struct board *b)
{
	json_key(j, "deployed");
	if (b->promised_only) {
		json_null_value(j);
		return;
	}
	json_list(j);
	for (size_t i = 0; i < b->deployed_count; i++)
		deployed_json(j, &b->deployed[i]);
	json_close(j);
}

static void owed_member(struct json *j, const struct board *b)
{
	json_key(j, "obligations");
	if (b->promised_only) {
		json_null_value(j);
		return;
	}
	json_list(j);
	for (size_t i = 0; i < b->owed_count; i++)
		owed_json(j, &b->owed[i]);
	json_close(j);
}

bool board_json(const struct board *b, struct text *t, struct fault *f)
{
	struct json j = json_on(t);

	json_object(&j);
	json_key_text(&j, "schema", "truce.board/1");
	json_key_time(&j, "at", b->now, 6);
	deployed_member(&j, b);
	text_member(&j, "mission", b->mission);
	json_key_time(&j, "next", b->next, 6);
	json_key(&j, "notices");
	json_list(&j);
	for (size_t i = 0; i < b->notices; i++) {
		json_object(&j);
		text_member(&j, "actor", b->notice[i].actor);
		text_member(&j, "is", notice_name(b->notice[i].is));
		text_member(&j, "pledge", b->notice[i].pledge);
		json_close(&j);
	}
	json_close(&j);
	owed_member(&j, b);
	json_key(&j, "weaker");
	json_list(&j);
	for (size_t i = 0; i < b->weaker_count; i++)
		weaker_json(&j, &b->weaker[i]);
	json_close(&j);
	json_key_text(&j, "register_sha256", b->register_sha256);
	json_key(&j, "register");
	if (!pledges_canonical(b->guarantees, t, f))
		return false;
	j.after_key = false;
	json_close(&j);
	text_char(t, '\n');
	return text_check(t, f);
}
