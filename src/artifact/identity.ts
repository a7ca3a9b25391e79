// What an artifact is told from others by. Pure.

/** The sha256 of its archive; or its digest, where that is made when somebody asks for it. */
export function identityOf({
  sha256,
  digest,
}: {
  sha256?: string | undefined;
  digest?: string | undefined;
}): string {
  return sha256 ?? digest ?? '';
}
