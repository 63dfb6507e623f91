import { AgentPage } from './agent-page.js';
import { takeTokenFromAddress } from '../../common/browser/session.js';

takeTokenFromAddress();
const page = new AgentPage();
page.start();
// A second link of the demo in the same tab changes the fragment only.
window.addEventListener('hashchange', () => {
  if (location.hash.startsWith('#token=')) location.reload();
});
