// Of which type a file is, by the end of its name. Pure.
import mime from 'mime';

/** The content type of a file; text is UTF-8, as nearly all of it on the web is. */
export function contentTypeOf(path: string): string {
  const type = mime.getType(path) ?? 'application/octet-stream';
  const isText = type.startsWith('text/') || /[/+](json|xml|javascript)$/.test(type);
  return isText ? `${type}; charset=utf-8` : type;
}
