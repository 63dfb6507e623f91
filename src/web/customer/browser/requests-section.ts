import { byId, partById, setText } from '../../common/browser/dom.js';
import { Feedback } from '../../common/browser/feedback.js';
import type { Answer, Api } from './api.js';
import type { MyObjection, MyRequest, MyState } from './api-types.js';
import type { Speaker } from './languages.js';
import type { AskKey } from './words.js';

/** What can be asked for here beside what the page does at once. */
const asks: Readonly<Record<Exclude<AskKey, 'appeal'>, object>> = {
  'stop-verification': { kind: 'objection', scopes: ['verification'] },
  'stop-profiling': { kind: 'objection', scopes: ['profiling'] },
  'no-sale': { kind: 'objection', scopes: ['sale-or-sharing'] },
  limit: { kind: 'limit', scopes: ['verification'] },
  correction: { kind: 'correction' },
  access: { kind: 'access' },
};

/** Requests to the people at the bank: what was asked, by when it is answered, and a form for more. */
export class RequestsSection {
  private readonly feedback = new Feedback('request-feedback');

  constructor(
    private readonly api: Api,
    private readonly speaker: Speaker,
    private readonly changed: () => Promise<void>,
  ) {
    byId('request-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const kind = partById('request-kind', HTMLSelectElement).value;
      if (kind in asks) void this.ask(asks[kind as keyof typeof asks]);
    });
  }

  async show({ scopes, optOutSignal }: MyState): Promise<void> {
    const isOffered = scopes.includes('requests');
    byId('requests').hidden = !isOffered;
    if (!isOffered) return;
    this.showKinds();
    byId('signal').hidden = optOutSignal !== 'recorded' && optOutSignal !== 'standing';
    setText(byId('signal'), this.speaker.say('optOutHeard'));
    const answer = await this.api.requests();
    if (answer.kind === 'done') this.showRequests(answer.body.requests);
    const made = await this.api.objections();
    if (made.kind === 'done') this.showObjections(made.body.objections);
  }

  private showKinds(): void {
    const select = partById('request-kind', HTMLSelectElement);
    const chosen = select.value;
    const options = Object.keys(asks).map((key) => new Option(this.speaker.words.asks[key as AskKey], key));
    select.replaceChildren(...options);
    if (chosen !== '') select.value = chosen;
  }

  private showRequests(requests: readonly MyRequest[]): void {
    const list = byId('request-list');
    list.hidden = requests.length === 0;
    list.replaceChildren(...requests.map((request) => this.item(request)));
  }

  private item({
    requestId,
    kind,
    scopes,
    state,
    receivedAt,
    dueAt,
    answeredAt,
    explanation,
  }: MyRequest): HTMLElement {
    const item = document.createElement('li');
    const [title, when] = [document.createElement('strong'), document.createElement('span')];
    title.textContent = this.nameOf(kind, scopes);
    const asked = this.speaker.day(receivedAt);
    when.textContent =
      answeredAt === null
        ? this.speaker.say('requestDue', { asked, due: this.speaker.day(dueAt) })
        : this.speaker.say(state === 'refused' ? 'requestRefused' : 'requestDone', {
            answered: this.speaker.day(answeredAt),
          });
    item.append(title, when);
    if (explanation !== null) {
      const words = document.createElement('p');
      words.textContent = explanation;
      item.append(words);
    }
    if (state === 'refused' && kind !== 'appeal') item.append(this.appeal(requestId));
    return item;
  }

  private appeal(appealOf: string): HTMLElement {
    return button(this.speaker.words.asks.appeal, () => void this.ask({ kind: 'appeal', appealOf }));
  }

  private showObjections(objections: readonly MyObjection[]): void {
    for (const id of ['objections-title', 'objection-list']) byId(id).hidden = objections.length === 0;
    byId('objection-list').replaceChildren(...objections.map((objection) => this.objection(objection)));
  }

  private objection({ objectionId, kind, scopes, since }: MyObjection): HTMLElement {
    const item = document.createElement('li');
    const [title, when] = [document.createElement('strong'), document.createElement('span')];
    title.textContent = this.nameOf(kind, scopes);
    title.id = `objection-${objectionId}`;
    when.textContent = this.speaker.say('objectionSince', { since: this.speaker.day(since) });
    const takeBack = button(this.speaker.say('takeBack'), () => void this.takeBack(objectionId));
    // Several stand below one another: each says what it takes back.
    takeBack.setAttribute('aria-describedby', title.id);
    item.append(title, when, takeBack);
    return item;
  }

  private nameOf(kind: string, scopes: readonly string[]): string {
    const { requestKinds } = this.speaker.words;
    return requestKinds[`${kind}:${scopes.join('+')}`] ?? requestKinds[kind] ?? kind;
  }

  private async ask(request: object): Promise<void> {
    await this.answered(await this.api.ask(request), 'requestReceived');
  }

  private async takeBack(objectionId: string): Promise<void> {
    await this.answered(await this.api.takeBack(objectionId), 'takenBack');
    // The button that had the focus is gone.
    byId('requests-title').focus();
  }

  private async answered(answer: Answer, done: 'requestReceived' | 'takenBack'): Promise<void> {
    await this.changed();
    if (answer.kind === 'done') this.feedback.say(true, this.speaker.say(done));
    else this.feedback.say(false, this.speaker.problem(answer.slug));
  }
}

function button(text: string, pressed: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'button';
  made.textContent = text;
  made.addEventListener('click', pressed);
  return made;
}
