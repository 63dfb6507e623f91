/** What the simulator needs of a connection; a WebSocket is one, and a wire over something else brings its own. */
export interface CallLine {
  /** As a WebSocket's: 1 while frames can be sent. */
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(frame: string | Uint8Array, sent: () => void): void;
  /** In good order. */
  close(code?: number): void;
  /** As when the network fails. */
  terminate(): void;
  on(event: 'message', listener: (data: Buffer) => void): unknown;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export type Connection =
  | { readonly kind: 'open'; readonly socket: CallLine; readonly closed: Promise<Closed> }
  | { readonly kind: 'refused'; readonly status: number; readonly title: string }
  | { readonly kind: 'unreachable'; readonly reason: string };
