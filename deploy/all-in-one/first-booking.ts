/**
 * A first booking, as lines to paste into bash: each is whole, and each but the last keeps what the next needs.
 * They need curl, and node to read an answer and to count days; npm has brought that along.
 */
export function firstBooking(url: string, key: string): string[] {
  const post = (path: string, body: string) =>
    `curl -s ${url}/v1${path} -H "authorization: Bearer $KEY" -H 'content-type: application/json' -d ${body}`;
  const get = (path: string) => `curl -s "${url}/v1${path}" -H "authorization: Bearer $KEY"`;
  const keep = (name: string, call: string, what: string) =>
    `${name}=$(${call} | node -pe 'JSON.parse(fs.readFileSync(0)).${what}') && echo $${name}`;
  const day = (offset: number) => `$(node -pe 'new Date(Date.now()+${offset}*864e5).toISOString().slice(0,10)')`;

  const user = `'{"name":"John","email":"john@acme.test","timezone":"America/New_York"}'`;
  const eventType = `'{"name":"Consultation","duration_minutes":30,"buffer_after":10,"min_notice_hours":2}'`;
  const attendee = '{"email":"ada@example.com","name":"Ada"}';
  const booking = `{"user_id":"'$HOST_ID'","event_type_id":"'$EVT'","start_time":"'$START'","attendee":${attendee}}`;
  const week = `start_date=${day(0)}&end_date=${day(7)}&timezone=Europe/Berlin`;
  const slots = `/accounts/$ACCT/availability?user_id=$HOST_ID&event_type_id=$EVT&${week}`;
  return [
    `KEY=${key}`,
    keep('ACCT', post('/accounts', `'{"name":"Acme Insurance"}'`), 'id'),
    keep('HOST_ID', post('/accounts/$ACCT/users', user), 'id'),
    keep('EVT', post('/accounts/$ACCT/event-types', eventType), 'id'),
    keep('START', get(slots), 'data[0].start_time'),
    post('/accounts/$ACCT/bookings', `'${booking}'`),
  ];
}
