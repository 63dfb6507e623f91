import { startStallingProxy, type StallingProxy } from './stalling-proxy.js';

export interface CommitWatch extends StallingProxy {
  /** From here on a withdrawal is watched for; resolves when the server has committed what was waited for, of which nobody hears. */
  arm(): Promise<void>;
}

/**
 * Leads a process to its database until the server has committed a withdrawal, and this many transactions after it: the answer is
 * not passed on, nor is anything else. Who kills the process then, kills it between its commit and whatever it does next.
 */
export async function startCommitWatch(target: string, commitsAfter = 0): Promise<CommitWatch> {
  let reached: (() => void) | undefined;
  let isCommitted = false;
  let left = commitsAfter;
  const withdrawing = new WeakSet();
  const proxy = await startStallingProxy(target, (bytes, to, connection) => {
    if (reached === undefined) return true;
    if (to === 'server' && bytes.includes('INSERT INTO "consents"')) withdrawing.add(connection);
    if (to === 'server' || !bytes.includes('COMMIT\0')) return true;
    isCommitted ||= withdrawing.has(connection);
    if (!isCommitted) return true;
    left -= 1;
    if (left >= 0) return true;
    reached();
    return false;
  });
  return {
    ...proxy,
    arm: () =>
      new Promise((resolve) => {
        reached = resolve;
      }),
  };
}
