// Reads statements: whoever signed one, it is nobody's word until a key of this installation has.
import { readFile } from 'node:fs/promises';
import { KoalaError } from '../job/errors.js';
import { type Envelope, textIn } from './dsse.js';
import { BUILD_TYPE, PAYLOAD_TYPE, PREDICATE_TYPE, STATEMENT_TYPE, type Statement } from './statement.js';

/**
 * Reads the envelope in a file.
 * @throws KoalaError `not_found` when there is none; `bad_input` when it is something else
 */
export async function readEnvelope(file: string): Promise<Envelope> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new KoalaError('not_found', `there is no provenance at ${file}`, {
      remedy:
        'It is made within seconds after READY, if there is a signing key ("koalaci init" makes one). "koalaci doctor" says so.',
      cause,
    });
  });
  const parsed = tryParse(text) as Partial<Envelope> | undefined;
  const { payloadType, payload, signatures } = parsed ?? {};
  if (typeof payloadType === 'string' && typeof payload === 'string' && Array.isArray(signatures))
    return { payloadType, payload, signatures: signatures.filter((one) => typeof one?.sig === 'string') };
  throw new KoalaError('bad_input', `${file} is no DSSE envelope`, {
    remedy: 'Fetch it anew: GET /job/:id/artifact/provenance.',
  });
}

/**
 * The statement in an envelope.
 * @throws KoalaError `bad_input` when it is of another kind than koalaci's
 */
export function statementIn(envelope: Envelope, file: string): Statement {
  const statement = tryParse(textIn(envelope)) as Partial<Statement> | undefined;
  const isOurs =
    envelope.payloadType === PAYLOAD_TYPE &&
    statement?._type === STATEMENT_TYPE &&
    statement.predicateType === PREDICATE_TYPE &&
    statement.predicate?.buildDefinition?.buildType === BUILD_TYPE;
  if (isOurs) return statement as Statement;
  throw new KoalaError('bad_input', `${file} is not about a build of koalaci`);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
