import { expect, it } from 'vitest';
import { unmaskedNotice } from '../../../src/runner/unmasked.js';

const REPO = 'https://example.org/a.git';

it('names what is too short to be hidden, without its value', () => {
  const env = { PIN: '123', TOKEN: 'tok-12345', DEBUG: '1', EMPTY: '', MODE: 'on', X: 'ab' };
  const notice = unmaskedNotice({ env, project_repo_url: 'https://ann:pw3@example.org/a.git' });
  expect(notice).toMatch(/: PIN, X, the password in project_repo_url$/);
  expect(notice).not.toMatch(/123|ab|pw3/);
});

it('says nothing where all is hidden', () => {
  expect(unmaskedNotice({ project_repo_url: REPO })).toBeUndefined();
  expect(unmaskedNotice({ env: { TOKEN: 'tok1' }, project_repo_url: REPO })).toBeUndefined();
});
