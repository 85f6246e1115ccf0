/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/svg.h"

#include "base/maths.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Length of the sequence at the reader's place, 0 if it is none (RFC 3629). */
static size_t sequence(struct bytes b, uint32_t *code)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800},
		{0xf8, 0xf0, 0x10000}};

	for (size_t n = 0; b.len > 0 && n < 4; n++) {
		if ((b.at[0] & forms[n].mask) != forms[n].lead)
			continue;
		if (b.len < n + 1)
			return 0;
		*code = b.at[0] & (uint8_t)~forms[n].mask;
		for (size_t i = 1; i <= n; i++) {
			if ((b.at[i] & 0xc0) != 0x80)
				return 0;
			*code = *code << 6 | (b.at[i] & 0x3fu);
		}
		return *code >= forms[n].least && *code < 0x110000 &&
				(*code & 0xfff800u) != 0xd800
			? n + 1
			: 0;
	}
	return 0;
}

static bool hidden(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') ||
		(c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
		(c >= 0x2066 && c <= 0x2069) || c == 0xfffe || c == 0xffff;
}

void svg_escape_bytes(struct text *out, struct bytes b)
{
	while (b.len > 0) {
		uint32_t c = 0;
		size_t n = sequence(b, &c);

		if (n == 0 || hidden(c))
			text_add(out, REPLACEMENT);
		else if (c == '&')
			text_add(out, "&amp;");
		else if (c == '<')
			text_add(out, "&lt;");
		else if (c == '>')
			text_add(out, "&gt;");
		else if (c == '"')
			text_add(out, "&quot;");
		else if (c == '\'')
			text_add(out, "&#39;");
		else
			text_bytes(out, bytes_part(b, 0, n));
		b = bytes_part(b, n ? n : 1, b.len);
	}
}

void svg_plain(struct text *out, struct bytes b)
{
	while (b.len > 0) {
		uint32_t c = 0;
		size_t n = sequence(b, &c);

		/* A line end is no letter of any font. */
		if (n == 0 || hidden(c))
			text_add(out, REPLACEMENT);
		else if (c == '\n' || c == '\t')
			text_char(out, ' ');
		else
			text_bytes(out, bytes_part(b, 0, n));
		b = bytes_part(b, n ? n : 1, b.len);
	}
}

void svg_escape(struct text *out, const char *s)
{
	svg_escape_bytes(out, bytes_of(s));
}

void svg_number(struct text *out, double x)
{
	text_short(out, x, 1);
}

double svg_width_em(const char *s)
{
	struct bytes b = bytes_of(s);
	double w = 0;

	while (b.len > 0) {
		uint32_t c = 0;
		size_t n = sequence(b, &c);

		w += c < 0x80 ? (strchr("ijl.,:;'|! ", (int)c)	? 0.34
					: strchr("mwMW@%", (int)c) ? 0.95
					: c >= 'A' && c <= 'Z'	? 0.70
								: 0.61)
			: c < 0x2000				? 0.66
								: 0.95;
		b = bytes_part(b, n ? n : 1, b.len);
	}
	return w;
}

const char *svg_hue(enum group g)
{
	/* Okabe and Ito; grey for what is none of war. */
	static const char *const hues[GROUP_COUNT] = {"#d55e00", "#0072b2",
		"#f0e442", "#e69f00", "#56b4e9", "#009e73", "#cc79a7",
		"#999999"};

	return hues[g];
}

static void polygon(struct text *t, double x, double y, double r, int corners,
	double turn_deg, double inner)
{
	int n = inner < 1 ? 2 * corners : corners;

	text_add(t, "<path d=\"");
	for (int i = 0; i < n; i++) {
		double a = RAD(turn_deg + 360.0 * i / n);
		double d = inner < 1 && i % 2 ? r * inner : r;

		text_char(t, i ? 'L' : 'M');
		svg_number(t, x + d * m_sin(a));
		text_char(t, ' ');
		svg_number(t, y - d * m_cos(a));
	}
	text_add(t, "z\"");
}

static void cross(struct text *t, double x, double y, double r, bool turned)
{
	static const int step[12][2] = {{-1, -3}, {1, -3}, {1, -1}, {3, -1},
		{3, 1}, {1, 1}, {1, 3}, {-1, 3}, {-1, 1}, {-3, 1}, {-3, -1},
		{-1, -1}};
	double u = r / 2.7, c = turned ? 0.70710678118654752 : 1;
	double s = turned ? 0.70710678118654752 : 0;

	text_add(t, "<path d=\"");
	for (int i = 0; i < 12; i++) {
		double px = step[i][0] * u, py = step[i][1] * u;

		text_char(t, i ? 'L' : 'M');
		svg_number(t, x + px * c - py * s);
		text_char(t, ' ');
		svg_number(t, y + px * s + py * c);
	}
	text_add(t, "z\"");
}

static void circle(struct text *t, double x, double y, double r)
{
	text_add(t, "<circle cx=\"");
	svg_number(t, x);
	text_add(t, "\" cy=\"");
	svg_number(t, y);
	text_add(t, "\" r=\"");
	svg_number(t, r);
	text_char(t, '"');
}

static const char *outline(const char *verdict)
{
	if (strcmp(verdict, "breach") == 0)
		return " stroke=\"#1a1a1a\" stroke-width=\"2.4\"/>";
	if (strcmp(verdict, "undetermined") == 0 ||
		strcmp(verdict, "conflict") == 0)
		return " stroke=\"#1a1a1a\" stroke-width=\"1.4\" "
		       "stroke-dasharray=\"2.2 1.6\"/>";
	return " stroke=\"#1a1a1a\" stroke-width=\"0.9\"/>";
}

void svg_mark(struct text *t, enum group g, double x, double y, double r,
	const char *verdict)
{
	switch (g) {
	case GROUP_EXPLOSION:
		circle(t, x, y, r);
		break;
	case GROUP_SMALL_ARMS:
		polygon(t, x, y + 0.15 * r, r * 1.2, 3, 0, 1);
		break;
	case GROUP_LIGHT:
		polygon(t, x, y, r * 1.35, 5, 0, 0.45);
		break;
	case GROUP_FIRE:
		polygon(t, x, y, r * 1.2, 4, 45, 1);
		break;
	case GROUP_AIR:
		polygon(t, x, y, r * 1.3, 4, 0, 1);
		break;
	case GROUP_WEAPON:
		cross(t, x, y, r * 1.1, false);
		break;
	case GROUP_RESTRICTION:
		circle(t, x, y, r * 0.85);
		text_fmt(t, " fill=\"none\" stroke=\"#1a1a1a\" "
			    "stroke-width=\"%.1f\"/>", r * 0.9);
		circle(t, x, y, r * 0.85);
		text_fmt(t, " fill=\"none\" stroke=\"%s\" "
			    "stroke-width=\"%.1f\"/>", svg_hue(g), r * 0.5);
		return;
	default:
		cross(t, x, y, r * 1.1, true);
	}
	text_fmt(t, " fill=\"%s\"%s", svg_hue(g), outline(verdict));
}

void svg_icon(struct text *t, enum group g, const char *verdict)
{
	text_add(t, "<svg class=\"icon\" viewBox=\"0 0 16 16\" width=\"14\" "
		    "height=\"14\" aria-hidden=\"true\">");
	svg_mark(t, g, 8, 8, 5, verdict);
	text_add(t, "</svg>");
}
