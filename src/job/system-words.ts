// What the system says of a file or an address, in words of a user: "ENOENT: no such file or directory, open '…'" is none. Pure.
import { messageOf } from './errors.js';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  ENOTDIR: 'a part of its path is no directory',
  EISDIR: 'it is a directory',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name is not known: no name server answers',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it has cut the connection',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** An error in words, where its code is known; else what it says itself. */
export function systemWords(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return WORDS[String(code)] ?? messageOf(error);
}

/** The same of a file that was to be written. */
export function systemWordsOfWriting(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ENOENT' ? 'its directory is not there' : systemWords(error);
}
