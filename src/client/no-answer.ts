// Why a service cannot be asked, and what its refusals say. Pure.
import { ERROR_KINDS, type ErrorKind, httpStatusOf, KoalaError } from '../job/errors.js';
import { systemWords } from '../job/system-words.js';

/** A service that cannot be reached, or something else in its place. */
export class NoAnswer extends KoalaError {
  /** Whether it may answer if it is asked again. */
  readonly passes: boolean;

  constructor(message: string, options: { remedy?: string; cause?: unknown; passes: boolean }) {
    super('environment', message, options);
    this.passes = options.passes;
  }
}

/** Whether somebody who waits may ask again: the service is away, or busy, for a moment. */
export function mayPass(error: unknown): boolean {
  if (error instanceof NoAnswer) return error.passes;
  return error instanceof KoalaError && (error.kind === 'environment' || error.kind === 'over_limit');
}

interface Trouble {
  codes: RegExp;
  remedy: string;
  passes: boolean;
}

/** What to do, by the code of Node.js, OpenSSL or undici; the first that fits. */
const TROUBLES: Trouble[] = [
  {
    codes: /^(SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_(VERIFY|GET)_)/,
    remedy:
      'If an authority of your own has signed its certificate, name that: NODE_EXTRA_CA_CERTS=/path/to/ca.pem',
    passes: false,
  },
  {
    codes: /^(CERT_|ERR_TLS_)/,
    remedy: 'Check its certificate, the address, and the clock of this machine.',
    passes: false,
  },
  {
    codes: /^(ERR_SSL_|EPROTO)/,
    remedy: 'Check whether its address begins with https:// or http://.',
    passes: false,
  },
  { codes: /^ENOTFOUND$/, remedy: 'Check the address, and the network of this machine.', passes: true },
  {
    codes: /^ECONNREFUSED$/,
    remedy: 'Check the address, and whether "koalaci serve" runs there.',
    passes: true,
  },
];
const ELSE: Omit<Trouble, 'codes'> = {
  remedy: 'Check the network, and the log of the service; then try again.',
  passes: true,
};

/** The error for what fetch() has thrown. */
export function unanswered(url: string, error: unknown): NoAnswer {
  const { code, message } = deepest(error);
  const { remedy, passes } = TROUBLES.find(({ codes }) => codes.test(code)) ?? ELSE;
  const known = /^(fetch failed|terminated)$/.test(message) ? code || 'no connection' : message || code;
  const why = systemWords({ code, toString: () => known });
  return new NoAnswer(`the service at ${url} does not answer: ${why}`, { remedy, passes, cause: error });
}

/** fetch() wraps what has happened, once or twice. */
function deepest(error: unknown): { code: string; message: string } {
  const { cause, code, message, name, errors } = error as {
    cause?: unknown;
    code?: unknown;
    message?: string;
    name?: string;
    errors?: unknown[];
  };
  if (name === 'TimeoutError') return { code: 'ETIMEDOUT', message: 'it took too long' };
  if (cause) return deepest(cause);
  // One for each address of a name.
  if (errors?.[0] && !message) return deepest(errors[0]);
  // OpenSSL says where in its own source that is, too.
  const [, reason] = /\berror:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message ?? '') ?? [];
  return { code: typeof code === 'string' ? code : '', message: reason ?? message ?? '' };
}

/** The error that a service answers with, as it would be on its own machine. `text` is the body. */
export function refusalOf(url: string, status: number, { text, retryAfter }: Refusal): KoalaError {
  const error = errorIn(text);
  if (!error) return notKoalaci(url, `${status}`, status >= 500 || status === 429);
  const { code, message, remedy } = error;
  const isOld = /^there is no route /.test(message);
  const help = isOld ? `The service at ${url} is of an older version of koalaci, or it is none.` : remedy;
  return new KoalaError(kindOf(code, status), message, {
    ...(help === undefined ? {} : { remedy: help }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

interface Refusal {
  text: string;
  /** In seconds. */
  retryAfter?: number;
}

/** The error for an answer of something that is not koalaci, such as a proxy. */
export function notKoalaci(url: string, what: string, passes: boolean): NoAnswer {
  return new NoAnswer(`${url} does not answer as koalaci does: ${what}`, {
    remedy: 'Check the address, and what is in front of the service.',
    passes,
  });
}

function errorIn(text: string): { code: string; message: string; remedy?: string } | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: Record<string, unknown> };
    const { code, message, remedy } = error ?? {};
    if (typeof code !== 'string' || typeof message !== 'string') return undefined;
    return { code, message, ...(typeof remedy === 'string' ? { remedy } : {}) };
  } catch {
    return undefined;
  }
}

/** A service of a later version may have kinds that are not known here. */
function kindOf(code: string, status: number): ErrorKind {
  const named = ERROR_KINDS.find((kind) => kind === code);
  return named ?? ERROR_KINDS.find((kind) => httpStatusOf(kind) === status) ?? 'internal';
}
