import type { AudioAccount } from './result.js';

/** Keeps count of where a call's audio went. */
export class AudioTally {
  private account: AudioAccount = { receivedMs: 0, analysedMs: 0, droppedMs: 0, lostMs: 0, withheldMs: 0 };
  private earlier: AudioAccount | null = null;

  count(change: Partial<AudioAccount>): void {
    this.account = sumOf(this.account, change);
  }

  /** The call began on another process. */
  goOnFrom(earlier: AudioAccount): void {
    this.earlier = earlier;
  }

  /** Of this process alone. */
  get here(): AudioAccount {
    return this.account;
  }

  /** Time in the call at which this process began with it. */
  get earlierMs(): number {
    return this.earlier ? this.earlier.receivedMs + this.earlier.lostMs : 0;
  }

  /** This process's and, of a call that goes on here, the earlier one's. */
  get now(): AudioAccount {
    return this.earlier ? sumOf(this.account, this.earlier) : this.account;
  }

  /** Stream time on this process so far: what came and what is missing. */
  get positionMs(): number {
    return this.account.receivedMs + this.account.lostMs;
  }
}

function sumOf(account: AudioAccount, change: Partial<AudioAccount>): AudioAccount {
  const sum = (key: keyof AudioAccount) => account[key] + (change[key] ?? 0);
  return {
    receivedMs: sum('receivedMs'),
    analysedMs: sum('analysedMs'),
    droppedMs: sum('droppedMs'),
    lostMs: sum('lostMs'),
    withheldMs: sum('withheldMs'),
  };
}
