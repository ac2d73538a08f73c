/** A zone that a text names, and the text without it. */
export interface SaidZone {
  readonly timezone: string;
  readonly said: string;
  readonly rest: string;
}

/**
 * "3pm EST", "10am Pacific", "at 2 Berlin time", "noon UTC+2", "9:00 Europe/Berlin": whose clock is meant. People say EST
 * in summer too, so a short form means the place and not an offset. Short forms that mean several places (IST) and texts
 * that name two zones are left as they are: then the words are among those that were not understood.
 */
export function saidZone(text: string): SaidZone | undefined {
  const found = [...iana(text), ...placeTime(text), ...afterTime(text)];
  const [first] = found;
  if (!first || found.some(({ timezone }) => timezone !== first.timezone)) return undefined;
  const rest = found.reduce((left, { said }) => left.replace(said, ' '), text);
  return { timezone: first.timezone, said: first.said.trim(), rest };
}

type Found = Omit<SaidZone, 'rest'>;

const mapOf = (zones: Readonly<Record<string, string>>): ReadonlyMap<string, string> => new Map(Object.entries(zones));

const places: ReadonlyMap<string, string> = mapOf({
  ...{ eastern: 'America/New_York', central: 'America/Chicago', mountain: 'America/Denver' },
  ...{ pacific: 'America/Los_Angeles', alaska: 'America/Anchorage', hawaii: 'Pacific/Honolulu' },
  ...{ uk: 'Europe/London', british: 'Europe/London', 'central european': 'Europe/Berlin', india: 'Asia/Kolkata' },
  ...{
    indian: 'Asia/Kolkata',
    japan: 'Asia/Tokyo',
    'san francisco': 'America/Los_Angeles',
    boston: 'America/New_York',
  },
});

const shortForms: ReadonlyMap<string, string> = mapOf({
  ...{ est: 'America/New_York', edt: 'America/New_York', et: 'America/New_York' },
  ...{ cst: 'America/Chicago', cdt: 'America/Chicago', ct: 'America/Chicago' },
  ...{ mst: 'America/Denver', mdt: 'America/Denver', mt: 'America/Denver' },
  ...{ pst: 'America/Los_Angeles', pdt: 'America/Los_Angeles', pt: 'America/Los_Angeles' },
  ...{ cet: 'Europe/Berlin', cest: 'Europe/Berlin', bst: 'Europe/London', jst: 'Asia/Tokyo', sgt: 'Asia/Singapore' },
  ...{ aest: 'Australia/Sydney', aedt: 'Australia/Sydney', utc: 'UTC', gmt: 'UTC' },
  ...{ eastern: 'America/New_York', pacific: 'America/Los_Angeles', mountain: 'America/Denver' },
  central: 'America/Chicago',
});

const zones: ReadonlyMap<string, string> = new Map(
  Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]),
);

/** By their cities, which is the last part of their names. */
const cities: ReadonlyMap<string, string> = new Map(
  [...zones.values()].map((name) => [
    name
      .slice(name.lastIndexOf('/') + 1)
      .toLowerCase()
      .replaceAll('_', ' '),
    name,
  ]),
);

function* iana(text: string): Generator<Found> {
  for (const [said] of text.matchAll(/\b[a-z]+\/[a-z_]+(?:\/[a-z_]+)?\b/gi)) {
    const timezone = zones.get(said.toLowerCase());
    if (timezone !== undefined) yield { timezone, said };
  }
}

/** "Berlin time", "New York time", "Eastern Standard Time". Of several words the most that are a place. */
function* placeTime(text: string): Generator<Found> {
  const before = /((?:[a-z]+ ){1,3}?)(?:(?:standard|daylight|summer) )?time\b/gi;
  for (const match of text.matchAll(before)) {
    const words = match[1]!.trim().toLowerCase().split(' ');
    for (let from = 0; from < words.length; from++) {
      const place = words.slice(from).join(' ');
      const timezone = places.get(place) ?? shortForms.get(place) ?? cities.get(place);
      if (timezone === undefined) continue;
      yield { timezone, said: match[0].slice(match[0].toLowerCase().indexOf(place)) };
      break;
    }
  }
}

const clock = String.raw`(?<=\d|\d ?[ap]\.? ?m\.?|o'clock|noon|midnight)`;

/** Short forms count only right behind a time: "et" and "central" are words too. */
function* afterTime(text: string): Generator<Found> {
  const behind = new RegExp(`${clock} \\(?([a-z]{2,8})(?: ?([+-]) ?(\\d{1,2}))?\\b(?!:)\\)?(?! time)`, 'gi');
  for (const [said, name, sign, hours] of text.matchAll(behind)) {
    const timezone = shortForms.get(name!.toLowerCase());
    if (timezone === undefined || (sign && timezone !== 'UTC') || Number(hours ?? 0) > 14) continue;
    // The signs of these names are the other way round.
    yield {
      timezone: sign && Number(hours) > 0 ? `Etc/GMT${sign === '+' ? '-' : '+'}${Number(hours)}` : timezone,
      said,
    };
  }
}
