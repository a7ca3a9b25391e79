// Whether a variable holds a secret, by its name or its value: an address or a title is in what is shipped on purpose. Pure.

/** Parts of names of secrets: API_KEY, githubToken, DBPASSWORD, ACCESS_KEY_ID. */
const SECRET_PART =
  /(^|_)([A-Z0-9]*(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL)S?|PASS|PWD|PW|AUTH|JWT|PRIVATE|SALT)(_|$)/;
/** Parts of names of what is public about one, or of what is around it: STRIPE_PUBLISHABLE_KEY, TOKEN_URL, AUTH_DOMAIN, KEY_LENGTH. */
const PLAIN_PART =
  /(^|_)(PUBLIC|PUBLISHABLE)(_|$)|_(UR[IL]|HOST(NAME)?|PORT|DOMAIN|ISSUER|AUDIENCE|ENDPOINT|PATH|FILE|DIR(ECTORY)?|NAME|USER(NAME)?|PREFIX|HEADER|TYPE|ALGORITHM|MODE|LENGTH|SIZE|COUNT|TTL|TIMEOUT|EXPIR\w+|ENABLED)$/;

/** How services and tools write their secrets. Sources: their documentation, and the lists of GitHub's and GitLab's secret scanning. */
const FORMATS: readonly RegExp[] = [
  // GitHub, GitLab, npm, PyPI, Docker
  /\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bgl[a-z]{2,6}-[\w-]{16,}|\bnpm_\w{30,}|\bpypi-[\w-]{30,}|\bdckr_pat_[\w-]{20,}/,
  // Stripe and those that spell theirs alike: sk_live_, rk_test_, whsec_
  /\b[a-z]{1,5}k?_(live|test|prod)_\w{10,}|\bwhsec_[\w+/=-]{16,}|\bsk-[\w-]{16,}/,
  // AWS, Google, Slack, SendGrid, Shopify, DigitalOcean, Hugging Face
  /\b(AKIA|ASIA|AIDA|AROA)[0-9A-Z]{16}\b|\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}|\bxox[a-z]-[\w-]{10,}|\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /\bshp(at|ca|pa|ss)_[0-9a-f]{32}|\bdo[opr]_v1_[0-9a-f]{32,}|\bhf_[A-Za-z0-9]{30,}|hooks\.slack\.com\/services\/T\w+/,
  // A JSON web token, a private key, a password in an address
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^/?#\s@]+@/i,
];

/** Shorter values may be words. */
const RANDOM_LENGTH = 16;
/** Bits for each letter that a random value has at least: a short one in hexadecimal digits has three, rarely fewer. */
const RANDOM_BITS = 2.5;
/** In random text the kind of a letter (small, capital, digit) changes at every second one, in words hardly ever. */
const LETTERS_A_CHANGE = 6;

/** Whether a variable with this name and value seems to hold a secret. */
export function seemsSecret(name: string, value: string): boolean {
  return hasSecretName(name) || hasSecretValue(value);
}

/** Whether a value is written as a secret is, whatever it is called. */
export function hasSecretValue(value: string): boolean {
  return FORMATS.some((format) => format.test(value)) || value.split(/[^\w+/=-]+/).some(isRandom);
}

function hasSecretName(name: string): boolean {
  // githubToken, GithubToken → GITHUB_TOKEN
  const parts = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
  return SECRET_PART.test(parts) && !PLAIN_PART.test(parts);
}

function isRandom(text: string): boolean {
  if (text.length < RANDOM_LENGTH || bitsOf(text) < RANDOM_BITS) return false;
  // A capital letter at the beginning of a word is no change.
  const kinds = text.replace(/[^A-Za-z0-9]/g, '').replace(/[A-Z](?=[a-z])/g, 'a');
  const changes = kinds.match(/(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[a-z0-9]|(?<=[0-9])[A-Za-z]/g) ?? [];
  return changes.length >= text.length / LETTERS_A_CHANGE;
}

/** Shannon's entropy of its letters. */
function bitsOf(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()].reduce(
    (bits, count) => bits - (count / text.length) * Math.log2(count / text.length),
    0,
  );
}
