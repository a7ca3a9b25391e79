import { describe, expect, it } from 'vitest';
import { hasSecretValue, seemsSecret } from '../../../src/secrets/seems-secret.js';

describe('a variable with an ordinary value', () => {
  it.each([
    ...[
      'API_KEY',
      'AWS_ACCESS_KEY_ID',
      'githubToken',
      'DB_PASSWORD',
      'DB_PASS',
      'MYSQL_PWD',
      'STRIPE_SECRET',
    ],
    ...['apikey', 'npm_config__authToken', 'BASIC_AUTH', 'PRIVATE_KEY', 'GOOGLE_CREDENTIALS', 'KEY_PROD'],
  ])('seems secret when it is called %s', (name) => {
    expect(seemsSecret(name, 'eucalyptus')).toBe(true);
  });

  it.each([
    ...[
      'API_URL',
      'AUTHOR',
      'KEYBOARD_LAYOUT',
      'TOKENIZER',
      'BYPASS',
      'COMPASS_URL',
      'NODE_ENV',
      'SECRETARY',
    ],
    ...['TOKEN_URL', 'AUTH_DOMAIN', 'KEY_LENGTH', 'STRIPE_PUBLISHABLE_KEY', 'PASSWORD_FILE', 'tokenExpiry'],
  ])('does not when it is called %s', (name) => {
    expect(seemsSecret(name, 'eucalyptus')).toBe(false);
  });
});

describe('a value', () => {
  it.each([
    ['in hexadecimal digits', '9f86d081884c7d659a2feaa0c55ad015'],
    ['in sixteen of them', '9f86d081884c7d65'],
    ['in base64', 'Zm9v+mFyYmF6/XF1dXg5OTk4cXV4'],
    ['in letters and digits', 'q7Hf2kLmZ09xTb4R'],
    ['that is a UUID', '550e8400-e29b-41d4-a716-446655440000'],
    ['inside of an address', 'https://o1.example.com/9f86d081884c7d659a2feaa0c55ad015/0'],
    ['of GitHub', `ghp_${'a'.repeat(36)}`],
    ['of GitLab', `glpat-${'a'.repeat(20)}`],
    ['of npm', `npm_${'a'.repeat(36)}`],
    ['of Stripe', `sk_live_${'a'.repeat(24)}`],
    ['of AWS', 'AKIAAAAAAAAAAAAAAAAA'],
    ['of Google', `AIza${'a'.repeat(35)}`],
    ['of Slack', 'xoxb-aaaaaaaaaaaa'],
    ['that is a web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'],
    ['that is a private key', '-----BEGIN RSA PRIVATE KEY-----\\nMIIE'],
    ['with a password in its address', 'postgres://koala:leaf@db.example.com/site'],
  ])('%s is written as a secret', (_, value) => {
    expect(hasSecretValue(value)).toBe(true);
  });

  it.each([
    ...[
      'https://api.example.com/v1/things',
      'git@github.com:koala/site.git',
      '/usr/local/lib/node_modules/x',
    ],
    ...['my-project-name-2024-production', 'MyProjectNameForProduction', 'thequickbrownfoxjumps'],
    ...['--max-old-space-size=4096', '2024-01-31T12:00:00.000Z', 'G-ABC123DEF4', '1234567890123456'],
    ...['aaaaaaaaaaaaaaaa', 'Koala Site (c) 2026: Best of Eucalyptus', 'v1.2.3-beta.4', 'Europe/Berlin'],
  ])('such as %s is not', (value) => {
    expect(hasSecretValue(value)).toBe(false);
  });
});
