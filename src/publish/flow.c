/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/flow.h"

#define A4_SHORT 595.2756
#define A4_LONG 841.8898

double flow_width(const struct flow *w)
{
	return (w->turn_asked ? A4_LONG : A4_SHORT) - 2 * FLOW_EDGE;
}

double flow_bottom(const struct flow *w)
{
	return w->high - FLOW_FOOT;
}

double flow_leading(struct type type)
{
	return type.pt * 1.36;
}

static void foot(struct flow *w)
{
	static const struct type type = {FACE_PLAIN, 7.5, INK_NOTE};
	const char *page = view_fmt(w->v, "%d", w->sheet);
	double y = w->high - 26;

	press_rule(w->press, FLOW_EDGE, y - 11, flow_width(w), 0.5, INK_HAIR);
	press_text(w->press, type, FLOW_EDGE, y, w->foot, strlen(w->foot));
	press_text(w->press, type,
		w->wide - FLOW_EDGE -
			press_width(w->press, type, page, strlen(page)),
		y, page, strlen(page));
}

void flow_sheet(struct flow *w)
{
	w->turned = w->turn_asked;
	w->wide = w->turned ? A4_LONG : A4_SHORT;
	w->high = w->turned ? A4_SHORT : A4_LONG;
	w->y = FLOW_EDGE;
	w->sheet++;
	press_sheet(w->press, w->wide, w->high);
	foot(w);
}

static struct type heading_type(int level)
{
	return (struct type){FACE_BOLD,
		level == 1 ? 20 : level == 2 ? 13 : 10.5, INK_TEXT};
}

static double held_height(struct flow *w)
{
	struct type type = heading_type(w->held_level);

	return w->held[0] ? flow_height(w, type, flow_width(w), w->held) + 16
			  : 0;
}

/* Headings begin with a capital, also where the word begins none elsewhere:
 * Latin of ASCII, and the Cyrillic of Ukrainian and Russian. */
const char *flow_capital(struct flow *w, const char *s)
{
	char at[1024];
	struct text t = text_on(at, sizeof at);
	uint8_t a = (uint8_t)s[0], b = a ? (uint8_t)s[1] : 0;

	text_fmt(&t, "%.1000s", s);
	if (a >= 'a' && a <= 'z')
		at[0] = (char)(a - 32);
	else if (a == 0xd0 && b >= 0xb0)
		at[1] = (char)(b - 0x20);
	else if (a == 0xd1 && b < 0x90) {
		at[0] = (char)0xd0;
		at[1] = (char)(b + 0x20);
	} else if (a == 0xd1 && b < 0xa0) {
		at[0] = (char)0xd0;
		at[1] = (char)(b - 0x10);
	} else {
		return s;
	}
	return view_keep(w->v, &t);
}

static void set_held(struct flow *w)
{
	static const char *const tags[] = {"P", "H1", "H2", "H3"};
	const char *s = w->held;

	w->held = "";
	if (!s[0])
		return;
	if (w->y > FLOW_EDGE)
		w->y += w->held_level == 2 ? 9 : 5;
	if (w->held_level == 2) {
		press_rule(w->press, FLOW_EDGE, w->y, flow_width(w), 1,
			INK_TEXT);
		w->y += 4;
	}
	flow_text(w, tags[w->held_level], heading_type(w->held_level),
		FLOW_EDGE, flow_width(w), s);
	w->y += 2;
}

void flow_room(struct flow *w, double high)
{
	double most = flow_bottom(w) - FLOW_EDGE;
	double want = high + held_height(w);

	if (w->sheet == 0 || w->turned != w->turn_asked ||
		(w->y + want > flow_bottom(w) && w->y > FLOW_EDGE))
		flow_sheet(w);
	else if (want > most && w->y > FLOW_EDGE + most / 2)
		flow_sheet(w);
	set_held(w);
}

void flow_heading(struct flow *w, int level, const char *s)
{
	if (w->held[0])
		flow_room(w, 40);
	w->held = flow_capital(w, s);
	w->held_level = level;
}

double flow_height(
	struct flow *w, struct type type, double wide, const char *s)
{
	size_t mark = w->arena->used;
	const char *safe = press_safe(w->press, w->arena, s);
	size_t n = press_break(w->press, type, safe, wide, NULL, 0);

	w->arena->used = mark;
	return (double)n * flow_leading(type);
}

void flow_text(struct flow *w, const char *tag, struct type type, double x,
	double wide, const char *s)
{
	size_t mark = w->arena->used, n;
	const char *safe = press_safe(w->press, w->arena, s);
	struct fault f;
	struct press_line *line = arena_array(
		w->arena, FLOW_LINES, sizeof *line, &f);
	double step = flow_leading(type);

	if (!line)
		return;
	n = press_break(w->press, type, safe, wide, line, FLOW_LINES);
	n = n < FLOW_LINES ? n : FLOW_LINES;
	press_tag(w->press, tag);
	for (size_t i = 0; i < n; i++) {
		if (w->y + step > flow_bottom(w)) {
			press_untag(w->press, tag);
			flow_sheet(w);
			press_tag(w->press, tag);
		}
		press_text(w->press, type, x, w->y + type.pt,
			safe + line[i].from, line[i].len);
		w->y += step;
	}
	press_untag(w->press, tag);
	w->arena->used = mark;
}
