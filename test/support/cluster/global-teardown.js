/** Runs when specs failed, too. */
export default function stopSharedCluster() {
  return globalThis.stopSharedCluster?.();
}
