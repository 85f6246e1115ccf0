// SPDX-License-Identifier: GPL-3.0-or-later
//
// printed.tsx - what stands on paper and not on the screen: the filter in
// words, how far the log had come, when it was printed.
import { useEffect, useState } from "preact/hooks";

import type { Clock } from "./clock";
import type { Filter } from "./filter";
import type { DeskMap } from "./map";
import { between } from "./parts";
import type { Tongue } from "./words";

/** What is shown, said in a sentence. */
export function inWords(f: Filter, extent: [number, number], clock: Clock,
	tongue: Tongue): string {
	const kinds = f.kinds.length === 0 ? tongue.say("allKinds")
		: f.kinds.map((k) => tongue.record(k)).join(", ");
	return `${between(f.from ?? extent[0], f.to ?? extent[1], clock, tongue)
	}; ${kinds}${f.at === null ? "" : "; " + tongue.say("pinned",
		{ n: f.at })}`;
}

export function PrintHead({ title, filter, extent, index, clock, tongue }: {
	title: string; filter: Filter; extent: [number, number];
	index: number | null; clock: Clock; tongue: Tongue;
}) {
	const [at, setAt] = useState(Date.now());
	useEffect(() => {
		const now = () => setAt(Date.now());
		addEventListener("beforeprint", now);
		return () => removeEventListener("beforeprint", now);
	}, []);
	return <div class="on-paper" aria-hidden="true">
		<b>{title}</b>
		<p>{inWords(filter, extent, clock, tongue)}</p>
		<p>{tongue.say("logAt", { n: index ?? "–" })}{" · "}
			{tongue.say("printed", { t: clock.full(at) })}{" · "}
			{location.href}</p>
	</div>;
}

/** A GL canvas is empty on paper: its picture stands in. */
export function usePaperMap(map: { current: DeskMap | undefined },
	image: { current: HTMLImageElement | null }) {
	useEffect(() => {
		const draw = () => {
			if (map.current && image.current)
				image.current.src = map.current.picture();
		};
		addEventListener("beforeprint", draw);
		return () => removeEventListener("beforeprint", draw);
	}, []);
}
