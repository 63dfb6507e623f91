import { byId, partById, setText } from '../../common/browser/dom.js';
import { Api } from './api.js';
import type { MyState } from './api-types.js';
import { ClosedView, isClosed, type Closed } from './closed-view.js';
import { ConsentSection } from './consent-section.js';
import { DataSection } from './data-section.js';
import { EraseSection } from './erase-section.js';
import { base, choices, nameOf, nearest, Speaker, wordsFor } from './languages.js';
import { RecordingSection } from './recording-section.js';
import { RequestsSection } from './requests-section.js';
import { StatusCard } from './status-card.js';

/** Holds the parts together: what Timbre says is held goes onto the page, and every change is asked for again. */
export class CustomerPage {
  private readonly api = new Api();
  private readonly speaker = new Speaker();
  private readonly closed = new ClosedView(this.speaker);
  private readonly status = new StatusCard(this.speaker);
  private readonly changed = (): Promise<void> => this.load();
  private readonly consents = new ConsentSection(this.api, this.speaker, this.changed);
  private readonly recording = new RecordingSection(this.api, this.speaker, this.changed);
  private readonly data = new DataSection(this.api, this.speaker, this.changed);
  private readonly requests = new RequestsSection(this.api, this.speaker, this.changed);
  private readonly erasing = new EraseSection(this.api, this.speaker, this.changed, () => {
    this.clear();
  });
  private state: MyState | null = null;
  /** Chosen here; until then what the bank's site or the browser speaks. */
  private language: string | null = null;

  constructor() {
    this.speaker.use(wordsFor(navigator.language));
    byId('leave').addEventListener('click', () => void this.leave());
    byId('closed-again').addEventListener('click', () => void this.load());
    byId('language').addEventListener('change', () => {
      this.language = partById('language', HTMLSelectElement).value;
      this.show();
    });
    // Also when the tab is closed or the person goes back: the microphone is let go.
    window.addEventListener('pagehide', () => {
      this.recording.cancel();
    });
  }

  async start(link: string | null): Promise<void> {
    if (link !== null) {
      const answer = await this.api.open(link);
      if (answer.kind === 'failed') {
        this.close(isClosed(answer.slug) ? answer.slug : 'unreachable');
        return;
      }
    }
    await this.load(link === null);
  }

  /** `isFirst`: nobody has come in by a link, so a visit that is not there was never begun. */
  private async load(isFirst = false): Promise<void> {
    const answer = await this.api.state();
    if (answer.kind === 'done') {
      this.state = answer.body;
      this.show();
    } else if (answer.slug === 'session-over') this.close(isFirst ? 'no-link' : 'session-over');
    else this.close('unreachable');
  }

  private show(): void {
    const state = this.state;
    if (state === null) return;
    const offered = choices(state.notices);
    const language = this.language ?? nearest(state.language ?? navigator.language, offered) ?? 'en';
    this.speaker.use(wordsFor(language));
    this.closed.hide();
    this.showLanguages(offered, language);
    setText(byId('bank'), state.bank);
    setText(byId('account'), this.speaker.say('account', { account: state.accountRef }));
    partById('retention-policy', HTMLAnchorElement).href = state.retentionPolicy;
    document.title = `${this.speaker.say('title')} · ${state.bank}`;
    this.status.show(state);
    this.consents.show(state, language);
    this.recording.show(state);
    this.data.show(state);
    void this.requests.show(state);
    this.erasing.show(state);
    for (const id of ['sheet', 'leave']) byId(id).hidden = false;
  }

  private showLanguages(offered: readonly string[], chosen: string): void {
    const select = partById('language', HTMLSelectElement);
    byId('language-choice').hidden = offered.length < 2;
    select.replaceChildren(
      ...offered.map((language) => {
        const option = new Option(nameOf(language), language, false, language === chosen);
        option.lang = base(language);
        return option;
      }),
    );
  }

  private async leave(): Promise<void> {
    this.recording.cancel();
    await this.api.leave();
    this.close('left');
  }

  private close(why: Closed): void {
    this.clear();
    this.closed.show(why);
  }

  /** Nothing of the person stays on the screen. */
  private clear(): void {
    this.recording.cancel();
    this.state = null;
    for (const id of ['sheet', 'leave', 'language-choice']) byId(id).hidden = true;
    for (const id of ['account', 'bank']) setText(byId(id), '');
    document.title = this.speaker.say('title');
  }
}
