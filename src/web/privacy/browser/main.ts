import { takeTokenFromAddress } from '../../common/browser/session.js';
import { PrivacyPage } from './privacy-page.js';

takeTokenFromAddress();
new PrivacyPage().start();
