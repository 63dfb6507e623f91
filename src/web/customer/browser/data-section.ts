import { byId } from '../../common/browser/dom.js';
import { Feedback } from '../../common/browser/feedback.js';
import type { Api } from './api.js';
import type { MyState } from './api-types.js';
import type { Speaker } from './languages.js';
import { saveFile } from './save-file.js';

/** A copy of everything that is held, to read or to take elsewhere. */
export class DataSection {
  private readonly feedback = new Feedback('data-feedback');

  constructor(
    private readonly api: Api,
    private readonly speaker: Speaker,
    private readonly changed: () => Promise<void>,
  ) {
    byId('data-page').addEventListener('click', () => void this.download('html'));
    byId('data-json').addEventListener('click', () => void this.download('json'));
  }

  show({ scopes }: MyState): void {
    byId('data').hidden = !scopes.includes('requests');
  }

  private async download(kind: 'html' | 'json'): Promise<void> {
    const answer = await this.api.data(kind, this.speaker.words.code);
    if (answer.kind === 'failed') {
      await this.changed();
      this.feedback.say(false, this.speaker.problem(answer.slug));
      return;
    }
    saveFile(answer.body, `my-voice-data.${kind}`);
    this.feedback.say(true, this.speaker.say('downloaded'));
  }
}
