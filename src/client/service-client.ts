// Asks a koalaci service over HTTP.
import { setTimeout as delay } from 'node:timers/promises';
import { KoalaError } from '../job/errors.js';
import { mayPass, notKoalaci, refusalOf, unanswered } from './no-answer.js';

/** A service, and who asks it. */
export interface Service {
  /** Without a slash at its end. */
  url: string;
  token: string;
}

export interface Question {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  query?: Record<string, string | undefined>;
  body?: object;
  headers?: Record<string, string>;
  /** How long the answer may take. */
  answerMs?: number;
  /** Ends it early. */
  signal?: AbortSignal;
  /** Asked twice, it may do something twice: then it is asked once. */
  isOnce?: boolean;
}

const ANSWER_MS = 30_000;
/** What is asked again waits so long before each further try. */
const RETRIES_MS = [250, 1_000];
const JSON_TYPE = 'application/json';

export class ServiceClient {
  readonly url: string;
  readonly #token: string;

  constructor({ url, token }: Service) {
    this.url = url;
    this.#token = token;
  }

  /**
   * The JSON of an answer.
   * @throws KoalaError as the service refuses it; NoAnswer when there is none, after some tries
   */
  async json(path: string, question: Question = {}): Promise<Record<string, unknown>> {
    for (const wait of [...(question.isOnce ? [] : RETRIES_MS), undefined])
      try {
        return await this.#json(path, question);
      } catch (error) {
        if (wait === undefined || !mayPass(error) || isPatient(error) || question.signal?.aborted)
          throw error;
        await delay(wait);
      }
    throw new Error('unreachable');
  }

  /** What the JSON of an answer has under `data`. */
  async data<T>(path: string, question?: Question): Promise<T> {
    return (await this.json(path, question)).data as T;
  }

  /**
   * An answer whose body may take any time. Only its head has to come within `answerMs`.
   * @throws KoalaError as json(), at once
   */
  async open(path: string, { answerMs = ANSWER_MS, signal, ...question }: Question = {}): Promise<Response> {
    const head = new AbortController();
    const timer = setTimeout(() => head.abort(new DOMException('', 'TimeoutError')), answerMs);
    const signals = signal ? [head.signal, signal] : [head.signal];
    return this.#fetch(path, { ...question, signal: AbortSignal.any(signals) }).finally(() =>
      clearTimeout(timer),
    );
  }

  async #json(path: string, { answerMs = ANSWER_MS, signal, ...question }: Question) {
    const timeout = AbortSignal.timeout(answerMs);
    const until = signal ? AbortSignal.any([timeout, signal]) : timeout;
    const response = await this.#fetch(path, { ...question, signal: until });
    const text = await response.text().catch((error: unknown) => {
      throw unanswered(this.url, error);
    });
    const type = response.headers.get('content-type') ?? '';
    if (!type.startsWith(JSON_TYPE)) throw notKoalaci(this.url, `${response.status} ${type}`, false);
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch {
      throw notKoalaci(this.url, 'its JSON is cut off', true);
    }
  }

  async #fetch(path: string, { method = 'GET', query = {}, body, headers, signal }: Question) {
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
    const response = await fetch(`${this.url}${path}${search}`, {
      method,
      // Not to another place than the one for which the token is, and no POST that becomes a GET.
      redirect: 'manual',
      headers: { accept: JSON_TYPE, ...headers, authorization: `Bearer ${this.#token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      throw unanswered(this.url, error);
    });
    if (response.ok) return response;
    if (response.status >= 300 && response.status < 400 && response.status !== 304)
      throw redirected(this.url, response.headers.get('location'));
    throw await this.#refusal(response);
  }

  async #refusal(response: Response): Promise<KoalaError> {
    const text = await response.text().catch(() => '');
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return refusalOf(this.url, response.status, {
      text,
      ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
    });
  }
}

/** Who waits for nothing need not wait for this either: the user is told when. */
function isPatient(error: unknown): boolean {
  return error instanceof KoalaError && error.kind === 'over_limit';
}

function redirected(url: string, location: string | null): KoalaError {
  const target = location === null ? undefined : new URL(location, url);
  return new KoalaError('bad_input', `the service at ${url} is elsewhere: it redirects to ${target ?? '?'}`, {
    remedy: `Use the address that it has there${target ? `, such as --server ${target.origin}` : ''}.`,
  });
}
