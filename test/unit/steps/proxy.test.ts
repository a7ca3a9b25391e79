import { expect, it } from 'vitest';
import { callSteps, workspaceOf } from '../../support/steps.js';

async function explained(said: string, proxy = 'http://user:geheim@proxy.example:3128') {
  const at = await workspaceOf({ said });
  const script = `declare -A JOB=([https_proxy]="$1")
    if [[ -n $1 ]]; then PROXY_ENV=("https_proxy=$1"); fi
    if proxy::explain said; then printf '%s\\n' "$MESSAGE"; fi`;
  return (await callSteps(['proxy.sh'], script, { at, words: [proxy] })).stdout;
}

it.each([
  [
    "fatal: unable to access 'https://example.com/': Could not resolve proxy: nope.invalid",
    'the proxy refuses',
  ],
  ["fatal: unable to access 'https://example.com/': Proxy CONNECT aborted", 'the proxy refuses'],
  [
    "fatal: unable to access 'https://example.com/': Received HTTP code 407 from proxy after CONNECT",
    'the proxy refuses',
  ],
  [
    "fatal: unable to access 'https://example.com/': Failed to connect to proxy.example port 3128 after 0 ms: Couldn't connect to server",
    'cannot be reached through the proxy',
  ],
])('a fetch that fails on its way through a proxy is told, without the password: %s', async (said, words) => {
  const stdout = await explained(said);
  expect(stdout).toContain(words);
  expect(stdout).toContain('https_proxy is …@proxy.example:3128');
  expect(stdout).not.toContain('geheim');
});

it('nothing is said of a proxy where there is none, or where another line has such words', async () => {
  expect(await explained("fatal: unable to access 'https://h/': Failed to connect to h port 443", '')).toBe(
    '',
  );
  expect(await explained('remote: connection refused, says the hook')).not.toContain('the proxy refuses');
});
