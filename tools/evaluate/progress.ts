const everyMs = 10_000;
const barWidth = 30;

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** In a terminal one line rewritten; elsewhere a line every ten seconds, with how long the rest will take at this pace. */
export function progressOn(screen: Screen, nowMs: () => number): (done: number, all: number) => void {
  let startedMs: number | undefined;
  let toldMs = 0;
  return (done, all) => {
    if (screen.isTTY === true) {
      const filled = Math.floor((done / all) * barWidth);
      const bar = `${'#'.repeat(filled)}${' '.repeat(barWidth - filled)}`;
      screen.write(`\r[${bar}] ${done}/${all}${done === all ? '\n' : ''}`);
      return;
    }
    const now = nowMs();
    startedMs ??= now;
    if (done < all && now - toldMs < everyMs) return;
    toldMs = now;
    const leftS = Math.round((((now - startedMs) / done) * (all - done)) / 1000);
    screen.write(`${done} of ${all} heard${done === all ? '' : `, about ${leftS} s left`}\n`);
  };
}

/** On standard error, so that the report can be piped. */
export const showProgress = progressOn(process.stderr, () => performance.now());
