// SPDX-License-Identifier: GPL-3.0-or-later
//
// lex.ts - the words of a .terms text (docs/judging.md 3).
export type Compare = ">=" | ">" | "<=" | "<" | "=";
export const COMPARES: readonly Compare[] = [">=", ">", "<=", "<", "="];

export interface Token {
	is: "word" | "text" | "mark" | "end";
	what: string;
	line: number;
	column: number;
}

/** What is wrong, where, and what was wanted. */
export class Slip extends Error {
	constructor(
		readonly line: number,
		readonly column: number,
		why: string,
	) {
		super(why);
	}
}

const BLANK = /(?:[ \t\r\n]|#[^\n]*)*/y;
/* One way to read each character: a quote behind a backslash never closes. */
const PIECE = /"((?:\\["\\]|\\(?!["\\])|[^"\\\n])*)"/y;
const MARK = /->|<=|>=|[(),=<>]/y;
const WORD = /[A-Za-z0-9_./:+\-@%\x80-\xff]+/y;
const WORD_MAX = 100;

/** Unquotes; a zero byte would end texts elsewhere. */
function plain(piece: string): string {
	return piece.replace(/\\(["\\])/g, "$1").replace(/\0/g, "?");
}

export function lex(text: string): Token[] {
	const out: Token[] = [];
	let at = text.startsWith("\xef\xbb\xbf") ? 3 : 0;
	let counted = at, line = 1, column = 1;
	const next = (what: RegExp): RegExpExecArray | null => {
		what.lastIndex = at;
		const m = what.exec(text);

		if (m)
			at += m[0].length;
		return m;
	};
	/* A column is a character, not a byte. */
	const place = (): void => {
		for (; counted < at; counted++) {
			const c = text.charCodeAt(counted);

			if (c === 10) {
				line++;
				column = 1;
			} else if ((c & 0xc0) !== 0x80) {
				column++;
			}
		}
	};

	for (;;) {
		next(BLANK);
		place();
		const token: Token = { is: "end", what: "", line, column };

		out.push(token);
		if (at >= text.length)
			return out;
		let m = next(PIECE);
		if (m || text[at] === "\"") {
			token.is = "text";
			for (; m; m = next(PIECE)) {
				const after = at;

				token.what += plain(m[1]!);
				next(BLANK);
				if (text[at] !== "\"") {
					at = after;
					break;
				}
			}
			if (!m)
				throw new Slip(line, column,
					"the text has no closing quote on its line");
		} else if ((m = next(MARK))) {
			token.is = "mark";
			token.what = m[0];
		} else if ((m = next(WORD)) && m[0].length <= WORD_MAX) {
			token.is = "word";
			token.what = m[0];
		} else {
			throw new Slip(line, column, m ? "a word of more than 100 bytes"
				: "a character that stands for nothing here");
		}
	}
}
