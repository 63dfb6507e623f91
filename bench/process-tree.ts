import { readFile } from 'node:fs/promises';

/** Linux counts processor time for its users in hundredths of a second (proc(5), USER_HZ). */
const tickMs = 10;

/** Processor time of everything that a process has started, such as PostgreSQL; null where there is no /proc. */
export async function descendantsCpuMs(pid: number): Promise<number | null> {
  try {
    const children = await childrenOf(pid);
    const times = await Promise.all(
      children.map(async (child) => (await ownMs(child)) + (await below(child))),
    );
    return times.reduce((sum, ms) => sum + ms, 0);
  } catch {
    return null;
  }
}

async function below(pid: number): Promise<number> {
  return (await descendantsCpuMs(pid)) ?? 0;
}

async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return list.trim() === '' ? [] : list.trim().split(' ').map(Number);
}

/** Its own and that of its children that have ended (fields 14 to 17 of proc/pid/stat). */
async function ownMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program, in brackets, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i] ?? 0), 0) * tickMs;
}
