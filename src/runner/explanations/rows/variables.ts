// Variables that the build wants and the job does not have. Pure.
import type { Row } from '../row.js';

const NAME = String.raw`["'\`$]?\b([A-Z][A-Z\d_]{2,80})\b["'\`]?`;
const VARIABLE = String.raw`(?:[Ee]nvironment|[Ee]nv|ENV)[ -]?(?:[Vv]ar(?:iable)?|config)s?(?:\(s\))?`;
const LACKS = String.raw`(?:is|are|was|were|has|must be|not|isn't|aren't)?\s?(?:not |un)?(?:set|defined|found|provided|present|missing|required|empty|specified|undefined|available|configured)`;

export const VARIABLES: Row[] = [
  {
    id: 'address-from-nothing',
    says: /^.*TypeError(?: \[ERR_INVALID_URL\])?: Invalid URL\b.*\n(?:[^\n]*\n){0,25}?.*input: '(?:undefined|null|)?'.*$/,
    cause: 'the build makes an address of a variable that it does not have',
    fault: 'job',
    remedy:
      'Set that variable in env (--env NAME=https://…): the stack says which line of the code wants it.',
    lines: /^.*Invalid URL.*$|^\s*at .*\/workspace\/(?!node_modules).*$|^.*input: '.*$/,
  },
  {
    id: 'variable-missing',
    says: [
      new RegExp(
        String.raw`^.*\b(?:[Mm]issing|[Uu]ndefined|[Ii]nvalid|[Rr]equired|[Uu]nset|No|[Ss]et|provide|define)\b.{0,40}${VARIABLE}\b[^\n]{0,40}?[\s:(\[{]+${NAME}.*$`,
      ),
      new RegExp(String.raw`^.*${VARIABLE}\b[^\n]{0,30}?\s${NAME}[^\n]{0,80}?\b${LACKS}\b.*$`),
      new RegExp(
        String.raw`^.*${NAME} (?:${VARIABLE} )?(?:is|was) (?:not |un)?(?:set|defined|missing|required)\b.*$`,
      ),
      new RegExp(String.raw`^.*${NAME} (?:${VARIABLE} )(?:must be|is|not)\b.*$`),
      new RegExp(
        String.raw`^.*(?:\bMissing|[Mm]issing required|Please (?:set|define|provide)|You must (?:set|provide)) (?:the )?(?:value for )?(?:process\.env\.)?${NAME}.*$`,
      ),
      new RegExp(`^.*[Ee]nvironment variable not found: ${NAME}.*$`),
      new RegExp(
        String.raw`^.*process\.env\.${NAME}.{0,40}\b(?:undefined|not set|not defined|missing|required)\b.*$`,
      ),
      new RegExp(
        String.raw`^\S+: (?:line )?\d+: ${NAME}: (?:unbound variable|parameter (?:null or )?not set|.*)$`,
      ),
      new RegExp(
        String.raw`^.*${NAME} (?:must|should|needs to) be (?:set|defined|provided|given|present)\b.*$`,
      ),
      new RegExp(String.raw`^.*\b[Mm]issing (?:required )?env(?:ironment)?s?:? ${NAME}.*$`),
      new RegExp(`^KeyError: ${NAME}$`),
      // dotenv-safe, envalid, t3-env and zod list the names below.
      new RegExp(
        String.raw`^.*(?:variables were defined in|[Mm]issing environment variables|[Ii]nvalid environment variables)[^\n]*\n(?:[^\n]*\n){0,5}?[^\nA-Z]*${NAME}.*$`,
      ),
      new RegExp(
        String.raw`^.*ZodError: \[\n(?:[^\n]*\n){0,6}?\s*${NAME}\n(?:[^\n]*\n){0,4}?.*received undefined.*$`,
      ),
      /^\w*Error: [Ii]nvalid environment variables$/,
      new RegExp(
        String.raw`^.*(?:[Ii]nvalid|[Mm]issing)[^\n]*${VARIABLE}[^\n]*\n(?:[^\n]*\n){0,3}?\W*${NAME}\W.*$`,
      ),
    ],
    unless: /Cannot find module|command not found$/,
    inPassing: true,
    followed:
      /^(?:Validation Error Count|\[Context|Prisma (?:CLI|schema)|Make sure to add|If you expect|require\(|\}\);|=+$|Exiting with|Error occurred prerendering|> Export|Export of|> Build error|Error: (?:Failed to collect|Command failed)|\S+: )/,
    cause: 'the build wants a variable that it does not have: $1',
    fault: 'job',
    remedy: ([, name = 'NAME']) =>
      `Set ${name} in env (--env ${name}=…)${/^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|GATSBY|NUXT_PUBLIC|EXPO_PUBLIC)_/.test(name) ? `, and name it in public_env (--public-env ${name}): it is to be in the page` : ''}; where it has a value by itself, correct the code that reads it.`,
  },
];
