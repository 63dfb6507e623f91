import { byId } from './dom.js';

/** The line that says what came of an action: a live region, so that it is heard where the focus is. */
export class Feedback {
  private readonly line: HTMLElement;

  constructor(id: string) {
    this.line = byId(id);
  }

  say(worked: boolean, words: string): void {
    this.line.dataset['kind'] = worked ? 'done' : 'failed';
    // Emptied first: the same words said again are spoken again.
    this.line.textContent = '';
    this.line.textContent = words;
  }

  clear(): void {
    this.line.textContent = '';
  }
}
