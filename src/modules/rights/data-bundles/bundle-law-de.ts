import type { RetentionId } from '../../../core/privacy/data-map/retention-rules.js';

const retention: Readonly<Record<RetentionId, string>> = {
  voiceprint:
    'Das Früheste von: Ende der Einwilligung in Stimmabdruck oder Stimmprüfung, retention.voiceprintDaysAfterLastInteraction nach dem letzten Kontakt, der Frist der Gesetze, die Sie schützen, Ablösung des Verfahrens. Angaben darüber: retention.recordDays nach seinem Ende.',
  'enrolment-stretch':
    'enrolment.stretchDays, nachdem es gesprochen wurde, oder bis der Stimmabdruck fertig ist.',
  'held-enrolment':
    'enrolment.stretchDays, nachdem er entstand, nie länger als Ihre Einwilligung, oder bis eine zweite Person entschieden hat.',
  'watchlist-entry': 'Bis zu dem Tag, der beim Eintrag steht, höchstens watchlist.entryDaysAtMost.',
  customer:
    'retention.customerDays nach dem letzten Kontakt, sobald von Stimme und Anrufen nichts mehr aufbewahrt wird; bei Löschung sofort.',
  call: 'retention.callDays nach dem Anruf, oder so lange wie ein Verdacht aus ihm: retention.flagDays nach dessen letzter Änderung.',
  consent:
    'Solange die Einwilligung nachzuweisen ist (Art. 7 Abs. 1 DSGVO); nach einer Löschung nur noch unter einer Nummer. Wo ihr Nachweis liegt: retention.proofDays nach ihrem Ende.',
  'audit-log': 'Solange nachzuweisen ist, was geschah; nur unter Nummern.',
  request: 'retention.recordDays nach der Antwort; 11 CCR 7101(a) verlangt 24 Monate.',
  minute: 'Eine Minute.',
  'customer-page-visit':
    'Bis der Link abgelaufen oder der Besuch vorbei ist: Minuten, höchstens eine Stunde.',
  'with-its-row': 'So lange wie die Zeile, in der es steht.',
  'while-served': 'Solange das Unternehmen Timbre benutzt.',
};

/** What the data map says, by its English words; rules of retention by their ids. */
export const germanLaw = {
  retention: retention as Readonly<Record<string, string>>,
  texts: {
    // Activities
    'Voice verification': 'Stimmprüfung',
    'To check during a call that the caller is the customer they say they are':
      'Um während eines Anrufs zu prüfen, dass der Anrufer der Kunde ist, der er zu sein angibt',
    Enrolment: 'Stimmabdruck',
    'To make and keep the voiceprint that verification compares with':
      'Um den Stimmabdruck zu erstellen und aufzubewahren, mit dem die Stimmprüfung vergleicht',
    'Call records': 'Angaben zu Anrufen',
    'To show the agent who is calling, and to be able to explain each automated result afterwards':
      'Um zu zeigen, wer anruft, und jedes automatische Ergebnis hinterher erklären zu können',
    'Fraud detection': 'Erkennen von Betrug',
    'To notice calls in which somebody may be misusing a customer’s account, and have people look at them':
      'Um Anrufe zu bemerken, in denen jemand das Konto eines Kunden missbrauchen könnte, und sie von Menschen ansehen zu lassen',
    'Watchlist screening': 'Vergleich mit bekannten Betrügern',
    'To notice the voice of somebody who has defrauded the business before':
      'Um die Stimme von jemandem zu bemerken, der das Unternehmen schon betrogen hat',
    'Proof of consent and of what was done': 'Nachweis der Einwilligung und dessen, was geschah',
    'To be able to show which consent there was, what was done with whose data, and by whom':
      'Um nachweisen zu können, welche Einwilligung es gab, was mit wessen Daten geschah, und durch wen',
    'Requests of people about their data': 'Anträge von Menschen zu ihren Daten',
    'To answer requests for access, copy, correction, erasure, objection and appeal in time':
      'Um Anträge auf Auskunft, Kopie, Berichtigung, Löschung, Widerspruch und Einspruch rechtzeitig zu beantworten',
    'Access control': 'Zugangskontrolle',
    'To let in only whom the business has let in, and to say afterwards who it was':
      'Um nur einzulassen, wen das Unternehmen einlässt, und hinterher sagen zu können, wer es war',
    // Grounds
    'explicit consent': 'ausdrückliche Einwilligung',
    'notice at collection; right to limit': 'Hinweis bei der Erhebung; Recht auf Begrenzung',
    'opt-in consent for sensitive data': 'Einwilligung für sensible Daten',
    'opt-in consent, biometric notice': 'Einwilligung, Hinweis zu biometrischen Daten',
    'written release': 'schriftliche Erklärung',
    'inform and consent': 'Hinweis und Einwilligung',
    'legitimate interest: preventing fraud against the customer and the business':
      'berechtigtes Interesse: Betrug gegen Kunden und Unternehmen verhindern',
    'business purpose: security and integrity': 'Geschäftszweck: Sicherheit und Unversehrtheit',
    'preventing and detecting fraud': 'Verhindern und Erkennen von Betrug',
    'legal obligation to show that the law was kept':
      'rechtliche Pflicht nachzuweisen, dass das Gesetz eingehalten wurde',
    'records of requests and answers, 24 months': 'Aufzeichnung von Anträgen und Antworten, 24 Monate',
    'the release on file': 'die Erklärung in den Akten',
    'as documented and reviewed for each list; nothing is listed without':
      'wie für jede Liste dokumentiert und geprüft; ohne das wird nichts aufgenommen',
    'security and integrity': 'Sicherheit und Unversehrtheit',
    'the listed person’s own written release only': 'nur die eigene schriftliche Erklärung der Person',
    'the listed person’s own consent only': 'nur die eigene Einwilligung der Person',
    'legal obligation to answer': 'rechtliche Pflicht zu antworten',
    'obligation to answer': 'Pflicht zu antworten',
    'legitimate interest and duty: security of processing':
      'berechtigtes Interesse und Pflicht: Sicherheit der Verarbeitung',
    // Recipients
    agents: 'Mitarbeitende am Telefon',
    'customer service': 'Kundenservice',
    'fraud team': 'Betrugsabwehr',
    'privacy officer': 'Datenschutz',
    administrators: 'Administratoren',
    auditors: 'Prüfer',
    'supervisory authority': 'Aufsichtsbehörde',
    'the person': 'Sie selbst',
    // Kinds of data
    'Identifiers: the customer’s id, the account reference of the business':
      'Kennungen: die Nummer des Kunden, die Kontokennung des Unternehmens',
    'Country or state of residence': 'Land oder Staat des Wohnorts',
    'Biometric data: voiceprints and embeddings, sealed (GDPR Art. 9(1))':
      'Biometrische Daten: Stimmabdrücke und Einbettungen, versiegelt (Art. 9 Abs. 1 DSGVO)',
    'Keys that open biometric data, wrapped': 'Schlüssel zu biometrischen Daten, verpackt',
    'Facts about a voiceprint: when it was made, from how much speech, why it ended':
      'Angaben zu einem Stimmabdruck: wann er entstand, aus wie viel Sprache, warum er endete',
    'Consent given or withdrawn, with the words read out':
      'Erteilte oder widerrufene Einwilligung, mit dem vorgelesenen Text',
    'Facts about calls: when, by which route, how it ended':
      'Angaben zu Anrufen: wann, auf welchem Weg, wie sie endeten',
    'Telephone numbers, as keyed hashes only': 'Telefonnummern, nur als verschlüsselte Prüfwerte',
    'Automated results of a voice check, with their reasons':
      'Automatische Ergebnisse einer Stimmprüfung, mit ihren Gründen',
    'What was done on the account during a call': 'Was während eines Anrufs auf dem Konto geschah',
    'Suspicions of fraud, their reasons and reviews': 'Verdacht auf Betrug, Gründe und Prüfungen',
    'Requests about a person’s rights, and their answers':
      'Anträge zu Rechten einer Person, und die Antworten',
    'Record that something was done with a person’s data, by ids alone':
      'Aufzeichnung, dass etwas mit Daten einer Person geschah, nur unter Nummern',
    'Who of the business’s own people, or which of its applications, did something':
      'Wer von den Leuten des Unternehmens, oder welches seiner Programme, etwas tat',
    // On erasure
    'The customer’s key is destroyed first: every copy, also in backups, is unreadable from then on. Then the sealed bytes are deleted.':
      'Zuerst wird der Schlüssel des Kunden vernichtet: Jede Kopie, auch in Sicherungen, ist von da an unlesbar. Dann werden die versiegelten Daten gelöscht.',
    'The row is deleted.': 'Die Zeile wird gelöscht.',
    'What it describes is destroyed with its key; the facts that stay go with the customer’s row.':
      'Was beschrieben ist, wird mit seinem Schlüssel vernichtet; die übrigen Angaben gehen mit der Zeile des Kunden.',
    'The customer’s row is deleted. It alone tells whom an id means: ids elsewhere lead to nobody from then on.':
      'Die Zeile des Kunden wird gelöscht. Nur sie sagt, wen eine Nummer meint: Nummern anderswo führen von da an zu niemandem.',
    'Stays, by id alone: append-only, as proof. With the customer’s row gone the id leads to nobody.':
      'Bleibt als Nachweis, nur unter einer Nummer und unveränderlich. Ohne die Zeile des Kunden führt die Nummer zu niemandem.',
    'Emptied: what people wrote goes, dates and kinds stay as proof by id alone.':
      'Wird geleert: Was jemand schrieb, geht; Tage und Arten bleiben als Nachweis unter einer Nummer.',
    'The reference is deleted; what stays is a salted hash that vouches for nothing.':
      'Der Verweis wird gelöscht; was bleibt, ist ein Prüfwert, der nichts verrät.',
    'The privacy officer erases the entry (its key, then its bytes); an objection asks for that.':
      'Der Datenschutz löscht den Eintrag (Schlüssel, dann Daten); ein Widerspruch bittet darum.',
    'Gone within a minute by itself, and at once with the customer’s key.':
      'Verschwindet binnen einer Minute von selbst, und sofort mit dem Schlüssel des Kunden.',
    'Goes with the row it stands in.': 'Geht mit der Zeile, in der es steht.',
    'The token is revoked. Its id leads to somebody only through the label the business gave it; labels should name an application.':
      'Der Zugang wird gesperrt. Seine Nummer führt nur über die Bezeichnung zu jemandem, die das Unternehmen ihr gab; sie sollte ein Programm nennen.',
    // How results come about
    'During a call, speech is compared with the voiceprint. The result is a likelihood ratio: how much better the speech fits the customer’s voice than another’s. Above the acceptance bound the voice counts as the customer’s, below the rejection bound as another’s, and between them nothing is decided.':
      'Während eines Anrufs wird die Sprache mit dem Stimmabdruck verglichen. Das Ergebnis ist ein Wahrscheinlichkeitsverhältnis: wie viel besser die Sprache zur Stimme des Kunden passt als zu einer anderen. Über der Annahmegrenze gilt die Stimme als die des Kunden, unter der Ablehnungsgrenze als eine andere, und dazwischen wird nichts entschieden.',
    'The bounds come from the business’s policy: what a wrong acceptance and a wrong rejection cost, and how often calls are fraudulent.':
      'Die Grenzen folgen aus den Regeln des Unternehmens: was eine falsche Annahme und eine falsche Ablehnung kosten, und wie oft Anrufe betrügerisch sind.',
    'A suspicion of fraud (flag) adds up reasons, each with its evidence. It is for people to look at: no flag decides anything about a person by itself, and a voice that was not recognised never ends the service. Other checks are always there.':
      'Ein Verdacht auf Betrug zählt Gründe zusammen, jeden mit seinem Beleg. Menschen sehen ihn an: Kein Verdacht entscheidet von selbst etwas über eine Person, und eine nicht erkannte Stimme beendet nie den Service. Andere Prüfungen gibt es immer.',
    // What is left out
    'The voiceprint itself: a sealed row of numbers that tells nothing to a reader and could be misused by whoever got hold of it. It is described instead.':
      'Der Stimmabdruck selbst: eine versiegelte Reihe von Zahlen, die einem Leser nichts sagt und missbraucht werden könnte, wenn sie jemand in die Hände bekäme. Er ist stattdessen beschrieben.',
    'Audio: none is kept.': 'Ton: Es wird keiner aufbewahrt.',
    'Telephone numbers: only keyed hashes are kept, from which no number can be read.':
      'Telefonnummern: Es gibt nur verschlüsselte Prüfwerte, aus denen keine Nummer zu lesen ist.',
    'What is about other people: who reviewed a flag and their notes, and whose voice on a watchlist a call was like.':
      'Was andere Menschen betrifft: wer einen Verdacht prüfte und dessen Notizen, und wessen Stimme auf einer Liste ein Anruf ähnelte.',
    // Why a voice check came out as it did
    'No customer has been named for this call yet.': 'Für diesen Anruf war noch kein Kunde genannt.',
    'The customer has not consented to a voice check. The voice is not processed.':
      'Der Kunde hat keiner Stimmprüfung zugestimmt. Die Stimme wird nicht verarbeitet.',
    'The customer’s consent to a voice check has ended. The voice is not processed.':
      'Die Einwilligung des Kunden ist zu Ende. Die Stimme wird nicht verarbeitet.',
    'The customer withdrew consent. Processing has stopped and the voiceprint is gone.':
      'Der Kunde hat die Einwilligung widerrufen. Die Verarbeitung hat aufgehört, der Stimmabdruck ist vernichtet.',
    'The customer objected to voice checks, or limited them. The voice is not processed.':
      'Der Kunde hat Stimmprüfungen untersagt oder begrenzt. Die Stimme wird nicht verarbeitet.',
    'Where the customer lives the law asks for written consent, which is not there yet. The voice is not processed.':
      'Das Recht am Wohnort des Kunden verlangt eine schriftliche Einwilligung, die es noch nicht gibt. Die Stimme wird nicht verarbeitet.',
    'The customer’s consent is too old and must be asked for again. The voice is not processed.':
      'Die Einwilligung des Kunden ist zu alt und muss neu erfragt werden. Die Stimme wird nicht verarbeitet.',
    'The customer has no voiceprint to compare with.': 'Es gibt keinen Stimmabdruck zum Vergleich.',
    'The voiceprint was made in this call. It counts from the next call on.':
      'Der Stimmabdruck entstand in diesem Anruf. Er zählt ab dem nächsten.',
    'The customer’s voiceprint was replaced a short while ago. Until its waiting time is over it vouches for nobody.':
      'Der Stimmabdruck wurde vor Kurzem ersetzt. Bis seine Wartezeit vorbei ist, zählt er nicht.',
    'The platform named a customer who is not known here.':
      'Die Telefonanlage nannte einen Kunden, den es hier nicht gibt.',
    'There is enough speech of the caller: the decision comes with the next words.':
      'Es wurde genug gesprochen; die Entscheidung kommt mit den nächsten Worten.',
    'More than one voice is heard at once, so a mismatch cannot be told from somebody beside the caller.':
      'Es sind mehrere Stimmen zugleich zu hören; ob die des Anrufers passt, ist darum nicht zu sagen.',
    'The customer’s enrolment is not complete yet.': 'Der Stimmabdruck ist noch nicht fertig.',
    'The customer’s voiceprint is past the date until which it may be kept.':
      'Der Stimmabdruck ist über den Tag hinaus, bis zu dem er aufbewahrt werden darf.',
    'The customer’s voiceprint was made by a model that is no longer used.':
      'Der Stimmabdruck entstand mit einem Verfahren, das nicht mehr benutzt wird.',
    'Another voice has taken over the call. It is being checked afresh.':
      'Eine andere Stimme hat den Anruf übernommen. Sie wird neu geprüft.',
    'More speech of the caller is needed.': 'Es fehlt noch Sprache des Anrufers.',
    'The voice is the customer’s, as far as the policy asks.':
      'Die Stimme ist die des Kunden, so weit die Regeln es verlangen.',
    'The voice is not the customer’s, as far as the policy asks.':
      'Die Stimme ist nicht die des Kunden, so weit die Regeln es verlangen.',
    'The voice is neither clearly the customer’s nor clearly another’s.':
      'Die Stimme ist weder klar die des Kunden noch klar eine andere.',
    'The sound is too poor to decide on.': 'Der Ton ist zu schlecht für eine Entscheidung.',
    'Your voice and the caller’s come in one channel, so a mismatch cannot be told from your own voice.':
      'Die Stimmen beider Seiten kamen in einem Kanal; eine Abweichung ist daher nicht zuzuordnen.',
    'Consent could not be checked just now. The voice is not processed.':
      'Die Einwilligung ließ sich gerade nicht prüfen. Die Stimme wird nicht verarbeitet.',
  } as Readonly<Record<string, string>>,
};
