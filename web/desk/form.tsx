// SPDX-License-Identifier: GPL-3.0-or-later
//
// form.tsx - a report from the field, as a monitor speaks: what, when by my
// clock, from where I stood, in which direction, how far, how many, how sure.
// It works without a network; "not known" is an answer everywhere, and no name
// is asked.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";

import { all, digest, drop, keep, PHOTO_BYTES, PHOTO_TYPES, sendAll, type Item,
	type Photo } from "./outbox";
import { windIn } from "./where";
import { catalogues, tongueOf, type Lang, type Tongue } from "./words";

const POINTS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW",
	"SW", "WSW", "W", "WNW", "NW", "NNW"];
const KINDS = ["explosion", "shot", "burst", "fire", "flight", "weapon",
	"damage", "casualty", "denial", "delay", "jamming", "unknown"];
/** Have no direction and distance: they happened to me. */
const HERE = ["denial", "delay", "jamming"];
const MEANINGS = ["exact", "about", "at_least", "uncountable"];
const RETRY_MS = 30_000;

interface Draft {
	source: string;
	means: string;
	kind: string;
	at: string;
	lat: string;
	lon: string;
	err: string;
	bearing: string;
	near: string;
	far: string;
	count: string;
	meaning: string;
	assessment: string;
	weapon: string;
	notes: string;
}

const blank = (source: string): Draft => ({ source, means: "heard",
	kind: "", at: "", lat: "", lon: "", err: "", bearing: "", near: "",
	far: "", count: "", meaning: "exact", assessment: "undetermined",
	weapon: "", notes: "" });

const remembered = (): Draft => {
	try {
		return { ...blank(""), ...JSON.parse(localStorage.getItem("draft")
			?? "{}") as Partial<Draft> };
	} catch {
		return blank("");
	}
};

/** The report as truce-mission(5) has it; what is not known is left out. */
function reportOf(d: Draft, id: string, made: number, photos: Photo[]): string {
	const number = (s: string) => s.trim() === "" ? undefined : Number(s);
	const here = HERE.includes(d.kind);
	return JSON.stringify({ schema: "truce.reports/1", reports: [{
		report_id: id, observer: d.source, means: d.means,
		kind: d.kind || "unknown", at: new Date(d.at + "Z").toISOString(),
		...d.lat && d.lon ? { lat: number(d.lat), lon: number(d.lon),
			position_err_m: number(d.err) ?? 50 } : {},
		...here ? {} : { bearing: d.bearing || undefined,
			dist_min_m: number(d.near), dist_max_m: number(d.far),
			assessment: d.assessment },
		...d.meaning === "uncountable" ? { count_meaning: "uncountable" }
			: d.count ? { count: number(d.count), count_meaning: d.meaning }
				: {},
		weapon: d.weapon || undefined,
		notes: d.notes,
		photos: photos.map((p) => p.sha256).join(" ") || undefined,
		received: new Date(made).toISOString(),
	}] });
}

function Choice({ of, value, set, tongue }: {
	of: string[]; value: string; set: (v: string) => void; tongue: Tongue;
}) {
	return <div class="choice">{of.map((v) => <button type="button"
		aria-pressed={v === value} onClick={() => set(v)}>
		{v === "exact" ? tongue.say("exactly") : v === "undetermined"
			? tongue.say("notKnown") : tongue.record(v)}</button>)}</div>;
}

function Where({ d, set, tongue }: {
	d: Draft; set: (c: Partial<Draft>) => void; tongue: Tongue;
}) {
	const [says, setSays] = useState("");
	const ask = () => {
		setSays("…");
		navigator.geolocation.getCurrentPosition((p) => {
			setSays("");
			set({ lat: p.coords.latitude.toFixed(6),
				lon: p.coords.longitude.toFixed(6),
				err: String(Math.ceil(p.coords.accuracy)) });
		}, (e) => setSays(e.message), { enableHighAccuracy: true,
			timeout: 60_000 });
	};
	return <fieldset><legend>{tongue.say("whereIStood")}</legend>
		<div class="choice"><button type="button" onClick={ask}>
			{tongue.say("askPhone")}</button>
		<button type="button" aria-pressed={!d.lat && !d.lon} onClick={() =>
			set({ lat: "", lon: "", err: "" })}>{tongue.say("notKnown")}
		</button></div>
		<div class="pair">
			<label>{tongue.say("latitude")}<input inputMode="decimal"
				value={d.lat} onInput={(e) => set({ lat: (e.target as
					HTMLInputElement).value })} /></label>
			<label>{tongue.say("longitude")}<input inputMode="decimal"
				value={d.lon} onInput={(e) => set({ lon: (e.target as
					HTMLInputElement).value })} /></label></div>
		<p class="hint" aria-live="polite">{says || (d.err
			? tongue.say("within", { n: d.err }) : "")}</p></fieldset>;
}

function Sent({ items, forget, again, tongue }: {
	items: Item[]; forget: (id: string) => void; again: () => void;
	tongue: Tongue;
}) {
	const waiting = items.filter((i) => !i.receipt);
	const gone = items.filter((i) => i.receipt);
	const file = () => {
		const text = "id,sha256,bytes,received\r\n" + gone.map((i) =>
			`${i.id},${i.sha256},${i.receipt?.bytes ?? ""},${new Date(
				i.receipt?.at ?? 0).toISOString()}\r\n`).join("");
		const a = document.createElement("a");
		a.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
		a.download = "receipts.csv";
		a.click();
	};
	const photo = (p: Photo) => {
		const a = document.createElement("a");
		a.href = URL.createObjectURL(p.original);
		a.download = `${p.sha256.slice(0, 16)}-${p.name}`;
		a.click();
	};
	return <>
		<h2 id="outbox">{tongue.say("outbox", { n: waiting.length })}</h2>
		{waiting.length === 0 ? <p class="hint">{tongue.say("nothingWaiting")}
		</p> : <><ul data-waiting={waiting.length}>{waiting.map((i) =>
			<li><code>{i.id}</code> {new Date(i.made).toISOString()
				.slice(0, 16).replace("T", " ")} UTC
			{i.photos.length > 0 ? ` · ${tongue.say("photos", {
				n: i.photos.length })}` : ""}
			{i.refused ? <p class="failed">{tongue.say("refused", {
				s: i.refused })}</p> : null}</li>)}</ul>
		<button type="button" onClick={again}>{tongue.say("sendNow")}
		</button></>}
		<h2>{tongue.say("sentOnes", { n: gone.length })}</h2>
		<ul data-sent={gone.length}>{gone.map((i) => <li>
			<code>{i.id}</code> ✓ {tongue.say("receipt")}{" "}
			<code>{i.sha256.slice(0, 16)}…</code>
			{i.receipt?.offset !== null && i.receipt?.offset !== undefined
				&& Math.abs(i.receipt.offset) > 2000 ? <p class="failed">
					{tongue.say("clockOff", { n: (i.receipt.offset / 1000)
						.toFixed(0) })}</p> : null}
			{i.photos.map((p) => <p><button type="button"
				onClick={() => photo(p)}>{tongue.say("savePhoto")} {p.name}
			</button></p>)}
			<p><button type="button" onClick={() => forget(i.id)}>
				{tongue.say("forget")}</button></p></li>)}</ul>
		{gone.length > 0 ? <button type="button" onClick={file}>
			{tongue.say("saveReceipts")}</button> : null}
	</>;
}

function Form() {
	const [lang, setLang] = useState(() => new URLSearchParams(location.search)
		.get("lang") ?? localStorage.getItem("lang"));
	const tongue = tongueOf(lang);
	const [d, setD] = useState(remembered);
	const [photos, setPhotos] = useState<Photo[]>([]);
	const [items, setItems] = useState<Item[]>([]);
	const [sources, setSources] = useState<string[]>(() => JSON.parse(
		localStorage.getItem("sources") ?? "[]") as string[]);
	const [online, setOnline] = useState(navigator.onLine);
	const [space, setSpace] = useState("");
	const [says, setSays] = useState("");
	const set = (c: Partial<Draft>) => setD((was) => {
		const next = { ...was, ...c };
		localStorage.setItem("draft", JSON.stringify(next));
		return next;
	});
	const look = async () => {
		setItems((await all()).sort((a, b) => b.made - a.made));
		const e = await navigator.storage.estimate();
		setSpace(((Number(e.quota) - Number(e.usage)) / 1e6).toFixed(0));
	};
	const sync = async (again = false) => {
		await sendAll(again);
		await look();
	};
	useEffect(() => {
		document.documentElement.lang = tongue.lang;
		document.title = tongue.say("report");
	}, [tongue.lang]);
	useEffect(() => {
		void navigator.storage.persist();
		fetch("/api/v1/sources").then((r) => r.json()).then((g: {
			features: { properties: { id: string; kind: string } }[] }) => {
			const mine = g.features.map((f) => f.properties).filter((p) =>
				["patrol", "party", "observer", "camera"].includes(p.kind))
				.map((p) => p.id);
			localStorage.setItem("sources", JSON.stringify(mine));
			setSources(mine);
			if (mine.length === 1) // nothing to choose
				setD((was) => was.source ? was : { ...was,
					source: mine[0] ?? "" });
		}, () => {});
		const net = () => {
			setOnline(navigator.onLine);
			void sync();
		};
		addEventListener("online", net);
		addEventListener("offline", net);
		const tick = setInterval(net, RETRY_MS);
		net();
		return () => clearInterval(tick);
	}, []);
	const add = async (files: FileList | null) => {
		setSays("");
		for (const f of files ?? []) {
			if (f.size > PHOTO_BYTES || !PHOTO_TYPES.includes(f.type)) {
				setSays(tongue.say("photoNot", { s: f.name }));
				continue;
			}
			const bytes = await f.arrayBuffer();
			const sha256 = await digest(bytes);
			setPhotos((was) => was.some((p) => p.sha256 === sha256) ? was
				: [...was, { name: f.name, bytes: bytes.byteLength, sha256,
					original: new Blob([bytes], { type: f.type }) }]);
		}
	};
	const wipe = () => {
		localStorage.removeItem("draft");
		setD(blank(d.source));
		setPhotos([]);
	};
	const hand = async (e: Event) => {
		e.preventDefault();
		if (!d.source || !d.at || !d.kind) {
			setSays(tongue.say("needed"));
			return;
		}
		const made = Date.now();
		const id = "f" + [...crypto.getRandomValues(new Uint8Array(10))]
			.map((b) => b.toString(16).padStart(2, "0")).join("");
		const body = reportOf(d, id, made, photos);
		try {
			await keep({ id, source: d.source, body, sha256: await digest(
				new TextEncoder().encode(body)), photos, made, refused: null,
			receipt: null });
		} catch (x) { // a full disk: the draft stays as it is
			setSays(`${tongue.say("notKept")} ${String(x)}`);
			return;
		}
		setSays(tongue.say("kept", { s: id }));
		wipe();
		await sync();
	};
	const field = (k: keyof Draft) => (e: Event) => set({ [k]:
		(e.target as HTMLInputElement).value });
	const here = HERE.includes(d.kind);
	return <main class="form"><header><h1>{tongue.say("report")}</h1>
		<select aria-label={tongue.say("language")} value={tongue.lang}
			onChange={(e) => {
				const l = (e.target as HTMLSelectElement).value;
				localStorage.setItem("lang", l);
				setLang(l);
			}}>{(Object.keys(catalogues) as Lang[]).map((l) =>
				<option value={l}>{catalogues[l].lang}</option>)}</select>
		<p class="net" role="status"><b>{tongue.say(online ? "online"
			: "offline")}</b> {tongue.say("spaceLeft", { n: space })}</p>
	</header>
	<form onSubmit={(e) => void hand(e)}>
		<fieldset><legend>{tongue.say("reportFor")}</legend>
			{sources.length > 0 ? <select value={d.source} required
				aria-label={tongue.say("reportFor")} onChange={field("source")}>
				<option value="">{tongue.say("chooseOne")}</option>{sources.map((s) =>
					<option value={s}>{s}</option>)}</select>
				: <input value={d.source} aria-label={tongue.say("reportFor")}
					required onInput={field("source")} />}</fieldset>
		<fieldset><legend>{tongue.say("whatHappened")}</legend>
			<Choice of={["heard", "saw", "recorded"]} value={d.means}
				set={(means) => set({ means })} tongue={tongue} />
			<p /><Choice of={KINDS} value={d.kind}
				set={(kind) => set({ kind })} tongue={tongue} /></fieldset>
		<fieldset><legend>{tongue.say("whenByMine")}</legend>
			<div class="choice"><button type="button" onClick={() => set({
				at: new Date().toISOString().slice(0, 19) })}>
				{tongue.say("now")}</button>
			<input class="at" value={d.at.replace("T", " ")} required
				placeholder="2026-02-03 17:30" aria-label={
					tongue.say("whenByMine")} pattern={
					"\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2})?"}
				onInput={(e) => set({ at: (e.target as HTMLInputElement)
					.value.replace(" ", "T") })} /></div></fieldset>
		<Where d={d} set={set} tongue={tongue} />
		{here ? null : <>
			<fieldset><legend>{tongue.say("direction")}</legend>
				<div class="rose">{POINTS.map((p) => <button type="button"
					aria-pressed={p === d.bearing} onClick={() =>
						set({ bearing: p })}>{windIn(p, tongue.lang)}
					</button>)}</div>
				<p /><Choice of={["undetermined"]} value={d.bearing ? ""
					: "undetermined"} set={() => set({ bearing: "" })}
				tongue={tongue} /></fieldset>
			<fieldset><legend>{tongue.say("howFar")}</legend>
				<div class="pair"><label>{tongue.say("atLeastM")}
					<input inputMode="numeric" value={d.near}
						onInput={field("near")} /></label>
				<label>{tongue.say("atMostM")}<input inputMode="numeric"
					value={d.far} onInput={field("far")} /></label></div>
			</fieldset>
			<fieldset><legend>{tongue.say("assessment")}</legend>
				<Choice of={["undetermined", "impact", "outgoing", "incoming",
					"airburst"]} value={d.assessment}
				set={(assessment) => set({ assessment })} tongue={tongue} />
			</fieldset></>}
		<fieldset><legend>{tongue.say("howMany")}</legend>
			<Choice of={MEANINGS} value={d.meaning}
				set={(meaning) => set({ meaning })} tongue={tongue} />
			{d.meaning === "uncountable" ? null : <label>
				{tongue.say("count")} ({tongue.say("emptyNotKnown")})
				<input inputMode="numeric" value={d.count}
					onInput={field("count")} /></label>}</fieldset>
		<fieldset><legend>{tongue.say("moreToSay")}</legend>
			<label>{tongue.say("weapon")} ({tongue.say("emptyNotKnown")})
				<input value={d.weapon} onInput={field("weapon")} /></label>
			<label>{tongue.say("notes")}<textarea rows={3} value={d.notes}
				onInput={field("notes")} /></label>
			<label class="file">{tongue.say("photosAdd")}…<input type="file"
				accept={PHOTO_TYPES.join()}
				multiple onChange={(e) => void add((e.target as
					HTMLInputElement).files)} /></label>
			<ul class="photos">{photos.map((p) => <li>{p.name}{" "}
				<code>{p.sha256.slice(0, 16)}…</code></li>)}</ul>
			<p class="hint">{tongue.say("photosStay")}</p></fieldset>
		<p role="alert" class="says">{says}</p>
		<button class="main">{tongue.say("handIn")}</button>
		<p><button type="button" onClick={wipe}>{tongue.say("wipe")}</button>
		</p></form>
	<Sent items={items} tongue={tongue} again={() => void sync(true)}
		forget={(id) => void drop(id).then(look)} />
	<p><a href={`/?lang=${tongue.lang}`}>{tongue.say("toDesk")}</a></p>
	</main>;
}

const root = document.getElementById("form");
if (root) {
	render(<Form />, root);
	navigator.serviceWorker?.register("sw.js", { scope: "form.html" })
		.catch((e: unknown) => console.info(String(e)));
}
