// Private keys for ssh: their form, what is wrong with one, which of their lines are secret. Pure.
import { createPrivateKey } from 'node:crypto';

const OPENSSH =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END OPENSSH PRIVATE KEY-----\n$/;
/** The base64 of what each key in OpenSSH's form begins with; the whole first line tells only its kind. */
const OPENSSH_START = 'b3BlbnNzaC1rZXktdjE';
const MAGIC = 'openssh-key-v1\0';
/** Shorter lines, such as a key's last one, may be padding only, and are in other texts by chance. */
const SHORTEST_LINE = 16;

/** The key with line feeds only, and one at its end: web forms and editors on Windows change both, and ssh wants them so. */
export function normalizeSshKey(text: string): string {
  return `${text.replace(/\r\n?/g, '\n').trim()}\n`;
}

/** What is wrong with a normalized key, as the end of a sentence; undefined if ssh can use it. */
export function sshKeyProblem(key: string): string | undefined {
  if (/^(ssh|ecdsa|sk)-\S+ AAAA/.test(key)) return 'is a public key; give the private one';
  if (key.startsWith('PuTTY-')) return 'is in the form of PuTTY; export it in the form of OpenSSH';
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n/.test(key)) return NO_KEY;
  return key.includes('BEGIN OPENSSH') ? opensshProblem(key) : pemProblem(key);
}

/** The lines of a key that nobody may see; the others are the same in many keys. */
export function secretLinesOfKey(key: string): string[] {
  return key
    .split('\n')
    .filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'))
    .filter((line) => !line.startsWith(OPENSSH_START));
}

const NO_KEY = 'must be a private key in the form of OpenSSH or PEM, with its BEGIN and END lines';
const PASSPHRASE = 'has a passphrase, which nobody could type in a build; give a key without one';

/** By the format in OpenSSH's PROTOCOL.key: a magic word, then strings with their lengths; the first names the cipher. */
function opensshProblem(key: string): string | undefined {
  const bytes = Buffer.from(OPENSSH.exec(key)?.[1] ?? '', 'base64');
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return NO_KEY;
  const strings = stringsIn(bytes.subarray(MAGIC.length));
  const [cipher, , , publicKey, privateKey] = strings;
  if (!cipher || !publicKey || !privateKey) return 'is cut off: a part of the key is missing';
  if (cipher.toString() !== 'none') return PASSPHRASE;
  const kind = stringsIn(publicKey, 1)[0]?.toString() ?? '';
  return kind.startsWith('sk-') ? 'is on a security key, which builds do not have' : undefined;
}

/** The cipher, the key derivation and its options; after the number of keys the public and the private part. */
function stringsIn(bytes: Buffer, most = 5): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  while (found.length < most && at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    found.push(bytes.subarray(at + 4, end));
    at = found.length === 3 ? end + 4 : end;
  }
  return found;
}

function pemProblem(key: string): string | undefined {
  if (/^-----BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(key)) return PASSPHRASE;
  try {
    const { asymmetricKeyType: kind = '' } = createPrivateKey(key);
    if (kind === 'rsa' || kind === 'ec') return undefined;
    // ssh reads these in its own form only.
    if (kind === 'ed25519') return 'must be in the form of OpenSSH, as ssh-keygen writes it';
    return `is a key of the kind ${kind}, which ssh does not use`;
  } catch {
    return NO_KEY;
  }
}
