/** On standard error, so that the report can be piped; one line rewritten in a terminal, nothing in a log. */
export function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.floor((done / all) * 30);
  process.stderr.write(
    `\r[${'#'.repeat(filled)}${' '.repeat(30 - filled)}] ${done}/${all}${done === all ? '\n' : ''}`,
  );
}
