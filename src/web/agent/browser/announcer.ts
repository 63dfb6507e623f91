import type { CallView } from './calls-store.js';
import { byId } from '../../common/browser/dom.js';

/** Speaks the chosen call's state to screen readers: politely, and only high risk cuts in. Progress is not spoken. */
export class Announcer {
  private readonly polite = byId('polite');
  private readonly assertive = byId('assertive');
  private said = '';

  tell(call: CallView | undefined): void {
    const agent = call?.result.agent;
    const key = agent ? `${call.callId} ${agent.state} ${agent.reason}` : '';
    if (key === this.said) return;
    this.said = key;
    const words = agent ? `${agent.title}. ${agent.reason} ${agent.nextStep}` : '';
    const urgent = agent?.state === 'high-risk';
    this.polite.textContent = urgent ? '' : words;
    this.assertive.textContent = urgent ? words : '';
  }
}
