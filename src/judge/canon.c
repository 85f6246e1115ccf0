/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/canon.h"

#include "base/json.h"

static const char *const compares[] = {">=", ">", "<=", "<", "="};

void canon_length(struct text *t, int64_t mm)
{
	int64_t unit = mm != 0 && mm % 1000000 == 0 ? 1000000
		: mm % 1000 == 0                    ? 1000
						    : 1;

	text_i64(t, mm / unit);
	text_add(t, unit == 1000000 ? " km" : unit == 1000 ? " m" : " mm");
}

void canon_time(struct text *t, int64_t us)
{
	char s[INSTANT_TEXT];
	struct instant at = {us * 1000};

	if (us < 0 || us >= INSTANT_MAX_NS / 1000) {
		text_add(t, "not known");
		return;
	}
	text_add(t, instant_print(at, us % 1000000 ? 6 : 0, s));
}

void canon_duration(struct text *t, int64_t us)
{
	static const struct {
		int64_t us;
		const char *name;
	} units[] = {{INT64_C(3600000000), " h"}, {60000000, " min"},
		{1000000, " s"}, {1, " us"}};
	size_t i = 0;

	while (us % units[i].us != 0)
		i++;
	text_i64(t, us / units[i].us);
	text_add(t, units[i].name);
}

void canon_ppm(struct text *t, int32_t ppm)
{
	int32_t thousandths = (ppm + 500) / 1000;

	if (thousandths == 0 && ppm > 0)
		thousandths = 1;
	if (thousandths == 1000 && ppm < CHANCE_SURE)
		thousandths = 999;
	char s[] = {'.', (char)('0' + thousandths / 100 % 10),
		(char)('0' + thousandths / 10 % 10),
		(char)('0' + thousandths % 10)};

	text_i64(t, thousandths / 1000);
	text_bytes(t, (struct bytes){(const uint8_t *)s, sizeof s});
}

static void add_um(struct text *t, int64_t um)
{
	text_i64(t, um / 1000);
	if (um % 1000 == 0)
		return;
	text_char(t, '.');
	for (int64_t v = um % 1000, unit = 100; v > 0; v %= unit, unit /= 10)
		text_char(t, (char)('0' + v / unit));
}

void canon_expression(const struct terms *t, const struct expression *e,
	struct text *out)
{
	int bit = 0;

	switch (e->is) {
	case IS_KINDS:
		while (!(e->kinds >> bit & 1))
			bit++;
		text_add(out, kind_name((enum kind)bit));
		return;
	case IS_WEAPON:
		text_add(out, terms_weapons[e->weapon]);
		return;
	case IS_CALIBRE:
		text_fmt(out, "calibre_mm %s ", compares[e->compare]);
		add_um(out, e->calibre_um);
		return;
	case IS_CLASS:
		text_add(out, t->class_[e->class_].name);
		return;
	case IS_NOT:
		text_add(out, "not ");
		canon_expression(t, e->a, out);
		return;
	default: /* IS_AND, IS_OR */
		text_char(out, '(');
		canon_expression(t, e->a, out);
		text_add(out, e->is == IS_AND ? " and " : " or ");
		canon_expression(t, e->b, out);
		text_char(out, ')');
		return;
	}
}

static void add_clock(struct text *t, int64_t us)
{
	int minutes = (int)(us / 60000000);

	text_fmt(t, "%02d:%02d", minutes / 60, minutes % 60);
}

static void add_within(const struct terms *t, int64_t limit_mm, bool total,
	size_t area, struct text *out)
{
	text_add(out, "WITHIN ");
	canon_length(out, total ? 2 * limit_mm : limit_mm);
	text_add(out, total ? " TOTAL OF " : " OF ");
	text_add(out, t->area[area].name);
}

void canon_condition(const struct terms *t, const struct condition *c,
	struct text *out)
{
	switch (c->is) {
	case ON_WITHIN:
		add_within(t, c->limit_mm, c->total, c->area, out);
		return;
	case ON_INSIDE:
	case ON_OUTSIDE:
		text_add(out, c->is == ON_INSIDE ? "INSIDE " : "OUTSIDE ");
		text_add(out, t->area[c->area].name);
		return;
	case ON_OWN_SIDE:
		text_add(out, "ON own side");
		return;
	case ON_SIDE_OF:
		text_fmt(out, "ON side OF %s", c->who);
		return;
	case ON_FROM:
	case ON_UNTIL:
		text_add(out, c->is == ON_FROM ? "FROM " : "UNTIL ");
		canon_time(out, c->at_us);
		return;
	case ON_DAILY:
		text_add(out, "DAILY ");
		add_clock(out, c->daily_from_us);
		text_char(out, '-');
		add_clock(out, c->daily_to_us);
		return;
	case ON_BY:
		text_fmt(out, "BY %s", c->who);
		return;
	default: /* ON_NOTIFIED */
		text_add(out, "NOTIFIED ");
		text_add(out, c->what);
		text_char(out, ' ');
		canon_duration(out, c->before_us);
		text_add(out, " BEFORE");
		if (c->near_mm >= 0) {
			text_add(out, ", NEAR ");
			canon_length(out, c->near_mm);
		}
		return;
	}
}

static void add_subject(const struct terms *t, const struct rule *r,
	struct text *out)
{
	if (r->requires_) {
		text_fmt(out, "requires %s", r->subject);
		if (*r->by)
			text_fmt(out, " BY %s", r->by);
		text_add(out, " WITHIN ");
		canon_duration(out, r->due_us);
		text_fmt(out, " OF %s", r->of);
		if (*r->else_)
			text_fmt(out, " ELSE %s", r->else_);
		return;
	}
	text_add(out, "forbids ");
	if (*r->subject)
		text_fmt(out, "%s of ", r->subject);
	canon_expression(t, r->is, out);
}

void canon_rule(const struct terms *t, const struct rule *r, struct text *out)
{
	text_fmt(out, "rule %s ", r->id);
	add_subject(t, r, out);
	for (size_t i = 0; i < r->conditions; i++) {
		text_char(out, ' ');
		canon_condition(t, &r->condition[i], out);
	}
}

/* A member whose value is text built by one of the above. */
static void member(struct json *j, const char *key, const struct text *t)
{
	if (key)
		json_key(j, key);
	json_bytes(j, text_view(t));
}

static void put_conditions(struct json *j, const struct terms *t,
	const struct condition *c, size_t count)
{
	char s[512];

	json_key(j, "conditions");
	json_list(j);
	for (size_t i = 0; i < count; i++) {
		struct text out = text_on(s, sizeof s);

		canon_condition(t, &c[i], &out);
		member(j, NULL, &out);
	}
	json_close(j);
}

static void put_rule(struct json *j, const struct terms *t,
	const struct rule *r)
{
	char s[CANON_MAX];
	struct text out = text_on(s, sizeof s);

	json_object(j);
	json_key(j, "article");
	json_text(j, r->article);
	put_conditions(j, t, r->condition, r->conditions);
	json_key(j, "exceptions");
	json_list(j);
	for (size_t i = 0; i < r->exceptions; i++) {
		json_object(j);
		put_conditions(j, t, r->exception[i].condition,
			r->exception[i].conditions);
		json_key(j, "id");
		json_text(j, r->exception[i].id);
		json_close(j);
	}
	json_close(j);
	json_key(j, "grades");
	json_list(j);
	for (size_t i = 0; i < r->grades; i++) {
		json_list(j);
		if (r->by_count)
			json_i64(j, r->grade[i].at_least);
		json_text(j, r->grade[i].name);
		json_close(j);
	}
	json_close(j);
	json_key(j, "id");
	json_text(j, r->id);
	json_key(j, "standard");
	json_text(j, t->standard[r->standard].name);
	add_subject(t, r, &out);
	member(j, "subject", &out);
	json_close(j);
}

static void put_length(struct json *j, const char *key, int64_t mm)
{
	json_key(j, key);
	if (mm == TERMS_OPEN_MM)
		json_null_value(j);
	else
		json_i64(j, mm);
}

static void put_area(struct json *j, const struct terms *t,
	const struct area *z)
{
	char s[256];
	struct text out = text_on(s, sizeof s);

	json_object(j);
	if (z->is != AREA_LINE)
		put_length(j, "ceiling_mm", z->ceiling_mm);
	json_key(j, "error_mm");
	json_i64(j, z->error_mm);
	json_key(j, "file");
	json_text(j, *z->file ? z->file : NULL);
	if (z->is != AREA_LINE)
		put_length(j, "floor_mm", z->floor_mm);
	if (z->is == AREA_BAND) {
		add_within(t, z->limit_mm, z->total, z->of, &out);
		member(j, "is", &out);
	}
	if (z->is == AREA_LINE) {
		json_key(j, "measured_by");
		json_text(j, *z->measured_by ? z->measured_by : NULL);
	}
	json_key(j, "name");
	json_text(j, z->name);
	json_key(j, "not_given");
	json_text(j, z->not_given);
	json_key(j, "sha256");
	json_text(j, z->has_hash ? z->sha256_hex : NULL);
	json_close(j);
}

static void put_areas(struct json *j, const struct terms *t, bool line)
{
	json_key(j, line ? "lines" : "zones");
	json_list(j);
	for (size_t i = 0; i < t->areas; i++)
		if ((t->area[i].is == AREA_LINE) == line)
			put_area(j, t, &t->area[i]);
	json_close(j);
}

static struct instant us_instant(int64_t us)
{
	return (struct instant){us * 1000};
}

/* Only where there are more: one alone stands as it always stood. */
static void put_outsides(
	struct json *j, const struct terms *t, const struct example *e)
{
	json_key(j, "outside");
	json_list(j);
	for (size_t i = 0; i < e->outsides; i++)
		json_text(j, t->area[e->outside[i]].name);
	json_close(j);
}

static void put_more_notices(struct json *j, const struct example *e)
{
	if (e->notices < 2)
		return;
	json_key(j, "notified_also");
	json_list(j);
	for (size_t i = 1; i < e->notices; i++) {
		json_list(j);
		json_text(j, e->notified[i].what);
		json_time(j, us_instant(e->notified[i].at_us), 6);
		json_close(j);
	}
	json_close(j);
}

static void put_example(struct json *j, const struct terms *t,
	const struct example *e)
{
	char s[CANON_MAX];
	struct text out = text_on(s, sizeof s);

	json_object(j);
	json_key(j, "at");
	json_time(j, e->at_us < 0 ? INSTANT_UNKNOWN
				  : (struct instant){e->at_us * 1000}, 6);
	json_key(j, "by");
	json_text(j, e->by);
	json_key(j, "calibre_um");
	json_i64(j, e->calibre_um);
	json_key(j, "count");
	json_i64(j, e->count);
	json_key(j, "distance_mm");
	json_i64(j, e->distance_mm);
	json_key(j, "error_mm");
	json_i64(j, e->error_mm);
	json_key(j, "from");
	json_text(j, e->distance_mm >= 0 ? t->area[e->from].name : NULL);
	json_key(j, "inside");
	json_text(j, e->inside < t->areas ? t->area[e->inside].name : NULL);
	json_key(j, "modalities");
	json_i64(j, e->modalities);
	json_key(j, "notified");
	json_text(j, e->notices > 0 ? e->notified[0].what : "");
	put_more_notices(j, e);
	json_key(j, "notified_at");
	json_time(j, e->notices > 0 ? us_instant(e->notified[0].at_us)
				    : INSTANT_UNKNOWN, 6);
	if (e->outsides > 0)
		put_outsides(j, t, e);
	json_key(j, "rule");
	json_text(j, e->rule);
	json_key(j, "says");
	json_text(j, e->says);
	canon_expression(t, e->thing, &out);
	member(j, "thing", &out);
	if (e->until_us >= 0) {
		json_key(j, "until");
		json_time(j, us_instant(e->until_us), 6);
	}
	json_key(j, "verdict");
	json_text(j, verdict_name(e->want));
	json_close(j);
}

static void put_heads(struct json *j, const struct terms *t)
{
	json_key(j, "agreement");
	json_text(j, t->id);
	json_key(j, "articles");
	json_list(j);
	for (size_t i = 0; i < t->articles; i++) {
		json_object(j);
		json_key(j, "id");
		json_text(j, t->article[i].id);
		json_key(j, "text");
		json_text(j, t->article[i].text);
		json_close(j);
	}
	json_close(j);
	json_key(j, "classes");
	json_list(j);
	for (size_t i = 0; i < t->classes; i++) {
		char s[CANON_MAX];
		struct text out = text_on(s, sizeof s);

		json_object(j);
		canon_expression(t, t->class_[i].is, &out);
		member(j, "is", &out);
		json_key(j, "name");
		json_text(j, t->class_[i].name);
		json_close(j);
	}
	json_close(j);
	json_key(j, "examples");
	json_list(j);
	for (size_t i = 0; i < t->examples; i++)
		put_example(j, t, &t->example[i]);
	json_close(j);
}

static void put_tail(struct json *j, const struct terms *t)
{
	json_key(j, "schema");
	json_text(j, "truce.terms/1");
	json_key(j, "standards");
	json_list(j);
	for (size_t i = 0; i < t->standards; i++) {
		json_object(j);
		json_key(j, "modalities");
		json_i64(j, t->standard[i].modalities);
		json_key(j, "name");
		json_text(j, t->standard[i].name);
		json_key(j, "probability_ppm");
		json_i64(j, t->standard[i].ppm);
		json_close(j);
	}
	json_close(j);
	json_key(j, "status");
	json_text(j, t->status);
	json_key(j, "status_at");
	json_time(j, t->status_us < 0 ? INSTANT_UNKNOWN
				      : (struct instant){t->status_us * 1000},
		0);
	json_key(j, "timezone");
	json_text(j, t->timezone);
	json_key(j, "title");
	json_text(j, t->title);
}

static void put_terms(const struct terms *t, struct text *out)
{
	struct json j = json_on(out);

	json_object(&j);
	put_heads(&j, t);
	put_areas(&j, t, true);
	json_key(&j, "offsets");
	json_list(&j);
	for (size_t i = 0; i < t->offsets; i++) {
		json_list(&j);
		json_time(&j, t->offset[i].from, 0);
		json_i64(&j, t->offset[i].east_s);
		json_close(&j);
	}
	json_close(&j);
	json_key(&j, "parties");
	json_list(&j);
	for (size_t i = 0; i < t->parties; i++) {
		json_object(&j);
		json_key(&j, "id");
		json_text(&j, t->party[i].id);
		json_key(&j, "name");
		json_text(&j, t->party[i].name);
		json_close(&j);
	}
	json_close(&j);
	json_key(&j, "rules");
	json_list(&j);
	for (size_t i = 0; i < t->rules; i++)
		put_rule(&j, t, &t->rule[i]);
	json_close(&j);
	put_tail(&j, t);
	put_areas(&j, t, false);
	json_close(&j);
}

bool terms_canonical(const struct terms *t, struct text *out, struct fault *f)
{
	put_terms(t, out);
	return text_check(out, f);
}

struct digest terms_sha256(const struct terms *t)
{
	return t->sha256;
}

static bool hash(void *self, struct bytes b, struct fault *f)
{
	(void)f;
	sha256_add(self, b);
	return true;
}

void canon_seal(struct terms *t)
{
	char s[1024];
	struct sha256 h;
	const struct sink into = {hash, &h};
	struct text out = text_on(s, sizeof s);
	struct fault f;

	out.sink = &into;
	sha256_start(&h);
	put_terms(t, &out);
	/* Hashing never fails. */
	if (NEVER(!text_flush(&out, &f))) /* GCOVR_EXCL_BR_LINE */
		return;
	t->sha256 = sha256_end(&h);
	digest_hex(&t->sha256, t->sha256_hex);
}

static void put_class(struct json *j, const struct terms *t,
	const struct expression *e)
{
	char s[CANON_MAX];
	struct text out = text_on(s, sizeof s);

	if (!e)
		return;
	if (e->is == IS_CLASS) {
		canon_expression(t, t->class_[e->class_].is, &out);
		member(j, NULL, &out);
		put_class(j, t, t->class_[e->class_].is);
	} else if (e->is == IS_AND || e->is == IS_OR || e->is == IS_NOT) {
		put_class(j, t, e->a);
		put_class(j, t, e->is == IS_NOT ? NULL : e->b);
	}
}

static void put_grounds(struct json *j, const struct terms *t,
	const struct condition *c, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct area *z;

		if (c[i].is > ON_OUTSIDE) /* those on places stand first */
			continue;
		z = &t->area[c[i].area];
		put_area(j, t, z);
		if (z->is == AREA_BAND)
			put_area(j, t, &t->area[z->of]);
	}
}

static void put_frame(struct json *j, const struct terms *t)
{
	for (size_t i = 0; i < t->parties; i++)
		json_text(j, t->party[i].id);
	for (size_t i = 0; i < t->offsets; i++) {
		json_time(j, t->offset[i].from, 0);
		json_i64(j, t->offset[i].east_s);
	}
}

struct digest terms_rule_sha256(const struct terms *t, size_t i)
{
	const struct rule *r = &t->rule[i];
	char s[1024];
	struct sha256 h;
	const struct sink into = {hash, &h};
	struct text out = text_on(s, sizeof s);
	struct json j = json_on(&out);
	struct fault f;

	out.sink = &into;
	sha256_start(&h);
	json_list(&j);
	put_rule(&j, t, r);
	json_i64(&j, t->standard[r->standard].ppm);
	json_i64(&j, t->standard[r->standard].modalities);
	put_class(&j, t, r->is);
	put_grounds(&j, t, r->condition, r->conditions);
	for (size_t k = 0; k < r->exceptions; k++)
		put_grounds(&j, t, r->exception[k].condition,
			r->exception[k].conditions);
	put_frame(&j, t);
	json_close(&j);
	(void)NEVER(!text_flush(&out, &f));
	return sha256_end(&h);
}
