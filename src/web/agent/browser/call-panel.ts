import { flagText, progressText, stateLooks } from './agent-states.js';
import { callName } from './call-names.js';
import { shownFlag, type CallView } from './calls-store.js';
import type { CustomerFiles } from './customer-files.js';
import { byId, clock, clockWithSeconds, partById, setText, useIcon } from '../../common/browser/dom.js';
import type { ConnectionState } from './live-connection.js';

/** The chosen call: its state, why, what to do, and the facts. */
export class CallPanel {
  private readonly customers: CustomerFiles;

  constructor(customers: CustomerFiles) {
    this.customers = customers;
  }

  show(call: CallView, connection: ConnectionState): void {
    const { agent, claimedCustomerId } = call.result;
    const look = stateLooks[agent.state];
    byId('status').dataset['tone'] = look.tone;
    useIcon(partById('status-icon', SVGUseElement), look.icon);
    setText(byId('call-name'), `Call ${callName(call)}`);
    setText(byId('call-title'), agent.title);
    setText(byId('reason'), agent.reason);
    setText(byId('next-step'), agent.nextStep);
    byId('step').hidden = call.closedAt !== null;
    const customer = claimedCustomerId === null ? 'Not named yet' : this.customers.name(claimedCustomerId);
    setText(byId('fact-customer'), customer);
    setText(byId('fact-started'), clock(call.openedAt));
    this.showProgress(call);
    this.showFlag(call);
    this.showEnded(call.closedAt);
    this.showStale(connection);
    document.title = `${agent.title} · Call ${callName(call)} · Timbre`;
  }

  private showProgress(call: CallView): void {
    const progress = call.closedAt === null ? call.result.agent.progress : null;
    byId('progress').hidden = progress === null;
    if (progress === null) return;
    const bar = partById('progress-bar', HTMLProgressElement);
    bar.max = progress.neededMs;
    bar.value = Math.min(progress.netSpeechMs, progress.neededMs);
    const words = progressText(progress);
    bar.setAttribute('aria-valuetext', words);
    setText(byId('progress-text'), words);
  }

  private showFlag(call: CallView): void {
    const flag = shownFlag(call);
    byId('flag').hidden = flag === undefined;
    if (flag === undefined) return;
    setText(byId('flag-text'), flagText(flag));
    const reasons = flag.reasons.map(({ text }) => text);
    const list = byId('flag-reasons');
    if (list.dataset['shown'] === reasons.join('\n')) return;
    list.dataset['shown'] = reasons.join('\n');
    list.replaceChildren(
      ...reasons.map((reason) => {
        const row = document.createElement('li');
        row.textContent = reason;
        return row;
      }),
    );
  }

  private showEnded(closedAt: string | null): void {
    byId('ended').hidden = closedAt === null;
    if (closedAt !== null)
      setText(byId('ended-text'), `The call ended at ${clock(closedAt)}. This is how it stood then.`);
  }

  private showStale(connection: ConnectionState): void {
    byId('stale').hidden = connection.kind === 'live';
    const words =
      connection.kind === 'reconnecting'
        ? `Not live: reconnecting. This is how the call stood at ${clockWithSeconds(connection.sinceMs)}.`
        : 'Not live: connecting.';
    setText(byId('stale-text'), words);
  }
}
