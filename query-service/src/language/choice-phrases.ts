import type { Phrases } from './brief.ts';

/** Phrases that offer several days with hours of their own, or narrow what they named before, as `phrases.ts`. */
export const choicePhrases: Phrases = {
  'hours of several days': [
    ['between 9 and 11 on Monday and between 2 and 4 on Tuesday', '10-19 09:00-11:00!, 10-20 14:00-16:00!'],
    ['9 to 11 Monday and 2 to 4 Tuesday', '10-19 09:00-11:00!, 10-20 14:00-16:00!'],
    ['Monday 9-11 and Tuesday 2-4', '10-19 09:00-11:00!, 10-20 14:00-16:00!'],
    ['Mondays 9-11, Tuesdays and Thursdays 2-4', '10-15+10-20+10-22+10-27 14:00-16:00!, 10-19+10-26 09:00-11:00!'],
    ['from 2 to 4 tomorrow or from 10 to 11 on Friday', '10-15 14:00-16:00!, 10-16 10:00-11:00!'],
    [
      '9 to 11 this week or 2 to 4 next week',
      '10-14 10:00-11:00!, 10-15..10-18 09:00-11:00!, 10-19..10-25 14:00-16:00!',
    ],
    ['tomorrow at 10 or 11 on Friday', '10-15 =10:00, 10-16 =11:00'],
    ['at 9 on Monday and Tuesday', '10-19..10-20 =09:00'],
    ['after 4pm on Monday or Friday', '10-16+10-19 16:00-24:00'],
    ['after 4pm on Monday or Friday morning', '10-16 06:00-12:00, 10-19 16:00-24:00'],
    ['mornings on Monday and Tuesday', '10-19..10-20 06:00-12:00'],
    ['Tuesday at 2 or 3 next week', '10-20 =14:00, 10-20 =15:00'],
  ],
  'days within a week, hours within a day': [
    ['next week, Tuesday', '10-20'],
    ['Tuesday, next week', '10-20'],
    ['next week, Tuesday afternoon', '10-20 12:00-17:00'],
    ['next week on Tuesday or Thursday afternoon', '10-20+10-22 12:00-17:00'],
    ['Tuesday next week or Wednesday', '10-20..10-21'],
    ['this or next week', '10-14 10:00-24:00, 10-15..10-25'],
    ['this week or next', '10-14 10:00-24:00, 10-15..10-25'],
    ['Tuesday afternoon, after 3', '10-20 15:00-17:00'],
    ['tomorrow am', '10-15 00:00-12:00'],
    ['Friday pm', '10-16 12:00-24:00'],
    ['not Friday am', '10-14 10:00-24:00, 10-15+10-17..10-22+10-24..10-27, 10-16+10-23 12:00-24:00'],
    ['Tuesday half eleven', '10-20 =11:30'],
  ],
  'at the latest': [
    ['Friday at the latest', '10-14 10:00-24:00, 10-15..10-16'],
    ['next Friday at the latest', '10-14 10:00-24:00, 10-15..10-23; or 10-14 10:00-24:00, 10-15..10-16'],
    ['Monday at the earliest', '10-19..11-01'],
    ['tomorrow 3pm at the latest', '10-15 00:00-15:00!'],
    ['3pm tomorrow at the earliest', '10-15 15:00-24:00'],
    ['not until Monday', '10-19..11-01'],
    ['no earlier than Monday', '10-19..11-01'],
    ['tomorrow up to 5pm', '10-15 00:00-17:00!'],
    ['no longer than 30 minutes tomorrow', '10-15; 30 min'],
    ['for up to an hour tomorrow', '10-15; 60 min'],
  ],
};
