// SPDX-License-Identifier: GPL-3.0-or-later
//
// search.tsx - Ctrl-K: ids, places, sources, clauses.  Asks the server; of a
// server that does not search, what the page has itself: towns, sources, ids.
import { useEffect, useLayoutEffect, useRef, useState }
	from "preact/hooks";

import { json, page, Refused, type Row } from "./api";
import { everything } from "./filter";
import { row, short, text, type Shared } from "./parts";
import { townIn } from "./where";

/** Without case, marks and apostrophes of any sort. */
const folded = (s: string) => s.normalize("NFD").toLowerCase()
	.replace(/[\u0300-\u036f'’ʼ′`-]/g, "");

async function ownHits(q: string): Promise<Row[]> {
	const want = folded(q);
	const [places, sources, incidents] = await Promise.all([
		json<{ features: Row[] }>("geometry"),
		json<{ features: Row[] }>("sources"), page("incidents", everything)]);
	const features = (of: Row[], is: string) => of.flatMap((f) => {
		const p = row(f.properties), g = row(f.geometry);
		const names = Object.entries(p).filter(([k]) => /^(name|id)/.test(k))
			.map(([, v]) => text(v));
		const [lon, lat] = Array.isArray(g.coordinates) && g.type === "Point"
			? g.coordinates as number[] : [];
		return names.some((n) => folded(n).includes(want)) &&
			(is !== "place" || p.role === "town" || p.role === "zone")
			? [{ is, id: text(p.id), title: text(p.name) || text(p.id), lon,
				lat }] : [];
	});
	return [...features(sources.features, "source"),
		...features(places.features, "place"),
		...incidents.rows.filter((r) => folded(`${r.id ?? ""} ${r.where ?? ""}`)
			.includes(want)).map((r) => ({ is: "incident", id: r.id,
			title: r.where, at: r.at, kind: (r.kind ?? "").split(" ")[0] }))]
		.slice(0, 30);
}

export default function Search({ shared, close, fly }: {
	shared: Shared; close: () => void;
	fly: (lon: number, lat: number) => void;
}) {
	const { tongue, clock, change } = shared;
	const dialog = useRef<HTMLDialogElement>(null);
	const [q, setQ] = useState("");
	const [hits, setHits] = useState<Row[]>([]);
	const [at, setAt] = useState(0);
	const [says, setSays] = useState("");
	useLayoutEffect(() => { dialog.current?.showModal(); }, []);
	useEffect(() => {
		let here = true;
		if (q.trim().length < 2) {
			setHits([]);
			return undefined;
		}
		const wait = setTimeout(() => {
			void (async () => {
				try {
					const found = await json<{ hits: Row[] }>("search?limit=30&q="
						+ encodeURIComponent(q)).then((r) => r.hits,
						(e: unknown) => {
							if (e instanceof Refused && e.status === 404)
								return ownHits(q);
							throw e;
						});
					if (here) {
						setHits(found);
						setAt(0);
						setSays(found.length > 0 ? "" : tongue.say("noHit"));
					}
				} catch (e) {
					if (here)
						setSays(e instanceof Error ? e.message : String(e));
				}
			})();
		}, 150);
		return () => { here = false; clearTimeout(wait); };
	}, [q]);
	const go = (h: Row | undefined) => {
		if (!h)
			return;
		close();
		const id = text(h.id);
		if (h.is === "incident")
			change({ open: id, tab: "incidents" }, true);
		else if (h.is === "finding")
			change({ open: id, tab: "findings" }, true);
		else if (h.is === "obligation")
			change({ tab: "board", open: null }, true);
		else if (h.is === "claim" || h.is === "activity")
			change({ tab: "party", open: null }, true);
		else
			change({ tab: null, open: null }, true);
		if (typeof h.lon === "number" && typeof h.lat === "number")
			fly(h.lon, h.lat);
	};
	const key = (e: KeyboardEvent) => {
		const by = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
		if (by !== 0)
			setAt((n) => Math.min(hits.length - 1, Math.max(0, n + by)));
		else if (e.key === "Enter")
			go(hits[at]);
		else if (e.key === "Escape") // else it only empties the field
			close();
		else
			return;
		e.preventDefault();
	};
	return <dialog ref={dialog} class="search" onClose={close}
		aria-label={tongue.say("search")} onClick={(e) => {
			if (e.target === dialog.current)
				close();
		}}>
		<input type="search" role="combobox" aria-expanded={hits.length > 0}
			aria-controls="hits" aria-activedescendant={`hit-${at}`}
			placeholder={tongue.say("searchFor")} aria-label={
				tongue.say("searchFor")} value={q} onKeyDown={key}
			onInput={(e) => setQ((e.target as HTMLInputElement).value)} />
		<ul role="listbox" id="hits" aria-label={tongue.say("search")}>
			{hits.map((h, i) => <li role="option" id={`hit-${i}`}
				aria-selected={i === at} onClick={() => go(h)}>
				<span class="is">{tongue.record(text(h.is))}</span>{" "}
				{h.kind ? tongue.record(text(h.kind)) + ", " : ""}
				{h.is === "place" ? townIn(text(h.title), tongue.lang)
					: tongue.place(h.title)}{" "}
				<small>{h.at ? clock.full(Date.parse(text(h.at))) : ""}{" "}
					{h.is === "place" ? tongue.lang === "en" ? ""
						: text(h.title) : short(text(h.id))}</small>
			</li>)}</ul>
		<p aria-live="polite">{says}</p>
	</dialog>;
}
