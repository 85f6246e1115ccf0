// SPDX-License-Identifier: GPL-3.0-or-later
//
// later.tsx - a part of the page that is fetched when it is first shown.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

export function Later<P extends object>({ part, ...props }: {
	part: () => Promise<{ default: ComponentType<P> }>;
} & P) {
	const [is, set] = useState<{ of: unknown; Part: ComponentType<P> } | null>(
		null);
	const [failed, setFailed] = useState("");
	useEffect(() => {
		let here = true;
		part().then((m) => { if (here) set({ of: part, Part: m.default }); },
			(e: unknown) => { if (here) setFailed(String(e)); });
		return () => { here = false; };
	}, [part]);
	if (failed)
		return <p class="failed" role="alert">{failed}</p>;
	if (is?.of !== part)
		return <p class="later" aria-busy="true">…</p>;
	const Part = is.Part as ComponentType<object>;
	return <Part {...props} />;
}
