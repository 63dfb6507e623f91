import type { AudioAccount } from './result.js';

/** Keeps count of where a call's audio went. */
export class AudioTally {
  private account: AudioAccount = { receivedMs: 0, analysedMs: 0, droppedMs: 0, lostMs: 0, withheldMs: 0 };

  count(change: Partial<AudioAccount>): void {
    const sum = (key: keyof AudioAccount) => this.account[key] + (change[key] ?? 0);
    this.account = {
      receivedMs: sum('receivedMs'),
      analysedMs: sum('analysedMs'),
      droppedMs: sum('droppedMs'),
      lostMs: sum('lostMs'),
      withheldMs: sum('withheldMs'),
    };
  }

  get now(): AudioAccount {
    return this.account;
  }

  /** Stream time so far: what came and what is missing. */
  get positionMs(): number {
    return this.account.receivedMs + this.account.lostMs;
  }
}
