// Reads server-sent events. Pure.

export interface ServerEvent {
  /** `message` if it has no name. */
  event: string;
  /** Of the newest event that has one. */
  id: string;
  data: string;
}

/** The events in a body, as they come. What follows the last empty line is part of no event. */
export async function* eventsIn(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  let fields: Partial<Record<string, string>> = {};
  let id = '';
  for await (const line of linesIn(chunks)) {
    if (line !== '') {
      const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (name === 'data') fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`;
      else fields[name] = value;
      continue;
    }
    id = fields.id ?? id;
    if (fields.data !== undefined) yield { event: fields.event ?? 'message', id, data: fields.data };
    fields = {};
  }
}

/** The lines in a body, as they come, without their ends. A last one without an end is none: it may be cut off. */
export async function* linesIn(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // In pieces, so that a long line is not searched again with each new piece.
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...lines] = decoder.decode(chunk, { stream: true }).split('\n');
    rest.push(first);
    for (const next of lines) {
      yield rest.join('').replace(/\r$/, '');
      rest = [next];
    }
  }
}
