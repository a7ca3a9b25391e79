// Servers that build code wants to reach. Package managers' own connections are told by their readers. Pure.
import type { Row } from '../row.js';

const HOST = String.raw`([\w-]+(?:\.[\w-]+)*\.?)`;
const BEHIND = /^(?:TypeError: fetch failed|Error occurred prerendering|> Export|Export of|\s|Failed to)/;

export const NETWORK: Row[] = [
  {
    id: 'google-fonts',
    says: [
      /^.*Failed to fetch (?:font )?[`'"]?([^`'"]+?)[`'"]?:? (?:from Google Fonts|https:\/\/fonts\.(?:googleapis|gstatic)\.com\S*).*$/,
      /^.*(?:Failed to fetch font|error while requesting resource).*\n(?:.*\n){0,3}.*(https:\/\/fonts\.(?:googleapis|gstatic)\.com\/\S{0,80}).*$/,
    ],
    cause: 'a font of Google cannot be fetched while the site is built: $1',
    fault: 'service',
    remedy:
      'Build again; if it stays so, let the build machine reach fonts.googleapis.com, or keep the font in the project (next/font/local).',
  },
  {
    id: 'database-unreachable',
    says: [
      /^.*P1001: Can't reach database server at [`'"]?([\w.:-]+?)[`'"]?[.,\s:]*$/,
      /^.*Can't reach database server at [`'"]?([\w.-]+(?:[`'"]?:[`'"]?\d+)?).*$/,
      /^.*MongoServerSelectionError: (.*)$/,
      /^.*could not (?:connect to server|translate host name) .*?"([\w.-]+)".*$/,
    ],
    inPassing: true,
    cause: 'the build wants a database that cannot be reached: $1',
    fault: 'job',
    remedy:
      'Set its address in env to one that the build machine can reach, or do without the database while the site is built.',
  },
  {
    id: 'host-unknown',
    says: [
      new RegExp(`^.*\\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN) ${HOST}.*$`),
      new RegExp(`^.*Could not resolve host(?:name)?:? '?${HOST}.*$`),
      new RegExp(`^.*unable to resolve host address [‘'"]${HOST}.*$`),
      new RegExp(`^ssh: Could not resolve hostname ${HOST}.*$`),
      /^.*(?:Name or service not known|Temporary failure in name resolution|NameResolutionError|Name does not resolve|no such host).*$/,
      /^.*\b(?:dns error|failed to lookup address information|DNSResolveFailed).*$/,
    ],
    unless: /Error when performing the request to/,
    inPassing: true,
    followed: BEHIND,
    cause: ([line, host]) => `the build wants a host whose name is not known: ${host ?? line.trim()}`,
    fault: 'job',
    remedy:
      'Correct the address in the code or in env; if it is right, the build machine must be able to resolve it.',
  },
  {
    id: 'certificate',
    says: [
      /^.*(?:Error|error|curl|fatal).*\b(self[- ]signed certificate|unable to (?:verify the first|get local issuer) certificate|certificate has expired|SSL certificate problem|server certificate verification failed).*$/,
      /^.*\b(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT\w*|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID|CERTIFICATE_VERIFY_FAILED)\b.*$/,
    ],
    inPassing: true,
    followed: new RegExp(
      `${BEHIND.source}|^(?:More details here|curl failed to verify|establish a secure|how to fix it)`,
    ),
    cause: 'the build does not trust the certificate of a server: $1',
    fault: 'operator',
    remedy:
      'Set KOALACI_EXTRA_CA_CERTS to the CA bundle of the proxy or the server; if its certificate has expired, renew that.',
  },
  {
    id: 'connection-failed',
    says: [
      /^.*\b(?:connect|read|write) (ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|EPIPE) ?([\w.:[\]-]*).*$/,
      /^.*(?:Error|error): (socket hang up|network timeout|Connect Timeout Error|other side closed|Request timed out).*$/,
      /^curl: \((?:7|28|35|52|56)\) (.*)$/,
      /^.*(Connection refused|Connection timed out|Network is unreachable|No route to host|Connection reset by peer).*$/,
      /^.*(?:Error: |code: ')(ECONNREFUSED|ETIMEDOUT|ECONNRESET|UND_ERR_\w+|EHOSTUNREACH|ENETUNREACH)\b.*$/,
      /^\[?TypeError\]?: (fetch failed)$/,
    ],
    unless: /getaddrinfo|CERT_|certificate|MongoServerSelectionError|Error when performing the request to/,
    inPassing: true,
    followed: BEHIND,
    cause: 'the build cannot reach a server: $1 $2',
    fault: 'service',
    remedy:
      'Check that it runs and that the build machine can reach it: 127.0.0.1 is the container of the build itself. Correct its address in the code or in env.',
  },
  {
    id: 'server-not-ready',
    says: /^.*(?:Error: )?Timed out waiting (?:for|\d+ ?ms from)[:\s]*(?:config\.webServer\.?)?.*$/,
    inPassing: true,
    followed: BEHIND,
    cause: ({ 0: said }) =>
      `a server that the build waits for has not answered in time${/https?:\S+|tcp:\S+/.exec(said)?.[0] ? `: ${/https?:\S+|tcp:\S+/.exec(said)?.[0]}` : ''}`,
    fault: 'project',
    remedy:
      'See whether the command that starts it works, listens on that port and is ready in that time; or leave out what needs it.',
  },
  {
    id: 'http-refused',
    says: [
      /^.*(?:Request failed with status(?: code)?|HTTPError:?|HTTP [Ee]rror:?|Response code|HTTP status:?|responded with(?: a)?(?: status)?(?: of)?|The requested URL returned error:) \(?(4\d\d|5\d\d)\b.*$/,
    ],
    inPassing: true,
    followed: BEHIND,
    cause: ([, status = '']) =>
      status.startsWith('5')
        ? `a server that the build asks answers ${status}`
        : `a server that the build asks refuses it (${status})`,
    fault: 'service',
    remedy:
      'Of 401 and 403, check the token in env; of 404, the address; else build again when that server works.',
  },
];
