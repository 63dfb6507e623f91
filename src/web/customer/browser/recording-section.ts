import { byId, partById, setText } from '../../common/browser/dom.js';
import { Feedback } from '../../common/browser/feedback.js';
import type { Api } from './api.js';
import type { MyEnrolment, MyState, QualityCode } from './api-types.js';
import { EnrolmentCall } from './enrolment-call.js';
import type { Speaker } from './languages.js';
import { LevelMeter } from './level-meter.js';
import { Microphone, type MicrophoneProblem } from './microphone.js';
import type { TextKey } from './words.js';

const problemTexts: Record<MicrophoneProblem, TextKey> = {
  denied: 'micDenied',
  none: 'micNone',
  busy: 'micBusy',
  unsupported: 'micUnsupported',
};

/** A voiceprint by the browser's microphone: sentences to read, a meter, how far it is, and what came of it. */
export class RecordingSection {
  private readonly feedback = new Feedback('record-feedback');
  private readonly meter = new LevelMeter();
  private state: MyState | null = null;
  private microphone: Microphone | null = null;
  private call: EnrolmentCall | null = null;
  private phase: 'idle' | 'opening' | 'recording' | 'judging' = 'idle';
  private heardMs = 0;
  private neededMs = 1;
  /** Counts recordings, so that a microphone that opens late does not disturb the next one. */
  private attempt = 0;

  constructor(
    private readonly api: Api,
    private readonly speaker: Speaker,
    private readonly changed: () => Promise<void>,
  ) {
    byId('record-start').addEventListener('click', () => void this.start());
    byId('record-stop').addEventListener('click', () => {
      this.judge();
      this.call?.stop();
    });
    byId('record-cancel').addEventListener('click', () => {
      this.cancel();
      this.feedback.say(true, this.speaker.say('cancelled'));
      byId('record-start').focus();
    });
    byId('record-afresh').addEventListener('click', () => void this.forget());
  }

  show(state: MyState): void {
    this.state = state;
    const held = state.voiceprint?.state === 'active';
    const mayEnrol = state.purposes.some(
      ({ purpose, consent }) => purpose === 'enrolment' && consent === 'granted',
    );
    const missingMs = state.neededMs - (state.pending?.netSpeechMs ?? 0);
    byId('record').hidden = !state.scopes.includes('enrol');
    setText(byId('record-title'), this.speaker.say(held ? 'recordAgainTitle' : 'recordTitle'));
    setText(byId('record-lead'), this.lead(mayEnrol, held, missingMs));
    byId('record-tips').hidden = !mayEnrol;
    byId('record-start').hidden = !mayEnrol;
    byId('record-afresh').hidden = !mayEnrol || state.pending === null;
    const start = state.pending !== null ? 'recordMore' : held ? 'recordAgain' : 'recordStart';
    setText(byId('record-start-text'), this.speaker.say(start));
    partById('heard-bar', HTMLProgressElement).setAttribute('aria-label', this.speaker.say('heardBar'));
    if (this.phase === 'recording') this.showProgress([]);
  }

  /** The page is left or something else is done: nothing said so far is kept. */
  cancel(): void {
    this.call?.cancel();
    this.rest();
  }

  private lead(mayEnrol: boolean, held: boolean, missingMs: number): string {
    if (!mayEnrol) return this.speaker.say('recordNeedsConsent');
    if (this.state?.pending != null) {
      const seconds = this.speaker.seconds(Math.max(1000, missingMs));
      return this.speaker.say('recordMoreLead', { seconds });
    }
    return this.speaker.say(held ? 'recordAgainLead' : 'recordLead');
  }

  private async start(): Promise<void> {
    if (this.phase !== 'idle') return;
    this.phase = 'opening';
    this.attempt += 1;
    const attempt = this.attempt;
    this.feedback.say(true, this.speaker.say('opening'));
    const opening = await Microphone.open(
      (samples) => {
        if (this.phase !== 'recording') return;
        this.meter.hear(samples);
        this.call?.send(samples);
      },
      () => {
        if (this.attempt === attempt) this.fail('recordFailed');
      },
    );
    if (opening.kind === 'failed') {
      this.fail(problemTexts[opening.problem]);
      return;
    }
    this.microphone = opening.microphone;
    this.call = new EnrolmentCall(opening.microphone.sampleRateHz, {
      started: (neededMs, netSpeechMs) => {
        this.begin(neededMs, netSpeechMs);
      },
      progress: ({ netSpeechMs, hints }) => {
        this.heardMs = netSpeechMs;
        this.showProgress(hints);
      },
      enough: () => {
        this.judge();
      },
      ended: (result) => void this.end(result),
    });
  }

  private begin(neededMs: number, netSpeechMs: number): void {
    this.phase = 'recording';
    this.neededMs = neededMs;
    this.heardMs = netSpeechMs;
    this.feedback.clear();
    byId('record-idle').hidden = true;
    byId('record-live').hidden = false;
    setText(byId('hint'), '');
    this.showProgress([]);
    byId('record-stop').focus();
  }

  private showProgress(hints: readonly QualityCode[]): void {
    const { prompts, quality } = this.speaker.words;
    const share = Math.min(1, this.heardMs / this.neededMs);
    const prompt = prompts[Math.min(prompts.length - 1, Math.floor(share * prompts.length))] ?? '';
    setText(byId('prompt'), prompt);
    partById('heard-bar', HTMLProgressElement).value = share;
    const heard = Math.min(Math.floor(this.heardMs / 1000), Math.round(this.neededMs / 1000));
    setText(byId('heard'), this.speaker.say('heard', { heard, needed: Math.round(this.neededMs / 1000) }));
    const [hint] = hints;
    byId('hint').dataset['kind'] = hint === undefined ? 'good' : 'bad';
    // A live region: written only when it changes, so that it does not talk over the person all the time.
    setText(
      byId('hint'),
      hint === undefined ? (this.heardMs > 3000 ? this.speaker.say('goOn') : '') : quality[hint],
    );
  }

  private judge(): void {
    if (this.phase !== 'recording') return;
    this.phase = 'judging';
    this.showIdle();
    this.feedback.say(true, this.speaker.say('judging'));
  }

  private async end(result: MyEnrolment): Promise<void> {
    this.rest();
    await this.changed();
    this.feedback.say(
      result.kind === 'enrolled' || result.kind === 'incomplete' || result.kind === 'held',
      this.describe(result),
    );
  }

  private describe(result: MyEnrolment): string {
    const { speaker } = this;
    switch (result.kind) {
      case 'enrolled':
        return speaker.say('enrolled', { until: speaker.day(result.keptUntil) });
      case 'incomplete': {
        const [heard, needed] = [result.netSpeechMs, result.neededMs].map((ms) => speaker.seconds(ms));
        return speaker.say('incomplete', {
          heard: heard ?? 0,
          needed: needed ?? 0,
          until: speaker.day(result.keptUntil),
        });
      }
      case 'held':
        return speaker.say('held', { until: speaker.day(result.keptUntil) });
      case 'refused':
        return speaker.say('refused', {
          reasons: result.reasons.map((code) => speaker.words.quality[code]).join(' '),
        });
      case 'no-consent':
        return speaker.say('noConsent');
      case 'erased':
        return speaker.say('erasedMeanwhile');
      case 'failed':
        return speaker.say('recordFailed');
    }
  }

  private async forget(): Promise<void> {
    const answer = await this.api.forgetPending();
    await this.changed();
    if (answer.kind === 'done') this.feedback.say(true, this.speaker.say('forgotten'));
    else this.feedback.say(false, this.speaker.problem(answer.slug));
  }

  private fail(text: TextKey): void {
    this.cancel();
    this.feedback.say(false, this.speaker.say(text));
  }

  private rest(): void {
    this.attempt += 1;
    this.phase = 'idle';
    this.call = null;
    this.showIdle();
  }

  private showIdle(): void {
    void this.microphone?.close();
    this.microphone = null;
    this.meter.rest();
    const hadFocus = byId('record-live').contains(document.activeElement);
    byId('record-live').hidden = true;
    byId('record-idle').hidden = false;
    if (hadFocus) byId('record-start').focus();
  }
}
