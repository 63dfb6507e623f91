import { byId, partById, setText, useIcon } from '../../common/browser/dom.js';
import type { MyState } from './api-types.js';
import { showFacts } from './facts.js';
import type { Speaker } from './languages.js';

type Kind = 'held' | 'unused' | 'pending' | 'ended' | 'expired' | 'none';

const looks: Record<Kind, { readonly tone: string; readonly icon: string }> = {
  held: { tone: 'good', icon: 'shield' },
  unused: { tone: 'warn', icon: 'shield' },
  pending: { tone: 'wait', icon: 'clock' },
  ended: { tone: 'neutral', icon: 'cross' },
  expired: { tone: 'neutral', icon: 'clock' },
  none: { tone: 'neutral', icon: 'empty' },
};

/** What is held, until when and why: the first thing to be seen. */
export class StatusCard {
  constructor(private readonly speaker: Speaker) {}

  show(state: MyState): void {
    const kind = kindOf(state);
    byId('status').dataset['tone'] = looks[kind].tone;
    byId('status').dataset['held'] = kind;
    useIcon(partById('status-icon', SVGUseElement), looks[kind].icon);
    const { title, text, facts } = this.describe(kind, state);
    setText(byId('status-title'), title);
    setText(byId('status-text'), text);
    byId('status-text').hidden = text === '';
    showFacts(byId('status-facts'), facts);
  }

  private describe(
    kind: Kind,
    { voiceprint, pending, held }: MyState,
  ): { title: string; text: string; facts: readonly (readonly [string, string])[] } {
    const { speaker } = this;
    const { keptBecause, endedBecause } = speaker.words;
    const made = [speaker.say('madeOn'), speaker.day(voiceprint?.madeAt ?? '1970-01-01')] as const;
    switch (kind) {
      case 'held':
      case 'unused': {
        const why = keptBecause[voiceprint?.keptBecause ?? ''] ?? keptBecause.other;
        const until = speaker.day(voiceprint?.keptUntil ?? '');
        return {
          title: speaker.say('heldTitle'),
          text: speaker.say(kind === 'held' ? 'heldText' : 'heldUnusedText'),
          facts: [
            made,
            ...this.waiting(voiceprint),
            ...this.offered(held),
            [speaker.say('keptUntil'), until],
            [speaker.say('why'), why],
          ],
        };
      }
      case 'pending': {
        const seconds = speaker.seconds(pending?.netSpeechMs ?? 0);
        return {
          title: speaker.say('pendingTitle'),
          text: speaker.say('pendingText', { seconds }),
          facts: [[speaker.say('keptUntil'), speaker.day(pending?.keptUntil ?? '')]],
        };
      }
      case 'ended': {
        const because = endedBecause[voiceprint?.endedBecause ?? ''] ?? endedBecause.other;
        const endedAt = speaker.day(voiceprint?.endedAt ?? '');
        return {
          title: speaker.say('endedTitle'),
          text: '',
          facts: [made, [speaker.say('endedOn'), endedAt], [speaker.say('why'), because]],
        };
      }
      case 'expired': {
        const because =
          endedBecause[voiceprint?.endedBecause ?? voiceprint?.keptBecause ?? ''] ?? endedBecause.other;
        const endedAt = speaker.day(voiceprint?.endedAt ?? voiceprint?.keptUntil ?? '');
        return {
          title: speaker.say('expiredTitle'),
          text: '',
          facts: [made, [speaker.say('endedOn'), endedAt], [speaker.say('why'), because]],
        };
      }
      case 'none':
        return { title: speaker.say('noneTitle'), text: speaker.say('noneText'), facts: [] };
    }
  }

  /** Somebody offered a voiceprint in the customer's name: they have to learn of it. */
  private offered(held: MyState['held']): (readonly [string, string])[] {
    const { speaker } = this;
    return held.map(({ madeAt }) => [speaker.say('heldSince'), speaker.moment(madeAt)] as const);
  }

  /** Of a voiceprint that took another's place a short while ago. */
  private waiting(voiceprint: MyState['voiceprint']): (readonly [string, string])[] {
    const { speaker } = this;
    const from = voiceprint?.countsFrom ?? null;
    return from === null ? [] : [[speaker.say('countsFrom'), speaker.moment(from)]];
  }
}

function kindOf({ voiceprint, pending, purposes }: MyState): Kind {
  if (voiceprint?.state === 'active') {
    const used = purposes.some((one) => one.purpose === 'verification' && one.consent === 'granted');
    return used ? 'held' : 'unused';
  }
  if (pending !== null) return 'pending';
  if (voiceprint === null) return 'none';
  return voiceprint.state === 'expired' ? 'expired' : 'ended';
}
