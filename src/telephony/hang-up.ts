/** RFC 6455 §7.4.1: closed on purpose, with a code or without one. Anything else is a connection that broke. */
export function isHangUp(closeCode: number | undefined): boolean {
  return closeCode === 1000 || closeCode === 1005;
}
