/** Where `npm start` listens and keeps the key, where nothing else is said: the lines as README.md has them. */
export const usual = { url: 'http://localhost:3000', key: '$(cat .agentcal/test-key)' } as const;

/**
 * A first booking, as lines to paste into bash: each is whole, and each but the last keeps what the next needs.
 * They need curl, and node to read an answer; npm has brought that along.
 */
export function firstBooking(url: string, key: string): string[] {
  const keep = (name: string, call: string, what: string) => `${name}=$(${call} | pick '${what}') && echo $${name}`;
  const user = `'{"name":"John","email":"john@acme.test","timezone":"America/New_York"}'`;
  const eventType = `'{"name":"Consultation","duration_minutes":30,"buffer_after":10,"min_notice_hours":2}'`;
  const attendee = '{"email":"ada@example.com","name":"Ada"}';
  const booking = `'{"user_id":"'$HOST_ID'","event_type_id":"'$EVT'","start_time":"'$START'","attendee":${attendee}}'`;
  const first = 'user_id=$HOST_ID&event_type_id=$EVT&start_date=$(date -u +%F)&limit=1';
  return [
    `KEY=${key}`,
    `api() { curl -s "${url}/v1$1" -H "authorization: Bearer $KEY" -H 'content-type: application/json' "\${@:2}"; }`,
    'pick() { node -pe "JSON.parse(fs.readFileSync(0)).$1"; }',
    keep('ACCT', `api /accounts -d '{"name":"Acme Insurance"}'`, 'id'),
    keep('HOST_ID', `api /accounts/$ACCT/users -d ${user}`, 'id'),
    keep('EVT', `api /accounts/$ACCT/event-types -d ${eventType}`, 'id'),
    keep('START', `api "/accounts/$ACCT/availability?${first}"`, 'data[0].start_time'),
    `api /accounts/$ACCT/bookings -d ${booking} && echo`,
  ];
}
