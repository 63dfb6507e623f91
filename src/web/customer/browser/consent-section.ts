import { byId } from '../../common/browser/dom.js';
import { Feedback } from '../../common/browser/feedback.js';
import type { Answer, Api } from './api.js';
import type { MyPurpose, MyState, Purpose } from './api-types.js';
import { nearest, type Speaker } from './languages.js';
import type { TextKey } from './words.js';

interface Row {
  readonly item: HTMLElement;
  readonly toggle: HTMLButtonElement;
  readonly title: HTMLElement;
  readonly text: HTMLElement;
  readonly state: HTMLElement;
}

/** The notice and a switch for each purpose. A no is one press, as a yes is (GDPR Art. 7(3)). */
export class ConsentSection {
  private readonly feedback = new Feedback('agree-feedback');
  private readonly rows = new Map<Purpose, Row>();
  private state: MyState | null = null;
  /** In which language the notice is read. */
  private language = 'en';
  private busy = false;

  constructor(
    private readonly api: Api,
    private readonly speaker: Speaker,
    private readonly changed: () => Promise<void>,
  ) {}

  show(state: MyState, language: string): void {
    this.state = state;
    this.language = language;
    byId('agree').hidden = state.purposes.length === 0;
    this.showNotices(state);
    const items = state.purposes.map((one) => this.showPurpose(one, state));
    const shown = [...byId('purposes').children];
    // Put in anew they would lose the focus of whoever goes by the keyboard.
    if (items.length !== shown.length || items.some((item, index) => item !== shown[index]))
      byId('purposes').replaceChildren(...items);
  }

  private showNotices({ purposes, notices }: MyState): void {
    const versions = [...new Set(purposes.flatMap(({ offer }) => (offer === null ? [] : [offer.version])))];
    byId('notices').replaceChildren(
      ...versions.flatMap((version) => {
        const language = this.noticeLanguage(version);
        const notice = notices.find((one) => one.version === version && one.language === language);
        if (notice === undefined) return [];
        const quote = document.createElement('blockquote');
        quote.className = 'notice';
        quote.lang = notice.language;
        quote.textContent = notice.text;
        const label = document.createElement('h3');
        label.textContent = this.speaker.say('noticeLabel');
        return [label, quote];
      }),
    );
  }

  private noticeLanguage(version: string): string | undefined {
    const of = this.state?.notices.filter((notice) => notice.version === version) ?? [];
    return nearest(
      this.language,
      of.map(({ language }) => language),
    );
  }

  private showPurpose(one: MyPurpose, { scopes }: MyState): HTMLElement {
    const row = this.rows.get(one.purpose) ?? this.makeRow(one.purpose);
    const { title, text } = this.speaker.words.purposes[one.purpose];
    row.title.textContent = title;
    row.text.textContent = text;
    row.state.textContent = this.describe(one);
    row.item.dataset['asked'] = String(one.askedAgain);
    const isOn = one.consent === 'granted';
    row.toggle.setAttribute('aria-checked', String(isOn));
    row.toggle.disabled = !scopes.includes('consent') || (!isOn && one.offer === null);
    return row.item;
  }

  private describe({ consent, since, until, askedAgain, offer }: MyPurpose): string {
    const date = since === null ? '' : this.speaker.day(since);
    switch (consent) {
      case 'granted':
        return until === null
          ? this.speaker.say('agreedOn', { date })
          : this.speaker.say('agreedUntil', { date, until: this.speaker.day(until) });
      case 'withdrawn':
      case 'objected':
        return this.speaker.say('withdrawnOn', { date });
      case 'expired':
        return this.speaker.say('agreementEndedOn', { date });
      case 'missing':
        if (askedAgain) return this.speaker.say('askedAgain');
        return this.speaker.say(offer === null ? 'notOffered' : 'notAgreed');
    }
  }

  private makeRow(purpose: Purpose): Row {
    const item = document.createElement('li');
    item.className = 'purpose';
    const words = document.createElement('div');
    const [title, text, state] = ['h3', 'p', 'p'].map((tag) => document.createElement(tag));
    const toggle = document.createElement('button');
    if (title === undefined || text === undefined || state === undefined) throw new Error('no elements');
    toggle.type = 'button';
    toggle.className = 'switch';
    toggle.id = `toggle-${purpose}`;
    toggle.setAttribute('role', 'switch');
    title.id = `purpose-${purpose}`;
    text.id = `purpose-text-${purpose}`;
    state.id = `purpose-state-${purpose}`;
    state.className = 'purpose-state';
    toggle.setAttribute('aria-labelledby', title.id);
    toggle.setAttribute('aria-describedby', `${text.id} ${state.id}`);
    toggle.addEventListener('click', () => void this.press(purpose));
    words.append(title, text, state);
    item.append(words, toggle);
    const row = { item, toggle, title, text, state };
    this.rows.set(purpose, row);
    return row;
  }

  private async press(purpose: Purpose): Promise<void> {
    const one = this.state?.purposes.find((candidate) => candidate.purpose === purpose);
    if (one === undefined || this.busy) return;
    this.busy = true;
    this.feedback.clear();
    try {
      if (one.consent === 'granted') await this.withdraw(purpose);
      else await this.agree(one);
    } finally {
      this.busy = false;
    }
  }

  private async agree({ purpose, offer }: MyPurpose): Promise<void> {
    const language = offer === null ? undefined : this.noticeLanguage(offer.version);
    if (offer === null || language === undefined) return;
    await this.done(await this.api.agree(purpose, offer.version, language), () => 'saidYes');
  }

  private async withdraw(purpose: Purpose): Promise<void> {
    const answer = await this.api.withdraw(purpose);
    await this.done(answer, ({ destroyed: { voiceprints, stretches } }) =>
      voiceprints + stretches > 0 ? 'saidNoDestroyed' : 'saidNo',
    );
  }

  private async done<T>(answer: Answer<T>, words: (body: T) => TextKey): Promise<void> {
    await this.changed();
    if (answer.kind === 'done') this.feedback.say(true, this.speaker.say(words(answer.body)));
    else this.feedback.say(false, this.speaker.problem(answer.slug));
  }
}
