import { Actions } from './actions.js';
import { Announcer } from './announcer.js';
import { Api } from './api.js';
import type { LiveMessage } from './api-types.js';
import { CallList } from './call-list.js';
import { CallPanel } from './call-panel.js';
import { applyMessage, dropEnded, inOrder, noCalls, type CallView } from './calls-store.js';
import { CustomerFiles } from './customer-files.js';
import { byId, partById, setText, useIcon } from '../../common/browser/dom.js';
import { LiveConnection, type ConnectionState } from './live-connection.js';
import { forgetToken, storedToken } from '../../common/browser/session.js';
import { SignIn } from '../../common/browser/sign-in.js';

const connectionWords: Record<ConnectionState['kind'], { readonly text: string; readonly icon: string }> = {
  connecting: { text: 'Connecting', icon: 'reconnect' },
  live: { text: 'Live', icon: 'live' },
  reconnecting: { text: 'Reconnecting', icon: 'reconnect' },
  refused: { text: 'Signed out', icon: 'cross' },
};

const refusals: Record<'token' | 'role', string> = {
  token: 'This token is not valid, or no longer. Ask your administrator for another.',
  role: 'This token may not see calls: it needs the role agent, fraud or admin.',
};

/** Holds the parts together: what the socket says goes into the state, and the state onto the page. */
export class AgentPage {
  private readonly customers = new CustomerFiles(() => {
    this.show();
  });
  private readonly panel = new CallPanel(this.customers);
  private readonly actions = new Actions(this.customers);
  private readonly announcer = new Announcer();
  private readonly list: CallList;
  private readonly signIn: SignIn;
  private connection: LiveConnection | null = null;
  private connectionState: ConnectionState = { kind: 'connecting' };
  private state = noCalls;
  private chosenId: string | null = null;
  /** The call that the agent's desktop opened this page for, until it is there. */
  private wanted = new URLSearchParams(location.search).get('call');

  constructor() {
    this.signIn = new SignIn(() => {
      this.start();
    });
    this.list = new CallList(
      (callId) => {
        this.choose(callId);
      },
      () => {
        this.show();
      },
    );
    byId('back').addEventListener('click', () => {
      const left = this.chosenId;
      this.choose(null);
      this.list.focus(left);
    });
    byId('sign-out').addEventListener('click', () => {
      this.signOut('');
    });
  }

  start(): void {
    const token = storedToken();
    if (token === null) {
      this.signIn.show('');
      return;
    }
    this.signIn.hide();
    this.useApi(new Api(token));
    this.connection = new LiveConnection(token, {
      onMessage: (message) => {
        this.receive(message);
      },
      onState: (state) => {
        this.connected(state);
      },
      lastEventId: () => this.state.lastEventId,
    });
    this.connected({ kind: 'connecting' });
    this.connection.start();
  }

  private useApi(api: Api | null): void {
    this.customers.useApi(api);
    this.actions.useApi(api);
  }

  private signOut(problem: string): void {
    this.connection?.stop();
    this.connection = null;
    forgetToken();
    this.useApi(null);
    this.state = noCalls;
    this.chosenId = null;
    for (const id of ['workspace', 'connection', 'sign-out']) byId(id).hidden = true;
    this.announcer.tell(undefined);
    document.title = 'Sign in · Timbre';
    this.signIn.show(problem);
  }

  private connected(state: ConnectionState): void {
    if (state.kind === 'refused') {
      this.signOut(refusals[state.why]);
      return;
    }
    this.connectionState = state;
    document.body.dataset['connection'] = state.kind;
    byId('connection').hidden = false;
    byId('sign-out').hidden = false;
    setText(byId('connection-text'), connectionWords[state.kind].text);
    useIcon(partById('connection-icon', SVGUseElement), connectionWords[state.kind].icon);
    this.show();
  }

  private receive(message: LiveMessage): void {
    this.state = dropEnded(applyMessage(this.state, message), Date.now(), this.chosenId);
    const wanted = this.wanted === null ? undefined : this.find(this.wanted);
    if (wanted !== undefined) {
      this.wanted = null;
      this.chosenId ??= wanted.callId;
    }
    this.show();
  }

  private find(id: string): CallView | undefined {
    return this.state.calls.get(id) ?? [...this.state.calls.values()].find((call) => call.externalId === id);
  }

  private choose(callId: string | null): void {
    this.chosenId = callId;
    this.show();
    // Where the list gives way to the call, the focus would be lost with it.
    if (callId !== null && byId('calls').offsetParent === null) byId('call-title').focus();
  }

  private show(): void {
    const calls = inOrder(this.state);
    const chosen = calls.find((call) => call.callId === this.chosenId);
    const known = this.state.lastEventId !== null;
    byId('workspace').hidden = !known;
    byId('workspace').dataset['view'] = chosen ? 'call' : 'list';
    byId('call').hidden = chosen === undefined;
    byId('choose').hidden = chosen !== undefined;
    this.list.show(calls, chosen?.callId ?? null);
    if (chosen !== undefined) {
      this.panel.show(chosen, this.connectionState);
      this.actions.show(chosen);
    } else {
      document.title = 'Calls · Timbre';
    }
    this.announcer.tell(chosen);
  }
}
