import { stateLooks } from './agent-states.js';
import { callName } from './call-names.js';
import type { CallView } from './calls-store.js';
import { byId, clock, icon, partById, setText, useIcon } from '../../common/browser/dom.js';

interface Item {
  readonly row: HTMLLIElement;
  readonly button: HTMLButtonElement;
  readonly use: Element;
  readonly name: HTMLElement;
  readonly time: HTMLElement;
  readonly badge: HTMLElement;
}

/** More calls than an eye takes in at once. */
const findFrom = 8;

/** The list of calls. Items are kept and moved, not made anew, so that the focus stays where it is. */
export class CallList {
  private readonly list = partById('call-list', HTMLUListElement);
  private readonly find = byId('find');
  private readonly text = partById('find-text', HTMLInputElement);
  private readonly none = byId('no-calls');
  private readonly items = new Map<string, Item>();
  private readonly choose: (callId: string) => void;

  constructor(choose: (callId: string) => void, refresh: () => void) {
    this.choose = choose;
    this.text.addEventListener('input', refresh);
  }

  show(calls: readonly CallView[], chosenId: string | null): void {
    this.find.hidden = calls.length < findFrom && this.text.value === '';
    const wanted = this.text.value.trim().toLowerCase();
    const shown = calls.filter((call) => wanted === '' || matches(call, wanted));
    this.none.hidden = shown.length > 0;
    setText(
      this.none,
      calls.length > 0 ? 'No call matches.' : 'No calls right now. A call appears here as soon as it starts.',
    );
    const ids = new Set(shown.map((call) => call.callId));
    for (const [callId, item] of this.items) {
      if (ids.has(callId)) continue;
      item.row.remove();
      this.items.delete(callId);
    }
    shown.forEach((call, index) => {
      const item = this.item(call.callId);
      fill(item, call, call.callId === chosenId);
      const there = this.list.children[index];
      if (there !== item.row) this.list.insertBefore(item.row, there ?? null);
    });
  }

  focus(callId: string | null): void {
    const item = callId === null ? undefined : this.items.get(callId);
    (item?.button ?? this.list.querySelector('button'))?.focus();
  }

  private item(callId: string): Item {
    const known = this.items.get(callId);
    if (known !== undefined) return known;
    const row = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'call-item';
    button.addEventListener('click', () => {
      this.choose(callId);
    });
    const part = (className: string): HTMLElement => {
      const span = document.createElement('span');
      span.className = className;
      button.append(span);
      return span;
    };
    const picture = icon('wave');
    part('state-icon').append(picture);
    const use = picture.firstElementChild ?? picture;
    const item = { row, button, use, name: part('name'), time: part('time'), badge: part('badge') };
    row.append(button);
    this.items.set(callId, item);
    return item;
  }
}

function matches(call: CallView, wanted: string): boolean {
  return [call.callId, call.externalId ?? '', call.result.claimedCustomerId ?? ''].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

function fill(item: Item, call: CallView, chosen: boolean): void {
  const look = stateLooks[call.result.agent.state];
  item.button.dataset['tone'] = look.tone;
  if (chosen) item.button.setAttribute('aria-current', 'true');
  else item.button.removeAttribute('aria-current');
  useIcon(item.use, look.icon);
  setText(item.name, callName(call));
  setText(item.time, clock(call.openedAt));
  setText(item.badge, call.closedAt === null ? look.badge : `${look.badge} · ended`);
}
