import { z } from 'zod';

export const callEventKindSchema = z
  .enum([
    'enrolment',
    'flag',
    'closed',
    'opened',
    'claimed',
    'interrupted',
    'resumed',
    'result',
    'migration',
    'account-event',
    'voice-forgotten',
  ])
  .meta({
    id: 'CallEventKind',
    description:
      '`result`: payload is a CallResult. The others say in their payload what happened, by ids and kinds only.',
  });
