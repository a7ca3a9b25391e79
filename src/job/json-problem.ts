// Says where a text stops being JSON, and nothing of what stands there: it may be a secret. Node 20 says no place for most mistakes, and
// quotes the text.

const SPACE = /[ \t\n\r]*/y;
/** RFC 8259, but for the signs between values. */
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const OTHER = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** What may come next, and what is said if something else does. */
const EXPECTED = {
  value: 'a value is missing, or is none that JSON has',
  first_value: 'a value or "]" is missing, or the value is none that JSON has',
  name: 'a name in double quotes is missing',
  first_name: 'a name in double quotes or "}" is missing',
  colon: 'a colon is missing',
  item_end: 'a comma or "]" is missing',
  member_end: 'a comma or "}" is missing',
  end: 'something follows after its end',
} as const;

type Expected = keyof typeof EXPECTED;

/** What is wrong with a text that JSON.parse() refuses: `line 3, column 5: a colon is missing`. */
export function jsonProblem(text: string): string {
  if (text.trim() === '') return 'it is empty';
  const { at, what } = new Scanner(text).problem();
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${[...(before.at(-1) ?? '')].length + 1}: ${what}`;
}

/** Without recursion: a text may have a million brackets. */
class Scanner {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  #at = 0;
  #expected: Expected = 'value';

  constructor(text: string) {
    this.#text = text;
  }

  problem(): { at: number; what: string } {
    for (;;) {
      this.#skip(SPACE);
      const sign = this.#text[this.#at] ?? '';
      if (sign === '' && this.#expected === 'end') return { at: this.#at, what: 'it is another text' };
      const next = this.#next(sign);
      if (next === undefined) return { at: this.#at, what: EXPECTED[this.#expected] };
      if (typeof next === 'object') return { at: this.#at, what: next.what };
      this.#expected = next;
    }
  }

  /** Reads what is there. Returns what may follow; undefined if it is not what may stand there. */
  #next(sign: string): Expected | undefined | { what: string } {
    switch (this.#expected) {
      case 'value':
      case 'first_value':
        if (sign === ']' && this.#expected === 'first_value') return this.#close();
        return this.#value(sign);
      case 'name':
      case 'first_name':
        if (sign === '}' && this.#expected === 'first_name') return this.#close();
        return sign === '"' ? (this.#string() ?? 'colon') : undefined;
      case 'colon':
        return this.#step(sign, ':', 'value');
      case 'item_end':
        return sign === ']' ? this.#close() : this.#step(sign, ',', 'value');
      case 'member_end':
        return sign === '}' ? this.#close() : this.#step(sign, ',', 'name');
      default:
        return undefined;
    }
  }

  #value(sign: string): Expected | undefined | { what: string } {
    if (sign === '{' || sign === '[') {
      this.#open.push(sign);
      this.#at++;
      return sign === '{' ? 'first_name' : 'first_value';
    }
    if (sign === '"') return this.#string() ?? this.#after();
    return this.#skip(OTHER) ? this.#after() : undefined;
  }

  #string(): { what: string } | undefined {
    this.#skip(STRING);
    const sign = this.#text[this.#at];
    if (sign === '"') {
      this.#at++;
      return undefined;
    }
    if (sign === undefined) return { what: 'a string has no end' };
    const isEscape = sign === '\\';
    return {
      what: isEscape
        ? 'a string has a \\ before something else than it may'
        : 'a string has a line end or a tab in it',
    };
  }

  #step(sign: string, wanted: string, next: Expected): Expected | undefined {
    if (sign !== wanted) return undefined;
    this.#at++;
    return next;
  }

  #close(): Expected {
    this.#open.pop();
    this.#at++;
    return this.#after();
  }

  /** What may follow a value. */
  #after(): Expected {
    const open = this.#open.at(-1);
    if (open === undefined) return 'end';
    return open === '{' ? 'member_end' : 'item_end';
  }

  /** Whether something that fits is there; passes it then. */
  #skip(what: RegExp): boolean {
    what.lastIndex = this.#at;
    if (!what.test(this.#text)) return false;
    this.#at = what.lastIndex;
    return true;
  }
}
