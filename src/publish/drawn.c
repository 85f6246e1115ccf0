/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/drawn.h"

#include <math.h>
#include <stdlib.h>

#include "base/maths.h"
#include "base/text.h"
#include "publish/style.h"

enum { ATTRIBUTES = 24, CLASSES = 3, DEEP = 16, CLIPS = 16, WORDS = 1024,
	KNOWN = 32 };

static const struct hatch hatches[] = {
	{7, 1.3, 0x8d8577}, {14, 0.9, 0xa39b8d}};

struct pair {
	struct bytes name, value;
};

struct element {
	struct bytes name;
	struct pair pair[ATTRIBUTES];
	size_t pairs;
	struct bytes rule[CLASSES]; /* of style_sheet, one a class */
	size_t rules;
	bool ends, empty; /* </x>, <x/> */
};

struct clip {
	struct bytes id;
	double x, y, w, h;
};

struct state { /* of a g, and of the svg itself */
	struct bytes fill;
	bool clipped;
};

struct known { /* a class that was looked up */
	struct bytes name, rule;
};

struct easel {
	struct known known[KNOWN];
	size_t knowns;
	const struct brush *brush;
	struct reader in;
	struct state state[DEEP];
	size_t deep;
	struct clip clip[CLIPS];
	size_t clips;
	struct bytes clip_id; /* of the clipPath that is open */
	bool aside;           /* in defs' patterns: not drawn */
};

static bool until(struct reader *r, char c, struct bytes *out)
{
	size_t from = r->pos;

	while (r->pos < r->in.len && r->in.at[r->pos] != (uint8_t)c)
		r->pos++;
	*out = bytes_part(r->in, from, r->pos - from);
	if (r->pos == r->in.len)
		return false;
	r->pos++;
	return true;
}

static double number_of(struct bytes b)
{
	char at[32];
	struct text t = text_on(at, sizeof at);

	text_bytes(&t, bytes_part(b, 0, sizeof at - 1));
	return t.len ? strtod(at, NULL) : 0;
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The inside of one <...>. */
static void element_of(struct bytes b, struct element *e)
{
	size_t i = 0, from;

	*e = (struct element){.empty = b.len && b.at[b.len - 1] == '/'};
	if (e->empty)
		b.len--;
	e->ends = b.len && b.at[0] == '/';
	i = from = e->ends;
	while (i < b.len && !is_space(b.at[i]))
		i++;
	e->name = bytes_part(b, from, i - from);
	while (e->pairs < ATTRIBUTES) {
		struct pair *p = &e->pair[e->pairs];

		while (i < b.len && is_space(b.at[i]))
			i++;
		from = i;
		while (i < b.len && b.at[i] != '=')
			i++;
		p->name = bytes_part(b, from, i - from);
		from = i += 2; /* ="; */
		while (i < b.len && b.at[i] != '"')
			i++;
		if (i >= b.len)
			return;
		p->value = bytes_part(b, from, i - from);
		i++;
		e->pairs++;
	}
}

static struct bytes own(const struct element *e, const char *name)
{
	for (size_t i = 0; i < e->pairs; i++)
		if (bytes_are(e->pair[i].name, name))
			return e->pair[i].value;
	return (struct bytes){0};
}

static struct bytes find(struct bytes in, const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i + n <= in.len; i++)
		if (memcmp(in.at + i, s, n) == 0)
			return bytes_part(in, i + n, in.len);
	return (struct bytes){0};
}

static struct bytes up_to(struct bytes b, const char *stops)
{
	size_t n = 0;

	while (n < b.len && !strchr(stops, b.at[n]))
		n++;
	return bytes_part(b, 0, n);
}

/* What style_sheet says of a class, between its braces; selectors may be
 * joined by commas. */
static struct bytes rule_of(struct bytes name)
{
	char dotted[48];
	struct text t = text_on(dotted, sizeof dotted);

	text_char(&t, '.');
	text_bytes(&t, name);
	for (size_t i = 0; name.len && style_sheet[i]; i++) {
		struct bytes b = bytes_of(style_sheet[i]);

		while ((b = find(b, dotted)).len)
			if (b.at[0] == '{' || b.at[0] == ',')
				return up_to(bytes_part(b, up_to(b, "{").len +
					1, b.len), "}");
	}
	return (struct bytes){0};
}

static struct bytes rule_known(struct easel *s, struct bytes name)
{
	struct bytes rule;

	for (size_t i = 0; i < s->knowns; i++)
		if (bytes_equal(s->known[i].name, name))
			return s->known[i].rule;
	rule = rule_of(name);
	if (s->knowns < KNOWN)
		s->known[s->knowns++] = (struct known){name, rule};
	return rule;
}

static void resolve(struct easel *s, struct element *e)
{
	struct bytes names = own(e, "class");

	while (names.len && e->rules < CLASSES) {
		struct bytes one = up_to(names, " ");

		e->rule[e->rules++] = rule_known(s, one);
		names = bytes_part(names, one.len + 1, names.len);
	}
}

static struct bytes styled(struct bytes rule, const char *name)
{
	size_t n = strlen(name);

	while (rule.len) {
		struct bytes said = up_to(rule, ";");

		if (bytes_start(said, name) && said.len > n &&
			said.at[n] == ':')
			return bytes_part(said, n + 1, said.len);
		rule = bytes_part(rule, said.len + 1, rule.len);
	}
	return (struct bytes){0};
}

/* As CSS has it: a class before the attribute, the last class first. */
static struct bytes of(const struct element *e, const char *name)
{
	for (size_t i = e->rules; i > 0; i--) {
		struct bytes said = styled(e->rule[i - 1], name);

		if (said.len)
			return said;
	}
	return own(e, name);
}

static double number(const struct element *e, const char *name, double missing)
{
	struct bytes b = of(e, name);

	return b.len ? number_of(b) : missing;
}

static uint32_t digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - (uint32_t)'0'
		: c >= 'a' && c <= 'f' ? c - (uint32_t)'a' + 10
				       : 0;
}

static uint32_t colour(struct bytes b) /* #rgb, #rrggbb */
{
	uint32_t v = 0;

	if (b.len < 4 || b.at[0] != '#')
		return 0;
	for (size_t i = 1; i < b.len && i < 7; i++) {
		v = v << 4 | digit(b.at[i]);
		if (b.len == 4)
			v = v << 4 | digit(b.at[i]);
	}
	return v;
}

static const struct hatch *hatch_of(struct bytes fill)
{
	if (bytes_start(fill, "url(#none-watched"))
		return &hatches[0];
	return bytes_start(fill, "url(#part-watched") ? &hatches[1] : NULL;
}

static struct bytes fill_of(const struct easel *s, const struct element *e)
{
	struct bytes b = of(e, "fill");

	for (size_t i = s->deep; b.len == 0 && i > 0; i--)
		b = s->state[i - 1].fill;
	return b.len ? b : bytes_of("#000");
}

static struct ink ink_of(const struct easel *s, const struct element *e)
{
	struct bytes fill = fill_of(s, e), stroke = of(e, "stroke");
	struct bytes dash = of(e, "stroke-dasharray");
	struct ink k = {.fills = !bytes_are(fill, "none"),
		.strokes = stroke.len && !bytes_are(stroke, "none"),
		.fill = colour(fill), .stroke = colour(stroke),
		.fill_alpha = number(e, "fill-opacity", 1),
		.stroke_alpha = number(e, "stroke-opacity", 1),
		.width = number(e, "stroke-width", 1),
		.hatch = hatch_of(fill)};

	while (dash.len && k.dashes < 4) {
		struct bytes one = up_to(dash, " ,");

		k.dash[k.dashes++] = number_of(one);
		dash = bytes_part(dash, one.len + 1, dash.len);
	}
	return k;
}

static void rect(const struct brush *b, const struct element *e)
{
	double x = number(e, "x", 0), y = number(e, "y", 0);
	double w = number(e, "width", 0), h = number(e, "height", 0);

	b->move(b->self, x, y);
	b->line(b->self, x + w, y);
	b->line(b->self, x + w, y + h);
	b->line(b->self, x, y + h);
	b->shut(b->self);
}

static void round_shape(const struct brush *b, const struct element *e)
{
	struct bytes moved = find(own(e, "transform"), "translate(");
	struct bytes turned = find(own(e, "transform"), "rotate(");
	double r = number(e, "r", 0), x = number(e, "cx", 0);
	double y = number(e, "cy", 0);

	if (moved.len) {
		struct bytes first = up_to(moved, " ,");

		x += number_of(first);
		y += number_of(bytes_part(moved, first.len + 1, moved.len));
	}
	b->ellipse(b->self, x, y, number(e, "rx", r), number(e, "ry", r),
		turned.len ? number_of(turned) : 0);
}

struct pen {
	const struct brush *brush;
	struct bytes rest;
	double x, y, x0, y0;
};

static bool next_number(struct pen *p, double *out)
{
	size_t i = 0, n;

	while (i < p->rest.len && (is_space(p->rest.at[i]) ||
			p->rest.at[i] == ','))
		i++;
	n = i;
	while (n < p->rest.len && (strchr("0123456789.", p->rest.at[n]) ||
			(n == i && p->rest.at[n] == '-')))
		n++;
	if (n == i)
		return false;
	*out = number_of(bytes_part(p->rest, i, n - i));
	p->rest = bytes_part(p->rest, n, p->rest.len);
	return true;
}

/* false: no more numbers for this letter, or one that is not known. */
static bool step(struct pen *p, char op)
{
	double x = 0, y = 0;
	bool from_here = op >= 'a';

	if (op == 'h' || op == 'H') {
		if (!next_number(p, &x))
			return false;
		p->x = from_here ? p->x + x : x;
	} else if (op == 'v' || op == 'V') {
		if (!next_number(p, &y))
			return false;
		p->y = from_here ? p->y + y : y;
	} else if (strchr("mMlL", op)) {
		if (!next_number(p, &x) || !next_number(p, &y))
			return false;
		p->x = from_here ? p->x + x : x;
		p->y = from_here ? p->y + y : y;
	} else {
		return false;
	}
	if (op == 'm' || op == 'M') {
		p->x0 = p->x;
		p->y0 = p->y;
		p->brush->move(p->brush->self, p->x, p->y);
	} else {
		p->brush->line(p->brush->self, p->x, p->y);
	}
	return true;
}

static void path(const struct brush *b, struct bytes d)
{
	struct pen p = {.brush = b, .rest = d};

	while (p.rest.len) {
		char op = (char)p.rest.at[0];

		p.rest = bytes_part(p.rest, 1, p.rest.len);
		if (op == 'z' || op == 'Z') {
			b->shut(b->self);
			p.x = p.x0;
			p.y = p.y0;
			continue;
		}
		while (step(&p, op))
			op = op == 'm' ? 'l' : op == 'M' ? 'L' : op;
	}
}

/* svg_escape() the other way. */
static void unescape(struct text *t, struct bytes b)
{
	static const struct {
		const char *code;
		char c;
	} known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'},
		{"&quot;", '"'}, {"&#39;", '\''}};

	while (b.len) {
		size_t n = 1;
		char c = (char)b.at[0];

		for (size_t i = 0; c == '&' && i < 5; i++)
			if (bytes_start(b, known[i].code)) {
				n = strlen(known[i].code);
				c = known[i].c;
			}
		text_char(t, c);
		b = bytes_part(b, n, b.len);
	}
}

static void words(struct easel *s, const struct element *e, struct bytes said)
{
	char at[WORDS];
	struct text t = text_on(at, sizeof at);
	struct bytes anchor = of(e, "text-anchor"), fill = fill_of(s, e);
	struct bytes bold = of(e, "font-weight");
	struct lettering l = {.px = number(e, "font-size", 12),
		.bold = bytes_are(bold, "bold") || number_of(bold) >= 600,
		.italic = bytes_are(of(e, "font-style"), "italic"),
		.anchor = bytes_are(anchor, "middle") ? ANCHOR_MIDDLE
			: bytes_are(anchor, "end")    ? ANCHOR_END
						      : ANCHOR_START,
		.rgb = colour(fill)};

	unescape(&t, said);
	s->brush->text(s->brush->self, number(e, "x", 0), number(e, "y", 0),
		at, &l);
}

static void group(struct easel *s, const struct element *e)
{
	struct bytes id = up_to(find(own(e, "clip-path"), "url(#"), ")");
	struct state *g;

	if (s->deep == DEEP)
		return;
	g = &s->state[s->deep++];
	*g = (struct state){.fill = of(e, "fill")};
	for (size_t i = 0; id.len && i < s->clips; i++) {
		const struct clip *c = &s->clip[i];

		if (!bytes_equal(c->id, id) || g->clipped)
			continue;
		s->brush->clip(s->brush->self, c->x, c->y, c->w, c->h);
		g->clipped = true;
	}
}

static void group_end(struct easel *s)
{
	if (s->deep == 0)
		return;
	if (s->state[--s->deep].clipped)
		s->brush->unclip(s->brush->self);
}

static void note_clip(struct easel *s, const struct element *e)
{
	if (s->clips < CLIPS)
		s->clip[s->clips++] = (struct clip){s->clip_id,
			number(e, "x", 0), number(e, "y", 0),
			number(e, "width", 0), number(e, "height", 0)};
}

static void shape(struct easel *s, const struct element *e)
{
	struct ink k = ink_of(s, e);

	if (bytes_are(e->name, "rect"))
		rect(s->brush, e);
	else if (bytes_are(e->name, "path"))
		path(s->brush, own(e, "d"));
	else if (bytes_are(e->name, "circle") || bytes_are(e->name, "ellipse"))
		round_shape(s->brush, e);
	else
		return;
	s->brush->ink(s->brush->self, &k);
}

static void take(struct easel *s, const struct element *e)
{
	struct bytes said;

	if (bytes_are(e->name, "pattern")) {
		s->aside = !e->ends;
	} else if (bytes_are(e->name, "clipPath")) {
		s->clip_id = e->ends ? (struct bytes){0} : own(e, "id");
	} else if (bytes_are(e->name, "g") || bytes_are(e->name, "svg")) {
		if (e->ends)
			group_end(s);
		else
			group(s, e);
	} else if (s->aside || e->ends) {
		return;
	} else if (s->clip_id.len) {
		note_clip(s, e);
	} else if (bytes_are(e->name, "text")) {
		(void)until(&s->in, '<', &said);
		s->in.pos--;
		words(s, e, said);
	} else {
		shape(s, e);
	}
}

bool drawn_size(struct bytes svg, double *wide, double *high)
{
	struct bytes b = up_to(find(svg, "viewBox=\"0 0 "), "\"");
	struct bytes first = up_to(b, " ");

	*wide = number_of(first);
	*high = number_of(bytes_part(b, first.len + 1, b.len));
	return *wide > 0 && *high > 0;
}

void drawn(struct bytes svg, const struct brush *brush)
{
	struct easel s = {.brush = brush, .in = reader(svg)};
	double wide, high;
	struct bytes part;

	if (!drawn_size(svg, &wide, &high))
		return;
	brush->size(brush->self, wide, high);
	while (until(&s.in, '<', &part) && until(&s.in, '>', &part)) {
		struct element e;

		element_of(part, &e);
		resolve(&s, &e);
		take(&s, &e);
	}
	while (s.deep > 0)
		group_end(&s);
}
