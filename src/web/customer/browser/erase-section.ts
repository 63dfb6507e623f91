import { byId, partById } from '../../common/browser/dom.js';
import { Feedback } from '../../common/browser/feedback.js';
import type { Api } from './api.js';
import type { MyReceipt, MyState } from './api-types.js';
import { showFacts } from './facts.js';
import type { Speaker } from './languages.js';
import { saveFile } from './save-file.js';

/** The end of everything that is held, asked about once more, and the receipt for it. */
export class EraseSection {
  private readonly feedback = new Feedback('erase-feedback');
  private readonly dialog = partById('erase-dialog', HTMLDialogElement);
  private receipt: MyReceipt | null = null;

  constructor(
    private readonly api: Api,
    private readonly speaker: Speaker,
    private readonly changed: () => Promise<void>,
    /** Nothing is left to show but the receipt. */
    private readonly erased: () => void,
  ) {
    byId('erase').addEventListener('click', () => {
      this.dialog.showModal();
    });
    byId('erase-keep').addEventListener('click', () => {
      this.dialog.close();
    });
    byId('erase-confirm').addEventListener('click', () => void this.erase());
    byId('receipt').addEventListener('click', () => {
      this.save();
    });
  }

  show({ scopes }: MyState): void {
    byId('erase-section').hidden = !scopes.includes('requests');
  }

  private async erase(): Promise<void> {
    const answer = await this.api.erase();
    this.dialog.close();
    if (answer.kind === 'failed') {
      await this.changed();
      this.feedback.say(false, this.speaker.problem(answer.slug));
      return;
    }
    this.receipt = answer.body;
    const { erasedAt, erasureId } = answer.body.receipt;
    showFacts(byId('receipt-facts'), [
      [this.speaker.say('erasedOn'), this.speaker.day(erasedAt)],
      [this.speaker.say('receiptNumber'), erasureId],
    ]);
    this.erased();
    byId('erased').hidden = false;
    byId('erased-title').focus();
  }

  private save(): void {
    if (this.receipt === null) return;
    const text = JSON.stringify(this.receipt, null, 2);
    const name = `erasure-receipt-${this.receipt.receipt.erasureId}.json`;
    saveFile(new Blob([text], { type: 'application/json' }), name);
  }
}
