import type { Requests } from '../../common/browser/requests.js';

/** One section of the page: builds itself into `root`, which is empty, and is gone when another is chosen. */
export interface View {
  /** In the address, behind the #. */
  readonly id: string;
  readonly name: string;
  open(root: HTMLElement, api: Requests): void;
}
