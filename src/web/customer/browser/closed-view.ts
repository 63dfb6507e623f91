import { byId, partById, setText, useIcon } from '../../common/browser/dom.js';
import type { Speaker } from './languages.js';
import type { TextKey } from './words.js';

export type Closed =
  'left' | 'session-over' | 'no-link' | 'link-expired' | 'link-used' | 'link-not-valid' | 'unreachable';

const views: Record<Closed, { readonly title: TextKey; readonly text: TextKey; readonly icon: string }> = {
  left: { title: 'leftTitle', text: 'leftText', icon: 'check' },
  'session-over': { title: 'overTitle', text: 'overText', icon: 'clock' },
  'no-link': { title: 'noLinkTitle', text: 'noLinkText', icon: 'voice' },
  'link-expired': { title: 'linkExpiredTitle', text: 'linkAgain', icon: 'clock' },
  'link-used': { title: 'linkUsedTitle', text: 'linkAgain', icon: 'clock' },
  'link-not-valid': { title: 'linkNotValidTitle', text: 'linkAgain', icon: 'alarm' },
  unreachable: { title: 'unreachableTitle', text: 'unreachableText', icon: 'alarm' },
};

export function isClosed(slug: string): slug is Closed {
  return slug in views;
}

/** The page while nobody's data is on it, with why in words. */
export class ClosedView {
  private why: Closed | null = null;

  constructor(private readonly speaker: Speaker) {}

  show(why: Closed): void {
    this.why = why;
    this.translate();
    byId('closed').hidden = false;
    byId('closed').dataset['why'] = why;
    byId('closed-again').hidden = why !== 'unreachable';
    byId('closed-title').focus();
  }

  hide(): void {
    this.why = null;
    byId('closed').hidden = true;
  }

  translate(): void {
    if (this.why === null) return;
    const { title, text, icon } = views[this.why];
    setText(byId('closed-title'), this.speaker.say(title));
    setText(byId('closed-text'), this.speaker.say(text));
    useIcon(partById('closed-icon', SVGUseElement), icon);
  }
}
