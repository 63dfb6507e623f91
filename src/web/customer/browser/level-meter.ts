import { byId } from '../../common/browser/dom.js';
import { levelDbfs } from './pcm.js';

const bars = 20;
/** From a quiet room to as loud as a microphone goes. */
const lowestDbfs = -60;
const highestDbfs = -6;

/** Shows that the microphone hears. For eyes only: what is wrong is said in words beside it. */
export class LevelMeter {
  private readonly bars: readonly HTMLElement[];

  constructor() {
    this.bars = Array.from({ length: bars }, () => document.createElement('span'));
    byId('meter').replaceChildren(...this.bars);
  }

  hear(samples: Float32Array): void {
    const share = (levelDbfs(samples) - lowestDbfs) / (highestDbfs - lowestDbfs);
    this.light(Math.round(Math.max(0, Math.min(1, share)) * bars));
  }

  rest(): void {
    this.light(0);
  }

  private light(lit: number): void {
    byId('meter').dataset['level'] = String(lit);
    this.bars.forEach((bar, index) => {
      bar.dataset['lit'] = String(index < lit);
    });
  }
}
