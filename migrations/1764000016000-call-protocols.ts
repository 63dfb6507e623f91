import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A call's protocol has one name everywhere; `timbre` was what `plain` was called at first. */
export class CallProtocols1764000016000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const known = [
      'plain',
      'twilio',
      'telnyx',
      'signalwire',
      'exotel',
      'audiohook',
      'jambonz',
      'freeswitch',
      'vonage',
      'asterisk',
      'kinesis',
      'plivo',
      'bandwidth',
      'azure',
      'sinch',
      'infobip',
      'pivot',
      'fonoster',
    ];
    const names = known.map((name) => `'${name}'`).join(', ');
    // Rows of every tenant, whatever row-level security would show.
    await runner.query(`
      ALTER TABLE calls NO FORCE ROW LEVEL SECURITY;
      ALTER TABLE call_handovers NO FORCE ROW LEVEL SECURITY;
      UPDATE calls SET protocol = 'plain' WHERE protocol = 'timbre';
      DELETE FROM call_handovers WHERE protocol NOT IN (${names});
      ALTER TABLE calls FORCE ROW LEVEL SECURITY;
      ALTER TABLE call_handovers FORCE ROW LEVEL SECURITY;
      ALTER TABLE calls ADD CONSTRAINT calls_protocol_known CHECK (protocol IN (${names}));
      ALTER TABLE call_handovers ADD CONSTRAINT call_handovers_protocol_known CHECK (protocol IN (${names}));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE calls DROP CONSTRAINT calls_protocol_known;
      ALTER TABLE call_handovers DROP CONSTRAINT call_handovers_protocol_known;
    `);
  }
}
