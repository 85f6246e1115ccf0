// SPDX-License-Identifier: GPL-3.0-or-later
//
// me.tsx - who one is at this desk: a key from a file, or one that is made here
// and waits until a chief has enrolled it; the session that it opens.
import { useEffect, useState } from "preact/hooks";

import { forget, held, make, take, type Held, type Wish } from "./keys";
import { save, type Shared } from "./parts";
import { session, signIn, signOut, type Session } from "./session";

const ROLES = ["analyst", "reviewer", "chief", "liaison", "guarantor",
	"reporter", "auditor"] as const;
const nothing = () => {};

export interface Me {
	session: Session | null;
	key: Held | null;
	/** Null until it is known; false: the server has no sessions. */
	there: boolean | null;
}

/** Who I am here, and what I may do about it. */
export interface Self {
	me: Me;
	bring: (file: File) => void;
	/** A key of my own, for the request that goes with it. */
	begin: (wish: Wish) => void;
	/** Has the key been enrolled by now? */
	again: () => void;
	leave: () => void;
}

export function useMe(failed: (e: unknown) => void): Self {
	const [me, setMe] = useState<Me>({ session: null, key: null,
		there: null });
	useEffect(() => {
		void (async () => {
			const s = await session();
			const keys = await held().catch(() => []);
			const key = keys.find((k) => k.public === s?.key)
				?? keys[0] ?? null;
			const open = s && !s.person && key
				? await signIn(key).catch(() => s) : s;
			setMe({ session: open, key, there: s !== null });
		})().catch(failed);
	}, []);
	const bring = (file: File) => {
		void (async () => {
			const key = await take(await file.text());
			setMe({ session: await signIn(key), key, there: true });
		})().catch(failed);
	};
	const leave = () => {
		void (async () => {
			if (me.session)
				await signOut(me.session).catch(nothing);
			if (me.key)
				await forget(me.key.public);
			setMe({ session: await session(), key: null, there: me.there });
		})().catch(failed);
	};
	const begin = (wish: Wish) => {
		make(wish, Date.now()).then((key) => setMe({ ...me, key }), failed);
	};
	const again = () => {
		const key = me.key;
		if (key)
			signIn(key).then((s) => setMe({ session: s, key, there: true }),
				failed);
	};
	return { me, bring, begin, again, leave };
}

function Ask({ self, shared }: { self: Self; shared: Shared }) {
	const { tongue } = shared, origin = self.me.session?.origin ?? "";
	const [org, setOrg] = useState("");
	const [role, setRole] = useState("analyst");
	const [person, setPerson] = useState("");
	const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) =>
		b.toString(16).padStart(2, "0")).join("");
	return <details class="ask"><summary>{tongue.say("makeKey")}</summary>
		<form onSubmit={(e) => {
			e.preventDefault();
			self.begin({ origin, org, role, person: person || hex });
		}}>
			<label>{tongue.say("organisation")}<input required value={org}
				pattern="[A-Za-z0-9._\-]{1,64}" onInput={(e) => setOrg(
					(e.target as HTMLInputElement).value)} /></label>
			<label>{tongue.say("role")}<select value={role} onChange={(e) =>
				setRole((e.target as HTMLSelectElement).value)}>
				{ROLES.map((r) => <option value={r}>{tongue.record(r)}
				</option>)}</select></label>
			<label>{tongue.say("knownPerson")}<input value={person}
				pattern="[0-9a-f]{32}" onInput={(e) => setPerson(
					(e.target as HTMLInputElement).value)} /></label>
			<p class="limits">{tongue.say("ownOnly")}</p>
			<button>{tongue.say("makeKeyNow")}</button></form></details>;
}

/** A key that nobody has enrolled yet. */
function Waits({ self, shared }: { self: Self; shared: Shared }) {
	const { tongue } = shared, request = self.me.key?.request ?? "";
	return <div class="who reader"><p><b>{tongue.say("keyWaits")}</b>{" "}
		{request ? tongue.say("keyWaitsFor") : tongue.say("keyUnknown")}</p>
	{request ? <textarea class="request" readOnly rows={9} value={request}
		aria-label={tongue.say("request")} onFocus={(e) =>
			(e.target as HTMLTextAreaElement).select()} /> : null}
	<div class="actions">{request ? <>
		<button onClick={() => save("enrolment.txt", "text/plain", request)}>
			{tongue.say("saveRequest")}</button>
		<button onClick={() => void navigator.clipboard.writeText(request)}>
			{tongue.say("copyRequest")}</button></> : null}
	<button onClick={self.again}>{tongue.say("tryAgain")}</button>
	<button onClick={self.leave}>{tongue.say("forgetOnly")}</button></div>
	</div>;
}

export function Who({ self, shared }: { self: Self; shared: Shared }) {
	const { tongue, clock } = shared, { me } = self, s = me.session;
	if (me.there === null)
		return <p class="who" aria-busy="true">…</p>;
	if (s?.person)
		return <p class="who">{tongue.say("youAre", {
			role: tongue.record(s.role), org: s.org ?? "",
			key: (s.key ?? "").slice(0, 8) })}{" "}
		{s.until ? <small>{tongue.say("until", {
			t: clock.full(Date.parse(s.until)) })}</small> : null}{" "}
		<button onClick={self.leave}>{tongue.say("forgetKey")}</button></p>;
	if (me.key)
		return <Waits self={self} shared={shared} />;
	return <div class="who reader"><p><b>{tongue.say("readOnly")}</b>{" "}
		{me.there ? tongue.say("whyReadOnly") : tongue.say("noSessions")}</p>
	{me.there ? <><label class="file">{tongue.say("bringKey")}{" "}
		<input type="file" accept=".key" onChange={(e) => {
			const f = (e.target as HTMLInputElement).files?.[0];
			if (f)
				self.bring(f);
		}} /></label><Ask self={self} shared={shared} /></> : null}</div>;
}
