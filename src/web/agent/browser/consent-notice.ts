/** What the agent reads. Kept word for word with the consent, with its version: change one, change the other. */
export const consentNotice = {
  purposes: ['verification', 'enrolment'],
  method: 'read-by-agent',
  noticeVersion: 'timbre-voice-check-en-1',
  noticeLanguage: 'en',
  noticeText:
    'With your permission we make a pattern of your voice, a voiceprint, from this call. We use it only to check that it is ' +
    'really you when you call us. It is stored encrypted, and no recording is kept for it. You can say no, and you can change your mind at any time: the voiceprint is then destroyed, and our service to ' +
    'you stays the same. Our privacy notice says how long we keep it and who to ask. Do you agree?',
} as const;
