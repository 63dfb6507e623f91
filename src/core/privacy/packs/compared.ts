import type { PackId } from './pack.js';

/** What of a law was read beside its pack. What is not named here rests on the author's knowledge alone. */
interface Compared {
  readonly sections: string;
  /** Where the text was read. `quoted`: in somebody else's words about it, not in the law. */
  readonly at: string;
}

export const comparedOn = '26 November 2026';

export const compared: Readonly<Record<PackId, readonly Compared[]>> = {
  gdpr: [
    { sections: 'Art. 9(1), (2)(a); Art. 17(1), (3); Art. 21(1) to (6)', at: 'gdprhub.eu' },
    { sections: 'Art. 18(1) to (3)', at: 'odo24.pl, a translation' },
  ],
  ccpa: [
    { sections: '1798.121(a), (b)', at: 'self-law.org' },
    { sections: '1798.130(a)(2)(A)', at: 'General Privacy Laws Deskbook, p. 26' },
    { sections: '11 CCR 7021(a), (b); 7027(a), (b)', at: 'advisori.com, law.cornell.edu' },
    { sections: '1798.105(d)(2), 1798.140(e)(2), (ac)', at: 'quoted' },
  ],
  vcdpa: [
    { sections: '59.1-577(A)(1) to (5)', at: 'self-law.org' },
    { sections: '59.1-578(A)(1) to (4)', at: 'law.lis.virginia.gov, as of 2024' },
    { sections: '59.1-575: child, consent', at: 'lawserver.com' },
  ],
  cpa: [
    { sections: '6-1-1306(1)(a)(I), (II)', at: 'casetext.com, counselstack.com' },
    { sections: '6-1-1308(1)', at: 'codes.findlaw.com' },
    {
      sections: '4 CCR 904-3 Rules 6.07, 6.11, 7.07, 7.08',
      at: 'General Privacy Laws Deskbook, pp. 140 to 148',
    },
    { sections: '6-1-1314(2)(a), (4)(a); 6-1-716(2)', at: 'quoted; HB 24-1130 by its summary alone' },
  ],
  bipa: [{ sections: '14/15(a), (b)(1) to (3), (c), (d)', at: 'ilga.gov' }],
  cubi: [
    { sections: '503.001(a), (b), (b-1), (c)(1) to (3)', at: 'statutes.capitol.texas.gov' },
    { sections: '503.001(e)(1) to (3)', at: 'quoted' },
  ],
};
