// What a user is told when a service cannot be asked, or refuses.
import { describe, expect, it } from 'vitest';
import { mayPass, refusalOf, unanswered } from '../../../src/client/no-answer.js';
import { exitCodeOf } from '../../../src/job/errors.js';

const URL = 'https://builds.example.com';

/** As fetch() wraps what has happened. */
function failed(code: string, message = code): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}

describe('a service that does not answer', () => {
  it.each([
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'self-signed certificate in certificate chain',
      /NODE_EXTRA_CA_CERTS/,
      false,
    ],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'unable to verify the first certificate',
      /NODE_EXTRA_CA_CERTS/,
      false,
    ],
    ['CERT_HAS_EXPIRED', 'its certificate has expired', /clock/, false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number', /http:\/\//, false],
    ['ENOTFOUND', 'its host name is not known', /address/, true],
    ['ECONNREFUSED', 'nothing listens there', /koalaci serve/, true],
    ['UND_ERR_SOCKET', 'other side closed', /network/, true],
  ])('because of %s', (code, message, remedy, passes) => {
    const error = unanswered(URL, failed(code, message));
    expect(error.message).toBe(`the service at ${URL} does not answer: ${message}`);
    expect(error.remedy).toMatch(remedy);
    expect([mayPass(error), exitCodeOf(error)]).toEqual([passes, 5]);
  });

  it('at any address of its name', () => {
    const all = Object.assign(
      new AggregateError([failed('ECONNREFUSED', 'connect ECONNREFUSED ::1:1').cause]),
      {
        code: 'ECONNREFUSED',
      },
    );
    const error = unanswered(URL, new TypeError('fetch failed', { cause: all }));
    expect(error.message).toContain('nothing listens there');
  });

  it('says what OpenSSL means, without where in its source that is', () => {
    const said =
      '808C:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/ssl3_record.c:350:\n';
    const { message, remedy } = unanswered(URL, failed('ERR_SSL_WRONG_VERSION_NUMBER', said));
    expect(message).toBe(`the service at ${URL} does not answer: wrong version number`);
    expect(remedy).toMatch(/https:/);
  });

  it('in time', () => {
    expect(unanswered(URL, new DOMException('', 'TimeoutError')).message).toMatch(/it took too long$/);
  });
});

describe('a refusal', () => {
  const refusal = (status: number, error: object) =>
    refusalOf(URL, status, { text: JSON.stringify({ error }) });

  it('is the error that the machine itself would show', () => {
    const error = refusal(409, {
      code: 'conflict',
      message: 'it has ended',
      remedy: 'Create it again.',
      fields: [],
    });
    expect([error.message, error.remedy, exitCodeOf(error)]).toEqual(['it has ended', 'Create it again.', 6]);
  });

  it('of a kind that is not known here counts by its status', () => {
    expect(exitCodeOf(refusal(404, { code: 'gone_away', message: 'x' }))).toBe(4);
    expect(exitCodeOf(refusal(418, { code: 'teapot', message: 'x' }))).toBe(1);
  });

  it('for a route that is not there says that the service is old', () => {
    const error = refusal(404, { code: 'not_found', message: 'there is no route POST /job/d1/rerun' });
    expect(error.remedy).toMatch(/older version/);
  });

  it.each([502, 503, 429])('of a proxy with %s passes', (status) => {
    const error = refusalOf(URL, status, { text: '<html>' });
    expect([mayPass(error), exitCodeOf(error)]).toEqual([true, 5]);
  });

  it('of something else does not pass', () => {
    const error = refusalOf(URL, 404, { text: '<html>' });
    expect(error.message).toBe(`${URL} does not answer as koalaci does: 404`);
    expect(mayPass(error)).toBe(false);
  });
});
