import { byId, partById, setText } from './dom.js';
import { keepToken } from './session.js';

/** The form for the access token. */
export class SignIn {
  constructor(signedIn: () => void) {
    byId('sign-in-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const input = partById('token', HTMLInputElement);
      const token = input.value.trim();
      input.value = '';
      if (token === '') return;
      keepToken(token);
      setText(byId('sign-in-problem'), '');
      signedIn();
    });
  }

  show(problem: string): void {
    byId('sign-in').hidden = false;
    const said = byId('sign-in-problem');
    said.dataset['kind'] = 'failed';
    setText(said, problem);
    byId('token').focus();
  }

  hide(): void {
    byId('sign-in').hidden = true;
  }
}
