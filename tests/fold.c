/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names fold alike however they are written (DESK.md 10). */
#include "check.h"
#include "model/fold.h"

static const char *folded(const char *s)
{
	static char at[2][200];
	static int turn;
	struct text t = text_on(at[turn ^= 1], sizeof at[0]);

	fold(bytes_of(s), &t);
	return t.at;
}

int main(void)
{
	static const struct {
		const char *a, *b;
		bool alike;
	} t[] = {
		{"Авдіївка", "Avdiivka", true},
		{"Авдіївка", "АВДІЇВКА", true},
		{"Авдеевка", "Avdeyevka", true},
		{"Авдеевка", "Avdeevka", true},
		{"Київ", "Kyiv", true},
		{"Горлівка", "Horlivka", true},
		{"Горлівка", "Gorlivka", true},
		{"Мар'їнка", "Мар’їнка", true},
		{"Мар'їнка", "Марʼїнка", true},
		{"Мар'їнка", "Мар′їнка", true},
		{"Мар'їнка", "Мар`їнка", true},
		{"Мар'їнка", "Марїнка", true},
		{"Мар'їнка", "Marinka", true},
		{"Мар'їнка", "Mar'inka", true},
		{"Знам'янка", "Znamianka", true},
		{"Знам’янка", "Znamyanka", true},
		{"Щастя", "Shchastia", true},
		{"Щастя", "Shchastya", true},
		{"Ґрунь", "Грунь", true},
		{"Єнакієве", "Yenakiieve", true},
		{"Єнакієве", "Enakieve", true},
		{"Ясинувата", "Yasynuvata", true},
		{"Новотошківське", "novotoshkivske", true},
		/* either Unicode form */
		{"\xd0\x87", "\xd0\x86\xcc\x88", true},
		{"\xd0\xb9", "\xd0\xb8\xcc\x86", true},
		{"\xc3\xa9", "e", true},
		{"Верхньоторецьке", "Verkhnotoretske", true},
		{"Stanytsia  Luhanska", "stanytsia-luhanska", true},
		{" - Y (control A)", "y control a", true},
		{"S-017", "S 017", true},
		{"S-0117", "S-017", false},
		{"Авдіївка", "Авдеевка", false},
		{"Донецьк", "Донець", false},
		{"\xff\xfe", "", true},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		const char *a = folded(t[i].a), *b = folded(t[i].b);

		CHECK((strcmp(a, b) == 0) == t[i].alike, "'%s' (%s) and '%s' "
			"(%s)", t[i].a, a, t[i].b, b);
	}
	return check_done();
}
