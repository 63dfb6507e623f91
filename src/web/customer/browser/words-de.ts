import type { Words } from './words.js';

export const german: Words = {
  code: 'de',
  texts: {
    title: 'Ihre Stimme, Ihre Entscheidung',
    skip: 'Zum Inhalt',
    language: 'Sprache',
    leave: 'Verlassen',
    account: 'Konto {account}',
    tryAgain: 'Noch einmal versuchen',

    heldTitle: 'Ihr Stimmabdruck ist gespeichert',
    heldText:
      'Ein Muster aus Zahlen, gewonnen aus Ihrer Stimme. Es liegt verschlüsselt; eine Aufnahme von Ihnen wird nicht aufbewahrt.',
    heldUnusedText:
      'Er wird derzeit nicht benutzt, weil Sie dem nicht zugestimmt haben. Er liegt verschlüsselt.',
    noneTitle: 'Von Ihrer Stimme ist nichts gespeichert',
    noneText: 'Wir können Sie nicht an der Stimme erkennen. Unser Service für Sie ist auch ohne derselbe.',
    endedTitle: 'Ihr Stimmabdruck wurde vernichtet',
    expiredTitle: 'Ihr Stimmabdruck ist abgelaufen',
    pendingTitle: 'Ein unfertiger Stimmabdruck ist gespeichert',
    pendingText:
      '{seconds} Sekunden Ihrer Sprache sind als Muster, ohne Aufnahme, aufbewahrt, bis Sie den Rest ergänzen.',
    madeOn: 'Entstanden am',
    keptUntil: 'Aufbewahrt bis',
    countsFrom: 'Gilt bei Anrufen ab',
    why: 'Warum',
    endedOn: 'Beendet am',

    agreeTitle: 'Wozu Sie zustimmen',
    agreeLead: 'Sie entscheiden über jeden Punkt einzeln und können es sich jederzeit anders überlegen.',
    noticeLabel: 'Bitte lesen Sie das zuerst',
    agreedOn: 'Sie haben am {date} zugestimmt.',
    agreedUntil: 'Sie haben am {date} zugestimmt, bis {until}.',
    notAgreed: 'Sie haben nicht zugestimmt.',
    withdrawnOn: 'Sie haben am {date} Nein gesagt.',
    agreementEndedOn: 'Ihre Zustimmung endete am {date}.',
    askedAgain:
      'Der Text oben hat sich seit Ihrer Zustimmung geändert. Bitte lesen Sie ihn und entscheiden Sie neu.',
    notOffered: 'Dem kann hier nicht zugestimmt werden.',
    saidYes: 'Danke. Ihre Entscheidung ist festgehalten.',
    saidNo: 'Ihre Entscheidung ist festgehalten. Sie gilt sofort.',
    saidNoDestroyed:
      'Ihre Entscheidung ist festgehalten und gilt sofort. Was von Ihrer Stimme gespeichert war, wurde vernichtet.',

    recordTitle: 'Ihre Stimme aufnehmen',
    recordLead:
      'Lesen Sie einige Sätze vor. Es dauert etwa eine halbe Minute. Aufbewahrt wird nur ein Muster Ihrer Stimme.',
    recordAgainTitle: 'Ihre Stimme neu aufnehmen',
    recordAgainLead:
      'Wenn sich Ihre Stimme verändert hat oder Sie am Telefon nicht erkannt werden: Ein neuer Stimmabdruck tritt an die Stelle des alten.',
    recordMoreLead: 'Es fehlen noch etwa {seconds} Sekunden Sprache.',
    recordNeedsConsent: 'Schalten Sie dafür zuerst oben „Einen Stimmabdruck erstellen und aufbewahren“ ein.',
    tipQuiet: 'Suchen Sie einen ruhigen Ort.',
    tipNear: 'Halten Sie das Mikrofon etwa eine Handlänge entfernt.',
    tipAlone: 'Sonst sollte währenddessen niemand sprechen.',
    recordStart: 'Aufnahme beginnen',
    recordAgain: 'Neu aufnehmen',
    recordMore: 'Weiter aufnehmen',
    recordAfresh: 'Von vorn beginnen',
    forgotten: 'Was gesammelt war, ist gelöscht. Sie können von vorn beginnen.',
    readThis: 'Lesen Sie dies vor, so wie Sie am Telefon sprechen:',
    heard: '{heard} von {needed} Sekunden Sprache',
    heardBar: 'Gehörte Sprache',
    goOn: 'Gut, lesen Sie weiter.',
    stop: 'Später fertig machen',
    cancelRecording: 'Abbrechen',
    cancelled: 'Abgebrochen. Von dem, was Sie gesagt haben, wurde nichts aufbewahrt.',
    opening: 'Ihr Browser fragt vielleicht, ob diese Seite das Mikrofon benutzen darf.',
    judging: 'Einen Moment: Ihr Stimmabdruck entsteht.',
    enrolled: 'Fertig. Ihr Stimmabdruck ist entstanden und wird bis {until} aufbewahrt.',
    incomplete:
      'Bisher {heard} von {needed} Sekunden. Sie werden als Muster bis {until} aufbewahrt: Kommen Sie wieder und ergänzen Sie den Rest.',
    held: 'Fertig. Weil Sie schon einen Stimmabdruck haben, sieht sich hier erst jemand den neuen an. Er wartet längstens bis {until}; der bisherige bleibt.',
    heldSince: 'Ein weiterer wartet auf unsere Entscheidung',
    refused: 'Diese Aufnahme war nicht brauchbar; nichts davon wurde aufbewahrt. {reasons}',
    noConsent:
      'Beendet, weil Sie einem Stimmabdruck nicht oder nicht mehr zustimmen. Nichts davon wurde aufbewahrt.',
    erasedMeanwhile: 'Beendet, weil Ihre Stimmdaten soeben gelöscht wurden. Nichts davon wurde aufbewahrt.',
    recordFailed: 'Die Aufnahme brach ab. Nichts davon wurde aufbewahrt. Bitte versuchen Sie es noch einmal.',
    micDenied:
      'Diese Seite darf Ihr Mikrofon nicht benutzen. Erlauben Sie es in den Einstellungen Ihres Browsers und versuchen Sie es noch einmal.',
    micNone:
      'Es wurde kein Mikrofon gefunden. Schließen Sie eines an oder öffnen Sie diese Seite auf dem Telefon.',
    micBusy:
      'Das Mikrofon wird von einem anderen Programm benutzt. Schließen Sie es und versuchen Sie es noch einmal.',
    micUnsupported: 'Dieser Browser kann hier nicht aufnehmen. Bitte benutzen Sie einen aktuellen Browser.',

    dataTitle: 'Eine Kopie Ihrer Daten',
    dataLead: 'Alles, was hier über Sie gespeichert ist: zum Lesen oder zum Mitnehmen.',
    downloadPage: 'Zum Lesen herunterladen',
    downloadJson: 'Als Daten herunterladen (JSON)',
    downloaded: 'Ihre Daten liegen in Ihren Downloads.',
    retentionPolicy:
      'Wie lange wir was aufbewahren und wie es vernichtet wird (auf Englisch, in einem neuen Tab)',
    requestsTitle: 'Um etwas anderes bitten',
    requestsLead: 'Menschen kümmern sich darum. Sie sehen hier, bis wann Sie Antwort bekommen.',
    requestKind: 'Worum Sie bitten',
    requestSend: 'Absenden',
    requestReceived: 'Es ist bei uns eingegangen. Oben steht, bis wann wir antworten.',
    requestDue: 'Gestellt am {asked}; wir antworten bis {due}.',
    requestDone: 'Beantwortet am {answered}.',
    requestRefused: 'Abgelehnt am {answered}.',
    objectionsTitle: 'Was Sie untersagt oder begrenzt haben',
    objectionSince: 'Seit dem {since}, bis Sie es zurücknehmen.',
    takeBack: 'Zurücknehmen',
    takenBack: 'Sie haben es zurückgenommen. Um wieder zuzustimmen, schalten Sie oben ein, was Sie möchten.',
    optOutHeard:
      'Ihr Browser bittet, Ihre Daten nicht zu verkaufen oder weiterzugeben (Global Privacy Control). Das ist festgehalten und wird eingehalten.',
    eraseTitle: 'Alles löschen',
    eraseLead:
      'Alles, was hier über Sie gespeichert ist, wird sofort vernichtet. Sie erhalten eine unterschriebene Quittung.',
    erase: 'Alles löschen …',
    eraseSure: 'Alles löschen?',
    eraseVoice: 'Ihr Stimmabdruck und der Schlüssel dazu werden vernichtet. Niemand kann sie zurückholen.',
    eraseRows: 'Auch die Stimmergebnisse Ihrer Anrufe und Ihr Eintrag hier verschwinden.',
    eraseStays:
      'Ihr Konto und unser Service bleiben gleich. Ohne Ihre Stimme bleibt festgehalten, wozu Sie zugestimmt haben und dass gelöscht wurde.',
    eraseConfirm: 'Ja, alles löschen',
    eraseKeep: 'Behalten',
    erasedTitle: 'Alles ist gelöscht',
    erasedText:
      'Von Ihrer Stimme ist nichts mehr gespeichert. Bitte bewahren Sie die Quittung auf: Sie ist unterschrieben, und jeder kann sie prüfen.',
    erasedOn: 'Gelöscht am',
    receiptNumber: 'Quittungsnummer',
    downloadReceipt: 'Quittung herunterladen',
    receiptHint: 'Von dieser Seite lässt sie sich nicht noch einmal abrufen.',

    leftTitle: 'Sie haben die Seite verlassen',
    leftText: 'Sie können dieses Fenster schließen.',
    overTitle: 'Ihr Besuch ist beendet',
    overText:
      'Zu Ihrer Sicherheit endet er nach einer Weile von selbst. Öffnen Sie die Seite noch einmal von unserer Website aus.',
    noLinkTitle: 'Bitte kommen Sie über unsere Website',
    noLinkText:
      'Melden Sie sich dort an und wählen Sie die Einstellungen zu Ihrer Stimme. Ein Link bringt Sie hierher.',
    linkExpiredTitle: 'Dieser Link ist abgelaufen',
    linkUsedTitle: 'Dieser Link wurde schon benutzt',
    linkNotValidTitle: 'Dieser Link ist nicht gültig',
    linkAgain:
      'Ein Link öffnet diese Seite ein einziges Mal und nur für wenige Minuten. Öffnen Sie die Seite noch einmal von unserer Website aus.',
    unreachableTitle: 'Die Seite konnte nicht geladen werden',
    unreachableText: 'Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  },
  purposes: {
    verification: {
      title: 'Meine Stimme prüfen, wenn ich anrufe',
      text: 'Wir vergleichen Ihre Stimme mit Ihrem Stimmabdruck, um zu sehen, dass Sie es sind. Schalten Sie es aus, wird der Stimmabdruck sofort vernichtet.',
    },
    enrolment: {
      title: 'Einen Stimmabdruck erstellen und aufbewahren',
      text: 'Wir erstellen aus dem, was Sie sagen, einen Stimmabdruck und bewahren ihn auf. Schalten Sie es aus, wird er sofort vernichtet.',
    },
    'fraud-watchlist': {
      title: 'Meine Anrufe mit bekannten Betrügern vergleichen',
      text: 'In Anrufen zu Ihrem Konto prüfen wir, dass die Stimme nicht die eines bekannten Betrügers ist.',
    },
  },
  keptBecause: {
    'consent-ends': 'So lange haben Sie zugestimmt.',
    'days-after-last-interaction':
      'Er wird gelöscht, wenn wir lange nichts von Ihnen gehört haben. Jeder Anruf verschiebt das Datum.',
    'model-retired': 'Das Verfahren, mit dem er entstand, wird nicht mehr benutzt.',
    other: 'Das Gesetz verlangt, dass er bis dahin gelöscht ist.',
  },
  endedBecause: {
    'consent-withdrawn': 'Weil Sie Ihre Zustimmung zurückgenommen haben.',
    'revoked-on-request': 'Weil darum gebeten wurde.',
    'consent-ends': 'Weil Ihre Zustimmung endete.',
    'days-after-last-interaction': 'Weil wir lange nichts von Ihnen gehört hatten.',
    'model-retired': 'Weil das Verfahren, mit dem er entstand, nicht mehr benutzt wird.',
    other: 'Weil die Zeit der Aufbewahrung um war.',
  },
  quality: {
    'no-speech': 'Es war keine Sprache zu hören. Ist das richtige Mikrofon eingeschaltet?',
    'quality-too-quiet': 'Sie sind schlecht zu hören. Bitte kommen Sie näher oder sprechen Sie lauter.',
    'quality-noisy': 'Um Sie herum ist es zu laut. Bitte suchen Sie einen ruhigeren Ort.',
    'quality-clipped': 'Es ist zu laut. Bitte gehen Sie etwas weiter vom Mikrofon weg.',
    'two-speakers':
      'Es war mehr als eine Stimme zu hören. Bitte nehmen Sie allein auf, ohne Fernseher oder Radio.',
    'call-under-way': 'Gerade läuft ein Anruf von Ihnen: Bitte versuchen Sie es danach noch einmal.',
    'flag-open': 'Zu Ihrem Konto wird gerade etwas geprüft: Bitte fragen Sie dort nach.',
    'unlike-voiceprint':
      'Das klingt nicht wie die Stimme, die wir als Ihre kennen; es wurde nichts geändert. Wenn sich Ihre Stimme verändert hat oder Sie das nicht waren, rufen Sie uns bitte an.',
    'voiceprint-of-earlier-model':
      'Ihr Stimmabdruck bleibt, wie er ist, und wird in Ihren nächsten Anrufen von selbst erneuert. Es wurde nichts geändert.',
  },
  problems: {
    'objection-not-found': 'Dagegen haben Sie keinen Widerspruch eingelegt; nichts wurde geändert.',
    'objection-not-carried-out':
      'Ihr Widerspruch wird gerade umgesetzt. Bitte versuchen Sie es gleich noch einmal.',
    'opt-out-signal-on':
      'Ihr Browser bittet uns um das Gegenteil (Global Privacy Control), und daran halten wir uns. Schalten Sie es dort zuerst aus.',
    'not-in-this-link':
      'Der Link, mit dem Sie gekommen sind, erlaubt das nicht. Öffnen Sie die Seite von unserer Website aus.',
    'notice-superseded':
      'Der Text hat sich soeben geändert. Bitte laden Sie die Seite neu und lesen Sie ihn.',
    'request-open': 'Darum haben Sie schon gebeten; es steht oben.',
    unreachable:
      'Wir waren nicht zu erreichen. Nichts wurde festgehalten; bitte versuchen Sie es noch einmal.',
    other: 'Das hat nicht geklappt. Nichts wurde geändert; bitte versuchen Sie es noch einmal.',
  },
  asks: {
    'stop-verification': 'Meine Stimme nicht mehr prüfen',
    'stop-profiling': 'Meine Anrufe nicht maschinell auf Betrug bewerten',
    'no-sale': 'Meine Daten nicht verkaufen oder weitergeben',
    limit: 'Begrenzen, wofür meine Stimme benutzt wird',
    correction: 'Mein Stimmabdruck ist falsch',
    access: 'Mir sagen, was gespeichert ist, mit Erklärungen',
    appeal: 'Dieser Antwort widersprechen',
  },
  requestKinds: {
    access: 'Was gespeichert ist, mit Erklärungen',
    portability: 'Eine Kopie zum Mitnehmen',
    correction: 'Ein richtiger Stimmabdruck',
    erasure: 'Löschung',
    objection: 'Widerspruch',
    'objection:verification': 'Meine Stimme nicht mehr prüfen',
    'objection:profiling': 'Keine maschinelle Bewertung meiner Anrufe',
    'objection:sale-or-sharing': 'Kein Verkauf, keine Weitergabe meiner Daten',
    limit: 'Begrenzte Nutzung meiner Stimme',
    appeal: 'Widerspruch gegen eine Antwort',
  },
  prompts: [
    'Guten Morgen. Ich rufe wegen meines Kontos an und möchte Ihnen ein paar Fragen stellen.',
    'Am Donnerstag sind wir mit dem frühen Zug ans Meer gefahren und am Strand entlanggegangen, bis es zu regnen begann.',
    'Meine Nachbarin zieht Tomaten, Bohnen und Kürbisse in einem kleinen Garten hinter dem Haus.',
    'Können Sie mir sagen, wann der Brief abgeschickt wurde und ob ich ihn unterschreiben und zurückschicken muss?',
    'Wir frühstücken meistens um sieben: frisches Brot, ein gekochtes Ei und eine große Tasse Kaffee mit Milch.',
    'Der Junge legte seine blaue Jacke über den Stuhl und suchte seine Schuhe unter dem Tisch.',
    'Bis zu den Ferien sind es noch vier Wochen, und wir haben uns noch nicht entschieden, wohin wir fahren.',
    'Vielen Dank für Ihre Hilfe. Ich wünsche Ihnen einen schönen Tag. Auf Wiederhören.',
  ],
};
