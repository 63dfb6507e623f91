import { agentViewOf, type AgentFlag } from '../../../core/calls/agent-view.js';
import type { CallResult, FirstDecision } from '../../../core/calls/result.js';
import { isNews } from '../../../core/calls/result-news.js';

/** What a call says of itself: how its agent sees it, how soon its voice was decided on, and no result that is no news. */
export class CallReport {
  private flag: AgentFlag | null = null;
  private first: FirstDecision | null = null;
  private last: CallResult | null = null;

  constructor(private readonly onResult: (result: CallResult, latencyMs: number | null) => void) {}

  get firstDecision(): FirstDecision | null {
    return this.first;
  }

  showFlag(flag: AgentFlag | null): void {
    this.flag = flag;
  }

  /** Of a new claim, or of what another process had of the call. */
  restart(firstDecision: FirstDecision | null): void {
    this.first = firstDecision;
  }

  decided(decision: FirstDecision): void {
    this.first ??= decision;
  }

  result(known: Omit<CallResult, 'agent' | 'firstDecision'>): CallResult {
    const { verification, channels, audio, ...call } = known;
    const agent = agentViewOf(verification, this.flag);
    return { ...call, verification, agent, ...(channels && { channels }), audio, firstDecision: this.first };
  }

  tell(result: CallResult, latencyMs: number | null): void {
    if (this.last && !isNews(this.last, result)) return;
    this.last = result;
    this.onResult(result, latencyMs);
  }
}
