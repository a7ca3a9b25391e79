// Of which type a file is, by the end of its name. Pure.
import mime from 'mime';

/** The content type of a file, as HTTP has it. */
export function contentTypeOf(path: string): string {
  const type = mime.getType(path) ?? 'application/octet-stream';
  // Without it, browsers take text of a script or a style sheet for whatever the page's is.
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type;
}
