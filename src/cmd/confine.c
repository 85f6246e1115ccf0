/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/confine.h"

#include "base/text.h"
#include "cmd/ui.h"

int confine_check(const struct cmd *cmd, struct parsers *parsers)
{
	struct sandbox s;
	struct fault f = {0};

	if (!parsers_hold(parsers, &s, &f))
		return cmd_fault(cmd, &f);
	if (s.seccomp && s.no_new_privileges)
		return EXIT_DONE;
	if (ui_strict()) {
		fault(&f, FAULT_SYSTEM, "--strict: seccomp is refused here, so "
			"parsers would read files unconfined; see `truce "
			"doctor`");
		return cmd_fault(cmd, &f);
	}
	if (!ui_quiet())
		(void)fprintf(stderr, "truce %s: warning: seccomp is refused "
			"here, so what parsers read is not confined (`truce "
			"doctor`; --strict ends here)\n", cmd->name);
	return EXIT_DONE;
}

bool confine_tell(char text[CONFINE_TEXT])
{
	struct text t = text_on(text, CONFINE_TEXT);
	struct parsers *parsers;
	struct sandbox s = {0};
	struct fault f;

	if (!parsers_open(&parsers, NULL, &f) ||
		!parsers_hold(parsers, &s, &f)) {
		parsers_close(parsers);
		text_fmt(&t, "parsers: none can be started: %.160s", f.text);
		return false;
	}
	parsers_close(parsers);
	text_fmt(&t, "parsers: %s", s.seccomp ? "confined by seccomp" :
		"seccomp is refused here");
	if (s.landlock > 0)
		text_fmt(&t, ", Landlock (ABI %d)", s.landlock);
	else
		text_add(&t, ", no Landlock in this kernel");
	if (s.memory > 0)
		text_fmt(&t, ", %zu MiB", s.memory >> 20);
	else
		text_add(&t, ", memory not bounded");
	return s.seccomp && s.no_new_privileges;
}
