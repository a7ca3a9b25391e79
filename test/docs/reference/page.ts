// The page src/guides/reference.md. Pure.
import * as z from 'zod';
import { CallbackBody } from '../../../src/job/callback.js';
import { eventsReference, httpReference, propertiesOf } from './http.js';
import { TABLES } from './tables.js';

export const REFERENCE_PAGE = 'src/guides/reference.md';

/** All of it. */
export function referencePage(): string {
  const table = (name: string) => TABLES[name]?.() ?? '';
  const parts = [
    '<!-- Made by "npm run reference": change the tables and schemas in src, not this page. -->',
    '# Reference',
    'What tools may rely on, as koalaci itself has it. How to use it is in the [README](../../README.md) and the [guides](README.md). On the command line:\n`koalaci help payload|environment|reasons|exit-codes`, `koalaci help <command>`, `koalaci schema <name>`; over HTTP: `GET /openapi.json`.',
    '- [The job](#the-job)\n- [How a deployment ends](#how-a-deployment-ends)\n- [Exit codes](#exit-codes)\n- [Settings](#settings)\n- [HTTP](#http)\n- [Events of a followed log](#events-of-a-followed-log)\n- [Callbacks](#callbacks)',
    `## The job\n\nWhat every job has:\n\n${table('job')}\n\nWhat it may have:\n\n${table('job-options')}`,
    `## How a deployment ends\n\nAs \`READY\`, or with one of these reasons:\n\n${table('reasons')}`,
    `## Exit codes\n\n${table('exit-codes')}`,
    `## Settings\n\nEach is an environment variable; an empty one counts as unset.\n\n${table('settings')}`,
    `## HTTP\n\nRoutes need \`Authorization: Bearer <token>\`, unless it says otherwise; with one, each may also answer 400 (a parameter or a field does not fit), 401, 429 (a limit of the user), 500 and 503 (Redis does not answer). An error is:\n\n${errorExample()}\n\n${httpReference()}`,
    `## Events of a followed log\n\n\`GET /job/{id}/log\` with \`Accept: text/event-stream\`.\n\n${eventsReference()}`,
    `## Callbacks\n\nWhat is sent to a \`callback_url\`:\n\n${propertiesOf(z.toJSONSchema(CallbackBody) as object)}`,
  ];
  return `${parts.map(forGuides).join('\n\n')}\n`;
}

function errorExample(): string {
  const fields = [{ path: 'project_branch', message: 'must be a branch or a tag' }];
  const error = { code: 'bad_input', message: 'what happened', remedy: 'What to do.', fields };
  return `\`\`\`json\n${JSON.stringify({ error })}\n\`\`\``;
}

/** Links of the README's words, as they are from a guide; those to parts of this page stay. */
function forGuides(part: string): string {
  const own = [
    'the-job',
    'how-a-deployment-ends',
    'exit-codes',
    'settings',
    'http',
    'events-of-a-followed-log',
  ];
  return part.replace(/\]\(#([\w-]+)\)/g, (link, anchor) =>
    part.startsWith('- [') || own.includes(anchor) ? link : `](../../README.md#${anchor})`,
  );
}
